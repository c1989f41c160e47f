/* SPDX-License-Identifier: Apache-2.0 */
/* The studies of a folder together. Twins and references are balls of known size. */
#include "engine/base/error.h"
#include "engine/study/cohort.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static const double radii[] = {28, 31, 27.5}; /* of the LV at ED; its reference has 27 */

static UtStudy *
make_study (const char *folder, const char *name, double radius)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (UtTwin) ed = fixture_twin (UT_PHASE_ED, radius, 1u << UT_TWIN_COARSE);
  UtTwin *const twins[UT_N_PHASES] = {ed, NULL};
  UtStudy *study = fixture_study (path);
  fixture_set_results (study, ut_study_get_state (study), twins);
  return study;
}

static void
save (UtStudy *study)
{
  g_autoptr (GError) error = NULL;
  ut_study_save (study, &error);
  g_assert_no_error (error);
}

/* case-2, case-9 (rejected), case-10 (limited), case-11 without a heart, case-12 that is damaged,
 * and a folder that is none */
static char *
make_cohort (void)
{
  static const char *const names[] = {"case-2", "case-9", "case-10"};
  g_autoptr (GError) error = NULL;
  char *folder = fixture_folder ();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (UtStudy) study = make_study (folder, names[i], radii[i]);
    if (i == 1) {
      ut_study_set_verdict (study, UT_PHASE_ED, UT_LV, UT_VERDICT_REJECTED, "too large", &error);
      ut_study_set_verdict (study, UT_PHASE_ED, UT_RA, UT_VERDICT_REJECTED, NULL, &error);
      ut_study_set_verdict (study, UT_PHASE_ED, UT_LA, UT_VERDICT_LIMITED, "dim", &error);
      ut_study_set_label (study, "The large one");
    }
    if (i == 2) {
      ut_study_set_verdict (study, UT_PHASE_ED, UT_LV, UT_VERDICT_LIMITED, "cut off", &error);
      for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
        for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
          if (s == UT_RA || s == UT_RV)
            ut_study_set_verdict (study, phase, s, UT_VERDICT_LIMITED, "dark", NULL);
          else if (phase == UT_PHASE_ES || s != UT_LV)
            ut_study_set_verdict (study, phase, s, UT_VERDICT_ACCEPTED, NULL, NULL);
      g_assert_no_error (error);
    }
    save (study);
  }
  g_autofree char *bare = g_build_filename (folder, "case-11", NULL);
  g_autoptr (UtStudy) empty = ut_study_new_in_folder (bare, &error);
  save (empty);
  g_autofree char *damaged = g_build_filename (folder, "case-12", NULL);
  g_autofree char *file = g_build_filename (damaged, UT_STUDY_FILE, NULL);
  g_autofree char *other = g_build_filename (folder, "notes", NULL);
  g_mkdir (damaged, 0700);
  g_mkdir (other, 0700);
  g_assert_true (g_file_set_contents (file, "{\"format\": ", -1, NULL));
  return folder;
}

static const UtCohortStudy *
at (const UtCohort *self, guint i)
{
  g_assert_cmpuint (i, <, self->studies->len);
  return self->studies->pdata[i];
}

static void
test_studies (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = make_cohort ();
  g_autoptr (UtCohort) cohort = ut_cohort_new (folder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (cohort->studies->len, ==, 5);
  for (guint i = 0; i < 5; i++) {
    g_assert_cmpuint (at (cohort, i)->number, ==, i + 1);
    g_assert_true ((i < 3) == (at (cohort, i)->problem == NULL));
    g_assert_true ((i < 3) == (at (cohort, i)->measurements != NULL));
    g_assert_true (at (cohort, i)->problem == NULL ||
                   strstr (at (cohort, i)->problem, folder) == NULL);
  }
  g_assert_cmpstr (at (cohort, 0)->label, ==, "Case 7");
  g_assert_cmpstr (at (cohort, 1)->label, ==, "The large one");
  g_assert_cmpstr (at (cohort, 1)->reasons, ==, "ED LV: too large");
  g_assert_cmpint (at (cohort, 1)->verdict, ==, UT_VERDICT_REJECTED);
  g_assert_cmpuint (ut_cohort_count (cohort, UT_VERDICT_REJECTED), ==, 1);
  g_assert_cmpint (at (cohort, 2)->verdict, ==, UT_VERDICT_LIMITED);
  g_assert_true (g_str_has_prefix (at (cohort, 2)->reasons, "ED LV: cut off; ED RV/RA: dark"));
  g_assert_cmpuint (ut_cohort_count (cohort, UT_VERDICT_LIMITED), ==, 1);
  g_assert_cmpuint (ut_cohort_count (cohort, UT_VERDICT_NONE), ==, 1);
}

static void
test_together (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = make_cohort ();
  g_autoptr (UtCohort) cohort = ut_cohort_new (folder, NULL, NULL, &error);
  g_assert_no_error (error);
  /* the error grows with the radius, so that the middle one is the first study's */
  double median, assd = 0;
  g_assert_cmpuint (
    ut_cohort_median (cohort, UT_QUANTITY_ASSD_MM, UT_PHASE_ED, UT_LV, &median), ==, 3);
  assd =
    ut_measurements_find (at (cohort, 0)->measurements, UT_QUANTITY_ASSD_MM, UT_PHASE_ED, UT_LV)
      ->value;
  g_assert_cmpfloat (median, ==, assd);
  g_assert_cmpuint (
    ut_cohort_median (cohort, UT_QUANTITY_ASSD_MM, UT_PHASE_ES, UT_LV, &median), ==, 0);
  g_assert_cmpfloat (median, ==, assd); /* untouched */

  g_autoptr (GPtrArray) worst = ut_cohort_worst (cohort, 2);
  g_assert_cmpuint (worst->len, ==, 2);
  g_assert_true (worst->pdata[0] == at (cohort, 1));
  g_assert_true (worst->pdata[1] == at (cohort, 0));
  g_assert_true (isnan (ut_cohort_error (at (cohort, 3))));

  /* only ED has a reference */
  g_autoptr (GArray) edv = ut_cohort_pairs (cohort, UT_COHORT_EDV);
  g_autoptr (GArray) esv = ut_cohort_pairs (cohort, UT_COHORT_ESV);
  g_autoptr (GArray) ef = ut_cohort_pairs (cohort, UT_COHORT_EF);
  g_assert_cmpuint (edv->len, ==, 3);
  g_assert_cmpuint (esv->len, ==, 0);
  g_assert_cmpuint (ef->len, ==, 0);
  for (guint i = 0; i < 3; i++) {
    const UtPair *pair = &g_array_index (edv, UtPair, i);
    const double want = 4.0 / 3 * G_PI * pow (radii[i], 3) / 1000;
    g_assert_cmpfloat_with_epsilon (pair->a, want, 0.02 * want);
    g_assert_cmpfloat_with_epsilon (pair->b, 82.4, 0.02 * 82.4); /* 27 mm */
  }
}

static void
test_none (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autofree char *bare = fixture_folder (), *folder = make_cohort ();
  g_assert_null (ut_cohort_new (bare, NULL, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_autofree char *nowhere = g_build_filename (bare, "nowhere", NULL);
  g_assert_null (ut_cohort_new (nowhere, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_null (strstr (error->message, bare));
  g_clear_error (&error);
  g_cancellable_cancel (cancel);
  g_assert_null (ut_cohort_new (folder, NULL, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study/cohort/studies", test_studies);
  g_test_add_func ("/study/cohort/together", test_together);
  g_test_add_func ("/study/cohort/none", test_none);
  return g_test_run ();
}
