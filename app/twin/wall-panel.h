/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_WALL_PANEL (ut_wall_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtWallPanel, ut_wall_panel, UT, WALL_PANEL, AdwPreferencesGroup)

/** UtWallPanel: thickness of the left ventricle's wall at ED and at ES, and how much it thickens,
 * as a bull's-eye. */
GtkWidget *ut_wall_panel_new (void);

/** ut_wall_panel_update: @measurements (nullable): hidden where no wall is measured */
void ut_wall_panel_update (UtWallPanel *self, const UtMeasurements *measurements);

G_END_DECLS
