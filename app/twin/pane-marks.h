/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/calipers.h"
#include "app/twin/crosshair.h"
#include "app/twin/twin-view.h"

G_BEGIN_DECLS

#define UT_TYPE_PANE_MARKS (ut_pane_marks_get_type ())
G_DECLARE_FINAL_TYPE (UtPaneMarks, ut_pane_marks, UT, PANE_MARKS, GtkWidget)

/**
 * UtPaneMarks:
 *
 * The calipers of a heart and the crosshair of the slices, drawn over its 3D picture: what lies
 * inside or behind the heart is seen too. Lets the pointer through to the picture.
 */
GtkWidget *ut_pane_marks_new (UtTwinView *view, UtCalipers *calipers, UtCrosshair *crosshair);

/** ut_pane_marks_show: @on: (nullable): what the calipers to show are on; NULL: show none */
void ut_pane_marks_show (UtPaneMarks *self, const char *on, gboolean crosshair);

G_END_DECLS
