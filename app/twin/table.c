/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/table.h"

/* What labels that wrap ask for, so that they do not widen their panel */
#define SENTENCE_CHARS 40

GtkWidget *
ut_table_add (GtkGrid *grid, int column, int row, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_label_set_justify (GTK_LABEL (label), column == 0 ? GTK_JUSTIFY_LEFT : GTK_JUSTIFY_RIGHT);
  gtk_widget_set_valign (label, row == 0 ? GTK_ALIGN_END : GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (label, column > 0);
  if (column > 0) /* digits, signs and units keep their order everywhere */
    gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (grid, label, column, row, 1, 1);
  return label;
}

GtkWidget *
ut_table_add_sentence (GtkGrid *grid, int row, int n_columns, const char *text)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), SENTENCE_CHARS);
  gtk_widget_set_margin_top (label, 6);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_grid_attach (grid, label, 0, row, n_columns, 1);
  return label;
}

void
ut_table_clear (GtkGrid *grid)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}
