/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reproduce.h"
#include "app/cli/cli.h"
#include "engine/study/study-file.h"

static char *study_path;

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"study", 0, 0, G_OPTION_ARG_FILENAME, &study_path, "Study with results", "DIR"},
    {NULL},
  };
  if (!ut_cli_parse ("Prints the command line that makes the results of a study again.",
                     entries,
                     (const char *[]){"study", NULL},
                     argc,
                     argv))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  g_autoptr (UtStudy) study = ut_cli_study_open (study_path, &error);
  g_autofree char *command =
    study != NULL
      ? ut_reproduce_command (ut_study_get_state (study), ut_study_get_folder (study), &error)
      : NULL;
  if (command == NULL)
    return ut_cli_fail (error);
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_string (builder, "command", command);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_reproduce = {
  "reproduce", "the command line that makes a study's results again", run};
