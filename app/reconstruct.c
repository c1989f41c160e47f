/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconstruct.h"

gboolean
ut_reconstruct_study (const UtStudyState *state,
                      UtTwinModel *model,
                      const UtTwinOptions *options,
                      UtTwin *ret_twins[UT_N_PHASES],
                      UtProgress *progress,
                      GCancellable *cancellable,
                      GError **error)
{
  guint n_ready = 0;
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    n_ready += ut_study_is_ready (state, phase);

  g_autoptr (UtTwin) ed = NULL;
  g_autoptr (UtTwin) es = NULL;
  UtTwin **twins[UT_N_PHASES] = {&ed, &es};
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    if (n_ready > 0 && !ut_study_is_ready (state, phase))
      continue;
    g_autoptr (UtTwinInput) input =
      ut_study_twin_input (state,
                           phase,
                           ut_twin_model_get_side (model),
                           error); /* says what blocks, where nothing is ready */
    if (input == NULL)
      return FALSE;
    UtTwinOptions phase_options = *options;
    phase_options.phase = phase;
    UtProgress part = ut_progress_step (progress, 1.0 / n_ready);
    *twins[phase] =
      ut_twin_model_reconstruct (model, input, &phase_options, &part, cancellable, error);
    if (*twins[phase] == NULL)
      return FALSE;
  }
  ret_twins[UT_PHASE_ED] = g_steal_pointer (&ed);
  ret_twins[UT_PHASE_ES] = g_steal_pointer (&es);
  return TRUE;
}
