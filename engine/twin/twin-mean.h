/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/twin/twin.h"

/**
 * UtTwinMean:
 *
 * Puts together the twins that several seeds give for one input.
 *
 * Mean: of the probabilities of every stage, of the branches' variance and weight; labels are its
 * arg max. Template, provenance and what a stage holds besides are the first twin's, n_seeds is
 * the number of twins and seconds their sum.
 * Spread: per voxel the standard deviation over the twins (1 / N) of each of the six class
 * probabilities in the last stage, summed over the classes: 0 where all agree, at most sqrt 5.
 * Each twin's voxels are kept by structure, so that its volumes stay known.
 * Twins that are the same give exactly themselves and a spread of exactly 0.
 *
 * Source: running mean and sum of squares, Welford, "Note on a method for calculating corrected
 * sums of squares and products", Technometrics 4(3), 1962.
 */
typedef struct UtTwinMean UtTwinMean;

/** ut_twin_mean_new: @sinks_islands: those of the mean's corrected stage, as the model does with
 * those of one seed: ut_twin_model_get_sinks_islands() */
UtTwinMean *ut_twin_mean_new (gboolean sinks_islands);
void ut_twin_mean_free (UtTwinMean *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTwinMean, ut_twin_mean_free)

/**
 * ut_twin_mean_add:
 * @twin: of the same phase and with the same stages as those before
 *
 * Errors: RANGE where it is not, or there are UT_TWIN_MAX_SEEDS already; MEMORY.
 */
gboolean ut_twin_mean_add (UtTwinMean *self, const UtTwin *twin, GError **error);

/**
 * ut_twin_mean_finish:
 *
 * Call it once, after at least one twin.
 *
 * Returns: (transfer full): the twin, which has a spread where it was made of several; NULL with
 *   @error set: MEMORY
 */
UtTwin *ut_twin_mean_finish (UtTwinMean *self, GError **error);

/**
 * ut_twin_disagreement:
 *
 * How little the branches of the refinement agree about where borders run: per voxel the standard
 * deviation over x, y and z (1 / 3) of the branches' local standard deviation, the root of their
 * variance. A branch is unsettled at the borders that it draws: where all draw them alike the
 * three numbers are equal. 0 to 0.24.
 *
 * Returns: (transfer full): [64, 64, 64]; NULL where the twin has no branches
 */
float *ut_twin_disagreement (const UtTwin *twin);
