/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/look.h"
#include "app/twin/results.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_MAPS_PANEL (ut_maps_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtMapsPanel, ut_maps_panel, UT, MAPS_PANEL, AdwPreferencesGroup)

/** UtMapsPanel: what the surfaces are coloured by, one map at a time. */
void
ut_maps_panel_set_up (UtMapsPanel *self, UtDocument *document, UtResults *results, UtLook *look);

/** ut_maps_panel_update: shows what there now is of the phase in the look */
void ut_maps_panel_update (UtMapsPanel *self);

/** ut_maps_panel_toggle: switches @map on or off; nothing where it is not there */
void ut_maps_panel_toggle (UtMapsPanel *self, UtSurfaceMap map);

/** ut_maps_panel_toggle_uncertainty: the spread of the seeds, else the branches' disagreement */
void ut_maps_panel_toggle_uncertainty (UtMapsPanel *self);

G_END_DECLS
