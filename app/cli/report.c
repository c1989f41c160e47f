/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "app/report/report-pdf.h"
#include "engine/base/error.h"

static char *study_path, *out;

static gboolean
write_report (GError **error)
{
  g_autoptr (UtStudy) study = ut_cli_study_open (study_path, error);
  if (study == NULL)
    return FALSE;
  const UtStudyState *state = ut_study_get_state (study);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (state->results[phase] != NULL && ut_study_twin (state, phase) == NULL) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   "the %s result cannot be read: reconstruct it again",
                   ut_phase_name (phase));
      return FALSE;
    }
  g_autoptr (UtMeasurements) measurements = ut_study_measure (state, NULL, error);
  g_autoptr (UtReport) report =
    measurements ? ut_report_new (state, measurements, NULL, NULL, error) : NULL;
  return report != NULL && ut_report_write (report, out, error);
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"study", 0, 0, G_OPTION_ARG_FILENAME, &study_path, "Study with results", "DIR"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Report to write", "FILE.pdf"},
    {NULL},
  };
  if (!ut_cli_parse ("Writes two pages about a study: pictures, numbers, where they come from.",
                     entries,
                     (const char *[]){"study", "out", NULL},
                     argc,
                     argv))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  if (!write_report (&error))
    return ut_cli_fail (error);
  g_autofree char *name = g_path_get_basename (out);
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_string (builder, "file", name);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_report = {"report", "two pages about a study, as a PDF", run};
