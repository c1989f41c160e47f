/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/cli/cli.h"

#include <locale.h>

static const UtCliCommand *const commands[] = {
  &ut_cli_phantom,
  &ut_cli_simulate,
  &ut_cli_canonical,
  &ut_cli_reconstruct,
  &ut_cli_batch,
  &ut_cli_cohort,
  &ut_cli_deidentify,
  &ut_cli_evaluate,
  &ut_cli_mesh,
  &ut_cli_distance,
  &ut_cli_render,
  &ut_cli_report,
  &ut_cli_reproduce,
  &ut_cli_selftest,
  &ut_cli_devices,
  &ut_cli_model,
};

static void
print_help (void)
{
  g_print ("Usage: ultratwin-cli COMMAND [OPTION...]\n\n"
           "The heart behind three ultrasound loops, without a window.\n\nCommands:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-12s %s\n", commands[i]->name, commands[i]->summary);
  g_print (
    "\nultratwin-cli COMMAND --help shows a command's options. Every command prints one JSON\n"
    "object (evaluate --ablation a table, model --text a text); units stand in the field names; "
    "frames count from 1.\n"
    "Exit: 0 done, 2 usage, 3 input refused (reason in the JSON), 4 device or memory,\n"
    "5 self-test failed.\n\n"
    "Research use only - not for diagnosis.\n");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_set_prgname ("ultratwin-cli");
  const char *name = argc > 1 ? argv[1] : "--help";
  if (g_str_equal (name, "--help") || g_str_equal (name, "-h") || g_str_equal (name, "help")) {
    print_help ();
    return argc > 1 ? UT_CLI_DONE : UT_CLI_USAGE;
  }
  if (g_str_equal (name, "--version")) {
    g_print ("ultratwin-cli %s\n", UT_VERSION);
    return UT_CLI_DONE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name)) {
      g_autofree char *full_name = g_strconcat ("ultratwin-cli ", name, NULL);
      argv[1] = full_name;
      return commands[i]->run (argc - 1, argv + 1);
    }
  return ut_cli_usage ("there is no command \"%s\"", name);
}
