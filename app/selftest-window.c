/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/selftest-window.h"

#include "app/number-text.h"
#include "app/widgets.h"

#include <glib/gi18n.h>

#define WIDTH  820 /* pixels */
#define HEIGHT 600

static void
add_cell (GtkWidget *grid, int column, int row, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  if (column == 1)
    gtk_widget_set_hexpand (label, TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (GTK_GRID (grid), label, column, row, 1, 1);
}

static GtkWidget *
new_table (const UtSelfTest *test)
{
  GtkWidget *grid = gtk_grid_new ();
  const char *heads[] = {_ ("Result"), _ ("Check"), _ ("Expected"), _ ("Found")};
  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 9);
  gtk_widget_add_css_class (grid, "numeric");
  for (int column = 0; column < 4; column++)
    add_cell (grid, column, 0, heads[column], "heading");
  for (gsize i = 0; i < test->n; i++) {
    int row = (int)i + 1;
    g_autofree char *expected = ut_number_in_locale (gettext (test->checks[i].expected));
    g_autofree char *found = ut_number_in_locale (test->found[i]);
    add_cell (grid,
              0,
              row,
              test->passed[i] ? _ ("✓ passed") : _ ("✗ failed"),
              test->passed[i] ? "success" : "error");
    add_cell (grid, 1, row, gettext (test->checks[i].name), NULL);
    add_cell (grid, 2, row, expected, NULL);
    add_cell (grid, 3, row, found, NULL);
  }
  return grid;
}

static GtkWidget *
new_page (const UtSelfTest *test)
{
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 14);
  GtkWidget *title = gtk_label_new (test->all_passed ? _ ("All Checks Passed")
                                                     : _ ("A Check Failed: Trust No Number"));
  g_autofree char *text = g_strdup_printf (
    _ ("Result %.12s. It stands in every report and export until the program or its weights "
       "change."),
    test->sha256);
  GtkWidget *note = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_xalign (GTK_LABEL (note), 0);
  gtk_label_set_wrap (GTK_LABEL (note), TRUE);
  gtk_widget_add_css_class (title, "title-1");
  gtk_widget_add_css_class (note, "dim-label");
  gtk_widget_add_css_class (page, "column-page");
  gtk_box_append (GTK_BOX (page), title);
  gtk_box_append (GTK_BOX (page), note);
  gtk_box_append (GTK_BOX (page), new_table (test));
  return page;
}

GtkWidget *
ut_self_test_window_new (GtkWindow *parent, const UtSelfTest *test)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), new_page (test));
  gtk_widget_set_vexpand (scrolled, TRUE);
  return ut_side_window_new (parent, _ ("Self-Test"), scrolled, WIDTH, HEIGHT);
}
