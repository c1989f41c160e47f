/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/disks-numbers.h"

#include "app/disks-text.h"
#include "app/twin/passport.h"
#include "app/twin/table.h"

#include <glib/gi18n.h>

#define N_COLUMNS 4

/* By disks, of the twin, and the difference; UT_N_QUANTITIES leaves one out. Returns the next row.
 */
static int
add_row (GtkGrid *grid,
         int row,
         const UtMeasurements *measurements,
         int phase,
         const char *name,
         const UtQuantity quantities[3])
{
  if (ut_measurements_find (measurements, quantities[0], phase, UT_LV) == NULL)
    return row;
  ut_table_add (grid, 0, row, name, "heading");
  for (int c = 0; c < 3; c++)
    if (quantities[c] < UT_N_QUANTITIES) {
      const UtPassport number = {quantities[c], phase, UT_LV};
      ut_passport_button_attach (grid, c + 1, row, measurements, &number, TRUE);
    }
  return row + 1;
}

/* Of A4C, A2C, biplane: in the order of UtDisksMethod. */
static UtQuantity
by_method (UtDisksMethod method, const UtQuantity quantities[3])
{
  return method == UT_DISKS_NONE ? UT_N_QUANTITIES : quantities[method - 1];
}

static int
add_phase (GtkGrid *grid, int row, const UtMeasurements *measurements, UtPhase phase)
{
  static const UtQuantity volumes[] = {
    UT_QUANTITY_DISKS_VOLUME_A4C, UT_QUANTITY_DISKS_VOLUME_A2C, UT_QUANTITY_DISKS_VOLUME};
  UtDisksMethod method = measurements->disks.method[phase];
  const UtQuantity quantities[] = {
    by_method (method, volumes), UT_QUANTITY_VOLUME, UT_QUANTITY_DISKS_DIFFERENCE};
  g_autofree char *name = g_strdup_printf (
    "%s, %s", phase == UT_PHASE_ED ? _ ("EDV") : _ ("ESV"), ut_disks_text_method (method));
  return add_row (grid, row, measurements, (int)phase, name, quantities);
}

static int
add_ef (GtkGrid *grid, int row, const UtMeasurements *measurements)
{
  static const UtQuantity fractions[] = {
    UT_QUANTITY_DISKS_EF_A4C, UT_QUANTITY_DISKS_EF_A2C, UT_QUANTITY_DISKS_EF};
  UtDisksMethod method = measurements->disks.method[UT_PHASE_ED];
  const UtQuantity quantities[] = {
    by_method (method, fractions), UT_QUANTITY_EF, UT_QUANTITY_DISKS_EF_DIFFERENCE};
  g_autofree char *name = g_strdup_printf ("%s, %s", _ ("EF"), ut_disks_text_method (method));
  return add_row (grid, row, measurements, -1, name, quantities);
}

static int
add_axis (GtkGrid *grid, int row, const UtMeasurements *measurements, UtPhase phase, UtView view)
{
  const UtQuantity quantities[] = {
    UT_QUANTITY_DISKS_AXIS_A4C + view, UT_QUANTITY_LONG_AXIS, UT_N_QUANTITIES};
  /* Translators: "Long axis ED, A4C" */
  g_autofree char *name =
    g_strdup_printf (_ ("Long axis %s, %s"), ut_phase_name (phase), ut_view_name (view));
  return add_row (grid, row, measurements, (int)phase, name, quantities);
}

void
ut_disks_numbers_fill (GtkWidget *group, GtkGrid *grid, const UtMeasurements *measurements)
{
  int row = 1;
  ut_table_clear (grid);
  gtk_widget_set_visible (group, FALSE);
  if (measurements == NULL)
    return;
  g_auto (GStrv) notes = ut_disks_text_notes (&measurements->disks);
  gtk_widget_set_visible (group, notes[0] != NULL);
  ut_table_add (grid, 1, 0, _ ("Disks"), "dim-label");
  ut_table_add (grid, 2, 0, _ ("Twin"), "dim-label");
  ut_table_add (grid, 3, 0, _ ("Twin − disks"), "dim-label");
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    row = add_phase (grid, row, measurements, phase);
  row = add_ef (grid, row, measurements);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    for (UtView view = 0; view < UT_STUDY_N_APICAL; view++)
      row = add_axis (grid, row, measurements, phase, view);
  for (char **note = notes; *note != NULL; note++)
    ut_table_add_sentence (grid, row++, N_COLUMNS, *note);
}
