/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ut_table_add:
 * @css_class: (nullable)
 *
 * Adds a cell: words in column 0, numbers flush right in the others.
 *
 * Returns: (transfer none): its label
 */
GtkWidget *
ut_table_add (GtkGrid *grid, int column, int row, const char *text, const char *css_class);

/** ut_table_add_sentence: adds small words under the numbers, over the whole width; (transfer
 * none): their label */
GtkWidget *ut_table_add_sentence (GtkGrid *grid, int row, int n_columns, const char *text);

/** ut_table_clear: empties @grid */
void ut_table_clear (GtkGrid *grid);

G_END_DECLS
