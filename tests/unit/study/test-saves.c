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

/* A study that is new takes no folder from another. */
static void
test_new_over_old (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (GError) error = NULL;
  ut_study_free (fixture_study (folder));
  g_autofree char *file = g_build_filename (folder, UT_STUDY_FILE, NULL);
  g_autofree char *before = NULL, *after = NULL;
  g_assert_true (g_file_get_contents (file, &before, NULL, NULL));
  g_assert_false (ut_study_check_free (folder, NULL));
  g_autoptr (UtStudy) study = ut_study_new ();
  ut_study_set_folder (study, folder);
  g_assert_false (ut_study_save (study, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  g_assert_true (g_file_get_contents (file, &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);
}

/* A copy of a study that is open too does not count as saved by what the other one wrote. */
static void
test_saved_is_its_own (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (UtStudy) again = ut_study_open (folder, NULL, NULL, NULL);
  ut_study_set_label (study, "edited");
  g_autoptr (UtStudySnapshot) snapshot = ut_study_snapshot (study);
  g_assert_true (ut_study_snapshot_save (snapshot, NULL, NULL));
  ut_study_set_label (again, "edited here too");
  ut_study_saved (again, snapshot);
  g_assert_true (ut_study_is_modified (again));
  ut_study_saved (study, snapshot);
  g_assert_false (ut_study_is_modified (study));
  g_assert_cmpuint (ut_study_get_serial (study), !=, ut_study_get_serial (again));
}

static void
add_edit (const char *edits, gboolean old)
{
  g_autofree char *path = g_build_filename (edits, "0123456789abcdef.nii.gz", NULL);
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_mkdir_with_parents (edits, 0755);
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  g_assert_cmpint (g_utime (path, &(struct utimbuf){0, now - (old ? 4000 : 0)}), ==, 0);
}

/* The file of an edit that another program may be about to name stays. */
static void
test_other_edits (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *edits = g_build_filename (folder, "edits", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  for (int old = 0; old < 2; old++) {
    add_edit (edits, old);
    g_assert_true (ut_study_offset_structure (study, UT_PHASE_ED, UT_LV, 3, NULL));
    g_assert_true (ut_study_save (study, NULL));
    g_assert_cmpuint (fixture_count_entries (edits), ==, old ? 1 : 2); /* its own, the last one */
  }
}

/* What a save that was cut off left goes once nobody can still be writing it. */
static void
test_left_over (void)
{
  static const char *const names[] = {"0123456789abcdef", "0123456789abcde0.unfinished-a1B2c3"};
  g_autofree char *folder = fixture_folder ();
  g_autofree char *results = g_build_filename (folder, "results", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  struct utimbuf old = {0, g_get_real_time () / G_USEC_PER_SEC - 4000};
  g_autofree char *hers = g_build_filename (results, "0123456789abcdef-before", NULL);
  g_assert_cmpint (g_mkdir (hers, 0755), ==, 0);
  g_assert_cmpint (g_utime (hers, &old), ==, 0);
  for (int pass = 0; pass < 2; pass++) {
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
      g_autofree char *path = g_build_filename (results, names[i], NULL);
      g_mkdir (path, 0755);
      if (pass > 0)
        g_assert_cmpint (g_utime (path, &old), ==, 0);
    }
    ut_study_set_label (study, pass > 0 ? "late" : "soon");
    g_assert_true (ut_study_save (study, NULL));
    g_assert_cmpuint (fixture_count_entries (results), ==, pass > 0 ? 3 : 5);
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
  g_test_add_func ("/study-saves/new-over-old", test_new_over_old);
  g_test_add_func ("/study-saves/saved-is-its-own", test_saved_is_its_own);
  g_test_add_func ("/study-saves/other-edits", test_other_edits);
  g_test_add_func ("/study-saves/left-over", test_left_over);
  g_test_add_func ("/study-saves/linked", test_linked);
  return g_test_run ();
}
