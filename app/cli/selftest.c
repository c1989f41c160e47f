/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "app/selftest-run.h"

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {{NULL}};
  if (!ut_cli_parse ("Asks the program things whose answers are known.", entries, NULL, argc, argv))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  g_autoptr (UtSelfTest) test = ut_self_test_run (NULL, NULL, &error);
  if (test == NULL)
    return ut_cli_fail (error);
  if (!ut_self_test_remember (test, &error))
    g_printerr ("%s: %s\n", g_get_prgname (), error->message);
  JsonBuilder *builder = ut_cli_json ();
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < test->n; i++) {
    json_builder_begin_object (builder);
    ut_cli_json_string (builder, "check", test->checks[i].name);
    ut_cli_json_string (builder, "expected", test->checks[i].expected);
    ut_cli_json_string (builder, "found", test->found[i]);
    ut_cli_json_boolean (builder, "passed", test->passed[i]);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  ut_cli_json_boolean (builder, "passed", test->all_passed);
  ut_cli_json_string (builder, "model_sha256", test->model_sha256);
  ut_cli_json_string (builder, "sha256", test->sha256);
  ut_cli_succeed (ut_cli_json_end (builder));
  return test->all_passed ? UT_CLI_DONE : UT_CLI_SELFTEST;
}

const UtCliCommand ut_cli_selftest = {"selftest", "questions with known answers", run};
