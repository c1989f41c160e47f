/* SPDX-License-Identifier: Apache-2.0 */
#include "app/selftest.h"
#include "app/cli/cli.h"

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {{NULL}};
  if (!ut_cli_parse ("Asks the program things whose answers are known.", entries, NULL, argc, argv))
    return UT_CLI_USAGE;
  gsize n, n_failed = 0;
  const UtSelfCheck *checks = ut_self_checks (&n);
  JsonBuilder *builder = ut_cli_json ();
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++) {
    g_autofree char *found = NULL;
    gboolean passed = checks[i].ask (&found);
    n_failed += !passed;
    json_builder_begin_object (builder);
    ut_cli_json_string (builder, "check", checks[i].name);
    ut_cli_json_string (builder, "expected", checks[i].expected);
    ut_cli_json_string (builder, "found", found);
    ut_cli_json_boolean (builder, "passed", passed);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  ut_cli_json_boolean (builder, "passed", n_failed == 0);
  ut_cli_succeed (ut_cli_json_end (builder));
  return n_failed == 0 ? UT_CLI_DONE : UT_CLI_SELFTEST;
}

const UtCliCommand ut_cli_selftest = {"selftest", "questions with known answers", run};
