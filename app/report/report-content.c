/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/report-content.h"

#include "app/disks-text.h"
#include "app/number-text.h"
#include "app/quantity-words.h"
#include "app/review-text.h"
#include "app/sentence.h"

#include <glib/gi18n.h>

static UtReportTable *
table_new (guint n_columns)
{
  UtReportTable *self = g_new0 (UtReportTable, 1);
  self->n_columns = n_columns;
  self->cells = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
ut_report_table_free (UtReportTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self);
}

static void
add_cell (UtReportTable *self, const char *text)
{
  g_ptr_array_add (self->cells, g_strdup (text));
  self->n_rows = self->cells->len / self->n_columns;
}

static void
add_number (UtReportTable *self,
            const UtMeasurements *measurements,
            UtQuantity quantity,
            int phase,
            int structure)
{
  g_autofree char *text =
    ut_number_text (ut_measurements_find (measurements, quantity, phase, structure), FALSE);
  add_cell (self, text);
}

static gboolean
occurs (const UtMeasurements *measurements, UtQuantity quantity, int phase)
{
  for (guint i = 0; i < measurements->items->len; i++) {
    const UtMeasurement *item = &g_array_index (measurements->items, UtMeasurement, i);
    if (item->quantity == quantity && item->phase == phase)
      return TRUE;
  }
  return FALSE;
}

/* ED and ES of a structure, or, -1, of the mean over them. */
static void
add_phases (UtReportTable *self,
            const UtMeasurements *measurements,
            UtQuantity quantity,
            int structure)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    add_number (self, measurements, quantity, (int)phase, structure);
}

UtReportTable *
ut_report_number_table (const UtMeasurements *measurements)
{
  g_autoptr (UtReportTable) self = table_new (1 + UT_N_PHASES * (UT_N_STRUCTURES + 1));
  add_cell (self, "");
  for (guint s = 0; s <= UT_N_STRUCTURES; s++)
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
      const char *name =
        s < UT_N_STRUCTURES ? ut_structure_name (ut_structure_order[s]) : _ ("Mean");
      g_autofree char *title = g_strdup_printf ("%s %s", name, ut_phase_name (phase));
      add_cell (self, title);
    }
  for (UtQuantity q = 0; q < UT_N_QUANTITIES; q++) {
    if (ut_quantity_is_of_disks (q) || ut_quantity_is_of_body (q) || q == UT_QUANTITY_VOLUME ||
        q == UT_QUANTITY_MESH_VOLUME ||
        (!occurs (measurements, q, UT_PHASE_ED) && !occurs (measurements, q, UT_PHASE_ES)))
      continue;
    g_autofree char *title = ut_quantity_words_title (q);
    add_cell (self, title);
    for (guint s = 0; s < UT_N_STRUCTURES; s++)
      add_phases (self, measurements, q, (int)ut_structure_order[s]);
    add_phases (self, measurements, q, -1);
  }
  return self->n_rows > 1 ? g_steal_pointer (&self) : NULL;
}

UtReportTable *
ut_report_volume_table (const UtMeasurements *measurements)
{
  const struct {
    const char *title;
    UtQuantity quantity;
    UtPhase phase;
  } columns[] = {
    {_ ("ED, voxels"), UT_QUANTITY_VOLUME, UT_PHASE_ED},
    {_ ("ED, surface"), UT_QUANTITY_MESH_VOLUME, UT_PHASE_ED},
    {_ ("ES, voxels"), UT_QUANTITY_VOLUME, UT_PHASE_ES},
    {_ ("ES, surface"), UT_QUANTITY_MESH_VOLUME, UT_PHASE_ES},
    {_ ("ED,\nml/m²"), UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ED},
    {_ ("ES,\nml/m²"), UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ES},
  };
  const gboolean indexed = ut_body_surface_m2 (&measurements->body) > 0;
  const guint n_columns = G_N_ELEMENTS (columns) - (indexed ? 0 : UT_N_PHASES);
  UtReportTable *self = table_new (1 + n_columns);
  add_cell (self, "ml");
  for (guint c = 0; c < n_columns; c++)
    add_cell (self, columns[c].title);
  for (guint s = 0; s < UT_N_STRUCTURES; s++) {
    add_cell (self, ut_structure_name (ut_structure_order[s]));
    for (guint c = 0; c < n_columns; c++)
      add_number (
        self, measurements, columns[c].quantity, (int)columns[c].phase, (int)ut_structure_order[s]);
  }
  return self;
}

/* EDV, ESV and EF by one method or of the twin, and, where @axes, the lengths beside them. */
static void
add_disks_row (UtReportTable *self,
               const UtMeasurements *measurements,
               const char *name,
               UtQuantity volume,
               UtQuantity ef,
               const UtQuantity axes[UT_STUDY_N_APICAL])
{
  add_cell (self, name);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    add_number (self, measurements, volume, phase, UT_LV);
  add_number (self, measurements, ef, -1, UT_LV);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    for (UtView view = 0; view < UT_STUDY_N_APICAL; view++)
      if (axes != NULL)
        add_number (self, measurements, axes[view], phase, UT_LV);
      else
        add_cell (self, "–");
}

UtReportTable *
ut_report_disks_table (const UtMeasurements *measurements)
{
  static const struct {
    UtDisksMethod method;
    UtQuantity volume, ef;
  } rows[] = {
    {UT_DISKS_BIPLANE, UT_QUANTITY_DISKS_VOLUME, UT_QUANTITY_DISKS_EF},
    {UT_DISKS_A4C, UT_QUANTITY_DISKS_VOLUME_A4C, UT_QUANTITY_DISKS_EF_A4C},
    {UT_DISKS_A2C, UT_QUANTITY_DISKS_VOLUME_A2C, UT_QUANTITY_DISKS_EF_A2C},
  };
  static const UtQuantity traced[] = {UT_QUANTITY_DISKS_AXIS_A4C, UT_QUANTITY_DISKS_AXIS_A2C};
  static const UtQuantity of_twin[] = {UT_QUANTITY_LONG_AXIS, UT_QUANTITY_LONG_AXIS};
  const char *head[] = {_ ("Cross-Check by Disks"),
                        _ ("EDV, ml"),
                        _ ("ESV, ml"),
                        _ ("EF, %"),
                        /* Translators: the long axis, for a narrow column */
                        _ ("ED A4C, mm"),
                        _ ("ED A2C, mm"),
                        _ ("ES A4C, mm"),
                        _ ("ES A2C, mm")};
  const UtDisksMethod *method = measurements->disks.method;
  g_autoptr (UtReportTable) self = table_new (G_N_ELEMENTS (head));
  for (guint c = 0; c < G_N_ELEMENTS (head); c++)
    add_cell (self, head[c]);
  for (guint r = 0; r < G_N_ELEMENTS (rows); r++)
    if (method[UT_PHASE_ED] == rows[r].method || method[UT_PHASE_ES] == rows[r].method)
      add_disks_row (self,
                     measurements,
                     ut_disks_text_method (rows[r].method),
                     rows[r].volume,
                     rows[r].ef,
                     traced);
  if (self->n_rows == 1)
    return NULL;
  add_disks_row (self, measurements, _ ("Twin"), UT_QUANTITY_VOLUME, UT_QUANTITY_EF, of_twin);
  add_disks_row (self,
                 measurements,
                 _ ("Twin − disks"),
                 UT_QUANTITY_DISKS_DIFFERENCE,
                 UT_QUANTITY_DISKS_EF_DIFFERENCE,
                 NULL);
  return g_steal_pointer (&self);
}

static void
warn_of_cut_off (GPtrArray *lines, const UtMeasurements *measurements, UtPhase phase)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint s = 0; s < UT_N_STRUCTURES; s++) {
    const UtMeasurement *volume = ut_measurements_find (
      measurements, UT_QUANTITY_VOLUME, (int)phase, (int)ut_structure_order[s]);
    if (volume != NULL && volume->cut_off)
      g_string_append_printf (
        names, "%s%s", names->len > 0 ? ", " : "", ut_structure_name (ut_structure_order[s]));
  }
  if (names->len > 0)
    g_ptr_array_add (lines,
                     g_strdup_printf (_ ("%s: cut off by the border of the 192 mm cube: %s"),
                                      ut_phase_name (phase),
                                      names->str));
}

char **
ut_report_warnings (const UtStudyState *state, const UtMeasurements *measurements)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new ();
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const char *name = ut_phase_name (phase);
    if (ut_study_twin (state, phase) == NULL)
      g_ptr_array_add (lines, g_strdup_printf (_ ("%s: there is no heart"), name));
    else if (ut_study_is_stale (state, phase))
      g_ptr_array_add (
        lines,
        g_strdup_printf (_ ("%s is out of date: views, marks or calibration changed since this "
                            "heart was made"),
                         name));
    warn_of_cut_off (lines, measurements, phase);
  }
  g_auto (GStrv) reviews = ut_review_lines (state);
  for (char **line = reviews; *line != NULL; line++)
    g_ptr_array_add (lines, g_strdup (*line));
  g_ptr_array_add (lines, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&lines), FALSE);
}
