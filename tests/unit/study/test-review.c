/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/measure/volumes.h"
#include "engine/study/study-file.h"
#include "engine/study/twin-mesh.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <math.h>
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

/* A stroke of 6 mm from (x, 0, 0) to (x + 9, 0, 0) mm. */
static void
paint (Case *test, UtPhase phase, UtStructure structure, double x)
{
  g_autoptr (GError) error = NULL;
  const UtVec3 way[] = {ut_vec3 (x, 0, 0), ut_vec3 (x + 4, 0, 0), ut_vec3 (x + 9, 0, 0)};
  g_assert_true (
    ut_study_paint (test->study, phase, structure, 6, way, G_N_ELEMENTS (way), &error));
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

/* Limited is worse than accepted, better than rejected, and does not hide what nobody judged. */
static void
test_limited (Case *test, gconstpointer data)
{
  judge (test, UT_PHASE_ED, UT_LV, UT_VERDICT_LIMITED, "Borders uncertain");
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "limited: Borders uncertain");
  assert_verdict (state_of (test), UT_PHASE_ED, -1, "unreviewed");
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (s != UT_LV)
      judge (test, UT_PHASE_ED, s, UT_VERDICT_ACCEPTED, NULL);
  assert_verdict (state_of (test), UT_PHASE_ED, -1, "limited: Borders uncertain");
  judge (test, UT_PHASE_ED, UT_RA, UT_VERDICT_REJECTED, NULL);
  assert_verdict (state_of (test), UT_PHASE_ED, -1, "rejected"); /* for no reason, not the LV's */
  judge (test, UT_PHASE_ED, UT_LV, UT_VERDICT_LIMITED, NULL);
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "limited");
  g_assert_true (ut_study_undo (test->study));
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "limited: Borders uncertain");
}

static void
grade (Case *test, UtVerdict verdict, const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_study_grade (test->study, UT_PHASE_ED, verdict, reason, &error));
  g_assert_no_error (error);
}

/* The whole heart: what is worse stays, what is as bad gets the new reason, in one step of undo. */
static void
test_grade (Case *test, gconstpointer data)
{
  judge (test, UT_PHASE_ED, UT_LV, UT_VERDICT_REJECTED, "leaks");
  judge (test, UT_PHASE_ED, UT_RV, UT_VERDICT_LIMITED, "cut off");
  judge (test, UT_PHASE_ED, UT_LA, UT_VERDICT_ACCEPTED, NULL);
  guint n = state_of (test)->log->len;
  grade (test, UT_VERDICT_ACCEPTED, NULL);
  g_assert_cmpuint (state_of (test)->log->len, ==, n + 2); /* RA and Myo alone */
  assert_verdict (state_of (test), UT_PHASE_ED, UT_RV, "limited: cut off");
  assert_verdict (state_of (test), UT_PHASE_ED, UT_RA, "accepted");
  grade (test, UT_VERDICT_LIMITED, "dark");
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    assert_verdict (
      state_of (test), UT_PHASE_ED, (int)s, s == UT_LV ? "rejected: leaks" : "limited: dark");
  assert_verdict (state_of (test), UT_PHASE_ES, -1, "unreviewed");
  grade (test, UT_VERDICT_REJECTED, "upside down");
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    assert_verdict (state_of (test), UT_PHASE_ED, (int)s, "rejected: upside down");
  g_assert_true (ut_study_undo (test->study));
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "rejected: leaks");
  assert_verdict (state_of (test), UT_PHASE_ED, UT_RA, "limited: dark");
  g_assert_true (ut_study_undo (test->study));
  assert_verdict (state_of (test), UT_PHASE_ED, UT_RV, "limited: cut off");
  assert_verdict (state_of (test), UT_PHASE_ED, UT_RA, "accepted");
}

static gint64
saved_version (const Case *test)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_study_save (test->study, &error));
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (test->folder, UT_STUDY_FILE, NULL);
  g_autoptr (JsonNode) node = ut_json_read (path, 1 << 20, &error);
  g_assert_no_error (error);
  return json_object_get_int_member (json_node_get_object (node), "format_version");
}

/* Programs that know no "limited" are told so by the version; they open all other studies. */
static void
test_limited_saved (Case *test, gconstpointer data)
{
  grade (test, UT_VERDICT_REJECTED, "leaks");
  g_assert_cmpint (saved_version (test), ==, 1);
  judge (test, UT_PHASE_ES, UT_RV, UT_VERDICT_LIMITED, "View missing or off-axis");
  g_assert_cmpint (saved_version (test), ==, 2);
  g_autoptr (UtStudy) opened = reopen (test, 0);
  assert_verdict (
    ut_study_get_state (opened), UT_PHASE_ES, UT_RV, "limited: View missing or off-axis");
  const GPtrArray *log = ut_study_get_state (opened)->log;
  const UtReviewAct *last = log->pdata[log->len - 1];
  g_assert_cmpint (last->kind, ==, UT_REVIEW_ACT_LIMIT);
  g_assert_cmpstr (last->reason, ==, "View missing or off-axis");
  g_assert_true (ut_study_undo (test->study)); /* the log still says it */
  g_assert_cmpint (saved_version (test), ==, 2);
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
  g_assert_false (ut_study_grade (empty, UT_PHASE_ED, UT_VERDICT_LIMITED, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_false (ut_study_offset_structure (empty, UT_PHASE_ED, UT_LV, 3, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_false (ut_study_paint (empty, UT_PHASE_ED, UT_LV, 3, &(UtVec3){0, 0, 0}, 1, &error));
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

static guint8 *
copy_labels (const Case *test, UtPhase phase)
{
  const UtTwin *twin = ut_study_twin (state_of (test), phase);
  return g_memdup2 (twin->labels[ut_twin_final_stage (twin)]->u8, UT_TWIN_N_VOXELS);
}

/* strokes and offsets in the order done; who wins and who loses voxels; undo to the bit */
static void
test_brush (Case *test, gconstpointer data)
{
  UtStudyResult *made = state_of (test)->results[UT_PHASE_ED];
  guint8 *labels[5] = {copy_labels (test, UT_PHASE_ED)};
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    judge (test, UT_PHASE_ED, s, UT_VERDICT_ACCEPTED, NULL);
  paint (test, UT_PHASE_ED, UT_LV, 26); /* into the wall, which loses voxels */
  g_assert_cmpint (ut_study_undo_edit (test->study), ==, UT_STUDY_EDIT_PAINT);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    gboolean hit = s == UT_LV || s == UT_MYO;
    g_assert_cmpint (ut_study_is_edited (state_of (test), UT_PHASE_ED, (int)s), ==, hit);
    assert_verdict (state_of (test), UT_PHASE_ED, (int)s, hit ? "unreviewed" : "accepted");
  }
  labels[1] = copy_labels (test, UT_PHASE_ED);
  paint (test, UT_PHASE_ED, UT_LV, 26); /* nothing is left to paint: no step */
  paint (test, UT_PHASE_ED, UT_LV, 32);
  labels[2] = copy_labels (test, UT_PHASE_ED);
  move (test, UT_PHASE_ED, UT_LV, -1.5);
  labels[3] = copy_labels (test, UT_PHASE_ED);
  paint (test, UT_PHASE_ED, UT_BACKGROUND, 0);
  labels[4] = copy_labels (test, UT_PHASE_ED);
  g_assert_cmpint (labels[4][(31 * 64 + 31) * 64 + 32], ==, 0);

  g_autofree char *text = ut_study_edit_text (state_of (test), UT_PHASE_ED);
  g_assert_true (g_regex_match_simple (
    "^LV brush \\(2 strokes, \\d+ voxels\\), LV -1.5 mm, eraser \\(1 stroke, \\d+ voxels\\)$",
    text,
    0,
    0));
  for (int i = 3; i >= 0; i--) {
    g_assert_true (ut_study_undo (test->study));
    g_autofree guint8 *before = copy_labels (test, UT_PHASE_ED);
    g_assert_cmpmem (before, UT_TWIN_N_VOXELS, labels[i], UT_TWIN_N_VOXELS);
  }
  g_assert_true (state_of (test)->results[UT_PHASE_ED] == made);
  g_assert_false (ut_study_is_edited (state_of (test), UT_PHASE_ED, -1));
  assert_verdict (state_of (test), UT_PHASE_ED, UT_LV, "accepted");
  for (int i = 0; i < 5; i++)
    g_free (labels[i]);
}

static UtMesh *
surface (const UtTwin *twin, UtStructure structure)
{
  g_autoptr (GError) error = NULL;
  UtMesh *mesh = ut_twin_mesh (twin, ut_twin_final_stage (twin), structure, &error);
  g_assert_no_error (error);
  return mesh;
}

/* The smooth surface stays where nothing was changed near it, to the bit, and encloses the edit. */
static void
test_edited_surface (Case *test, gconstpointer data)
{
  g_autoptr (UtMesh) before = surface (ut_study_twin (state_of (test), UT_PHASE_ED), UT_LV);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (gsize i = 0; i < before->n_vertices; i++) {
    const float *p = &before->positions[3 * i];
    g_hash_table_add (known, g_strdup_printf ("%a %a %a", p[0], p[1], p[2]));
  }
  paint (test, UT_PHASE_ED, UT_LV, 26);
  const UtTwin *twin = ut_study_twin (state_of (test), UT_PHASE_ED);
  g_autoptr (UtMesh) after = surface (twin, UT_LV);
  guint n_same = 0, n_new = 0;
  for (gsize i = 0; i < after->n_vertices; i++) {
    const float *p = &after->positions[3 * i];
    g_autofree char *text = g_strdup_printf ("%a %a %a", p[0], p[1], p[2]);
    if (g_hash_table_contains (known, text)) {
      n_same++;
      continue;
    }
    g_assert_cmpfloat (hypot (hypot (p[0] - CLAMP (p[0], 26, 35), p[1]), p[2]), <, 6 + 6);
    n_new++;
  }
  g_assert_cmpuint (n_new, >, 10);
  g_assert_cmpuint (n_same, >, 10 * n_new);
  const guint8 *labels[] = {twin->labels[ut_twin_network_stage (twin)]->u8,
                            twin->labels[UT_TWIN_EDITED]->u8};
  int n_gained = 0;
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    n_gained += (labels[1][i] == UT_LV) - (labels[0][i] == UT_LV);
  double gained_ml = ut_mesh_volume_ml (after) - ut_mesh_volume_ml (before);
  g_test_message ("%.2f ml, %.2f ml by voxels", gained_ml, 0.027 * n_gained);
  g_assert_cmpfloat_with_epsilon (gained_ml / (0.027 * n_gained), 1, 0.15);
}

static void
refuse_paint (Case *test, UtStructure structure, double radius_mm, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) way = g_array_new (FALSE, FALSE, sizeof (UtVec3));
  UtStudyEdit last = ut_study_undo_edit (test->study);
  for (double x = -96; x <= 96; x += 24) /* over all of the volume */
    for (double y = -96; y <= 96; y += 24) {
      UtVec3 ends[] = {ut_vec3 (x, y, -96), ut_vec3 (x, y, 96), ut_vec3 (x, y, -96)};
      g_array_append_vals (way, ends, G_N_ELEMENTS (ends));
    }
  const UtVec3 *points = (const UtVec3 *)(void *)way->data;
  g_assert_false (
    ut_study_paint (test->study, UT_PHASE_ED, structure, radius_mm, points, way->len, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_cmpint (ut_study_undo_edit (test->study), ==, last);
}

static void
test_brush_refused (Case *test, gconstpointer data)
{
  refuse_paint (test, UT_LV, 30, "ED: Myo would vanish");
  refuse_paint (test, UT_BACKGROUND, 30, "would vanish");
  refuse_paint (test, UT_LV, 1.5, "a radius of 3 to 30 mm");
  refuse_paint (test, UT_LV, 31, "a radius of 3 to 30 mm");
  refuse_paint (test, UT_LV, NAN, "a radius of 3 to 30 mm");
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
  paint (test, UT_PHASE_ED, UT_RA, 30);
  paint (test, UT_PHASE_ED, UT_BACKGROUND, 0);
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

  const GArray *steps = ut_study_result (ut_study_get_state (opened), UT_PHASE_ED)->steps;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_assert_cmpuint (steps->len, ==, 3);
  for (guint i = 0; i < steps->len; i++) /* when it was done is kept with it */
    g_assert_cmpint (ABS (g_array_index (steps, UtEditStep, i).when - now), <, 600);

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
    g_assert_cmpuint (error->domain, ==, UT_ENGINE_ERROR);
}

static void
test_bad_json (Case *test, gconstpointer data)
{
  move (test, UT_PHASE_ED, UT_LV, 3);
  paint (test, UT_PHASE_ED, UT_RA, 30);
  judge (test, UT_PHASE_ED, UT_RA, UT_VERDICT_REJECTED, "odd");
  g_assert_true (ut_study_save (test->study, NULL));
  g_autofree char *id = g_strdup (state_of (test)->edits[UT_PHASE_ED]->id);
  replace_and_open (test, "\"rejected\"", "\"perhaps\"", FALSE);
  replace_and_open (test, "\"rejected\"", "7", FALSE);
  replace_and_open (test, "\"structure\" : \"LV\"", "\"structure\" : \"ear\"", FALSE);
  replace_and_open (test, "\"structure\" : \"LV\"", "\"structure\" : \"background\"", FALSE);
  replace_and_open (test, "\"structure\" : \"RA\"", "\"structure\" : \"background\"", TRUE);
  replace_and_open (test, "\"offset_mm\" : 3", "\"offset_mm\" : 300", FALSE);
  replace_and_open (test, "\"offset_mm\" : 3", "\"offset_mm\" : 0", FALSE);
  replace_and_open (test, "\"brush_radius_mm\" : 6", "\"brush_radius_mm\" : 60", FALSE);
  replace_and_open (test, "\"brush_radius_mm\" : 6", "\"brush_radius_mm\" : \"6\"", FALSE);
  replace_and_open (test, "\"voxels\" : ", "\"voxels\" : -", FALSE);
  replace_and_open (test, "\"voxels\" : ", "\"voxels\" : 99999999", FALSE);
  replace_and_open (test, "\"voxels\" : ", "\"volume\" : ", FALSE);
  replace_and_open (test, "\"when\" : \"2", "\"when\" : \"yesterday", FALSE);
  replace_and_open (test, "\"when\" : \"2", "\"of old\" : \"2", TRUE);
  replace_and_open (test, "\"steps\" : ", "\"steps\" : [], \"rest\" : ", FALSE);
  replace_and_open (test, "\"steps\" : ", "\"steps\" : [1], \"rest\" : ", FALSE);
  replace_and_open (test, "\"steps\" : ", "\"offsets\" : ", TRUE); /* before the brush */
  replace_and_open (test, id, "../../../secret0", FALSE);
  replace_and_open (test, "\"reviews\"", "\"of an older program\"", TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/review/verdicts", Case, NULL, set_up, test_verdicts, tear_down);
  g_test_add ("/review/limited", Case, NULL, set_up, test_limited, tear_down);
  g_test_add ("/review/grade", Case, NULL, set_up, test_grade, tear_down);
  g_test_add ("/review/limited-saved", Case, NULL, set_up, test_limited_saved, tear_down);
  g_test_add ("/review/long-reason", Case, NULL, set_up, test_long_reason, tear_down);
  g_test_add_func ("/review/nothing", test_nothing_to_review);
  g_test_add ("/review/edit", Case, NULL, set_up, test_edit, tear_down);
  g_test_add ("/review/brush", Case, NULL, set_up, test_brush, tear_down);
  g_test_add ("/review/edited-surface", Case, NULL, set_up, test_edited_surface, tear_down);
  g_test_add ("/review/brush-refused", Case, NULL, set_up, test_brush_refused, tear_down);
  g_test_add ("/review/discard", Case, NULL, set_up, test_discard, tear_down);
  g_test_add ("/review/new-heart", Case, NULL, set_up, test_new_heart, tear_down);
  g_test_add ("/review/saved", Case, NULL, set_up, test_saved, tear_down);
  g_test_add ("/review/damaged", Case, NULL, set_up, test_damaged, tear_down);
  g_test_add ("/review/bad-json", Case, NULL, set_up, test_bad_json, tear_down);
  return g_test_run ();
}
