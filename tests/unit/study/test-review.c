/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/study/study-file.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct Case {
  char *folder;
  UtStudy *study;
} Case;

static void
set_up (Case *test, gconstpointer data)
{
  test->folder = fixture_folder ();
  test->study = fixture_study (test->folder);
}

static void
tear_down (Case *test, gconstpointer data)
{
  ut_study_free (test->study);
  g_free (test->folder);
}

static const UtStudyState *
state_of (const Case *test)
{
  return ut_study_get_state (test->study);
}

static void
judge (Case *test, UtPhase phase, UtStructure structure, UtVerdict verdict, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_study_set_verdict (test->study, phase, structure, verdict, reason, &error));
  g_assert_no_error (error);
}

static void
move (Case *test, UtPhase phase, UtStructure structure, double mm)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_study_offset_structure (test->study, phase, structure, mm, &error));
  g_assert_no_error (error);
}

static void
assert_verdict (const UtStudyState *state, int phase, int structure, const char *wanted)
{
  g_autofree char *text = ut_study_verdict_text (state, phase, structure);
  g_assert_cmpstr (text, ==, wanted);
}

static UtStudy *
reopen (const Case *test, guint n_notes)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL;
  UtStudy *study = ut_study_open (test->folder, NULL, &notes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (notes), ==, n_notes);
  return study;
}

/* ---- verdicts ------------------------------------------------------------------- */

static void
test_verdicts (Case *test, gconstpointer data)
{
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "unreviewed");
  judge (test, UT_PHASE_ED, UT_LV, UT_VERDICT_ACCEPTED, "of no account");
  judge (test, UT_PHASE_ES, UT_LV, UT_VERDICT_REJECTED, "  leaks\ninto\tLA\x01 ");
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "accepted");
  assert_verdict (state_of (test), UT_PHASE_ES, UT_LV, "rejected: leaksintoLA");
  assert_verdict (state_of (test), -1, UT_LV, "rejected: leaksintoLA"); /* the EF */
  assert_verdict (state_of (test), UT_PHASE_ED, -1, "unreviewed");
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    judge (test, UT_PHASE_ED, s, UT_VERDICT_ACCEPTED, NULL);
  assert_verdict (state_of (test), UT_PHASE_ED, -1, "accepted");

  g_assert_cmpint (ut_study_undo_edit (test->study), ==, UT_STUDY_EDIT_REVIEW);
  while (ut_study_undo_edit (test->study) == UT_STUDY_EDIT_REVIEW)
    g_assert_true (ut_study_undo (test->study));
  assert_verdict (state_of (test), UT_PHASE_ES, UT_LV, "unreviewed");
}

static void
test_long_reason (Case *test, gconstpointer data)
{
  g_autofree char *longer = g_strnfill (5000, 'x');
  judge (test, UT_PHASE_ED, UT_RA, UT_VERDICT_REJECTED, longer);
  g_assert_cmpuint (
    strlen (state_of (test)->reviews[UT_PHASE_ED].reasons[UT_RA]), ==, UT_REVIEW_MAX_REASON);
  judge (test, UT_PHASE_ED, UT_RA, UT_VERDICT_REJECTED, " \n ");
  assert_verdict (state_of (test), UT_PHASE_ED, UT_RA, "rejected");
}

static void
test_nothing_to_review (void)
{
  g_autoptr (UtStudy) empty = ut_study_new ();
  g_autoptr (GError) error = NULL;
  g_assert_false (
    ut_study_set_verdict (empty, UT_PHASE_ED, UT_LV, UT_VERDICT_ACCEPTED, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_false (ut_study_offset_structure (empty, UT_PHASE_ED, UT_LV, 3, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_cmpint (ut_study_undo_edit (empty), ==, UT_STUDY_EDIT_NONE);
}

/* ---- edits ---------------------------------------------------------------------- */

static void
test_edit (Case *test, gconstpointer data)
{
  UtStudyResult *made = state_of (test)->results[UT_PHASE_ED];
  UtTwinStage last = ut_twin_final_stage (made->twin);
  g_autofree guint8 *before = g_memdup2 (made->twin->labels[last]->u8, UT_TWIN_N_VOXELS);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    judge (test, UT_PHASE_ED, s, UT_VERDICT_ACCEPTED, NULL);
  move (test, UT_PHASE_ED, UT_LV, 3);
  move (test, UT_PHASE_ED, UT_LV, -1.5);

  const UtStudyState *state = state_of (test);
  g_assert_true (state->results[UT_PHASE_ED] == made);
  g_assert_cmpmem (before, UT_TWIN_N_VOXELS, made->twin->labels[last]->u8, UT_TWIN_N_VOXELS);
  g_assert_cmpint (ut_twin_final_stage (ut_study_twin (state, UT_PHASE_ED)), ==, UT_TWIN_EDITED);
  g_autofree char *text = ut_study_edit_text (state, UT_PHASE_ED);
  g_assert_cmpstr (text, ==, "LV +3.0 mm, LV -1.5 mm");
  g_assert_true (ut_study_is_edited (state, UT_PHASE_ED, UT_LV));
  g_assert_true (ut_study_is_edited (state, UT_PHASE_ED, UT_MYO)); /* the wall followed */
  g_assert_false (ut_study_is_edited (state, UT_PHASE_ED, UT_RA));
  g_assert_false (ut_study_is_edited (state, UT_PHASE_ES, -1));
  assert_verdict (state, UT_PHASE_ED, UT_LV, "unreviewed");
  assert_verdict (state, UT_PHASE_ED, UT_MYO, "unreviewed");
  assert_verdict (state, UT_PHASE_ED, UT_RA, "accepted");

  g_assert_true (ut_study_undo (test->study));
  g_assert_true (ut_study_undo (test->study));
  g_assert_false (ut_study_is_edited (state_of (test), UT_PHASE_ED, -1));
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "accepted");
  g_assert_true (ut_study_redo (test->study));
  g_assert_true (ut_study_is_edited (state_of (test), UT_PHASE_ED, UT_LV));
}

static void
test_discard (Case *test, gconstpointer data)
{
  move (test, UT_PHASE_ES, UT_RV, -3);
  judge (test, UT_PHASE_ES, UT_RV, UT_VERDICT_ACCEPTED, NULL);
  judge (test, UT_PHASE_ES, UT_LA, UT_VERDICT_ACCEPTED, NULL);
  ut_study_discard_edit (test->study, UT_PHASE_ES);
  g_assert_false (ut_study_is_edited (state_of (test), UT_PHASE_ES, -1));
  assert_verdict (state_of (test), UT_PHASE_ES, UT_RV, "unreviewed");
  assert_verdict (state_of (test), UT_PHASE_ES, UT_LA, "accepted");
}

/* a new heart starts unreviewed; undo brings the old one back with all that was said of it */
static void
test_new_heart (Case *test, gconstpointer data)
{
  move (test, UT_PHASE_ED, UT_LV, 3);
  judge (test, UT_PHASE_ED, UT_LV, UT_VERDICT_REJECTED, "too large");
  judge (test, UT_PHASE_ES, UT_LV, UT_VERDICT_ACCEPTED, NULL);
  g_autoptr (UtTwin) twin = fixture_whole_twin (UT_PHASE_ED, 25);
  UtTwin *const twins[UT_N_PHASES] = {twin, NULL};
  fixture_set_results (test->study, state_of (test), twins);
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "unreviewed");
  assert_verdict (state_of (test), UT_PHASE_ES, UT_LV, "accepted");
  g_assert_false (ut_study_is_edited (state_of (test), UT_PHASE_ED, -1));
  g_assert_true (ut_study_undo (test->study));
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "rejected: too large");
  g_assert_true (ut_study_is_edited (state_of (test), UT_PHASE_ED, UT_LV));
}

/* ---- on disk -------------------------------------------------------------------- */

static char *
edit_path (const Case *test, UtPhase phase)
{
  g_autofree char *name = g_strconcat (state_of (test)->edits[phase]->id, ".nii.gz", NULL);
  return g_build_filename (test->folder, "edits", name, NULL);
}

static void
test_saved (Case *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  move (test, UT_PHASE_ED, UT_LV, 4.5);
  judge (test, UT_PHASE_ED, UT_LV, UT_VERDICT_REJECTED, "gap at the “mitral” plane");
  g_assert_true (ut_study_save (test->study, &error));
  g_autofree char *path = edit_path (test, UT_PHASE_ED);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));

  g_autoptr (UtStudy) opened = reopen (test, 0);
  g_autofree char *before = ut_study_state_hash (state_of (test));
  g_autofree char *after = ut_study_state_hash (ut_study_get_state (opened));
  g_assert_cmpstr (before, ==, after);
  const UtTwin *twin = ut_study_twin (ut_study_get_state (opened), UT_PHASE_ED);
  g_assert_cmpmem (twin->labels[UT_TWIN_EDITED]->u8,
                   UT_TWIN_N_VOXELS,
                   ut_study_twin (state_of (test), UT_PHASE_ED)->labels[UT_TWIN_EDITED]->u8,
                   UT_TWIN_N_VOXELS);

  ut_study_discard_edit (test->study, UT_PHASE_ED);
  g_assert_true (ut_study_save (test->study, &error));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* no verdict on an edit is taken for one on the heart below it */
static void
test_damaged (Case *test, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  move (test, UT_PHASE_ED, UT_LV, 3);
  judge (test, UT_PHASE_ED, UT_LV, UT_VERDICT_ACCEPTED, NULL);
  move (test, UT_PHASE_ES, UT_LV, 3);
  g_assert_true (ut_study_save (test->study, &error));
  g_autofree char *ed = edit_path (test, UT_PHASE_ED), *es = edit_path (test, UT_PHASE_ES);
  g_autofree char *bytes = NULL;
  gsize n_bytes;
  g_assert_true (g_file_get_contents (es, &bytes, &n_bytes, NULL));
  g_assert_true (
    g_file_set_contents (ed, bytes, (gssize)n_bytes, NULL)); /* a sound file, not its */
  g_unlink (es);
  g_autoptr (UtStudy) opened = reopen (test, 2);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    g_assert_nonnull (ut_study_twin (ut_study_get_state (opened), phase));
    g_assert_false (ut_study_is_edited (ut_study_get_state (opened), phase, -1));
  }
  assert_verdict (ut_study_get_state (opened), UT_PHASE_ED, UT_LV, "unreviewed");
}

static void
replace_and_open (const Case *test, const char *from, const char *to, gboolean opens)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (test->folder, UT_STUDY_FILE, NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, from));
  g_auto (GStrv) parts = g_strsplit (text, from, 2);
  g_autofree char *changed = g_strjoinv (to, parts);
  g_assert_true (g_file_set_contents (path, changed, -1, NULL));
  g_autoptr (UtStudy) opened = ut_study_open (test->folder, NULL, NULL, &error);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (opened != NULL, ==, opens);
  if (!opens)
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
}

static void
test_bad_json (Case *test, gconstpointer data)
{
  move (test, UT_PHASE_ED, UT_LV, 3);
  judge (test, UT_PHASE_ED, UT_RA, UT_VERDICT_REJECTED, "odd");
  g_assert_true (ut_study_save (test->study, NULL));
  g_autofree char *id = g_strdup (state_of (test)->edits[UT_PHASE_ED]->id);
  replace_and_open (test, "\"rejected\"", "\"perhaps\"", FALSE);
  replace_and_open (test, "\"rejected\"", "7", FALSE);
  replace_and_open (test, "\"structure\" : \"LV\"", "\"structure\" : \"ear\"", FALSE);
  replace_and_open (test, id, "../../../secret0", FALSE);
  replace_and_open (test, "\"reviews\"", "\"of an older program\"", TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/review/verdicts", Case, NULL, set_up, test_verdicts, tear_down);
  g_test_add ("/review/long-reason", Case, NULL, set_up, test_long_reason, tear_down);
  g_test_add_func ("/review/nothing", test_nothing_to_review);
  g_test_add ("/review/edit", Case, NULL, set_up, test_edit, tear_down);
  g_test_add ("/review/discard", Case, NULL, set_up, test_discard, tear_down);
  g_test_add ("/review/new-heart", Case, NULL, set_up, test_new_heart, tear_down);
  g_test_add ("/review/saved", Case, NULL, set_up, test_saved, tear_down);
  g_test_add ("/review/damaged", Case, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/review/bad-json", Case, NULL, set_up, test_bad_json, tear_down);
  return g_test_run ();
}
