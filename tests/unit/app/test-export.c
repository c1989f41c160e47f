/* SPDX-License-Identifier: Apache-2.0 */
#include "app/export.h"
#include "engine/base/error.h"
#include "engine/surface/mesh-file.h"
#include "tests/unit/study/fixture.h"

#include <string.h>

/* No number leaves the program while a view has no spacing, though it took no part in the heart. */
static void
test_gate (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *out = g_build_filename (folder, "out", NULL);
  g_autofree char *result = g_build_filename (out, "result.json", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  ut_study_clear_view (study, UT_VIEW_PSAX);
  fixture_add_loop (study, UT_VIEW_PSAX, folder, "bare", 9, FALSE);
  g_assert_false (
    ut_export_results (ut_study_get_state (study), out, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_nonnull (strstr (error->message, "PSAX"));
  g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));

  g_clear_error (&error);
  ut_study_clear_view (study, UT_VIEW_PSAX);
  g_assert_true (
    ut_export_results (ut_study_get_state (study), out, NULL, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_test (result, G_FILE_TEST_EXISTS));
}

/* The bytes that are written are those that the engine makes for the network. */
static void
test_inputs (void)
{
  const UtTwinRaster raster = {.side = 64};
  g_autofree char *folder = fixture_folder ();
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  const UtStudyState *state = ut_study_get_state (study);
  g_assert_true (ut_export_inputs (state, &raster, folder, &error));
  g_assert_no_error (error);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    g_autoptr (UtTwinInput) input = ut_study_twin_input (state, phase, &raster, &error);
    const char *name = phase == UT_PHASE_ED ? "ed_input.npy" : "es_input.npy";
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *file = NULL;
    gsize length, n_bytes = sizeof (float) * UT_N_VIEWS * 64 * 64;
    g_assert_true (g_file_get_contents (path, &file, &length, NULL));
    g_assert_cmpmem (file + length - n_bytes, n_bytes, input->grey, n_bytes);
  }
}

static char *
read_file (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *bytes = NULL;
  gsize n = 0;
  g_assert_true (g_file_get_contents (path, &bytes, &n, NULL));
  for (gsize i = 0; i + 1 < n; i++) /* the head of a binary file is text */
    bytes[i] = bytes[i] != '\0' ? bytes[i] : ' ';
  return bytes;
}

static void
assert_says (const char *folder, const char *name, const char *words)
{
  g_autofree char *text = read_file (folder, name);
  if (strstr (text, words) == NULL)
    g_error ("%s does not say \"%s\"", name, words);
}

static double
lv_ml (JsonNode *result, const char *stage)
{
  JsonObject *ed = json_object_get_object_member (json_node_get_object (result), "ed");
  JsonObject *of = json_object_get_object_member (ed, "stages");
  of = json_object_get_object_member (json_object_get_object_member (of, stage), "volume_ml");
  return json_object_get_double_member (of, "LV");
}

/* Every file of a heart says that it was edited, and what a person thinks of it. */
static void
test_review (void)
{
  g_autofree char *folder = fixture_folder ();
  g_autofree char *out = g_build_filename (folder, "out", NULL);
  g_autoptr (UtStudy) study = fixture_study (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;
  const UtExportOptions options = {.stages = TRUE, .mesh_formats = (1u << UT_N_MESH_FORMATS) - 1};
  ut_study_offset_structure (study, UT_PHASE_ED, UT_LV, 3, &error);
  ut_study_set_verdict (study, UT_PHASE_ED, UT_LV, UT_VERDICT_REJECTED, "too large", &error);
  ut_study_paint (study, UT_PHASE_ES, UT_LV, 6, &(UtVec3){30, 0, 0}, 1, &error);
  ut_study_set_verdict (study, UT_PHASE_ES, UT_RA, UT_VERDICT_ACCEPTED, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (
    ut_export_results (ut_study_get_state (study), out, &options, &result, NULL, NULL, &error));
  g_assert_no_error (error);

  const char *note = "edited, rejected: too large; edit LV +3.0 mm";
  assert_says (out, "ed_lv.ply", note);
  assert_says (out, "ed_lv.obj", note);
  assert_says (out, "ed.glb", note);
  assert_says (out, "ed_lv.stl", "research use only; edited, rejected");
  assert_says (out, "es_ra.ply", "comment note accepted\n");
  assert_says (out, "es_rv.ply", "comment note unreviewed\n");
  assert_says (out, "es_lv.ply", "comment note edited, unreviewed; edit LV brush (1 stroke, ");
  assert_says (out, "es_myo.obj", "edited, unreviewed; edit LV brush (1 stroke, "); /* it lost */
  assert_says (out, "result.json", "\"edit\" : \"LV brush (1 stroke, ");
  assert_says (out, "result.csv", ",1,\"rejected: too large\",");
  assert_says (out, "result.csv", ",0,\"accepted\",");
  assert_says (out, "result.json", "\"edit\" : \"LV +3.0 mm\"");
  assert_says (out, "result.json", "\"review\" : \"rejected: too large\"");
  g_autofree char *edited = g_build_filename (out, "ed_edited.nii.gz", NULL);
  g_assert_true (g_file_test (edited, G_FILE_TEST_EXISTS));

  const UtTwin *twin = ut_study_twin (ut_study_get_state (study), UT_PHASE_ED);
  const char *before = ut_twin_stage_name (ut_twin_network_stage (twin));
  JsonObject *ed = json_object_get_object_member (json_node_get_object (result), "ed");
  JsonObject *lv =
    json_object_get_object_member (json_object_get_object_member (ed, "structures"), "LV");
  g_assert_true (json_object_get_boolean_member (ed, "edited"));
  g_assert_cmpstr (json_object_get_string_member (ed, "stage"), ==, "edited");
  g_assert_cmpfloat (json_object_get_double_member (lv, "volume_ml"), ==, lv_ml (result, "edited"));
  g_assert_cmpfloat (lv_ml (result, "edited"), >, 1.2 * lv_ml (result, before));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/export/gate", test_gate);
  g_test_add_func ("/export/inputs", test_inputs);
  g_test_add_func ("/export/review", test_review);
  return g_test_run ();
}
