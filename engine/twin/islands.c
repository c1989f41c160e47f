/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/islands.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/parts.h"
#include "engine/twin/twin.h"

/* takes class @label from voxel @i; the others keep their shares of the rest */
static void
take_class (float *probabilities, gsize i, guint8 label)
{
  float total = 0;
  probabilities[label * UT_TWIN_N_VOXELS + i] = 0;
  for (gsize c = 0; c < UT_N_LABELS; c++)
    total += probabilities[c * UT_TWIN_N_VOXELS + i];
  if (total <= 0)
    probabilities[i] = total = 1; /* nothing else was likely: background */
  for (gsize c = 0; c < UT_N_LABELS; c++)
    probabilities[c * UT_TWIN_N_VOXELS + i] /= total;
}

void
ut_twin_sink_islands (float *probabilities)
{
  static const gsize dims[3] = {UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE};
  g_autofree guint8 *labels = g_new (guint8, UT_TWIN_N_VOXELS);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++) {
    labels[i] = 0;
    for (guint8 c = 1; c < UT_N_LABELS; c++)
      if (probabilities[c * UT_TWIN_N_VOXELS + i] > probabilities[labels[i] * UT_TWIN_N_VOXELS + i])
        labels[i] = c;
  }
  g_autofree guint8 *kept = g_memdup2 (labels, UT_TWIN_N_VOXELS);
  ut_parts_drop_small (kept, dims, UT_TWIN_ISLAND_VOXELS);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    if (labels[i] != kept[i])
      take_class (probabilities, i, labels[i]);
}
