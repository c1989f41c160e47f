/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconstruct.h"

#include "engine/twin/twin-mean.h"

UtTwin *
ut_reconstruct_phase (UtTwinModel *model,
                      UtTwinInput *input,
                      const UtTwinOptions *options,
                      guint n_seeds,
                      UtProgress *progress,
                      GCancellable *cancellable,
                      GError **error)
{
  UtTwinOptions one = *options;
  g_autoptr (UtTwinMean) mean = ut_twin_mean_new (ut_twin_model_get_sinks_islands (model));
  if (n_seeds <= 1)
    return ut_twin_model_reconstruct (model, input, options, progress, cancellable, error);
  for (guint i = 0; i < n_seeds; i++) {
    UtProgress part = ut_progress_step (progress, 1.0 / n_seeds);
    one.seed = options->seed + i;
    one.shaken = i > 0;
    g_autoptr (UtTwin) twin =
      ut_twin_model_reconstruct (model, input, &one, &part, cancellable, error);
    if (twin == NULL || !ut_twin_mean_add (mean, twin, error))
      return NULL;
  }
  return ut_twin_mean_finish (mean, error);
}

gboolean
ut_reconstruct_study (const UtStudyState *state,
                      UtTwinModel *model,
                      const UtTwinOptions *options,
                      guint n_seeds,
                      UtStudyResult *ret_results[UT_N_PHASES],
                      UtProgress *progress,
                      GCancellable *cancellable,
                      GError **error)
{
  const UtTwinRaster raster = ut_twin_model_get_raster (model);
  guint n_ready = 0;
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    n_ready += ut_study_is_ready (state, phase);

  g_autoptr (UtStudyResult) ed = NULL;
  g_autoptr (UtStudyResult) es = NULL;
  UtStudyResult **results[UT_N_PHASES] = {&ed, &es};
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    if (n_ready > 0 && !ut_study_is_ready (state, phase))
      continue;
    g_autoptr (UtTwinInput) input = ut_study_twin_input (
      state, phase, &raster, error); /* says what blocks, where nothing is ready */
    if (input == NULL)
      return FALSE;
    UtTwinOptions phase_options = *options;
    phase_options.phase = phase;
    UtProgress part = ut_progress_step (progress, 1.0 / n_ready);
    g_autoptr (UtTwin) twin =
      ut_reconstruct_phase (model, input, &phase_options, n_seeds, &part, cancellable, error);
    *results[phase] = twin != NULL ? ut_study_result_new (twin, state, cancellable, error) : NULL;
    if (*results[phase] == NULL)
      return FALSE;
  }
  ret_results[UT_PHASE_ED] = g_steal_pointer (&ed);
  ret_results[UT_PHASE_ES] = g_steal_pointer (&es);
  return TRUE;
}
