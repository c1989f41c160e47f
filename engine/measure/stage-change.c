/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/stage-change.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/words.h"

static gboolean
check_stages (const UtVolume *const *stages, guint n_stages, GError **error)
{
  for (guint i = 0; i < n_stages; i++) {
    if (stages[i]->type != UT_VOXEL_U8) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_UNSUPPORTED,
                   ut_words ("stage %u holds floats, want labels"),
                   i + 1);
      return FALSE;
    }
    if (!ut_volume_same_grid (stages[0], stages[i], UT_VOLUME_GRID_TOLERANCE_MM)) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("stage %u lies on another grid than the first"),
                   i + 1);
      return FALSE;
    }
  }
  return TRUE;
}

static void
count_voxels (const UtVolume *first,
              const UtVolume *before,
              const UtVolume *after,
              guint n_labels,
              UtStageChange *changes)
{
  gsize n_voxels = ut_volume_n_voxels (after);
  for (gsize i = 0; i < n_voxels; i++) {
    guint8 was = before->u8[i], is = after->u8[i], at_first = first->u8[i];
    if (was == is)
      continue;
    if (was > 0 && was < n_labels) {
      changes[was].n_lost++;
      changes[was].n_back += at_first != was;
    }
    if (is > 0 && is < n_labels) {
      changes[is].n_gained++;
      changes[is].n_back += at_first == is;
    }
  }
}

gboolean
ut_stage_changes (const UtVolume *const *stages,
                  guint n_stages,
                  const UtVolume *reference,
                  guint n_labels,
                  UtStageChange *ret_changes,
                  GError **error)
{
  g_return_val_if_fail (n_stages >= 1 && n_labels >= 2 && n_labels <= 256, FALSE);
  if (!check_stages (stages, n_stages, error))
    return FALSE;

  g_autofree UtStageChange *changes = g_new0 (UtStageChange, (gsize)n_stages * n_labels);
  for (guint i = 0; i < n_stages; i++) {
    UtStageChange *own = changes + (gsize)i * n_labels;
    if (i > 0)
      count_voxels (stages[0], stages[i - 1], stages[i], n_labels, own);
    for (guint label = 1; label < n_labels; label++) {
      own[label].voxel_ml = ut_volume_voxel_ml (stages[i]);
      own[label].has_reference = reference != NULL;
      if (reference != NULL &&
          !ut_overlap_label (stages[i], reference, (guint8)label, &own[label].overlap, error))
        return FALSE;
    }
  }
  memcpy (ret_changes, changes, sizeof *changes * n_stages * n_labels);
  return TRUE;
}
