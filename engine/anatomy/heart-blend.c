/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-blend.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/distance-field.h"
#include "engine/anatomy/label-sample.h"
#include "engine/anatomy/range.h"

#define MARGIN_MM    10.0 /* more than any heart reaches beyond another */
#define REACH_VOXELS 8    /* nor are their surfaces further apart */

static UtVolume *
empty_with_margin (const UtVolume *like, GError **error)
{
  UtVec3 spacing = ut_volume_spacing (like);
  gsize margin[] = {(gsize)ceil (MARGIN_MM / spacing.x),
                    (gsize)ceil (MARGIN_MM / spacing.y),
                    (gsize)ceil (MARGIN_MM / spacing.z)};
  gsize dims[3];
  for (int i = 0; i < 3; i++)
    dims[i] = like->dims[i] + 2 * margin[i];
  UtAffine shift = ut_affine_scale_offset (
    ut_vec3 (1, 1, 1), ut_vec3 (-(double)margin[0], -(double)margin[1], -(double)margin[2]));
  UtAffine m = ut_affine_multiply (&like->m_patient_from_voxel, &shift);
  return ut_volume_new (UT_VOXEL_U8, dims, &m, error);
}

static void
resample (const UtVolume *labels, const UtAffine *m_labels_from_voxel, UtVolume *ret)
{
  guint8 *voxel = ret->u8;
  for (gsize z = 0; z < ret->dims[2]; z++)
    for (gsize y = 0; y < ret->dims[1]; y++)
      for (gsize x = 0; x < ret->dims[0]; x++)
        *voxel++ =
          ut_label_sample (labels, ut_affine_point (m_labels_from_voxel, ut_vec3 (x, y, z)));
}

/* @labels moved so that their landmarks lie as those of @like do, on its grid and a margin. */
static UtVolume *
posed (const UtVolume *labels,
       const UtLandmarks *marks,
       const UtVolume *like,
       const UtLandmarks *pose,
       GError **error)
{
  UtVolume *volume = empty_with_margin (like, error);
  if (!volume)
    return NULL;
  UtAffine m_from_canonical = ut_canonical_frame (marks);
  UtAffine m_canonical_to = ut_canonical_frame (pose), m_canonical, m_voxel;
  ut_affine_invert (&m_canonical_to, &m_canonical);
  ut_affine_invert (&labels->m_patient_from_voxel, &m_voxel);
  UtAffine m = ut_affine_multiply (&m_canonical, &volume->m_patient_from_voxel);
  m = ut_affine_multiply (&m_from_canonical, &m);
  m = ut_affine_multiply (&m_voxel, &m);
  resample (labels, &m, volume);
  return volume;
}

/* Adds @weight times the signed distance to the surface of @label. */
static void
add_distance (const UtVolume *labels, guint8 label, float weight, float *sum)
{
  gsize n = ut_volume_n_voxels (labels);
  g_autofree guint8 *inside = g_malloc (n);
  g_autofree float *distance = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    inside[i] = labels->u8[i] == label;
  ut_distance_field (inside, labels->dims, REACH_VOXELS, distance);
  for (gsize i = 0; i < n; i++)
    sum[i] += weight * distance[i];
}

UtVolume *
ut_heart_blend (const UtVolume *a, const UtVolume *b, double part, GError **error)
{
  g_return_val_if_fail (a->type == UT_VOXEL_U8 && b->type == UT_VOXEL_U8, NULL);
  const UtRange range = {"part of the other heart", part, -0.5, 1.5};
  UtLandmarks pose, other;
  if (!ut_ranges_check ("heart blend", &range, 1, error) || !ut_landmarks_find (a, &pose, error) ||
      !ut_landmarks_find (b, &other, error))
    return NULL;
  g_autoptr (UtVolume) here = posed (a, &pose, a, &pose, error);
  g_autoptr (UtVolume) there = here ? posed (b, &other, a, &pose, error) : NULL;
  g_autoptr (UtVolume) blend = there ? empty_with_margin (a, error) : NULL;
  if (!blend)
    return NULL;
  gsize n = ut_volume_n_voxels (blend);
  g_autofree float *least = g_new (float, n), *distance = g_new (float, n);
  for (guint8 label = 0; label < UT_N_LABELS; label++) {
    memset (distance, 0, n * sizeof *distance);
    add_distance (here, label, (float)(1 - part), distance);
    add_distance (there, label, (float)part, distance);
    for (gsize i = 0; i < n; i++)
      if (label == 0 || distance[i] < least[i]) {
        least[i] = distance[i];
        blend->u8[i] = label;
      }
  }
  ut_parts_keep_largest (blend->u8, blend->dims);
  return g_steal_pointer (&blend);
}
