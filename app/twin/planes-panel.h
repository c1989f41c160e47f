/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/crosshair.h"
#include "app/twin/cut.h"
#include "app/twin/look.h"
#include "app/twin/results.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_PLANES_PANEL (ut_planes_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtPlanesPanel, ut_planes_panel, UT, PLANES_PANEL, GtkBox)

/**
 * UtPlanesPanel:
 *
 * All that has to do with planes through the heart: the cut, the echo frames in their estimated
 * planes, and the slices through @crosshair with the brush that paints on them. Signal `look`
 * (guint UtCameraName): look straight at the cut.
 */
void ut_planes_panel_set_up (UtPlanesPanel *self,
                             UtDocument *document,
                             UtResults *results,
                             UtLook *look,
                             UtCut *cut,
                             UtCrosshair *crosshair);

/** ut_planes_panel_toggle_brush: and the first slice has the focus then */
void ut_planes_panel_toggle_brush (UtPlanesPanel *self);

/** ut_planes_panel_update: shows everything as it now is */
void ut_planes_panel_update (UtPlanesPanel *self);

G_END_DECLS
