/* SPDX-License-Identifier: Apache-2.0 */
#include "app/engine-words.h"
#include "engine/image/cine.h"
#include "engine/study/review.h"
#include "tests/unit/study/fixture.h"

/* The engine's sentence is one of those that can be translated, and comes back as it is in English.
 */
static void
assert_known (const char *message, const char *known)
{
  g_autofree char *words = ut_engine_words (message);
  g_assert_cmpstr (ut_engine_words_known (message), ==, known);
  g_assert_cmpstr (words, ==, message);
}

static void
assert_refused (gboolean done, GError **error, const char *known)
{
  g_assert_false (done);
  g_assert_nonnull (*error);
  assert_known ((*error)->message, known);
  g_clear_error (error);
}

static void
test_edits (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *bare_folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (UtStudy) bare = ut_study_new ();
  g_autoptr (GError) error = NULL;
  GError **e = &error;

  assert_refused (ut_study_set_verdict (bare, UT_PHASE_ED, UT_LV, UT_VERDICT_ACCEPTED, NULL, e),
                  e,
                  "%s is not reconstructed: there is no heart to review");

  /* balls of 20 mm in all: nothing is left of them after enough steps inwards */
  while (error == NULL && ut_study_offset_structure (study, UT_PHASE_ED, UT_LA, -9, e))
    ;
  assert_refused (FALSE, e, "%s would vanish: shrink it less");
}

static void
test_views (void)
{
  g_autoptr (UtStudy) study = ut_study_new ();
  g_autoptr (GError) error = NULL;
  UtStudyRuler ruler = {.from_px = {1, 1}, .to_px = {1.1, 1}, .length_mm = 10};
  assert_refused (ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ED, 0, &error),
                  &error,
                  "%s holds no loop to mark");
  assert_refused (ut_study_calibrate_ruler (study, UT_VIEW_A4C, &ruler, &error),
                  &error,
                  "%s: the line is %s pixels long, want at least %s: draw a longer one");
  ruler.to_px[0] = 30;
  assert_refused (ut_study_calibrate_ruler (study, UT_VIEW_A4C, &ruler, &error),
                  &error,
                  "%s holds no loop: load one before you calibrate it");
}

static void
test_files (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *text = g_build_filename (folder, "notes.txt", NULL);
  g_auto (GStrv) notes = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (text, "no echo", -1, NULL));
  assert_refused (
    ut_cine_open (text, &error) != NULL, &error, "%s: not a kind of loop that is read (%s)");
  assert_refused (
    ut_cine_open ("/none/at-all.dcm", &error) != NULL, &error, "%s: no such file or folder");
  assert_refused (ut_study_open (folder, NULL, &notes, &error) != NULL,
                  &error,
                  "%s: no study, want a folder that holds %s");
}

static void
test_self_test (void)
{
  assert_known ("+2.008 mm, 100 % outside", "%s mm, %s %% outside");
  assert_known ("2 and 0; 1 and 2 parts", "%s and %s; %s and %s parts");
}

static void
test_others (void)
{
  static const char paragraphs[] = "A2C: its loop is missing: a.dcm\n\nsomething else";
  g_autofree char *words = ut_engine_words (paragraphs);
  g_assert_cmpstr (words, ==, paragraphs);
  g_assert_null (ut_engine_words_known ("something else"));
  g_assert_null (ut_engine_words_known (" is not there"));
  g_assert_null (ut_engine_words_known (""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/engine-words/edits", test_edits);
  g_test_add_func ("/engine-words/views", test_views);
  g_test_add_func ("/engine-words/files", test_files);
  g_test_add_func ("/engine-words/self-test", test_self_test);
  g_test_add_func ("/engine-words/others", test_others);
  return g_test_run ();
}
