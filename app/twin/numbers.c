/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/numbers.h"

#include "app/number-text.h"
#include "app/quantity-words.h"
#include "app/sentence.h"
#include "app/twin/passport.h"
#include "app/twin/table.h"

#include <glib/gi18n.h>

#define RANGE_CHARS 26 /* what labels that wrap ask for, so that they do not widen their panel */

/* What is odd about the volumes of the columns. */
static void
add_notes (GtkGrid *grid,
           int row,
           const UtMeasurements *measurements,
           const UtNumbersColumn *columns,
           guint n_columns)
{
  for (guint c = 0; c < n_columns; c++)
    for (guint r = 0; r < UT_N_STRUCTURES; r++) {
      const UtMeasurement *found = ut_measurements_find (
        measurements, columns[c].quantity, columns[c].phase, (int)ut_structure_order[r]);
      g_autofree char *note = found != NULL ? ut_number_note (found) : NULL;
      if (note != NULL)
        ut_table_add_sentence (grid, row++, (int)n_columns + 1, note);
    }
}

static void
add_title (GtkGrid *grid, int column, const UtNumbersColumn *spec)
{
  const UtQuantityInfo *info = ut_quantity_words (spec->quantity);
  g_autofree char *title =
    info->unit[0] != 0 ? g_strdup_printf ("%s\n%s", info->name, info->unit) : g_strdup (info->name);
  GtkWidget *label =
    ut_table_add (grid, column, 0, spec->title != NULL ? spec->title : title, "dim-label");
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
  gtk_widget_set_valign (label, GTK_ALIGN_END);
  gtk_widget_set_tooltip_text (label, info->definition);
}

void
ut_numbers_fill_table (GtkGrid *grid,
                       const UtMeasurements *measurements,
                       const UtNumbersColumn *columns,
                       guint n_columns,
                       gboolean mean)
{
  guint n_rows = UT_N_STRUCTURES + (mean ? 1 : 0);
  ut_table_clear (grid);
  ut_table_add (grid, 0, 0, "", NULL);
  for (guint c = 0; c < n_columns; c++)
    add_title (grid, (int)c + 1, &columns[c]);
  for (guint r = 0; r < n_rows; r++) {
    gboolean last = r == UT_N_STRUCTURES;
    const char *name = last ? _ ("Mean") : ut_structure_name (ut_structure_order[r]);
    GtkWidget *label = ut_table_add (grid, 0, (int)r + 1, name, "heading");
    if (!last)
      gtk_widget_set_tooltip_text (label, ut_sentence_structure (ut_structure_order[r]));
    for (guint c = 0; c < n_columns; c++) {
      const UtPassport number = {
        columns[c].quantity, columns[c].phase, last ? -1 : (int)ut_structure_order[r]};
      ut_passport_button_attach (grid, (int)c + 1, (int)r + 1, measurements, &number, FALSE);
    }
  }
  add_notes (grid, (int)n_rows + 1, measurements, columns, n_columns);
}

void
ut_numbers_fill_headline (GtkGrid *grid, const UtMeasurements *measurements)
{
  const struct {
    const char *title;
    UtPassport number;
  } items[] = {
    {_ ("LV EF"), {UT_QUANTITY_EF, -1, UT_LV}},
    {_ ("EDV"), {UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LV}},
    {_ ("ESV"), {UT_QUANTITY_VOLUME, UT_PHASE_ES, UT_LV}},
    {_ ("SV"), {UT_QUANTITY_SV, -1, UT_LV}},
  };
  ut_table_clear (grid);
  if (measurements == NULL)
    return;
  GtkWidget *line = gtk_flow_box_new (); /* of large text half fits beside each other */
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (line), GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (line), G_N_ELEMENTS (items) / 2);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (line), G_N_ELEMENTS (items));
  for (guint i = 0; i < G_N_ELEMENTS (items); i++) {
    GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *value = ut_passport_button_new (measurements, &items[i].number, TRUE);
    GtkWidget *title = gtk_label_new (items[i].title);
    gtk_widget_set_halign (value, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class (value, "headline-value");
    gtk_widget_add_css_class (title, "caption");
    gtk_widget_add_css_class (title, "dim-label");
    gtk_box_append (GTK_BOX (box), value);
    gtk_box_append (GTK_BOX (box), title);
    gtk_flow_box_append (GTK_FLOW_BOX (line), box);
    gtk_widget_set_focusable (gtk_widget_get_parent (box), FALSE); /* the number is */
  }
  gtk_widget_set_hexpand (line, TRUE);
  gtk_grid_attach (grid, line, 0, 0, G_N_ELEMENTS (items), 1);
  const char *stale = ut_number_stale (measurements);
  if (stale != NULL)
    gtk_widget_set_css_classes (ut_table_add_sentence (grid, 1, G_N_ELEMENTS (items), stale),
                                (const char *[]){"caption", "warning", NULL});
  g_autofree char *sources = ut_number_ef_sources (&measurements->ef);
  ut_table_add_sentence (grid, 2, G_N_ELEMENTS (items), sources);
}

static void
add_range (GtkGrid *grid, int column, int row, const UtPassport *number, UtSex sex)
{
  g_autofree char *range =
    ut_number_range (number->quantity, number->phase, number->structure, sex);
  GtkWidget *cell = ut_table_add (grid, column, row, range != NULL ? range : "–", "dim-label");
  gtk_label_set_wrap (GTK_LABEL (cell), TRUE);
  gtk_label_set_justify (GTK_LABEL (cell), GTK_JUSTIFY_RIGHT);
  gtk_label_set_max_width_chars (GTK_LABEL (cell), RANGE_CHARS);
}

/* A row for each of @lines, beside what echo finds in healthy people. */
static void
fill_lines (GtkGrid *grid, const UtMeasurements *measurements, const UtPassport *lines, int n)
{
  ut_table_clear (grid);
  ut_table_add (grid, 1, 0, _ ("Value"), "dim-label");
  ut_table_add (grid, 2, 0, _ ("Echo range"), "dim-label");
  for (int r = 0; r < n; r++) {
    const UtPassport *line = &lines[r];
    const char *structure = line->quantity == UT_QUANTITY_VOLUME_INDEX
                              ? ut_structure_name ((UtStructure)line->structure)
                              : NULL;
    const char *quantity = ut_quantity_words (line->quantity)->name;
    const char *phase = line->phase < 0 ? NULL : ut_phase_name ((UtPhase)line->phase);
    g_autofree char *name = structure != NULL ? g_strjoin (" ", structure, quantity, phase, NULL)
                                              : g_strjoin (" ", quantity, phase, NULL);
    GtkWidget *value = ut_passport_button_new (measurements, line, TRUE);
    gtk_widget_set_halign (value, GTK_ALIGN_END);
    ut_table_add (grid, 0, r + 1, name, "heading");
    gtk_grid_attach (grid, value, 1, r + 1, 1, 1);
    add_range (grid, 2, r + 1, line, measurements->body.sex);
  }
}

void
ut_numbers_fill_function (GtkGrid *grid, const UtMeasurements *measurements)
{
  static const UtPassport lines[] = {{UT_QUANTITY_EF, -1, UT_LV},
                                     {UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LV},
                                     {UT_QUANTITY_VOLUME, UT_PHASE_ES, UT_LV},
                                     {UT_QUANTITY_SV, -1, UT_LV},
                                     {UT_QUANTITY_MASS, UT_PHASE_ED, UT_MYO},
                                     {UT_QUANTITY_MASS, UT_PHASE_ES, UT_MYO},
                                     {UT_QUANTITY_LONG_AXIS, UT_PHASE_ED, UT_LV},
                                     {UT_QUANTITY_LONG_AXIS, UT_PHASE_ES, UT_LV},
                                     {UT_QUANTITY_SPHERICITY, UT_PHASE_ED, UT_LV},
                                     {UT_QUANTITY_SPHERICITY, UT_PHASE_ES, UT_LV},
                                     {UT_QUANTITY_WALL_THICKNESS, UT_PHASE_ED, UT_MYO},
                                     {UT_QUANTITY_WALL_THICKNESS, UT_PHASE_ES, UT_MYO}};
  fill_lines (grid, measurements, lines, G_N_ELEMENTS (lines));
  g_autofree char *source = ut_number_range_source (measurements->body.sex);
  ut_table_add_sentence (grid, G_N_ELEMENTS (lines) + 1, 3, source);
}

void
ut_numbers_fill_body (GtkGrid *grid, const UtMeasurements *measurements)
{
  static const UtPassport lines[] = {{UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ED, UT_LV},
                                     {UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ES, UT_LV},
                                     {UT_QUANTITY_SV_INDEX, -1, UT_LV},
                                     {UT_QUANTITY_MASS_INDEX, UT_PHASE_ED, UT_MYO},
                                     {UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ES, UT_LA},
                                     {UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ED, UT_RV},
                                     {UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ES, UT_RV},
                                     {UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ES, UT_RA},
                                     {UT_QUANTITY_CARDIAC_OUTPUT, -1, UT_LV},
                                     {UT_QUANTITY_CARDIAC_INDEX, -1, UT_LV}};
  UtPassport known[G_N_ELEMENTS (lines)];
  int n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (ut_measurements_find (
          measurements, lines[i].quantity, lines[i].phase, lines[i].structure) != NULL)
      known[n++] = lines[i];
  ut_table_clear (grid);
  if (n > 0)
    fill_lines (grid, measurements, known, n);
  g_autofree char *sources = ut_number_body_sources (measurements);
  ut_table_add_sentence (grid, n + 1, 3, sources);
}
