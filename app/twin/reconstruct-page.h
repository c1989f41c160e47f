/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "engine/twin/twin-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_RECONSTRUCT_PAGE (ut_reconstruct_page_get_type ())
G_DECLARE_FINAL_TYPE (UtReconstructPage, ut_reconstruct_page, UT, RECONSTRUCT_PAGE, GtkWidget)

/** UtReconstructPage: what stands in the way, the settings of a run, and what came of the last. */

void ut_reconstruct_page_set_document (UtReconstructPage *self, UtDocument *document);

/** ut_reconstruct_page_set_model: @model (nullable) is the network as it was last opened */
void ut_reconstruct_page_set_model (UtReconstructPage *self, UtTwinModel *model);

/**
 * ut_reconstruct_page_set_device:
 * @device: as ut_twin_model_open()
 * @seconds_per_heart: that the last run took there; 0 = not known
 */
void ut_reconstruct_page_set_device (UtReconstructPage *self,
                                     const char *device,
                                     double seconds_per_heart);

guint64 ut_reconstruct_page_get_seed (UtReconstructPage *self);

/** ut_reconstruct_page_get_n_seeds: how many seeds to take the mean of, 1 to UT_TWIN_MAX_SEEDS */
guint ut_reconstruct_page_get_n_seeds (UtReconstructPage *self);

/** ut_reconstruct_page_begin_with_seeds: the settings' number; the same again changes nothing */
void ut_reconstruct_page_begin_with_seeds (UtReconstructPage *self, guint n_seeds);

G_END_DECLS
