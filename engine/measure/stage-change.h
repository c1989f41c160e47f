/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/overlap.h"

/**
 * UtStageChange:
 *
 * What one step, from one label map to the next, did to one label. Counts are voxels.
 *
 * The net counts of the steps add up to the difference of last and first map, exactly. Of the
 * changed voxels the counts of the steps add up to the number that differ between first and last
 * map plus two for each that flipped back: it was counted going and coming.
 */
typedef struct UtStageChange {
  gsize n_gained, n_lost; /* that became the label, that were it before */
  gsize n_back;           /* of both: that the step gives back what they were in the first map */
  double voxel_ml;        /* ml of one voxel: net change in ml = (gained - lost) times it */
  gboolean has_reference;
  UtOverlap overlap; /* of the later map with the reference, where there is one */
} UtStageChange;

static inline gsize
ut_stage_change_n_changed (const UtStageChange *self)
{
  return self->n_gained + self->n_lost;
}

static inline gssize
ut_stage_change_net (const UtStageChange *self)
{
  return (gssize)self->n_gained - (gssize)self->n_lost;
}

/**
 * ut_stage_changes:
 * @stages: (array length=n_stages): label maps on one grid, in their order; at least 1
 * @reference: (nullable): on the same grid
 * @n_labels: labels 1 to @n_labels - 1 are looked at; 2 to 256
 * @ret_changes: (out): [n_stages][n_labels]; that of the first map has counts of 0, and of label 0
 *   all is 0
 *
 * Errors: UNSUPPORTED where a volume holds floats; RANGE where the grids differ; MEMORY.
 * Threads: works on all cores.
 */
gboolean ut_stage_changes (const UtVolume *const *stages,
                           guint n_stages,
                           const UtVolume *reference,
                           guint n_labels,
                           UtStageChange *ret_changes,
                           GError **error);
