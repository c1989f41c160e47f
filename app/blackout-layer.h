/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/study/cine-view.h"
#include "engine/study/deidentify.h"

G_BEGIN_DECLS

#define UT_TYPE_BLACKOUT_LAYER (ut_blackout_layer_get_type ())
G_DECLARE_FINAL_TYPE (UtBlackoutLayer, ut_blackout_layer, UT, BLACKOUT_LAYER, GtkWidget)

/**
 * UtBlackoutLayer:
 *
 * Over the picture of a loop that goes into a de-identified copy: the areas that are to be black in
 * it, and the hand that draws them. A drag makes one, a press chooses one, Delete takes it away;
 * for the keyboard there is a cross that sets two corners (UT_KEYS_BLACKOUT). Areas are whole
 * pixels of the picture as it was filmed, however it is shown.
 *
 * Signals: `changed`: other areas are black now.
 */

/**
 * ut_blackout_layer_new:
 * @cine_view: that it lies over; referenced
 * @cine: the picture in it, or one as large
 * @name: (transfer full): its accessible name
 *
 * Returns: (transfer floating): a layer without areas
 */
GtkWidget *ut_blackout_layer_new (UtCineView *cine_view, UtCine *cine, char *name);

/** ut_blackout_layer_get_areas: (transfer none) (array length=ret_n): valid until the next change
 */
const UtBlackArea *ut_blackout_layer_get_areas (UtBlackoutLayer *self, guint *ret_n);

/** ut_blackout_layer_undo: takes back the last change of the areas, if there is one */
void ut_blackout_layer_undo (UtBlackoutLayer *self);
gboolean ut_blackout_layer_can_undo (UtBlackoutLayer *self);

G_END_DECLS
