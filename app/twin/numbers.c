/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/numbers.h"

#include "app/sentence.h"

#include <glib/gi18n.h>

/* Order of the rows: left heart, right heart, wall, as the keys 1 to 5. */
static const UtStructure rows[] = {UT_LV, UT_RV, UT_LA, UT_RA, UT_MYO};

gboolean
ut_numbers_grows_with_size (UtQuantity quantity)
{
  return quantity == UT_QUANTITY_VOLUME || quantity == UT_QUANTITY_MESH_VOLUME ||
         quantity == UT_QUANTITY_MASS;
}

char *
ut_numbers_text (const UtMeasurement *measurement, gboolean unit)
{
  if (measurement == NULL)
    return g_strdup ("–");
  const UtQuantityInfo *info = ut_quantity_info (measurement->quantity);
  gboolean at_least = measurement->cut_off && ut_numbers_grows_with_size (measurement->quantity);
  gboolean with_unit = unit && info->unit[0] != 0;
  return g_strdup_printf ("%s%.*f%s%s",
                          at_least ? "≥ " : "",
                          info->digits,
                          measurement->value,
                          with_unit ? " " : "",
                          with_unit ? info->unit : "");
}

void
ut_numbers_clear (GtkGrid *grid)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (grid))) != NULL)
    gtk_grid_remove (grid, child);
}

static GtkWidget *
add_cell (GtkGrid *grid, int column, int row, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_widget_set_hexpand (label, column > 0);
  if (column > 0) /* digits, "≥" and units keep their order everywhere */
    gtk_widget_set_direction (label, GTK_TEXT_DIR_LTR);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (grid, label, column, row, 1, 1);
  return label;
}

static void
add_number (GtkGrid *grid,
            int column,
            int row,
            const UtMeasurements *measurements,
            const UtNumbersColumn *spec,
            int structure)
{
  const UtMeasurement *found =
    ut_measurements_find (measurements, spec->quantity, spec->phase, structure);
  g_autofree char *text = ut_numbers_text (found, FALSE);
  GtkWidget *label = add_cell (grid, column, row, text, NULL);
  gtk_widget_set_tooltip_text (label, ut_quantity_info (spec->quantity)->definition);
  if (found != NULL && found->stale)
    gtk_widget_add_css_class (label, "stale");
}

void
ut_numbers_fill_table (GtkGrid *grid,
                       const UtMeasurements *measurements,
                       const UtNumbersColumn *columns,
                       guint n_columns,
                       gboolean mean)
{
  ut_numbers_clear (grid);
  add_cell (grid, 0, 0, "", NULL);
  for (guint c = 0; c < n_columns; c++) {
    const UtQuantityInfo *info = ut_quantity_info (columns[c].quantity);
    g_autofree char *title = info->unit[0] != 0 ? g_strdup_printf ("%s\n%s", info->name, info->unit)
                                                : g_strdup (info->name);
    GtkWidget *label = add_cell (
      grid, (int)c + 1, 0, columns[c].title != NULL ? columns[c].title : title, "dim-label");
    gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
    gtk_widget_set_valign (label, GTK_ALIGN_END);
    gtk_widget_set_tooltip_text (label, info->definition);
  }

  for (guint r = 0; r < G_N_ELEMENTS (rows) + (mean ? 1 : 0); r++) {
    gboolean last = r == G_N_ELEMENTS (rows);
    const char *name = last ? _ ("Mean") : ut_structure_name (rows[r]);
    GtkWidget *label = add_cell (grid, 0, (int)r + 1, name, "heading");
    if (!last)
      gtk_widget_set_tooltip_text (label, ut_sentence_structure (rows[r]));
    for (guint c = 0; c < n_columns; c++)
      add_number (
        grid, (int)c + 1, (int)r + 1, measurements, &columns[c], last ? -1 : (int)rows[r]);
  }
}

void
ut_numbers_fill_headline (GtkGrid *grid, const UtMeasurements *measurements)
{
  const struct {
    const char *title;
    UtQuantity quantity;
    int phase;
  } items[] = {
    {_ ("LV EF"), UT_QUANTITY_EF, -1},
    {_ ("EDV"), UT_QUANTITY_VOLUME, UT_PHASE_ED},
    {_ ("ESV"), UT_QUANTITY_VOLUME, UT_PHASE_ES},
    {_ ("SV"), UT_QUANTITY_SV, -1},
  };
  ut_numbers_clear (grid);
  for (guint i = 0; measurements != NULL && i < G_N_ELEMENTS (items); i++) {
    const UtMeasurement *found =
      ut_measurements_find (measurements, items[i].quantity, items[i].phase, UT_LV);
    g_autofree char *text = ut_numbers_text (found, TRUE);
    GtkWidget *value = gtk_label_new (text);
    GtkWidget *title = gtk_label_new (items[i].title);
    gtk_widget_set_direction (value, GTK_TEXT_DIR_LTR);
    gtk_widget_add_css_class (value, "headline-value");
    gtk_widget_add_css_class (value, "numeric");
    if (found != NULL && found->stale)
      gtk_widget_add_css_class (value, "stale");
    gtk_widget_add_css_class (title, "caption");
    gtk_widget_add_css_class (title, "dim-label");
    gtk_widget_set_tooltip_text (value, ut_quantity_info (items[i].quantity)->definition);
    gtk_grid_attach (grid, value, (int)i, 0, 1, 1);
    gtk_grid_attach (grid, title, (int)i, 1, 1, 1);
  }
}
