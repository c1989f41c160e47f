/* SPDX-License-Identifier: Apache-2.0 */
/* Saves beside other programs, and after some that were cut off. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

/* Two programs on one study: the second one's save is refused, and nothing of the first is lost. */
static void
test_changed_elsewhere (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *results = g_build_filename (folder, "results", NULL);
  g_autoptr (UtStudy) here = fixture_study (folder);
  g_autoptr (UtStudy) there = ut_study_open (folder, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) ed = fixture_twin (UT_PHASE_ED, 26, 1u << UT_TWIN_COARSE);
  UtTwin *const twins[UT_N_PHASES] = {ed, NULL};
  fixture_set_results (there, ut_study_get_state (there), twins);
  g_assert_true (ut_study_save (there, &error));
  g_assert_true (ut_study_save (there, &error)); /* its own saves are no change */
  g_autofree char *before = ut_study_state_hash (ut_study_get_state (there));

  ut_study_set_label (here, "other words");
  g_assert_false (ut_study_save (here, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  g_assert_nonnull (strstr (error->message, "another program has changed the study"));
  g_assert_true (ut_study_is_modified (here));
  g_assert_cmpuint (fixture_count_entries (results), ==, 2);
  g_autoptr (UtStudy) opened = ut_study_open (folder, NULL, NULL, NULL);
  g_autofree char *after = ut_study_state_hash (ut_study_get_state (opened));
  g_assert_cmpstr (before, ==, after);

  g_clear_error (&error);
  ut_study_set_folder (here,
                       "/dev/null/none"); /* a "save as" that fails, and what it goes back to */
  g_assert_false (ut_study_save (here, NULL));
  ut_study_set_folder (here, folder);
  g_assert_false (ut_study_save (here, NULL));
  g_autofree char *elsewhere = fixture_folder ();
  ut_study_set_folder (here, elsewhere); /* the way out */
  g_assert_true (ut_study_save (here, &error));
  g_assert_false (ut_study_is_modified (here));
}

/* What a save that was cut off left goes once nobody can still be writing it. */
static void
test_left_over (void)
{
  static const char *const names[] = {"0123456789abcdef", "0123456789abcde0.unfinished"};
  g_autofree char *folder = fixture_folder ();
  g_autofree char *results = g_build_filename (folder, "results", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  struct utimbuf old = {0, g_get_real_time () / G_USEC_PER_SEC - 4000};
  for (int pass = 0; pass < 2; pass++) {
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
      g_autofree char *path = g_build_filename (results, names[i], NULL);
      g_mkdir (path, 0755);
      if (pass > 0)
        g_assert_cmpint (g_utime (path, &old), ==, 0);
    }
    ut_study_set_label (study, pass > 0 ? "late" : "soon");
    g_assert_true (ut_study_save (study, NULL));
    g_assert_cmpuint (fixture_count_entries (results), ==, pass > 0 ? 2 : 4);
  }
}

/* A link to study.json stays one. */
static void
test_linked (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *file = g_build_filename (folder, UT_STUDY_FILE, NULL);
  g_autofree char *kept = g_build_filename (folder, "kept.json", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autofree char *text = NULL;
  g_assert_cmpint (g_rename (file, kept), ==, 0);
  g_assert_cmpint (symlink ("kept.json", file), ==, 0);
  ut_study_set_label (study, "through the link");
  g_assert_true (ut_study_save (study, NULL));
  g_assert_true (g_file_test (file, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_get_contents (kept, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "through the link"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/study-saves/changed-elsewhere", test_changed_elsewhere);
  g_test_add_func ("/study-saves/left-over", test_left_over);
  g_test_add_func ("/study-saves/linked", test_linked);
  return g_test_run ();
}
