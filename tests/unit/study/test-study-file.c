/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/random.h"
#include "engine/study/study-private.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *
study_file (const char *folder)
{
  return g_build_filename (folder, UT_STUDY_FILE, NULL);
}

static char *
read_text (const char *folder)
{
  g_autofree char *path = study_file (folder);
  char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
write_text (const char *folder, const char *text)
{
  g_autofree char *path = study_file (folder);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Opens the study in @folder and expects @n_notes notes, each holding the text that is given. */
static UtStudy *
open_with_notes (const char *folder, guint n_notes, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL;
  UtStudy *study = ut_study_open (folder, NULL, &notes, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < g_strv_length (notes); i++) {
    g_assert_null (strstr (notes[i], g_get_tmp_dir ())); /* base names only */
    if (text == NULL || strstr (notes[i], text) == NULL)
      g_error ("unexpected note: %s", notes[i]);
  }
  g_assert_cmpuint (g_strv_length (notes), ==, n_notes);
  return study;
}

/* ---- what is written comes back ----------------------------------------------------- */

static void
assert_same_map (const float *a, const float *b, gsize n)
{
  g_assert_cmpint (a != NULL, ==, b != NULL);
  if (a)
    g_assert_cmpmem (a, n * sizeof *a, b, n * sizeof *b);
}

static void
assert_same_twin (const UtTwin *a, const UtTwin *b)
{
  gsize n_branches = UT_TWIN_N_BRANCHES * UT_TWIN_N_VOXELS;
  g_assert_cmpint (a->template_index, ==, b->template_index);
  assert_same_map (a->variance, b->variance, n_branches);
  assert_same_map (a->weight, b->weight, n_branches);
  assert_same_map (a->spread, b->spread, UT_TWIN_N_VOXELS);
  for (int stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    g_assert_cmpint (a->labels[stage] != NULL, ==, b->labels[stage] != NULL);
    g_assert_cmpint (a->probabilities[stage] != NULL, ==, b->probabilities[stage] != NULL);
    if (a->labels[stage]) {
      g_assert_cmpmem (
        a->labels[stage]->data, UT_TWIN_N_VOXELS, b->labels[stage]->data, UT_TWIN_N_VOXELS);
      g_assert_true (ut_volume_same_grid (a->labels[stage], b->labels[stage], 1e-3));
    }
    gsize bytes = UT_N_LABELS * UT_TWIN_N_VOXELS * sizeof (float);
    if (a->probabilities[stage])
      g_assert_cmpmem (a->probabilities[stage], bytes, b->probabilities[stage], bytes);
  }
  g_autoptr (JsonNode) json_a = ut_study_provenance_to_json (&a->provenance);
  g_autoptr (JsonNode) json_b = ut_study_provenance_to_json (&b->provenance);
  g_autofree char *text_a = json_to_string (json_a, TRUE);
  g_autofree char *text_b = json_to_string (json_b, TRUE);
  g_assert_cmpstr (text_a, ==, text_b);
  g_assert_cmpuint (b->provenance.seed, ==, G_MAXUINT64 - 1);
  g_assert_true (b->provenance.upright);
  g_assert_cmpfloat_with_epsilon (b->provenance.heart_mm[UT_VIEW_PSAX][1], 1.0 / 7, 1e-9);
  g_assert_cmpfloat (b->provenance.heart_turn_deg[UT_VIEW_PSAX], ==, -17);
}

static void
test_round_trip (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) ui = json_object_new ();
  json_object_set_string_member (ui, "step", "inspect");
  ut_study_set_ui (study, ui);
  g_assert_false (ut_study_is_modified (study)); /* navigation is no edit */
  g_assert_true (ut_study_save (study, &error));

  g_autoptr (UtStudy) opened = open_with_notes (folder, 0, NULL);
  g_autofree char *before = ut_study_state_hash (ut_study_get_state (study));
  g_autofree char *after = ut_study_state_hash (ut_study_get_state (opened));
  g_assert_cmpstr (before, ==, after);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    assert_same_twin (ut_study_twin (ut_study_get_state (study), phase),
                      ut_study_twin (ut_study_get_state (opened), phase));
    g_assert_false (ut_study_is_stale (ut_study_get_state (opened), phase));
  }
  g_assert_cmpstr (json_object_get_string_member (ut_study_get_ui (opened), "step"), ==, "inspect");
  g_assert_false (ut_study_is_modified (opened));
  g_assert_cmpint (ut_study_undo_edit (opened), ==, UT_STUDY_EDIT_NONE);

  /* saved again, nothing changes in the file */
  g_autofree char *text_before = read_text (folder);
  g_assert_true (ut_study_save (opened, &error));
  g_autofree char *text_after = read_text (folder);
  g_assert_cmpstr (text_before, ==, text_after);

  /* by the file as by the folder */
  g_autofree char *file = study_file (folder);
  g_autoptr (UtStudy) by_file = open_with_notes (file, 0, NULL);
  g_assert_cmpstr (ut_study_get_folder (by_file), ==, folder);
}

/* Every stage, the template's number, the maps: to within the steps that they are kept in, and
 * from then on to the bit. */
static void
test_stages (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) ed = fixture_whole_twin (UT_PHASE_ED, 28);
  g_autoptr (UtTwin) es = fixture_whole_twin (UT_PHASE_ES, 22);
  UtTwin *const twins[UT_N_PHASES] = {ed, es};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_assert_true (ut_study_save (study, &error));

  g_autoptr (UtStudy) opened = open_with_notes (folder, 0, NULL);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtTwin *kept = ut_study_twin (ut_study_get_state (opened), phase);
    assert_same_twin (ut_study_twin (ut_study_get_state (study), phase), kept);
    for (UtTwinStage stage = 0; stage < UT_TWIN_EDITED; stage++)
      g_assert_true (ut_twin_has_stage (kept, stage));
    g_assert_null (kept->probabilities[UT_TWIN_TEMPLATE]);
    g_assert_cmpint (kept->template_index, ==, 3);
    g_assert_cmpuint (kept->provenance.n_seeds, ==, 4);
    for (gsize i = 0; i < UT_TWIN_N_BRANCHES * UT_TWIN_N_VOXELS; i++) {
      g_assert_cmpfloat_with_epsilon (kept->variance[i], ed->variance[i], 0.25 / 65535);
      g_assert_cmpfloat_with_epsilon (kept->weight[i], ed->weight[i], 1.0 / 65535);
    }
    for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
      g_assert_cmpfloat_with_epsilon (kept->spread[i], ed->spread[i], 2.3 / 65535);
    const UtTwin *made = phase == UT_PHASE_ED ? ed : es;
    g_assert_cmpmem (kept->seed_voxels,
                     4 * sizeof *kept->seed_voxels,
                     made->seed_voxels,
                     4 * sizeof *made->seed_voxels);
    g_assert_cmpmem (&kept->provenance.validation,
                     sizeof (UtTwinValidation),
                     &made->provenance.validation,
                     sizeof (UtTwinValidation));
  }
}

/* A mean of seeds of the second format, without their volumes and without the weights' errors. */
static void
test_second_format (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (UtTwin) twin = fixture_whole_twin (UT_PHASE_ES, 22);
  g_clear_pointer (&twin->seed_voxels, g_free);
  twin->provenance.validation = (UtTwinValidation){0};
  UtTwin *const twins[UT_N_PHASES] = {NULL, twin};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_assert_true (ut_study_save (study, NULL));
  const char *id = ut_study_get_state (study)->results[UT_PHASE_ES]->id;
  g_autofree char *path = g_build_filename (folder, "results", id, "result.json", NULL);
  g_autoptr (JsonNode) node = ut_json_read (path, 1 << 20, NULL);
  JsonObject *root = json_node_get_object (node);
  g_assert_false (json_object_has_member (root, "seed_voxels"));
  json_object_set_int_member (root, "format_version", 2);
  g_assert_true (ut_json_write (node, path, NULL));
  g_autoptr (UtStudy) opened = open_with_notes (folder, 0, NULL);
  const UtTwin *kept = ut_study_twin (ut_study_get_state (opened), UT_PHASE_ES);
  g_assert_true (kept->spread != NULL && kept->seed_voxels == NULL);
  g_assert_cmpuint (kept->provenance.validation.n_hearts, ==, 0);
}

/* A study of the first format: no maps, no template; its results keep their names. */
static void
test_first_format (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const char *id = ut_study_get_state (study)->results[phase]->id;
    g_autofree char *path = g_build_filename (folder, "results", id, "result.json", NULL);
    g_autoptr (JsonNode) node = ut_json_read (path, 1 << 20, NULL);
    JsonObject *root = json_node_get_object (node);
    json_object_set_int_member (root, "format_version", 1);
    json_object_remove_member (root, "maps");
    g_assert_true (ut_json_write (node, path, NULL));
  }
  g_autoptr (UtStudy) opened = open_with_notes (folder, 0, NULL);
  const UtTwin *twin = ut_study_twin (ut_study_get_state (opened), UT_PHASE_ED);
  g_assert_cmpint (twin->template_index, ==, UT_TWIN_NO_TEMPLATE);
  g_assert_true (twin->variance == NULL && twin->weight == NULL && twin->spread == NULL);
}

static void
test_moved_folder (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *moved = g_strconcat (folder, "-moved", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autofree char *text = read_text (folder);
  g_assert_null (strstr (text, folder)); /* nothing in it tells where it was */
  g_assert_null (strstr (text, g_get_user_name ()));
  g_assert_cmpint (g_rename (folder, moved), ==, 0);
  g_autoptr (UtStudy) opened = open_with_notes (moved, 0, NULL);
  g_assert_nonnull (ut_study_get_state (opened)->views[UT_VIEW_PSAX].cine);
  g_assert_nonnull (ut_study_twin (ut_study_get_state (opened), UT_PHASE_ES));
}

static void
test_outside_source (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *elsewhere = fixture_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (UtStudy) study = ut_study_new_in_folder (folder, &error);
  fixture_add_loop (study, UT_VIEW_A4C, elsewhere, "loop", 5, TRUE);
  fixture_add_loop (study, UT_VIEW_A2C, elsewhere, "L\xe9on", 6, TRUE); /* no UTF-8 name */
  g_assert_true (ut_study_save (study, &error));
  g_autoptr (UtStudy) opened = open_with_notes (folder, 0, NULL);
  g_autofree char *before = ut_study_state_hash (ut_study_get_state (study));
  g_autofree char *after = ut_study_state_hash (ut_study_get_state (opened));
  g_assert_cmpstr (before, ==, after);
}

/* Taken in this thread, written in another one while edits go on. */
static gpointer
save_thread (gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_study_snapshot_save (data, NULL, &error));
  g_assert_no_error (error);
  return NULL;
}

static void
test_snapshot (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  const UtBody body = {UT_SEX_MALE, 181.5, 80};
  ut_study_set_label (study, "saved");
  g_assert_true (ut_study_set_body (study, &body, NULL));
  g_autoptr (UtStudySnapshot) snapshot = ut_study_snapshot (study);
  GThread *thread = g_thread_new ("save", save_thread, snapshot);
  ut_study_set_label (study, "later");
  ut_study_clear_view (study, UT_VIEW_A4C);
  g_thread_join (thread);
  ut_study_saved (study, snapshot);
  g_assert_true (ut_study_is_modified (study));
  g_autoptr (UtStudy) opened = open_with_notes (folder, 0, NULL);
  g_assert_cmpstr (ut_study_get_state (opened)->label, ==, "saved");
  g_assert_true (ut_body_equal (&ut_study_get_state (opened)->body, &body));
  ut_study_undo (study);
  ut_study_undo (study);
  g_assert_false (ut_study_is_modified (study));
}

static void
test_old_results_go (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *results = g_build_filename (folder, "results", NULL);
  g_autofree char *foreign = g_build_filename (results, "my notes", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  g_assert_cmpuint (fixture_count_entries (results), ==, 2);
  g_assert_cmpint (g_mkdir (foreign, 0755), ==, 0);
  g_autoptr (UtTwin) ed = fixture_twin (UT_PHASE_ED, 26, 1u << UT_TWIN_COARSE);
  UtTwin *const twins[UT_N_PHASES] = {ed, NULL};
  fixture_set_results (study, ut_study_get_state (study), twins);
  g_assert_true (ut_study_save (study, &error));
  g_assert_cmpuint (fixture_count_entries (results), ==, 3);
  ut_study_undo (study); /* the one before is written again from memory */
  g_assert_true (ut_study_save (study, &error));
  g_autoptr (UtStudy) opened = open_with_notes (folder, 0, NULL);
  g_autofree char *before = ut_study_state_hash (ut_study_get_state (study));
  g_autofree char *after = ut_study_state_hash (ut_study_get_state (opened));
  g_assert_cmpstr (before, ==, after);
  g_assert_true (g_file_test (foreign, G_FILE_TEST_IS_DIR));
}

/* ---- the rest opens -------------------------------------------------------------------- */

static void
test_missing_inputs (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (GError) error = NULL;
  ut_study_free (fixture_study (folder));
  g_autofree char *loop = g_build_filename (folder, "a4c", NULL);
  g_autofree char *away = g_build_filename (folder, "elsewhere", NULL);
  g_autofree char *reference = g_build_filename (folder, "reference_ed.nii.gz", NULL);
  g_assert_cmpint (g_rename (loop, away), ==, 0);
  g_assert_cmpint (g_unlink (reference), ==, 0);

  g_autoptr (UtStudy) study = open_with_notes (folder, 2, "missing");
  const UtStudyView *slot = &ut_study_get_state (study)->views[UT_VIEW_A4C];
  g_assert_null (slot->cine);
  g_assert_cmpint (slot->marks[UT_PHASE_ED], ==, 2);
  g_assert_false (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ED));
  g_assert_false (ut_study_is_ready (ut_study_get_state (study), UT_PHASE_ED));
  g_assert_nonnull (ut_study_get_state (study)->views[UT_VIEW_A2C].cine);

  /* saved and opened again, the slot still knows what it wants; found again, all is well */
  g_assert_true (ut_study_save (study, &error));
  g_autoptr (UtStudy) again = open_with_notes (folder, 2, "missing");
  g_autoptr (UtCine) found = ut_cine_open (away, &error);
  g_assert_no_error (error);
  ut_study_set_cine (again, UT_VIEW_A4C, found, away);
  slot = &ut_study_get_state (again)->views[UT_VIEW_A4C];
  g_assert_cmpint (slot->marks[UT_PHASE_ED], ==, 2);
  g_assert_true (ut_study_is_ready (ut_study_get_state (again), UT_PHASE_ED));
  g_assert_false (ut_study_is_stale (ut_study_get_state (again), UT_PHASE_ED));
}

static void
test_changed_inputs (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (GError) error = NULL;
  ut_study_free (fixture_study (folder));
  g_autofree char *loop = g_build_filename (folder, "a4c", NULL);
  g_autofree char *frame = g_build_filename (loop, "frame_0008.png", NULL);
  g_autofree char *other = g_build_filename (folder, "a2c", "frame_0001.png", NULL);
  g_autofree char *content = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (other, &content, &length, &error));
  g_assert_true (g_file_set_contents (frame, content, (gssize)length, &error));
  g_autoptr (UtStudy) study = open_with_notes (folder, 1, "A4C: its loop has changed");
  g_assert_true (ut_study_is_stale (ut_study_get_state (study), UT_PHASE_ED));

  /* a shorter loop takes marks and contours past its end away */
  const UtStudyContour contour = {.trace = {2, {{5, 5}, {10, 10}}}, .frame = 5};
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    UtStudyContour of_phase = contour;
    of_phase.frame = phase == UT_PHASE_ED ? 2 : 5;
    g_assert_true (ut_study_set_contour (study, UT_VIEW_A4C, phase, &of_phase, &error));
  }
  g_assert_true (ut_study_save (study, &error));
  for (guint i = 5; i <= FIXTURE_FRAMES; i++) {
    g_autofree char *name = g_strdup_printf ("frame_%04u.png", i);
    g_autofree char *path = g_build_filename (loop, name, NULL);
    g_assert_cmpint (g_unlink (path), ==, 0);
  }
  g_autofree char *sidecar = g_build_filename (loop, "cine.json", NULL);
  g_assert_true (g_file_set_contents (
    sidecar, "{\"spacing_mm\": [0.9, 0.9], \"frame_time_ms\": 20}", -1, &error));
  g_auto (GStrv) notes = NULL;
  g_autoptr (UtStudy) shorter = ut_study_open (folder, NULL, &notes, &error);
  g_assert_no_error (error);
  g_autofree char *all = g_strjoinv ("\n", notes);
  g_assert_nonnull (strstr (all, "A4C: its loop has changed"));
  g_assert_nonnull (strstr (all, "A4C: the ES mark was frame 6, but the loop now has 4"));
  g_assert_nonnull (strstr (all, "A4C: the ES contour was on frame 6, but the loop now has 4"));
  g_assert_nonnull (strstr (all, "A4C: the spacing in its file has changed"));
  const UtStudyView *slot = &ut_study_get_state (shorter)->views[UT_VIEW_A4C];
  g_assert_cmpint (slot->marks[UT_PHASE_ED], ==, 2);
  g_assert_cmpint (slot->marks[UT_PHASE_ES], ==, -1);
  g_assert_cmpuint (slot->contours[UT_PHASE_ED].trace.n_points, ==, 2);
  g_assert_cmpuint (slot->contours[UT_PHASE_ES].trace.n_points, ==, 0);
  g_assert_true (ut_study_save (shorter, &error)); /* what is left opens again */
  g_autoptr (UtStudy) again = ut_study_open (folder, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
damage (const char *path, gssize offset, gsize keep)
{
  g_autofree char *content = NULL;
  gsize length;
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  if (offset >= 0)
    content[(gsize)offset % length] ^= 0x55;
  g_assert_true (g_file_set_contents (path, content, (gssize)MIN (length, keep), NULL));
}

static void
test_damaged_results (void)
{
  static const struct {
    const char *file;
    gssize flip; /* byte to change, -1 = none */
    gsize keep;
  } cases[] = {
    {"coarse.u16.gz", -1, 1000},
    {"coarse.u16.gz", 2000, G_MAXINT},
    {"coarse.u16.gz", -1, 0},
    {"coarse.nii.gz", -1, 400},
    {"coarse.nii.gz", 1500, G_MAXINT},
    {"result.json", -1, 20},
    {"result.json", -1, 0},
  };
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *id = ut_study_get_state (study)->results[UT_PHASE_ES]->id;
    g_autofree char *results = g_build_filename (folder, "results", NULL);
    g_autofree char *path = g_build_filename (results, id, cases[i].file, NULL);
    damage (path, cases[i].flip, cases[i].keep);
    g_autoptr (UtStudy) opened = open_with_notes (folder, 1, "ES result: it cannot be read");
    g_assert_null (ut_study_twin (ut_study_get_state (opened), UT_PHASE_ES));
    g_assert_nonnull (ut_study_twin (ut_study_get_state (opened), UT_PHASE_ED));
    g_assert_true (ut_study_save (opened, &error)); /* which leaves the damaged files alone */
    g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
    ut_study_result_remove (results, id);
    g_assert_true (ut_study_save (study, &error));
  }

  /* whole files that do not belong together */
  const UtStudyState *state = ut_study_get_state (study);
  g_autofree char *ed =
    g_build_filename (folder, "results", state->results[UT_PHASE_ED]->id, "coarse.nii.gz", NULL);
  g_autofree char *es =
    g_build_filename (folder, "results", state->results[UT_PHASE_ES]->id, "coarse.nii.gz", NULL);
  g_assert_cmpint (g_unlink (ed), ==, 0);
  g_assert_cmpint (g_rename (es, ed), ==, 0);
  g_autoptr (UtStudy) mixed = open_with_notes (folder, 2, "result: it cannot be read");
  g_assert_null (ut_study_twin (ut_study_get_state (mixed), UT_PHASE_ED));
}

/* The text of a result's file, with one part replaced. */
static void
replace_in (const char *path, const char *from, const char *to)
{
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_autoptr (GString) changed = g_string_new (text);
  g_assert_cmpuint (g_string_replace (changed, from, to, 1), ==, 1);
  g_assert_true (g_file_set_contents (path, changed->str, -1, NULL));
}

static void
test_damaged_maps (void)
{
  static const struct {
    const char *file, *from, *to; /* text to replace; NULL = cut the file */
    const char *says;
  } cases[] = {
    {"variance.u16.gz", NULL, NULL, "variance.u16.gz: damaged"},
    {"spread.u16.gz", NULL, NULL, "spread.u16.gz: damaged"},
    {"result.json", "\"template\" : 3", "\"template\" : 2", "do not belong together"},
    {"result.json", "\"template\" : 3", "\"template\" : -1", "template"},
    {"result.json", "\"n_seeds\" : 4", "\"n_seeds\" : 5", "a row of 6 counts"},
    {"result.json", "\"weight\"", "\"height\"", "maps"},
    {"result.json", "\"spread\"", "\"weight\"", "maps"},
    {"result.json", "\"spread\"", "7", "maps"},
    {"result.json", "\"seed_voxels\" : [", "\"seed_voxels\" : [7,", "a row of 6 counts"},
    {"result.json", "\"seed_voxels\" :", "\"forgotten\" :", "do not belong together"},
    {"result.json", "\"n_hearts\" : 40", "\"n_hearts\" : 0", "n_hearts"},
  };
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (UtTwin) es = fixture_whole_twin (UT_PHASE_ES, 22);
  UtTwin *const twins[UT_N_PHASES] = {NULL, es};
  fixture_set_results (study, ut_study_get_state (study), twins);
  const char *id = ut_study_get_state (study)->results[UT_PHASE_ES]->id;
  g_autofree char *results = g_build_filename (folder, "results", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    ut_study_result_remove (results, id);
    g_assert_true (ut_study_save (study, NULL));
    g_autofree char *path = g_build_filename (results, id, cases[i].file, NULL);
    if (cases[i].from)
      replace_in (path, cases[i].from, cases[i].to);
    else
      damage (path, -1, 100);
    g_autoptr (UtStudy) opened = open_with_notes (folder, 1, cases[i].says);
    g_assert_null (ut_study_twin (ut_study_get_state (opened), UT_PHASE_ES));
  }
}

/* ---- refused -------------------------------------------------------------------------------- */

/* A study.json out of a good one by replacing one text. */
typedef struct Corruption {
  const char *from, *to;
  int code; /* UtEngineError */
  const char *says;
} Corruption;

static const Corruption corruptions[] = {
  {"{", "", UT_ENGINE_ERROR_FORMAT, "JSON"},
  {"\"ultratwin-study\"", "\"other\"", UT_ENGINE_ERROR_FORMAT, "format"},
  {"\"ultratwin-study\"", "7", UT_ENGINE_ERROR_FORMAT, "format"},
  {"\"format_version\" : 1", "\"format_version\" : 3", UT_ENGINE_ERROR_UNSUPPORTED, "newer"},
  {"\"format_version\" : 1", "\"format_version\" : 0", UT_ENGINE_ERROR_RANGE, "format_version"},
  {"\"format_version\" : 1",
   "\"format_version\" : \"1\"",
   UT_ENGINE_ERROR_FORMAT,
   "format_version"},
  {"\"format_version\" : 1", "\"format\" : 1", UT_ENGINE_ERROR_FORMAT, "format"},
  {"\"Case 7\"", "[]", UT_ENGINE_ERROR_FORMAT, "label"},
  {"\"views\" : {", "\"body\" : 3, \"views\" : {", UT_ENGINE_ERROR_FORMAT, "body"},
  {"\"views\" : {", "\"body\" : {\"sex\" : \"M\"}, \"views\" : {", UT_ENGINE_ERROR_FORMAT, "sex"},
  {"\"views\" : {",
   "\"body\" : {\"height_cm\" : 1.7}, \"views\" : {",
   UT_ENGINE_ERROR_RANGE,
   "height_cm"},
  {"\"views\" : {",
   "\"body\" : {\"weight_kg\" : \"70\"}, \"views\" : {",
   UT_ENGINE_ERROR_FORMAT,
   "weight_kg"},
  {"\"views\" : {", "\"views\" : 3, \"x\" : {", UT_ENGINE_ERROR_FORMAT, "views"},
  {"\"A2C\" : {", "\"A2C\" : true, \"x\" : {", UT_ENGINE_ERROR_FORMAT, "A2C"},
  {"\"source\" : \"a4c\"", "\"source\" : \"../a4c\"", UT_ENGINE_ERROR_FORMAT, "A4C: \"source\""},
  {"\"source\" : \"a4c\"", "\"source\" : \"x/../../a4c\"", UT_ENGINE_ERROR_FORMAT, "leads out"},
  {"\"source\" : \"a4c\"", "\"source\" : \"/x/../etc\"", UT_ENGINE_ERROR_FORMAT, "leads out"},
  {"\"source\" : \"a4c\"", "\"source\" : \".\"", UT_ENGINE_ERROR_FORMAT, "leads out"},
  {"\"source\" : \"a4c\"", "\"source\" : \"\"", UT_ENGINE_ERROR_FORMAT, "leads out"},
  {"\"source\" : \"a4c\"", "\"source\" : \"link\"", UT_ENGINE_ERROR_FORMAT, "leads out"},
  {"\"source\" : \"a4c\"", "\"source\" : \"file://host/x\"", UT_ENGINE_ERROR_FORMAT, "leads out"},
  {"\"source\" : \"a4c\"", "\"source\" : null", UT_ENGINE_ERROR_FORMAT, "source"},
  {"\"source\" : \"a4c\"", "\"source\" : 12", UT_ENGINE_ERROR_FORMAT, "source"},
  {"\"sha256\" : \"", "\"sha256\" : \"../", UT_ENGINE_ERROR_FORMAT, "sha256"},
  {"\"n_frames\" : 8", "\"n_frames\" : 0", UT_ENGINE_ERROR_RANGE, "n_frames"},
  {"\"n_frames\" : 8", "\"n_frames\" : 8.5", UT_ENGINE_ERROR_FORMAT, "n_frames"},
  {"\"n_frames\" : 8", "\"n_frames\" : 99999999999", UT_ENGINE_ERROR_RANGE, "n_frames"},
  {"\"ed_frame\" : 3", "\"ed_frame\" : 9", UT_ENGINE_ERROR_RANGE, "ed_frame"},
  {"\"ed_frame\" : 3", "\"ed_frame\" : 0", UT_ENGINE_ERROR_RANGE, "ed_frame"},
  {"\"ed_frame\" : 3", "\"ed_frame\" : \"3\"", UT_ENGINE_ERROR_FORMAT, "ed_frame"},
  {"\"mirrored\" : true", "\"mirrored\" : 1", UT_ENGINE_ERROR_FORMAT, "mirrored"},
  {"\"sidecar\"", "\"guess\"", UT_ENGINE_ERROR_FORMAT, "file_calibration"},
  {"\"manual\"", "\"dicom\"", UT_ENGINE_ERROR_FORMAT, "origin"},
  {"\"length_mm\" : 10.0", "\"length_mm\" : -1", UT_ENGINE_ERROR_RANGE, "length_mm"},
  {"\"length_mm\" : 10.0", "\"length_mm\" : 1e999", UT_ENGINE_ERROR_RANGE, "length_mm"},
  {"\"file_spacing_mm\" : [", "\"file_spacing_mm\" : [1,", UT_ENGINE_ERROR_FORMAT, "file_spacing"},
  {"\"file_spacing_mm\" : [",
   "\"file_spacing_mm\" : [\"\",[],",
   UT_ENGINE_ERROR_FORMAT,
   "file_spac"},
  {"\"from_px\" : [", "\"from_px\" : [null,", UT_ENGINE_ERROR_FORMAT, "from_px"},
  {"\"ruler\"", "\"line\"", UT_ENGINE_ERROR_FORMAT, "ruler"},
  {"\"references\"", "\"other\"", UT_ENGINE_ERROR_FORMAT, "references"},
  {"\"reference_ed.nii.gz\"", "\"../../r.nii\"", UT_ENGINE_ERROR_FORMAT, "leads out"},
  {"\"results\"", "\"other\"", UT_ENGINE_ERROR_FORMAT, "results"},
  {"\"id\" : \"", "\"id\" : \"../", UT_ENGINE_ERROR_FORMAT, "id"},
  {"\"inputs_key\" : \"", "\"inputs_key\" : 1, \"x\" : \"", UT_ENGINE_ERROR_FORMAT, "inputs_key"},
};

static char *
replace_first (const char *text, const char *from, const char *to)
{
  const char *at = strstr (text, from);
  if (at == NULL)
    g_error ("the good file does not hold %s", from);
  return g_strdup_printf ("%.*s%s%s", (int)(at - text), text, to, at + strlen (from));
}

/* Refused with a sentence that names no folder, and neither opening nor saving writes. */
static void
assert_refused (const char *folder, const char *text, int code, const char *says)
{
  g_autoptr (GError) error = NULL;
  write_text (folder, text);
  g_autoptr (UtStudy) study = ut_study_open (folder, NULL, NULL, &error);
  if (study)
    g_error ("opened, though it should say \"%s\"", says);
  if (!g_error_matches (error, UT_ENGINE_ERROR, code) || strstr (error->message, says) == NULL)
    g_error ("want code %d and \"%s\", got: %s", code, says, error->message);
  g_assert_nonnull (strstr (error->message, UT_STUDY_FILE));
  g_assert_null (strstr (error->message, g_get_tmp_dir ()));
  g_autofree char *after = read_text (folder);
  g_assert_cmpstr (after, ==, text);
}

static void
test_damaged (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  ut_study_free (fixture_study (folder));
  g_assert_cmpint (symlink (g_get_home_dir (), link), ==, 0);
  g_autofree char *good = read_text (folder);
  for (gsize i = 0; i < G_N_ELEMENTS (corruptions); i++) {
    const Corruption *c = &corruptions[i];
    g_autofree char *bad = replace_first (good, c->from, c->to);
    assert_refused (folder, bad, c->code, c->says);
  }
  assert_refused (folder, "", UT_ENGINE_ERROR_FORMAT, "JSON");
  assert_refused (folder, "[]", UT_ENGINE_ERROR_FORMAT, "object");
  assert_refused (folder, "{}", UT_ENGINE_ERROR_FORMAT, "format");
  assert_refused (folder, "\xff\xfe", UT_ENGINE_ERROR_FORMAT, "UTF-8");

  /* cut off anywhere: refused, never half read */
  for (gsize length = 0; length + 2 < strlen (good); length += 37) {
    g_autofree char *cut = g_strndup (good, length);
    assert_refused (folder, cut, UT_ENGINE_ERROR_FORMAT, "");
  }
}

/* How many frames there are is what the loop says, also where its hash is the same. */
static void
test_too_many_frames (void)
{
  g_autofree char *folder = fixture_folder ();
  ut_study_free (fixture_study (folder));
  g_autofree char *good = read_text (folder);
  g_autofree char *longer = replace_first (good, "\"n_frames\" : 8", "\"n_frames\" : 4000");
  g_autofree char *bad = replace_first (longer, "\"es_frame\" : 6", "\"es_frame\" : 3999");
  write_text (folder, bad);
  g_autoptr (UtStudy) study =
    open_with_notes (folder, 1, "the ES mark was frame 3999, but the loop now has 8");
  g_assert_cmpuint (ut_study_get_state (study)->views[UT_VIEW_A4C].n_frames, ==, 8);
  g_autoptr (GArray) issues = ut_study_issues (ut_study_get_state (study));
  g_assert_cmpuint (issues->len, >, 0);
}

/* Bytes changed at random: a sentence or a state that holds together, nothing else. */
static void
test_mutations (void)
{
  g_autofree char *folder = fixture_folder ();
  ut_study_free (fixture_study (folder));
  g_autofree char *good = read_text (folder);
  UtRandom random;
  ut_random_init (&random, 11, 0);
  guint n_read = 0;
  for (guint i = 0; i < 4000; i++) {
    g_autofree char *bad = g_strdup (good);
    gsize length = strlen (good);
    for (guint n = 1 + ut_random_u32 (&random) % 3; n > 0; n--)
      bad[ut_random_u32 (&random) % length] = (char)(32 + ut_random_u32 (&random) % 95);
    g_autoptr (GError) error = NULL;
    g_autoptr (UtStudyState) state = NULL;
    g_autoptr (JsonNode) root = ut_json_parse (bad, length, UT_STUDY_FILE, &error);
    if (root)
      state = ut_study_state_from_json (json_node_get_object (root), folder, &error);
    g_assert_true ((state == NULL) == (error != NULL));
    for (UtView view = 0; state && view < UT_N_VIEWS; view++) {
      const UtStudyView *slot = &state->views[view];
      for (int phase = 0; phase < UT_N_PHASES; phase++)
        g_assert_cmpint (slot->marks[phase], <, MAX ((int)slot->n_frames, 1));
      g_assert_true (slot->source == NULL || g_path_is_absolute (slot->source));
      g_assert_true (slot->source == NULL || strstr (slot->source, "/../") == NULL);
    }
    n_read += state != NULL;
  }
  g_assert_cmpuint (n_read, >, 100); /* both ways were taken */
  g_assert_cmpuint (n_read, <, 3900);
}

static void
test_nothing_overwritten (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *other = fixture_folder ();
  g_autofree char *results = g_build_filename (other, "results", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  static const char *const texts[] = {
    "{\"format\": \"ultratwin-study\", \"format_version\": 3}", "{\"format\": \"mine\"}", "{"};
  const int codes[] = {UT_ENGINE_ERROR_UNSUPPORTED, UT_ENGINE_ERROR_FORMAT, UT_ENGINE_ERROR_FORMAT};
  ut_study_set_folder (study, other);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    write_text (other, texts[i]);
    g_assert_false (ut_study_save (study, &error));
    g_assert_error (error, UT_ENGINE_ERROR, codes[i]);
    g_assert_nonnull (strstr (error->message, "not saved"));
    g_clear_error (&error);
    g_autofree char *after = read_text (other);
    g_assert_cmpstr (after, ==, texts[i]);
    g_assert_false (g_file_test (results, G_FILE_TEST_EXISTS));
  }
  g_assert_null (ut_study_new_in_folder (folder, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  g_clear_error (&error);
  g_autofree char *nothing = g_build_filename (other, "no such study", NULL);
  g_assert_null (ut_study_open (nothing, NULL, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

/* Errors of the file system name files, never the folders that they lie in. */
static void
test_private_messages (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *file = study_file (folder);
  g_autofree char *results = g_build_filename (folder, "results", NULL);
  g_autofree char *nothing = g_build_filename (folder, "no-such.nii", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  const char *id = ut_study_get_state (study)->results[UT_PHASE_ED]->id;
  g_autofree char *codes = g_build_filename (results, id, "coarse.u16.gz", NULL);
  g_assert_cmpint (g_unlink (codes), ==, 0);
  ut_study_free (open_with_notes (folder, 1, "ED result: it cannot be read"));

  g_assert_null (ut_study_reference_read (nothing, NULL, &error));
  g_assert_nonnull (strstr (error->message, "no-such.nii"));
  g_assert_null (strstr (error->message, folder));
  g_clear_error (&error);

  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_mkdir (file, 0755), ==, 0);
  g_assert_null (ut_study_open (folder, NULL, NULL, &error));
  g_assert_null (strstr (error->message, folder));
  g_clear_error (&error);
  g_assert_false (ut_study_save (study, &error));
  g_assert_null (strstr (error->message, folder));
}

static void
test_cancelled (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *before = read_text (folder);
  g_cancellable_cancel (cancel);
  ut_study_set_label (study, "never written");
  g_autoptr (UtStudySnapshot) snapshot = ut_study_snapshot (study);
  g_assert_false (ut_study_snapshot_save (snapshot, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_autofree char *after = read_text (folder);
  g_assert_cmpstr (before, ==, after);
  g_assert_null (ut_study_open (folder, cancel, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/study-file/round-trip", test_round_trip);
  g_test_add_func ("/study-file/stages", test_stages);
  g_test_add_func ("/study-file/first-format", test_first_format);
  g_test_add_func ("/study-file/second-format", test_second_format);
  g_test_add_func ("/study-file/moved-folder", test_moved_folder);
  g_test_add_func ("/study-file/outside-source", test_outside_source);
  g_test_add_func ("/study-file/snapshot", test_snapshot);
  g_test_add_func ("/study-file/old-results-go", test_old_results_go);
  g_test_add_func ("/study-file/missing-inputs", test_missing_inputs);
  g_test_add_func ("/study-file/changed-inputs", test_changed_inputs);
  g_test_add_func ("/study-file/damaged-results", test_damaged_results);
  g_test_add_func ("/study-file/damaged-maps", test_damaged_maps);
  g_test_add_func ("/study-file/damaged", test_damaged);
  g_test_add_func ("/study-file/mutations", test_mutations);
  g_test_add_func ("/study-file/nothing-overwritten", test_nothing_overwritten);
  g_test_add_func ("/study-file/private-messages", test_private_messages);
  g_test_add_func ("/study-file/too-many-frames", test_too_many_frames);
  g_test_add_func ("/study-file/cancelled", test_cancelled);
  return g_test_run ();
}
