/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/label-brush.h"

#include <math.h>

#define SLACK_MM 1e-6 /* of a distance that is just met */

/* Voxels along one axis that a ball on the way from @a to @b can reach, in voxels; FALSE: none. */
static gboolean
find_range (double a, double b, double reach, gsize dim, gsize *ret_first, gsize *ret_end)
{
  double first = ceil (MIN (a, b) - reach), last = floor (MAX (a, b) + reach);
  if (!isfinite (a) || !isfinite (b) || last < 0 || first > (double)dim - 1)
    return FALSE;
  *ret_first = (gsize)MAX (first, 0);
  *ret_end = (gsize)MIN (last, (double)dim - 1) + 1;
  return TRUE;
}

static double
squared_distance (UtVec3 p, UtVec3 from, UtVec3 way)
{
  UtVec3 off = ut_vec3_sub (p, from);
  double squared = ut_vec3_dot (way, way);
  double along = squared > 0 ? CLAMP (ut_vec3_dot (off, way) / squared, 0, 1) : 0;
  UtVec3 rest = ut_vec3_mad (off, -along, way);
  return ut_vec3_dot (rest, rest);
}

gsize
ut_label_brush (UtVolume *labels, UtStructure structure, double radius_mm, UtVec3 from, UtVec3 to)
{
  UtAffine m_voxel_from_mm;
  gsize first[3], end[3], n_changed = 0;
  g_return_val_if_fail (labels->type == UT_VOXEL_U8 && structure < UT_N_LABELS, 0);
  if (!ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel_from_mm))
    return 0;
  UtVec3 a = ut_affine_point (&m_voxel_from_mm, from), b = ut_affine_point (&m_voxel_from_mm, to);
  const double ends[3][2] = {{a.x, b.x}, {a.y, b.y}, {a.z, b.z}};
  for (int axis = 0; axis < 3; axis++) {
    const double *row = m_voxel_from_mm.m[axis];
    double reach = radius_mm * ut_vec3_length (ut_vec3 (row[0], row[1], row[2])) + SLACK_MM;
    if (!find_range (
          ends[axis][0], ends[axis][1], reach, labels->dims[axis], &first[axis], &end[axis]))
      return 0;
  }
  const double most = (radius_mm + SLACK_MM) * (radius_mm + SLACK_MM);
  const UtVec3 way = ut_vec3_sub (to, from);
  for (gsize z = first[2]; z < end[2]; z++)
    for (gsize y = first[1]; y < end[1]; y++)
      for (gsize x = first[0]; x < end[0]; x++) {
        guint8 *voxel = &labels->u8[ut_volume_index (labels, x, y, z)];
        UtVec3 p = ut_affine_point (&labels->m_patient_from_voxel,
                                    ut_vec3 ((double)x, (double)y, (double)z));
        if (*voxel == structure || !(squared_distance (p, from, way) <= most))
          continue;
        *voxel = (guint8)structure;
        n_changed++;
      }
  return n_changed;
}
