/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/study.h"
#include "engine/twin/twin-model.h"

#include <gio/gio.h>

/**
 * UT_DEFAULT_SEEDS:
 *
 * Where nobody asks for another number. Two looks at where the heart lies in the pictures gain
 * 0.002 DSC on the validation hearts over one; four no more (engine/train/RESULTS.md).
 */
#define UT_DEFAULT_SEEDS 2

/**
 * ut_reconstruct_phase:
 * @n_seeds: 1 to UT_TWIN_MAX_SEEDS: with several the twin is the mean over seed, seed + 1, ...,
 *   and has their spread (engine/twin/twin-mean.h). All but the first are shaken
 *   (UtTwinOptions): the noise alone hardly changes the answer, where the heart lies in the
 *   pictures does.
 *
 * Errors: as ut_twin_model_reconstruct(). Threads: any.
 *
 * Returns: (transfer full): the twin of @options->phase, or NULL with @error set
 */
UtTwin *ut_reconstruct_phase (UtTwinModel *model,
                              UtTwinInput *input,
                              const UtTwinOptions *options,
                              guint n_seeds,
                              UtProgress *progress,
                              GCancellable *cancellable,
                              GError **error);

/**
 * ut_reconstruct_study:
 * @state: what to reconstruct
 * @options: seed and steps; its phase is ignored
 * @n_seeds: as there
 * @ret_results: (out) (array length=UT_N_PHASES): (transfer full): result per phase, ready for
 *   ut_study_add_results(); NULL where the phase has no mark
 *
 * Reconstructs every phase that is ready, the same from the window and the command.
 *
 * Errors: RANGE with the sentence of what blocks, where no phase is ready; as
 * ut_twin_model_reconstruct(). Threads: any.
 */
gboolean ut_reconstruct_study (const UtStudyState *state,
                               UtTwinModel *model,
                               const UtTwinOptions *options,
                               guint n_seeds,
                               UtStudyResult *ret_results[UT_N_PHASES],
                               UtProgress *progress,
                               GCancellable *cancellable,
                               GError **error);
