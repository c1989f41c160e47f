/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/label-sample.h"

/* Corner i of the cell: bit 0 is x, bit 1 y, bit 2 z. */
static guint8
heaviest (const guint8 corners[8], double fx, double fy, double fz)
{
  double weight[UT_N_LABELS] = {0};
  for (int i = 0; i < 8; i++)
    weight[corners[i]] += (i & 1 ? fx : 1 - fx) * (i & 2 ? fy : 1 - fy) * (i & 4 ? fz : 1 - fz);
  guint8 best = 0;
  for (guint8 i = 1; i < UT_N_LABELS; i++)
    if (weight[i] > weight[best])
      best = i;
  return best;
}

guint8
ut_label_sample (const UtVolume *labels, UtVec3 p_voxel)
{
  const gsize *dims = labels->dims;
  if (!(p_voxel.x > -1 && p_voxel.y > -1 && p_voxel.z > -1 && p_voxel.x < dims[0] &&
        p_voxel.y < dims[1] && p_voxel.z < dims[2]))
    return UT_BACKGROUND;

  /* + 1 makes truncation a floor; index -1 wraps to a huge one, outside */
  gsize x = (gsize)(p_voxel.x + 1) - 1, y = (gsize)(p_voxel.y + 1) - 1;
  gsize z = (gsize)(p_voxel.z + 1) - 1;
  guint8 corners[8];
  gboolean same = TRUE;
  for (int i = 0; i < 8; i++) {
    gsize u = x + (i & 1), v = y + (i >> 1 & 1), w = z + (i >> 2);
    gboolean inside = u < dims[0] && v < dims[1] && w < dims[2];
    corners[i] = inside ? labels->u8[ut_volume_index (labels, u, v, w)] : UT_BACKGROUND;
    same = same && corners[i] == corners[0];
  }
  if (same)
    return corners[0];
  return heaviest (corners,
                   p_voxel.x - (double)(gssize)x,
                   p_voxel.y - (double)(gssize)y,
                   p_voxel.z - (double)(gssize)z);
}
