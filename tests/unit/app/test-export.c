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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/export/gate", test_gate);
  return g_test_run ();
}
