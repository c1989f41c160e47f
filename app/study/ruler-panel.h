/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/calipers.h"
#include "app/document.h"
#include "app/study/cine-view.h"

G_BEGIN_DECLS

#define UT_TYPE_RULER_PANEL (ut_ruler_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtRulerPanel, ut_ruler_panel, UT, RULER_PANEL, GtkWidget)

/**
 * UtRulerPanel:
 *
 * Calibrates a view by hand: a line is drawn along the depth scale of a frame, its length in mm is
 * typed, Apply makes the pixel spacing of it. Signal "message" (a sentence) where the line is
 * refused.
 */

/** ut_ruler_panel_set_up: for @view of @document, as @cine_view shows it; drawing a line ends the
 * placing of @calipers */
void ut_ruler_panel_set_up (UtRulerPanel *self,
                            UtView view,
                            UtDocument *document,
                            UtCineView *cine_view,
                            UtCalipers *calipers);

/** ut_ruler_panel_show: the pixel spacing of the frame on screen, which may change from frame to
 * frame, given to the cine view too */
void ut_ruler_panel_show (UtRulerPanel *self);

/** ut_ruler_panel_toggle: begins or ends drawing */
void ut_ruler_panel_toggle (UtRulerPanel *self);

/** ut_ruler_panel_leave: ends drawing and forgets a line that wasn't applied */
void ut_ruler_panel_leave (UtRulerPanel *self);

G_END_DECLS
