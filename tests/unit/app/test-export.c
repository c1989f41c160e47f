/* SPDX-License-Identifier: Apache-2.0 */
#include "app/export.h"
#include "engine/base/error.h"
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/export/gate", test_gate);
  g_test_add_func ("/export/inputs", test_inputs);
  return g_test_run ();
}
