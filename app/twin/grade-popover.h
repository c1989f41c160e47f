/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_GRADE_POPOVER (ut_grade_popover_get_type ())
G_DECLARE_FINAL_TYPE (UtGradePopover, ut_grade_popover, UT, GRADE_POPOVER, GtkPopover)

/**
 * UtGradePopover:
 *
 * How good is the heart in sight? Good, limited or rejected, with the reasons that the program
 * offers, each answered by a press or by its digit. Closes with the answer.
 *
 * Signals: `graded` (int UtVerdict, const char *reason, NULL = none).
 */
GtkWidget *ut_grade_popover_new (void);

/** ut_grade_popover_show_over: takes a popover without parent, which is freed when it closes */
void ut_grade_popover_show_over (UtGradePopover *self, GtkWidget *over);

G_END_DECLS
