/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/look.h"
#include "app/twin/results.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_NUMBERS_PANEL (ut_numbers_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtNumbersPanel, ut_numbers_panel, UT, NUMBERS_PANEL, GtkWidget)

/** UtNumbersPanel: volumes of the structures, form of the left ventricle, what is indexed to the
 * body, and agreement with the reference. */

void ut_numbers_panel_set_up (UtNumbersPanel *self, UtDocument *document);

/**
 * ut_numbers_panel_update:
 * @measurements: (nullable): without them it is empty
 *
 * To call also when the panel is mapped: GTK forgets to ask rows anew that were made while they
 * were hidden, and has no room for the notes then.
 */
void
ut_numbers_panel_update (UtNumbersPanel *self, const UtMeasurements *measurements, UtPhase phase);

G_END_DECLS
