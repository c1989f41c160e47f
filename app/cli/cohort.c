/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "app/report/cohort-files.h"

static char *dir, *out;

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"dir",
     0,
     0,
     G_OPTION_ARG_FILENAME,
     &dir,
     "Folder whose folders are studies with results",
     "DIR"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Folder for cohort.csv, .json and .pdf", "DIR"},
    {NULL},
  };
  if (!ut_cli_parse (
        "Says what the studies of a folder say together: medians, agreement with their "
        "references, the worst, what was rejected and why.",
        entries,
        (const char *[]){"dir", "out", NULL},
        argc,
        argv))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCohort) cohort = ut_cohort_new (dir, NULL, NULL, &error);
  if (cohort == NULL || !ut_cohort_write (cohort, out, &error))
    return ut_cli_fail (error);
  return ut_cli_succeed (ut_cohort_json (cohort));
}

const UtCliCommand ut_cli_cohort = {"cohort", "the studies of a folder together", run};
