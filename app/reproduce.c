/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reproduce.h"

#include "engine/base/error.h"

#include <glib/gi18n.h>

char *
ut_label_hash (const UtTwin *twin)
{
  const UtVolume *labels = twin->labels[ut_twin_network_stage (twin)];
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, labels->u8, ut_volume_n_voxels (labels));
}

static gboolean
check_state (const UtStudyState *state, GError **error)
{
  gboolean any = FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    any = any || ut_study_twin (state, phase) != NULL;
    if (ut_study_twin (state, phase) == NULL || !ut_study_is_stale (state, phase))
      continue;
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      _ ("%s is out of date: what it was made from is no longer there; reconstruct first"),
      ut_phase_name (phase));
    return FALSE;
  }
  if (!any)
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 _ ("there is no result to make again: reconstruct first"));
  return any;
}

static gboolean
same_run (const UtTwinProvenance *a, const UtTwinProvenance *b)
{
  return a->seed == b->seed && a->n_seeds == b->n_seeds && a->steps == b->steps &&
         g_strcmp0 (a->device, b->device) == 0 && g_strcmp0 (a->model_sha256, b->model_sha256) == 0;
}

static void
append_path (GString *line, const char *option, const char *path)
{
  g_autofree char *quoted = g_shell_quote (path);
  g_string_append_printf (line, " --%s %s", option, quoted);
}

/* " --ed A4C:12,PSAX:none": also what is not marked, since a file may propose a mark */
static void
append_marks (GString *line, const UtStudyState *state, UtPhase phase, gboolean wanted)
{
  const char *separator = phase == UT_PHASE_ED ? " --ed " : " --es ";
  for (UtView v = 0; v < UT_N_VIEWS; v++) {
    if (state->views[v].source == NULL)
      continue;
    g_string_append_printf (line, "%s%s:", separator, ut_view_name (v));
    if (wanted && ut_study_view_used (state, v, phase))
      g_string_append_printf (line, "%d", state->views[v].marks[phase] + 1);
    else
      g_string_append (line, "none");
    separator = ",";
  }
}

static void
append_views (GString *line, const UtStudyState *state)
{
  g_autoptr (GString) spacing = g_string_new (NULL);
  g_autoptr (GString) mirror = g_string_new (NULL);
  for (UtView v = 0; v < UT_N_VIEWS; v++) {
    const UtStudyView *view = &state->views[v];
    char row[G_ASCII_DTOSTR_BUF_SIZE], column[G_ASCII_DTOSTR_BUF_SIZE];
    if (view->source == NULL)
      continue;
    g_autofree char *option = g_ascii_strdown (ut_view_name (v), -1);
    append_path (line, option, view->source);
    if (view->calibration.origin != UT_CALIBRATION_NONE) /* else the file says it, frame by frame */
      g_string_append_printf (
        spacing,
        "%s%s:%sx%s",
        spacing->len > 0 ? "," : " --spacing ",
        ut_view_name (v),
        g_ascii_dtostr (row, sizeof row, view->calibration.spacing_mm[0]),
        g_ascii_dtostr (column, sizeof column, view->calibration.spacing_mm[1]));
    if (view->mirrored)
      g_string_append_printf (
        mirror, "%s%s", mirror->len > 0 ? "," : " --mirror ", ut_view_name (v));
  }
  g_string_append (line, spacing->str);
  g_string_append (line, mirror->str);
}

static void
append_body (GString *line, const UtBody *body)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  if (body->sex != UT_SEX_UNKNOWN)
    g_string_append_printf (line, " --sex %s", ut_sex_name (body->sex));
  if (body->height_cm > 0)
    g_string_append_printf (
      line, " --height %s", g_ascii_dtostr (number, sizeof number, body->height_cm));
  if (body->weight_kg > 0)
    g_string_append_printf (
      line, " --weight %s", g_ascii_dtostr (number, sizeof number, body->weight_kg));
}

/* and what a person said of its codes; what else is known of them the command finds again */
static void
append_reference (GString *line, const UtStudyReference *reference, UtPhase phase)
{
  const char *option = phase == UT_PHASE_ED ? "reference-ed" : "reference-es";
  append_path (line, option, reference->source);
  if (reference->codes.origin != UT_HEART_CODES_TOLD || !ut_heart_codes_any (&reference->codes))
    return;
  g_autofree char *codes = ut_heart_codes_to_string (&reference->codes);
  g_string_append_printf (line, " --%s-codes %s", option, codes);
}

/* @phases: bits 1 << UtPhase, all made by one run */
static char *
run_command (const UtStudyState *state, guint phases, const char *folder)
{
  GString *line = g_string_new ("ultratwin-cli reconstruct");
  const UtTwinProvenance *from = NULL;
  append_views (line, state);
  append_body (line, &state->body);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    append_marks (line, state, phase, (phases & 1u << phase) != 0);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if ((phases & 1u << phase) != 0 && state->references[phase] != NULL)
      append_reference (line, state->references[phase], phase);
  const char *separator = " --expect ";
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if ((phases & 1u << phase) == 0)
      continue;
    const UtTwin *twin = ut_study_twin (state, phase);
    g_autofree char *hash = ut_label_hash (twin);
    from = &twin->provenance;
    g_string_append_printf (line, "%s%s:%s", separator, ut_phase_name (phase), hash);
    separator = ",";
  }
  if (folder != NULL)
    append_path (line, "expect-study", folder);
  g_string_append_printf (line,
                          " --seed %" G_GINT64_FORMAT " --seeds %u --steps %u --device %s",
                          (gint64)from->seed,
                          MAX (1, from->n_seeds),
                          from->steps,
                          from->device != NULL ? from->device : "auto");
  g_string_append_printf (line, " --out %s", phases == 1u << UT_PHASE_ES ? "again-es" : "again");
  return g_string_free (line, FALSE);
}

char *
ut_reproduce_command (const UtStudyState *state, const char *folder, GError **error)
{
  const UtTwin *twins[UT_N_PHASES];
  guint phases = 0;
  if (!check_state (state, error))
    return NULL;
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    if (state->views[v].source != NULL && state->views[v].cine == NULL) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   _ ("the loop of %s could not be read"),
                   ut_view_name (v));
      return NULL;
    }
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    twins[phase] = ut_study_twin (state, phase);
    phases |= (guint)(twins[phase] != NULL) << phase;
  }
  if (phases != 3 || same_run (&twins[0]->provenance, &twins[1]->provenance))
    return run_command (state, phases, folder);
  g_autofree char *ed = run_command (state, 1u << UT_PHASE_ED, folder);
  g_autofree char *es = run_command (state, 1u << UT_PHASE_ES, folder);
  return g_strdup_printf ("%s && %s", ed, es);
}
