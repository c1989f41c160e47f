/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/network.h"

#include "app/cli/cli.h"
#include "engine/twin/twin-mean.h"

UtCliNetwork ut_cli_network = {.seed = 1, .n_seeds = UT_DEFAULT_SEEDS};

static UtTwinModel *model; /* until the command ends */
static char *where;        /* its device, resolved */

gboolean
ut_cli_network_check (void)
{
  const int steps = ut_cli_network.steps, n_seeds = ut_cli_network.n_seeds;
  const gboolean good_steps = steps >= 0 && steps <= UT_TWIN_MAX_STEPS;
  const gboolean good_seeds = n_seeds >= 1 && n_seeds <= UT_TWIN_MAX_SEEDS;
  const gboolean good_seed = ut_cli_network.seed >= 0;
  if (!good_steps)
    ut_cli_usage ("--steps is %d, want 0 to %d", steps, UT_TWIN_MAX_STEPS);
  else if (!good_seeds)
    ut_cli_usage ("--seeds is %d, want 1 to %d", n_seeds, UT_TWIN_MAX_SEEDS);
  else if (!good_seed)
    ut_cli_usage ("--seed is %" G_GINT64_FORMAT ", want 0 or more", ut_cli_network.seed);
  return good_steps && good_seeds && good_seed;
}

static gboolean
open_on (const char *device, GError **error)
{
  g_autofree char *path = ut_cli_network.model_path ? g_strdup (ut_cli_network.model_path)
                                                    : ut_twin_model_default_path (error);
  g_clear_pointer (&model, ut_twin_model_unref);
  g_free (where);
  where = g_strdup (device);
  if (path != NULL)
    model = ut_twin_model_open (path, device, NULL, error);
  return model != NULL;
}

/* on the cpu, where --fallback allows it for @reason; else that is the error */
static gboolean
fall_back (GError *reason, GError **error)
{
  if (!ut_cli_network.fallback || !ut_twin_may_fall_back (where, reason)) {
    g_propagate_error (error, reason);
    return FALSE;
  }
  g_printerr ("%s: %s; running on the cpu instead\n", g_get_prgname (), reason->message);
  g_error_free (reason);
  return open_on ("cpu", error);
}

UtTwinModel *
ut_cli_network_open (GError **error)
{
  g_autofree char *device =
    ut_twin_device_resolve (ut_cli_network.device ? ut_cli_network.device : "auto");
  GError *reason = NULL;
  if (model == NULL && !open_on (device, &reason) && !fall_back (reason, error))
    return NULL;
  return model;
}

static gboolean
run_once (const UtStudyState *inputs, UtStudyResult *ret_results[UT_N_PHASES], GError **error)
{
  const UtTwinOptions options = {.seed = (guint64)ut_cli_network.seed,
                                 .steps = (guint)ut_cli_network.steps};
  return ut_reconstruct_study (
    inputs, model, &options, (guint)ut_cli_network.n_seeds, ret_results, NULL, NULL, error);
}

/* what does not stand in the way, but is worth knowing */
static void
print_warnings (const UtStudyState *inputs)
{
  g_autoptr (GArray) issues = ut_study_issues (inputs);
  for (guint i = 0; i < issues->len; i++) {
    const UtStudyIssue *issue = &g_array_index (issues, UtStudyIssue, i);
    g_autofree char *text = ut_study_issue_text (issue);
    if (!issue->blocks)
      g_printerr ("%s: %s\n", g_get_prgname (), text);
  }
}

gboolean
ut_cli_network_run (const UtStudyState *inputs,
                    UtStudyResult *ret_results[UT_N_PHASES],
                    GError **error)
{
  GError *reason = NULL;
  if (ut_cli_network_open (error) == NULL)
    return FALSE;
  print_warnings (inputs);
  return run_once (inputs, ret_results, &reason) ||
         (fall_back (reason, error) && run_once (inputs, ret_results, error));
}
