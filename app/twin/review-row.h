/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_REVIEW_ROW (ut_review_row_get_type ())
G_DECLARE_FINAL_TYPE (UtReviewRow, ut_review_row, UT, REVIEW_ROW, GtkListBoxRow)

/**
 * UtReviewRow:
 *
 * A structure with what was said of it, and the ways to say something else. Signals: `judge` (int
 * UtVerdict, NONE takes it back; const char *reason, "" = none), `move` (double mm: its surface
 * outwards).
 */
GtkWidget *ut_review_row_new (UtStructure structure);

UtStructure ut_review_row_get_structure (UtReviewRow *self);

/** ut_review_row_show: @reason is NULL where there is none */
void ut_review_row_show (UtReviewRow *self, UtVerdict verdict, const char *reason, gboolean edited);

G_END_DECLS
