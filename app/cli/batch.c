/* SPDX-License-Identifier: Apache-2.0 */
/* Every study of a folder, one after the other. What is done is saved at once and found done the
 * next time, so that a batch that was stopped goes on where it was. */
#include "app/cli/cli.h"
#include "app/cli/network.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/study/study-file.h"

static char *dir;
static gboolean again, names;

typedef enum { DONE, KEPT, REFUSED, N_OUTCOMES } Outcome;

static const char *const outcomes[N_OUTCOMES] = {"reconstructed", "up_to_date", "refused"};

/* a new heart would take away what a person said of the old one, or changed on it */
static gboolean
check_review (const UtStudyState *state, GError **error)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (!ut_study_has_review (state, phase))
      continue;
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "its %s heart was reviewed or edited; reconstruct it in the window",
                 ut_phase_name (phase));
    return FALSE;
  }
  return TRUE;
}

static Outcome
do_study (UtStudy *study, GError **error)
{
  UtStudyResult *results[UT_N_PHASES] = {NULL};
  g_autoptr (UtStudyState) inputs = ut_study_dup_state (study);
  if (!again && ut_study_is_reconstructed (inputs))
    return KEPT;
  if (!ut_study_is_calibrated (inputs, error) || !check_review (inputs, error) ||
      !ut_cli_network_run (inputs, results, error))
    return REFUSED;
  ut_study_add_results (study, results);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    g_clear_pointer (&results[phase], ut_study_result_unref);
  return ut_study_save (study, error) ? DONE : REFUSED;
}

/* study number @n; its line in the JSON and on standard error. @ret_stop: nothing can be done for
 * the others either */
static Outcome
do_folder (JsonBuilder *builder, const char *path, guint n, guint n_studies, GError **ret_stop)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) notes = NULL;
  g_autoptr (UtStudy) study = ut_study_open (path, NULL, &notes, &error);
  const gint64 begin = g_get_monotonic_time ();
  Outcome outcome = study ? do_study (study, &error) : REFUSED;
  const double seconds = (double)(g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  ut_folder_hide (error, path);
  if (error != NULL && ut_cli_exit_of (error) == UT_CLI_DEVICE) {
    g_propagate_error (ret_stop, g_steal_pointer (&error));
    return REFUSED;
  }
  g_autofree char *name = g_path_get_basename (path);
  g_printerr ("%s: %u of %u%s%s: %s%s%s\n",
              g_get_prgname (),
              n,
              n_studies,
              names ? ", " : "",
              names ? name : "",
              outcomes[outcome],
              error ? ": " : "",
              error ? error->message : "");
  for (char **note = notes; note != NULL && *note != NULL; note++)
    g_printerr ("%s: %u of %u: %s\n", g_get_prgname (), n, n_studies, *note);
  json_builder_begin_object (builder);
  ut_cli_json_int (builder, "study", n);
  if (names)
    ut_cli_json_string (builder, "folder", name);
  ut_cli_json_string (builder, "label", study ? ut_study_get_state (study)->label : "");
  ut_cli_json_string (builder, "state", outcomes[outcome]);
  if (error != NULL)
    ut_cli_json_string (builder, "reason", error->message);
  if (outcome == DONE)
    ut_cli_json_double (builder, "seconds", seconds);
  json_builder_end_object (builder);
  return outcome;
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "Folder whose folders are studies", "DIR"},
    {"again", 0, 0, G_OPTION_ARG_NONE, &again, "Also those that are up to date", NULL},
    {"names",
     0,
     0,
     G_OPTION_ARG_NONE,
     &names,
     "Also say the folders, whose names may be those of people",
     NULL},
    UT_CLI_NETWORK_ENTRIES,
    {NULL},
  };
  if (!ut_cli_parse ("Reconstructs every study of a folder that is not up to date, and keeps the "
                     "results in it. Run again after it was stopped, it goes on where it was.",
                     entries,
                     (const char *[]){"dir", NULL},
                     argc,
                     argv) ||
      !ut_cli_network_check ())
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) folders = ut_study_list (dir, &error);
  if (folders == NULL || ut_cli_network_open (&error) == NULL)
    return ut_cli_fail (error);
  guint n[N_OUTCOMES] = {0};
  JsonBuilder *builder = ut_cli_json ();
  json_builder_set_member_name (builder, "studies");
  json_builder_begin_array (builder);
  for (guint i = 0; i < folders->len && error == NULL; i++) {
    g_autofree char *path = g_build_filename (dir, folders->pdata[i], NULL);
    n[do_folder (builder, path, i + 1, folders->len, &error)]++;
  }
  json_builder_end_array (builder);
  for (int i = 0; i < N_OUTCOMES; i++) {
    g_autofree char *key = g_strconcat ("n_", outcomes[i], NULL);
    ut_cli_json_int (builder, key, n[i]);
  }
  JsonNode *root = ut_cli_json_end (builder);
  if (error != NULL) {
    json_node_unref (root);
    return ut_cli_fail (error);
  }
  ut_cli_succeed (root);
  return n[REFUSED] > 0 ? UT_CLI_REFUSED : UT_CLI_DONE;
}

const UtCliCommand ut_cli_batch = {"batch", "every study of a folder, one after the other", run};
