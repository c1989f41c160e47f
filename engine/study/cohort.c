/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/cohort.h"

#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/words.h"
#include "engine/study/study-file.h"

#include <math.h>

static void
study_free (gpointer data)
{
  UtCohortStudy *self = data;
  g_free (self->folder);
  g_free (self->label);
  g_free (self->problem);
  g_free (self->reasons);
  g_clear_pointer (&self->measurements, ut_measurements_free);
  g_free (self);
}

void
ut_cohort_free (UtCohort *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->studies);
  g_free (self);
}

/* ---- reading ----------------------------------------------------------------------------- */

static gboolean
share_reason (const UtReview *review, UtStructure a, UtStructure b)
{
  return review->verdicts[a] == review->verdicts[b] &&
         g_strcmp0 (review->reasons[a], review->reasons[b]) == 0;
}

/* "LV/RV", all that share the reason of @first; NULL where one before it does */
static char *
names_sharing (const UtReview *review, UtStructure first)
{
  for (UtStructure s = UT_MYO; s < first; s++)
    if (share_reason (review, s, first))
      return NULL;
  GString *names = g_string_new (ut_structure_name (first));
  for (UtStructure s = first + 1; s < UT_N_LABELS; s++)
    if (share_reason (review, s, first))
      g_string_append_printf (names, "/%s", ut_structure_name (s));
  return g_string_free (names, FALSE);
}

static char *
list_reasons (const UtStudyState *state, UtVerdict verdict)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtReview *review = &state->reviews[phase];
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
      gboolean asked = review->verdicts[s] == verdict && review->reasons[s] != NULL;
      g_autofree char *names = asked ? names_sharing (review, s) : NULL;
      if (names != NULL)
        g_string_append_printf (text,
                                "%s%s %s: %s",
                                text->len > 0 ? "; " : "",
                                ut_phase_name (phase),
                                names,
                                review->reasons[s]);
    }
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* ml by voxels, NAN without a reference */
static double
reference_ml (const UtStudyState *state, UtPhase phase)
{
  const UtStudyReference *reference = state->references[phase];
  UtLabelVolume volumes[UT_N_LABELS];
  return reference != NULL && reference->labels != NULL &&
             ut_label_volumes (reference->labels, UT_N_LABELS, volumes, NULL)
           ? volumes[UT_LV].ml
           : NAN;
}

static void
measure_references (UtCohortStudy *self, const UtStudyState *state)
{
  const double edv = reference_ml (state, UT_PHASE_ED), esv = reference_ml (state, UT_PHASE_ES);
  self->reference[UT_COHORT_EDV] = edv;
  self->reference[UT_COHORT_ESV] = esv;
  self->reference[UT_COHORT_EF] = edv > 0 ? 100 * (edv - esv) / edv : NAN;
}

/* all of a study; FALSE with @error set: it has a problem, or work was cancelled */
static gboolean
fill (UtCohortStudy *self, GCancellable *cancel, GError **error)
{
  g_auto (GStrv) notes = NULL;
  g_autoptr (UtStudy) study = ut_study_open (self->folder, cancel, &notes, error);
  if (study == NULL)
    return FALSE;
  const UtStudyState *state = ut_study_get_state (study);
  self->label = g_strdup (state->label);
  self->verdict = ut_study_verdict (state, -1, -1);
  self->reasons = list_reasons (
    state, self->verdict == UT_VERDICT_REJECTED ? UT_VERDICT_REJECTED : UT_VERDICT_LIMITED);
  measure_references (self, state);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    self->stale = self->stale || ut_study_is_stale (state, phase);
    self->edited = self->edited || ut_study_is_edited (state, phase, -1);
  }
  if (!ut_study_has_heart (state)) {
    g_set_error_literal (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE, ut_words ("it holds no reconstructed heart"));
    return FALSE;
  }
  return ut_study_is_calibrated (state, error) &&
         (self->measurements = ut_study_measure (state, cancel, error)) != NULL;
}

static gboolean
add_study (
  UtCohort *self, const char *folder, const char *name, GCancellable *cancel, GError **error)
{
  g_autoptr (GError) problem = NULL;
  UtCohortStudy *study = g_new0 (UtCohortStudy, 1);
  g_ptr_array_add (self->studies, study);
  study->folder = g_build_filename (folder, name, NULL);
  study->number = self->studies->len;
  for (int i = 0; i < UT_N_COHORT_VOLUMES; i++)
    study->reference[i] = NAN;
  gboolean filled = fill (study, cancel, &problem);
  study->label = study->label ? study->label : g_strdup ("");
  study->reasons = study->reasons ? study->reasons : g_strdup ("");
  if (filled)
    return TRUE;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  ut_folder_hide (problem, study->folder);
  study->problem = g_strdup (problem->message);
  return TRUE;
}

UtCohort *
ut_cohort_new (const char *folder, const UtProgress *progress, GCancellable *cancel, GError **error)
{
  g_autoptr (GPtrArray) names = ut_study_list (folder, error);
  if (names == NULL)
    return NULL;
  if (names->len == 0) {
    g_set_error_literal (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("the folder holds no studies: none of its folders has a study.json"));
    return NULL;
  }
  g_autoptr (UtCohort) self = g_new0 (UtCohort, 1);
  self->studies = g_ptr_array_new_with_free_func (study_free);
  for (guint i = 0; i < names->len; i++) {
    ut_progress_set (progress, (double)i / names->len, UT_STAGE_MEASURE);
    if (!add_study (self, folder, names->pdata[i], cancel, error))
      return NULL;
  }
  ut_progress_set (progress, 1, UT_STAGE_MEASURE);
  return g_steal_pointer (&self);
}

/* ---- what they say together --------------------------------------------------------------- */

guint
ut_cohort_median (const UtCohort *self, UtQuantity quantity, int phase, int structure, double *ret)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < self->studies->len; i++) {
    const UtCohortStudy *study = self->studies->pdata[i];
    for (int p = 0; study->measurements && p < UT_N_PHASES; p++) {
      const UtMeasurement *item =
        phase < 0 || phase == p ? ut_measurements_find (study->measurements, quantity, p, structure)
                                : NULL;
      if (item != NULL)
        g_array_append_val (values, item->value);
    }
  }
  if (values->len > 0)
    *ret = ut_median ((double *)(void *)values->data, values->len);
  return values->len;
}

double
ut_cohort_twin_value (const UtCohortStudy *self, UtCohortVolume volume)
{
  const UtMeasurement *item = NULL;
  if (self->measurements == NULL)
    return NAN;
  switch (volume) {
  case UT_COHORT_EDV:
    item = ut_measurements_find (self->measurements, UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LV);
    break;
  case UT_COHORT_ESV:
    item = ut_measurements_find (self->measurements, UT_QUANTITY_VOLUME, UT_PHASE_ES, UT_LV);
    break;
  default:
    item = ut_measurements_find (self->measurements, UT_QUANTITY_EF, -1, UT_LV);
    break;
  }
  return item ? item->value : NAN;
}

GArray *
ut_cohort_pairs (const UtCohort *self, UtCohortVolume volume)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (UtPair));
  for (guint i = 0; i < self->studies->len; i++) {
    const UtCohortStudy *study = self->studies->pdata[i];
    const UtPair pair = {ut_cohort_twin_value (study, volume), study->reference[volume]};
    if (isfinite (pair.a) && isfinite (pair.b))
      g_array_append_val (pairs, pair);
  }
  return pairs;
}

double
ut_cohort_error (const UtCohortStudy *self)
{
  double sum = 0;
  int n = 0;
  for (int phase = 0; self->measurements && phase < UT_N_PHASES; phase++) {
    const UtMeasurement *item =
      ut_measurements_find (self->measurements, UT_QUANTITY_ASSD_MM, phase, -1);
    if (item != NULL) {
      sum += item->value;
      n++;
    }
  }
  return n > 0 ? sum / n : NAN;
}

static int
compare_errors (gconstpointer a, gconstpointer b)
{
  const UtCohortStudy *const *p = a, *const *q = b;
  const double error_a = ut_cohort_error (*p), error_b = ut_cohort_error (*q);
  return (error_a < error_b) - (error_a > error_b);
}

GPtrArray *
ut_cohort_worst (const UtCohort *self, guint n)
{
  GPtrArray *worst = g_ptr_array_new ();
  for (guint i = 0; i < self->studies->len; i++)
    if (isfinite (ut_cohort_error (self->studies->pdata[i])))
      g_ptr_array_add (worst, self->studies->pdata[i]);
  g_ptr_array_sort (worst, compare_errors);
  g_ptr_array_set_size (worst, (gint)MIN (worst->len, n));
  return worst;
}

guint
ut_cohort_count (const UtCohort *self, UtVerdict verdict)
{
  guint n = 0;
  for (guint i = 0; i < self->studies->len; i++) {
    const UtCohortStudy *study = self->studies->pdata[i];
    n += study->problem == NULL && study->verdict == verdict;
  }
  return n;
}
