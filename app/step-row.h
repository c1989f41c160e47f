/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_STEP_ROW (ut_step_row_get_type ())
G_DECLARE_FINAL_TYPE (UtStepRow, ut_step_row, UT, STEP_ROW, GtkListBoxRow)

/** UtStepRow: one of the steps in the side panel: number or tick, title, and what is missing. */
GtkWidget *ut_step_row_new (guint number, const char *step, const char *title);

/** ut_step_row_get_step: the name that the row was made with */
const char *ut_step_row_get_step (UtStepRow *self);

/** ut_step_row_set_state: @reason (nullable) says why the step cannot be done yet */
void ut_step_row_set_state (UtStepRow *self, gboolean done, const char *reason);

G_END_DECLS
