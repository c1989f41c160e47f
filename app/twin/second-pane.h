/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/second-study.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_SECOND_PANE (ut_second_pane_get_type ())
G_DECLARE_FINAL_TYPE (UtSecondPane, ut_second_pane, UT, SECOND_PANE, GtkWidget)

/**
 * UtSecondPane:
 *
 * The place of the second study: asks which one while there is none, takes a folder that is
 * dropped on it, holds its heart, and lets it be changed or taken away by the actions
 * "win.second-study", "win.second-study-folder" and "win.close-second-study".
 */
GtkWidget *ut_second_pane_new (UtSecondStudy *second);

/** ut_second_pane_set_heart: @heart: (nullable): what shows the heart; takes the place of another
 */
void ut_second_pane_set_heart (UtSecondPane *self, GtkWidget *heart);

/** ut_second_pane_set_room: px at @top and @bottom that lie under other widgets: what asks for a
 * study keeps out of them */
void ut_second_pane_set_room (UtSecondPane *self, int top, int bottom);

G_END_DECLS
