/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/cohort-files.h"

#include "app/report/cohort-pdf.h"
#include "app/report/csv.h"
#include "engine/base/folder.h"
#include "engine/base/json.h"
#include "engine/study/study-file.h"

#include <math.h>

#define SHEET     "cohort.json"
#define MAX_SHEET ((gsize)8 << 20) /* bytes */

static const UtQuantity overlaps[] = {UT_QUANTITY_DSC, UT_QUANTITY_HD95_MM, UT_QUANTITY_ASSD_MM};
static const char *const phases[UT_N_PHASES] = {"ed", "es"};
static const char *const volumes[UT_N_COHORT_VOLUMES] = {"lv_edv_ml", "lv_esv_ml", "lv_ef_percent"};

static const char *
name_of (int structure)
{
  return structure < 0 ? "mean" : ut_structure_name ((UtStructure)structure);
}

/* -1, the mean, then the structures */
static int
next_structure (int structure)
{
  return structure < 0 ? UT_MYO : structure + 1;
}

/* ---- rows -------------------------------------------------------------------------------- */

static void
append_head (GString *text)
{
  g_string_append (text, "study,label,problem,review,reasons,out_of_date,edited");
  for (int i = 0; i < UT_N_COHORT_VOLUMES; i++)
    g_string_append_printf (text, ",%s", volumes[i]);
  g_string_append (text, ",lv_ef_low_percent,lv_ef_high_percent");
  for (int i = 0; i < UT_N_COHORT_VOLUMES; i++)
    g_string_append_printf (text, ",reference_%s", volumes[i]);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    for (int s = -1; s < UT_N_LABELS; s = next_structure (s))
      for (gsize i = 0; i < G_N_ELEMENTS (overlaps); i++)
        g_string_append_printf (
          text, ",%s_%s_%s", phases[phase], name_of (s), ut_quantity_info (overlaps[i])->key);
  g_string_append (text, ",notice\n");
}

static void
append_number (GString *text, double value)
{
  g_string_append_c (text, ',');
  ut_csv_number (text, value);
}

static double
value_of (const UtCohortStudy *study, UtQuantity quantity, int phase, int structure)
{
  const UtMeasurement *item =
    study->measurements ? ut_measurements_find (study->measurements, quantity, phase, structure)
                        : NULL;
  return item ? item->value : NAN;
}

static void
append_row (GString *text, const UtCohortStudy *study)
{
  const char *words[] = {study->label,
                         study->problem ? study->problem : "",
                         study->problem ? "" : ut_verdict_name (study->verdict),
                         study->reasons};
  const UtMeasurement *ef =
    study->measurements ? ut_measurements_find (study->measurements, UT_QUANTITY_EF, -1, UT_LV)
                        : NULL;
  g_string_append_printf (text, "%u", study->number);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    g_string_append_c (text, ',');
    ut_csv_text (text, words[i]);
  }
  g_string_append_printf (text, ",%d,%d", study->stale != FALSE, study->edited != FALSE);
  for (int i = 0; i < UT_N_COHORT_VOLUMES; i++)
    append_number (text, ut_cohort_twin_value (study, (UtCohortVolume)i));
  append_number (text, ef ? ef->low : NAN);
  append_number (text, ef ? ef->high : NAN);
  for (int i = 0; i < UT_N_COHORT_VOLUMES; i++)
    append_number (text, study->reference[i]);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    for (int s = -1; s < UT_N_LABELS; s = next_structure (s))
      for (gsize i = 0; i < G_N_ELEMENTS (overlaps); i++)
        append_number (text, value_of (study, overlaps[i], phase, s));
  g_string_append_c (text, ',');
  ut_csv_text (text, UT_STUDY_NOTICE);
  g_string_append_c (text, '\n');
}

char *
ut_cohort_csv (const UtCohort *self)
{
  GString *text = g_string_new (NULL);
  append_head (text);
  for (guint i = 0; i < self->studies->len; i++)
    append_row (text, self->studies->pdata[i]);
  return g_string_free (text, FALSE);
}

/* ---- what they say together ---------------------------------------------------------------- */

static void
begin (JsonBuilder *builder, const char *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
}

static void
set_double (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, value);
}

static void
set_count (JsonBuilder *builder, const char *key, guint n)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, n);
}

static void
set_string (JsonBuilder *builder, const char *key, const char *value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_string_value (builder, value);
}

static void
add_counts (JsonBuilder *builder, const UtCohort *self)
{
  guint n_measured = 0;
  begin (builder, "review");
  for (int verdict = 0; verdict < UT_N_VERDICTS; verdict++) {
    guint n = ut_cohort_count (self, (UtVerdict)verdict);
    set_count (builder, ut_verdict_name ((UtVerdict)verdict), n);
    n_measured += n;
  }
  json_builder_end_object (builder);
  set_count (builder, "n_studies", self->studies->len);
  set_count (builder, "n_with_numbers", n_measured);
}

static void
add_medians (JsonBuilder *builder, const UtCohort *self)
{
  begin (builder, "medians");
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    begin (builder, phases[phase]);
    for (int s = -1; s < UT_N_LABELS; s = next_structure (s)) {
      begin (builder, name_of (s));
      for (gsize i = 0; i < G_N_ELEMENTS (overlaps); i++) {
        double median;
        guint n = ut_cohort_median (self, overlaps[i], phase, s, &median);
        if (n > 0)
          set_double (builder, ut_quantity_info (overlaps[i])->key, median);
        if (i == 0)
          set_count (builder, "n", n);
      }
      json_builder_end_object (builder);
    }
    json_builder_end_object (builder);
  }
  json_builder_end_object (builder);
}

static void
add_agreement (JsonBuilder *builder, const UtCohort *self)
{
  begin (builder, "agreement_twin_minus_reference");
  for (int i = 0; i < UT_N_COHORT_VOLUMES; i++) {
    g_autoptr (GArray) pairs = ut_cohort_pairs (self, (UtCohortVolume)i);
    UtAgreement found;
    begin (builder, volumes[i]);
    set_count (builder, "n", pairs->len);
    if (ut_bland_altman ((const UtPair *)(const void *)pairs->data, pairs->len, &found)) {
      set_double (builder, "bias", found.bias);
      set_double (builder, "limit_low", found.low);
      set_double (builder, "limit_high", found.high);
    }
    json_builder_end_object (builder);
  }
  json_builder_end_object (builder);
}

static void
begin_study (JsonBuilder *builder, const UtCohortStudy *study)
{
  json_builder_begin_object (builder);
  set_count (builder, "study", study->number);
  set_string (builder, "label", study->label);
}

/* The list that is called as the verdict is. */
static void
add_judged (JsonBuilder *builder, const UtCohort *self, UtVerdict verdict)
{
  json_builder_set_member_name (builder, ut_verdict_name (verdict));
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->studies->len; i++) {
    const UtCohortStudy *study = self->studies->pdata[i];
    if (study->problem != NULL || study->verdict != verdict)
      continue;
    begin_study (builder, study);
    set_string (builder, "reasons", study->reasons);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_lists (JsonBuilder *builder, const UtCohort *self)
{
  g_autoptr (GPtrArray) worst = ut_cohort_worst (self, UT_COHORT_WORST);
  json_builder_set_member_name (builder, "worst");
  json_builder_begin_array (builder);
  for (guint i = 0; i < worst->len; i++) {
    begin_study (builder, worst->pdata[i]);
    set_double (builder, "assd_mm", ut_cohort_error (worst->pdata[i]));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  add_judged (builder, self, UT_VERDICT_REJECTED);
  add_judged (builder, self, UT_VERDICT_LIMITED);
  json_builder_set_member_name (builder, "without_numbers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->studies->len; i++) {
    const UtCohortStudy *study = self->studies->pdata[i];
    if (study->problem == NULL)
      continue;
    begin_study (builder, study);
    set_string (builder, "problem", study->problem);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

JsonNode *
ut_cohort_json (const UtCohort *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  set_string (builder, "notice", UT_STUDY_NOTICE);
  json_builder_set_member_name (builder, "research_use_only");
  json_builder_add_boolean_value (builder, TRUE);
  add_counts (builder, self);
  add_medians (builder, self);
  add_agreement (builder, self);
  add_lists (builder, self);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* ---- files ---------------------------------------------------------------------------------- */

gboolean
ut_cohort_write (const UtCohort *self, const char *folder, GError **error)
{
  g_autofree char *csv = g_build_filename (folder, "cohort.csv", NULL);
  g_autofree char *json = g_build_filename (folder, SHEET, NULL);
  g_autofree char *pdf = g_build_filename (folder, "cohort.pdf", NULL);
  g_autofree char *rows = ut_cohort_csv (self);
  g_autoptr (JsonNode) root = ut_cohort_json (self);
  if (!ut_folder_make (folder, error) || !ut_json_write (root, json, error) ||
      !ut_cohort_pdf_write (self, pdf, error))
    return FALSE;
  gboolean written =
    g_file_set_contents_full (csv, rows, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
  if (!written && error != NULL)
    ut_folder_hide (*error, folder);
  return written;
}

/* object @key of @object; NULL where there is none */
static JsonObject *
inside (JsonObject *object, const char *key)
{
  JsonObject *found = NULL;
  return object && ut_json_get_object (object, key, &found, NULL) ? found : NULL;
}

static double
median_in (JsonObject *object, UtQuantity quantity)
{
  double value;
  return object && ut_json_get_double (
                     object, ut_quantity_info (quantity)->key, 0, G_MAXDOUBLE, &value, NULL)
           ? value
           : NAN;
}

gboolean
ut_cohort_read_medians (const char *folder, UtCohortMedians *ret)
{
  g_autofree char *path = g_build_filename (folder, SHEET, NULL);
  g_autoptr (JsonNode) root = ut_json_read (path, MAX_SHEET, NULL);
  JsonObject *object = root ? json_node_get_object (root) : NULL;
  JsonObject *medians = inside (object, "medians");
  gint64 n;
  if (medians == NULL || !ut_json_get_int (object, "n_with_numbers", 1, G_MAXINT, &n, NULL))
    return FALSE;
  ret->n_studies = (guint)n;
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
      JsonObject *of = inside (inside (medians, phases[phase]), ut_structure_name (s));
      ret->dsc[phase][s] = median_in (of, UT_QUANTITY_DSC);
      ret->hd95_mm[phase][s] = median_in (of, UT_QUANTITY_HD95_MM);
      ret->assd_mm[phase][s] = median_in (of, UT_QUANTITY_ASSD_MM);
    }
  return TRUE;
}
