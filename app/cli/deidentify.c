/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/deidentify.h"
#include "app/cli/cli.h"
#include "engine/study/study-file.h"

static char *study_path, *out;

static void
add_hearts (JsonBuilder *builder, const UtStudyState *state, const gboolean stale[UT_N_PHASES])
{
  ut_cli_json_object (builder, "results");
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (ut_study_twin (state, phase) != NULL)
      ut_cli_json_string (
        builder, ut_phase_name (phase), stale[phase] ? "out_of_date" : "up_to_date");
  json_builder_end_object (builder);
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"study", 0, 0, G_OPTION_ARG_FILENAME, &study_path, "Study to copy", "DIR"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Folder of the copy, new or empty", "DIR"},
    {NULL},
  };
  if (!ut_cli_parse ("Copies a study with its loops, without anything that says who the patient "
                     "was. Text inside the echo picture is not found: look at the copy, or make it "
                     "in the window, which asks to look.",
                     entries,
                     (const char *[]){"study", "out", NULL},
                     argc,
                     argv))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL;
  g_autoptr (UtStudy) study = ut_study_open (study_path, NULL, &notes, &error);
  if (study == NULL)
    return ut_cli_fail (error);
  for (char **note = notes; *note != NULL; note++)
    g_printerr ("%s: %s\n", g_get_prgname (), *note);
  g_autoptr (UtStudyState) state = ut_study_dup_state (study);
  g_autoptr (JsonObject) ui = ut_deidentified_ui (ut_study_get_ui (study));
  g_autoptr (UtDeidentification) copy = ut_deidentification_new (state, NULL, NULL, &error);
  gboolean stale[UT_N_PHASES];
  if (copy == NULL || !ut_deidentification_write (copy, ui, out, FALSE, stale, NULL, NULL, &error))
    return ut_cli_fail (error);
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_string (builder, "header", "not_copied");
  ut_cli_json_string (builder, "pixels_outside_echo", "black");
  ut_cli_json_string (builder, "pixels_inside_echo", "not_looked_at");
  add_hearts (builder, state, stale);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_deidentify = {"deidentify", "a copy of a study to hand on", run};
