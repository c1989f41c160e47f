/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/card-window.h"

#include "app/model-card.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

#define WIDTH  760 /* pixels */
#define HEIGHT 720

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE); /* selected by the pointer; keys scroll the page */
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* Words to the left, numbers to the right, the head bold. */
static GtkWidget *
new_table (const UtCardBlock *block)
{
  GtkWidget *grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 5);
  gtk_widget_add_css_class (grid, "numeric");
  for (guint row = 0; row < block->rows->len; row++) {
    char **cells = g_ptr_array_index (block->rows, row);
    for (int column = 0; cells[column] != NULL; column++) {
      GtkWidget *label = new_label (cells[column], row == 0 ? "heading" : NULL);
      gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
      gtk_label_set_wrap (GTK_LABEL (label), FALSE);
      gtk_grid_attach (GTK_GRID (grid), label, column, (int)row, 1, 1);
    }
  }
  return grid;
}

static GtkWidget *
new_bullet (const char *text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *dot = gtk_label_new ("•");
  GtkWidget *label = new_label (text, NULL);
  gtk_widget_set_valign (dot, GTK_ALIGN_START);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), dot);
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static GtkWidget *
new_block (const UtCardBlock *block)
{
  switch (block->kind) {
  case UT_CARD_TITLE:
    return new_label (block->text, "title-1");
  case UT_CARD_HEADING:
    return new_label (block->text, "title-3");
  case UT_CARD_BULLET:
    return new_bullet (block->text);
  case UT_CARD_TABLE:
    return new_table (block);
  case UT_CARD_PARAGRAPH:
  default:
    return new_label (block->text, NULL);
  }
}

GtkWidget *
ut_card_window_new (GtkWindow *parent, const char *text)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  g_autoptr (GPtrArray) blocks = ut_model_card_parse (text);

  for (guint i = 0; i < blocks->len; i++)
    gtk_box_append (GTK_BOX (page), new_block (g_ptr_array_index (blocks, i)));
  gtk_widget_add_css_class (page, "column-page");
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), page);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return ut_side_window_new (parent, _ ("Model Card"), scrolled, WIDTH, HEIGHT);
}
