/* SPDX-License-Identifier: Apache-2.0 */
/* Who did what in review: the log only grows, is saved, and names who made an edit. */
#include "engine/base/error.h"
#include "engine/study/measurements.h"
#include "fixture.h"

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
  ut_study_set_reviewer (test->study, "Ann\n Berg");
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
judge (Case *test, UtStructure structure, UtVerdict verdict, const char *reason)
{
  g_assert_true (ut_study_set_verdict (test->study, UT_PHASE_ED, structure, verdict, reason, NULL));
}

static void
paint (Case *test, UtStructure structure, double x)
{
  const UtVec3 way[] = {ut_vec3 (x, 0, 0), ut_vec3 (x + 9, 0, 0)};
  g_assert_true (ut_study_paint (test->study, UT_PHASE_ED, structure, 6, way, 2, NULL));
}

/* "Ann Berg: accept LV; undo accept LV; ..." */
static char *
log_text (const UtStudyState *state)
{
  static const char *const turns[] = {"", "undo ", "redo "};
  GString *text = g_string_new (NULL);
  const char *who = NULL;
  for (guint i = 0; i < state->log->len; i++) {
    const UtReviewAct *act = state->log->pdata[i];
    gint64 now = g_get_real_time () / G_USEC_PER_SEC;
    g_assert_cmpint (ABS (act->when - now), <, 600);
    g_string_append (text, i > 0 ? "; " : "");
    if (g_strcmp0 (who, act->who) != 0)
      g_string_append_printf (text, "%s: ", act->who ? act->who : "?");
    who = act->who;
    g_string_append_printf (text,
                            "%s%s %s",
                            turns[act->turn],
                            ut_review_act_kind_name (act->kind),
                            ut_structure_name (act->structure));
    if (act->mm != 0)
      g_string_append_printf (text, " %g", act->mm);
    if (act->reason)
      g_string_append_printf (text, " (%s)", act->reason);
  }
  return g_string_free (text, FALSE);
}

static void
assert_log (const UtStudyState *state, const char *wanted)
{
  g_autofree char *text = log_text (state);
  g_assert_cmpstr (text, ==, wanted);
}

static UtStudy *
reopen (const Case *test)
{
  g_autoptr (GError) error = NULL;
  UtStudy *opened = ut_study_open (test->folder, NULL, NULL, &error);
  g_assert_no_error (error);
  return opened;
}

#define ALL                                                                                        \
  "Ann Berg: accept LV; reject RV (leaks); offset Myo 3; brush RA 6; unreview RV; discard "        \
  "background"

static void
test_acts (Case *test, gconstpointer data)
{
  assert_log (state_of (test), "");
  judge (test, UT_LV, UT_VERDICT_ACCEPTED, NULL);
  judge (test, UT_LV, UT_VERDICT_ACCEPTED, NULL); /* changes nothing: no line */
  judge (test, UT_RV, UT_VERDICT_REJECTED, "leaks");
  g_assert_true (ut_study_offset_structure (test->study, UT_PHASE_ED, UT_MYO, 3, NULL));
  paint (test, UT_RA, 30);
  judge (test, UT_RV, UT_VERDICT_NONE, NULL);
  ut_study_discard_edit (test->study, UT_PHASE_ED);
  assert_log (state_of (test), ALL);
  const UtReviewAct *stroke = state_of (test)->log->pdata[3];
  g_assert_cmpuint (stroke->n_voxels, >, 0);

  g_assert_true (ut_study_save (test->study, NULL));
  g_autoptr (UtStudy) opened = reopen (test);
  assert_log (ut_study_get_state (opened), ALL);
  g_assert_cmpuint (((const UtReviewAct *)ut_study_get_state (opened)->log->pdata[3])->n_voxels,
                    ==,
                    stroke->n_voxels);
}

/* what is undone stays in the log, with the line that says so; other edits neither lose it nor add
 * to it */
static void
test_undo (Case *test, gconstpointer data)
{
  judge (test, UT_LV, UT_VERDICT_ACCEPTED, NULL);
  ut_study_set_label (test->study, "a name");
  ut_study_set_reviewer (test->study, "");
  g_assert_true (ut_study_save (test->study, NULL));
  g_assert_true (ut_study_undo (test->study)); /* the name */
  assert_log (state_of (test), "Ann Berg: accept LV");
  g_assert_true (ut_study_undo (test->study));
  assert_log (state_of (test), "Ann Berg: accept LV; ?: undo accept LV");
  g_assert_cmpint (state_of (test)->reviews[UT_PHASE_ED].verdicts[UT_LV], ==, UT_VERDICT_NONE);
  g_assert_true (ut_study_redo (test->study));
  g_assert_true (ut_study_redo (test->study));
  g_assert_cmpstr (state_of (test)->label, ==, "a name");
  assert_log (state_of (test), "Ann Berg: accept LV; ?: undo accept LV; redo accept LV");
  g_assert_true (ut_study_is_modified (test->study)); /* the log is to be saved */
}

static void
test_group (Case *test, gconstpointer data)
{
  ut_study_begin_group (test->study);
  judge (test, UT_LV, UT_VERDICT_ACCEPTED, NULL);
  judge (test, UT_LA, UT_VERDICT_ACCEPTED, NULL);
  ut_study_end_group (test->study);
  g_assert_true (ut_study_undo (test->study));
  assert_log (state_of (test), "Ann Berg: accept LV; accept LA; undo accept LA; undo accept LV");
  ut_study_begin_group (test->study); /* there and back: nothing to undo, but it was done */
  judge (test, UT_RA, UT_VERDICT_ACCEPTED, NULL);
  judge (test, UT_RA, UT_VERDICT_NONE, NULL);
  ut_study_end_group (test->study);
  assert_log (state_of (test),
              "Ann Berg: accept LV; accept LA; undo accept LA; undo accept LV; accept RA; "
              "unreview RA");
  g_assert_cmpint (ut_study_undo_edit (test->study), !=, UT_STUDY_EDIT_REVIEW);
}

static void
test_new_heart (Case *test, gconstpointer data)
{
  g_autoptr (UtTwin) twin = fixture_twin (UT_PHASE_ED, 24, 1 << UT_TWIN_COARSE);
  UtTwin *const twins[UT_N_PHASES] = {twin, NULL};
  judge (test, UT_LV, UT_VERDICT_ACCEPTED, NULL);
  fixture_set_results (test->study, state_of (test), twins);
  assert_log (state_of (test), "Ann Berg: accept LV; reconstruct background");
}

static void
assert_edited_by (const UtStudyState *state, const char *wanted)
{
  gint64 when;
  g_autofree char *who = ut_study_edited_by (state, UT_PHASE_ED, &when);
  g_assert_cmpstr (who, ==, wanted);
  g_assert_true ((when > 0) == ut_study_is_edited (state, UT_PHASE_ED, -1));
}

/* of the edit as it is: whose step was undone did not make it */
static void
test_edited_by (Case *test, gconstpointer data)
{
  assert_edited_by (state_of (test), NULL);
  g_assert_true (ut_study_offset_structure (test->study, UT_PHASE_ED, UT_MYO, 3, NULL));
  ut_study_set_reviewer (test->study, "Bo");
  paint (test, UT_RA, 30);
  paint (test, UT_RA, -60);
  assert_edited_by (state_of (test), "Ann Berg, Bo");
  g_autoptr (UtMeasurements) numbers = ut_study_measure (state_of (test), NULL, NULL);
  g_autoptr (JsonNode) json = ut_study_result_json (state_of (test), numbers);
  JsonObject *root = json_node_get_object (json), *ed = json_object_get_object_member (root, "ed");
  g_assert_cmpstr (json_object_get_string_member (ed, "edited_by"), ==, "Ann Berg, Bo");
  g_assert_true (json_object_has_member (ed, "edited_at"));
  g_assert_false (json_object_has_member (json_object_get_object_member (root, "es"), "edited_by"));
  g_assert_cmpuint (
    json_array_get_length (json_object_get_array_member (root, "review_log")), ==, 3);

  g_assert_true (ut_study_undo (test->study));
  g_assert_true (ut_study_undo (test->study));
  assert_edited_by (state_of (test), "Ann Berg");
}

static JsonObject *
verdict_of (JsonNode *json, const char *phase, const char *structure)
{
  JsonObject *of_phase = json_object_get_object_member (json_node_get_object (json), phase);
  return json_object_get_object_member (json_object_get_object_member (of_phase, "structures"),
                                        structure);
}

static void
assert_reviewed_by (const UtStudyState *state, UtStructure structure, const char *wanted)
{
  gint64 when;
  g_autofree char *who = ut_study_reviewed_by (state, UT_PHASE_ED, (int)structure, &when);
  g_assert_cmpstr (who, ==, wanted);
  g_assert_true ((when > 0) == (wanted != NULL));
}

/* Who gave the verdict that counts, also after undo, and in a file. */
static void
test_reviewed_by (Case *test, gconstpointer data)
{
  assert_reviewed_by (state_of (test), UT_LV, NULL);
  judge (test, UT_LV, UT_VERDICT_ACCEPTED, NULL);
  judge (test, UT_LV, UT_VERDICT_ACCEPTED, NULL); /* says nothing new */
  assert_log (state_of (test), "Ann Berg: accept LV");
  ut_study_set_reviewer (test->study, "Bo");
  judge (test, UT_LV, UT_VERDICT_ACCEPTED, NULL); /* a second reader agrees */
  assert_reviewed_by (state_of (test), UT_LV, "Bo");
  judge (test, UT_LV, UT_VERDICT_NONE, NULL);
  assert_reviewed_by (state_of (test), UT_LV, NULL);
  g_assert_true (ut_study_undo (test->study) && ut_study_undo (test->study));
  assert_reviewed_by (state_of (test), UT_LV, "Ann Berg");

  g_assert_true (ut_study_save (test->study, NULL));
  g_autoptr (UtStudy) again = ut_study_open (test->folder, NULL, NULL, NULL);
  g_assert_nonnull (again);
  assert_reviewed_by (ut_study_get_state (again), UT_LV, "Ann Berg");
  g_autoptr (UtMeasurements) numbers = ut_study_measure (ut_study_get_state (again), NULL, NULL);
  g_autoptr (JsonNode) json = ut_study_result_json (ut_study_get_state (again), numbers);
  JsonObject *lv = verdict_of (json, "ed", "LV");
  g_assert_cmpstr (json_object_get_string_member (lv, "reviewed_by"), ==, "Ann Berg");
  g_assert_true (json_object_has_member (lv, "reviewed_at"));
  g_assert_false (json_object_has_member (verdict_of (json, "ed", "RV"), "reviewed_at"));
}

static void
replace_and_open (const Case *test, const char *from, const char *to, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (test->folder, UT_STUDY_FILE, NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  char *log = strstr (text, "\"review_log\"");
  g_assert_nonnull (log);
  g_autofree char *head = g_strndup (text, (gsize)(log - text));
  g_auto (GStrv) parts = g_strsplit (log, from, 2);
  g_assert_nonnull (parts[1]);
  g_autofree char *tail = g_strjoinv (to, parts), *changed = g_strconcat (head, tail, NULL);
  g_assert_true (g_file_set_contents (path, changed, -1, NULL));
  g_autoptr (UtStudy) opened = ut_study_open (test->folder, NULL, NULL, &error);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true ((opened != NULL) == (says == NULL));
  if (says != NULL && (error->domain != UT_ENGINE_ERROR || !strstr (error->message, says)))
    g_error ("“%s” does not say “%s”", error->message, says);
}

#define LONG_NAME   "\360\235\224\270" /* a letter of four bytes */
#define LONG_REASON "\360\235\225\216"

static char *
repeat (const char *text, guint n)
{
  GString *all = g_string_new (NULL);
  for (guint i = 0; i < n; i++)
    g_string_append (all, text);
  return g_string_free (all, FALSE);
}

/* A log that is full goes on, however long its texts are, and what was saved opens again. */
static void
test_full (Case *test, gconstpointer data)
{
  g_autofree char *name = repeat (LONG_NAME, UT_REVIEW_MAX_NAME);
  g_autofree char *reason = repeat (LONG_REASON, UT_REVIEW_MAX_REASON);
  ut_study_set_reviewer (test->study, name);
  judge (test, UT_LV, UT_VERDICT_REJECTED, reason);
  g_assert_true (ut_study_save (test->study, NULL));
  g_autofree char *path = g_build_filename (test->folder, UT_STUDY_FILE, NULL), *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  char *list = strstr (text, "\"review_log\""), *line = strchr (list, '{');
  char *end = strchr (line, '}') + 1;
  g_assert_null (strchr (line + 1, '{') < end ? strchr (line + 1, '{') : NULL);
  g_autofree char *head = g_strndup (text, (gsize)(line - text));
  g_autofree char *one = g_strndup (line, (gsize)(end - line));
  GString *longer = g_string_new (head);
  for (guint i = 0; i < UT_REVIEW_MAX_ACTS + 2; i++)
    g_string_append_printf (longer, "%s%s", i > 0 ? "," : "", one);
  g_string_append (longer, end);
  g_autofree char *all = g_string_free (longer, FALSE);
  g_assert_true (g_file_set_contents (path, all, -1, NULL));

  g_autoptr (UtStudy) study = reopen (test);
  g_assert_cmpuint (ut_study_get_state (study)->log->len, ==, UT_REVIEW_MAX_ACTS);
  g_assert_cmpuint (ut_study_get_state (study)->n_log_dropped, ==, 2);
  ut_study_set_reviewer (study, "Bo");
  g_assert_true (ut_study_set_verdict (study, UT_PHASE_ED, UT_LV, UT_VERDICT_ACCEPTED, NULL, NULL));
  g_assert_true (ut_study_undo (study));
  g_assert_true (ut_study_save (study, NULL));
  g_autoptr (UtStudy) again = reopen (test);
  const UtStudyState *state = ut_study_get_state (again);
  const UtReviewAct *last = state->log->pdata[UT_REVIEW_MAX_ACTS - 1];
  g_assert_cmpuint (state->log->len, ==, UT_REVIEW_MAX_ACTS);
  g_assert_cmpuint (state->n_log_dropped, ==, 4);
  g_assert_cmpstr (last->who, ==, "Bo");
  g_assert_cmpint (last->turn, ==, UT_REVIEW_UNDONE);
}

static void
test_bad_json (Case *test, gconstpointer data)
{
  judge (test, UT_RA, UT_VERDICT_REJECTED, "odd");
  g_assert_true (ut_study_offset_structure (test->study, UT_PHASE_ED, UT_MYO, 3, NULL));
  paint (test, UT_RA, 30);
  g_assert_true (ut_study_undo (test->study));
  g_assert_true (ut_study_save (test->study, NULL));
  replace_and_open (test, "\"reject\"", "\"frown\"", "review log, line 1: \"act\": \"frown\"");
  replace_and_open (test, "\"undo\"", "\"unwind\"", "line 4: \"turn\"");
  replace_and_open (test, "\"ED\"", "\"EX\"", "line 1: \"phase\"");
  replace_and_open (test, "\"RA\"", "\"background\"", "line 1: \"structure\"");
  replace_and_open (test, "\"offset_mm\" : 3", "\"offset_mm\" : 300", "line 2: ");
  replace_and_open (test, "\"brush_radius_mm\"", "\"of old\"", "line 3: ");
  replace_and_open (test, "\"when\" : \"2", "\"when\" : \"yesterday", "line 1: \"when\"");
  replace_and_open (test, "\"when\" : \"2", "\"of old\" : \"2", NULL);
  replace_and_open (test, "\"who\"", "\"of old\"", NULL);
  replace_and_open (test, "[", "[1,", "line 1: \"review_log\"");
  replace_and_open (
    test, "\"review_log\"", "\"review_log_dropped_lines\": -1, \"review_log\"", "dropped_lines");
  replace_and_open (test, "\"review_log\"", "\"of an older program\"", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/review-log/acts", Case, NULL, set_up, test_acts, tear_down);
  g_test_add ("/review-log/undo", Case, NULL, set_up, test_undo, tear_down);
  g_test_add ("/review-log/group", Case, NULL, set_up, test_group, tear_down);
  g_test_add ("/review-log/new-heart", Case, NULL, set_up, test_new_heart, tear_down);
  g_test_add ("/review-log/reviewed-by", Case, NULL, set_up, test_reviewed_by, tear_down);
  g_test_add ("/review-log/edited-by", Case, NULL, set_up, test_edited_by, tear_down);
  g_test_add ("/review-log/full", Case, NULL, set_up, test_full, tear_down);
  g_test_add ("/review-log/bad-json", Case, NULL, set_up, test_bad_json, tear_down);
  return g_test_run ();
}
