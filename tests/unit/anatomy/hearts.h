/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/phantom.h"

#include <string.h>

/* What the tests of this folder share: phantom hearts and ways to spoil them. */

static inline UtVolume *
phantom_heart (guint64 seed, double spacing_mm)
{
  UtRandom random;
  ut_random_init (&random, seed, 0);
  g_autoptr (UtPhantom) phantom = seed ? ut_phantom_new_random (&random) : ut_phantom_new ();
  g_autoptr (GError) error = NULL;
  UtVolume *labels = ut_phantom_labels (phantom, spacing_mm, &error);
  g_assert_no_error (error);
  return labels;
}

static inline double
volume_ml (const UtVolume *labels, guint8 label)
{
  gsize n = 0;
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++)
    n += labels->u8[i] == label;
  return n * ut_volume_voxel_ml (labels);
}

/* The same voxels on another grid. */
static inline UtVolume *
on_grid (const UtVolume *labels, const UtAffine *grid)
{
  UtVolume *copy = ut_volume_new (UT_VOXEL_U8, labels->dims, grid, NULL);
  memcpy (copy->u8, labels->u8, ut_volume_n_voxels (labels));
  return copy;
}

static inline UtVolume *
mirrored (const UtVolume *labels)
{
  UtAffine flip = ut_affine_scale_offset (ut_vec3 (-1, 1, 1), ut_vec3 (0, 0, 0));
  UtAffine grid = ut_affine_multiply (&flip, &labels->m_patient_from_voxel);
  return on_grid (labels, &grid);
}

static inline UtVolume *
without (const UtVolume *labels, guint8 label)
{
  UtVolume *copy = on_grid (labels, &labels->m_patient_from_voxel);
  for (gsize i = 0; i < ut_volume_n_voxels (copy); i++)
    if (copy->u8[i] == label)
      copy->u8[i] = 0;
  return copy;
}

static inline double
angle_deg (UtVec3 a, UtVec3 b)
{
  return acos (CLAMP (ut_vec3_dot (a, b), -1, 1)) * 180 / G_PI;
}

static inline double
distance (UtVec3 a, UtVec3 b)
{
  return ut_vec3_length (ut_vec3_sub (a, b));
}

/* Faces between voxels of @a and @b. */
static inline gsize
contact (const UtVolume *labels, guint8 a, guint8 b)
{
  const gsize *dims = labels->dims, steps[3] = {1, dims[0], dims[0] * dims[1]};
  gsize n = 0;
  for (gsize z = 0; z + 1 < dims[2]; z++)
    for (gsize y = 0; y + 1 < dims[1]; y++)
      for (gsize x = 0; x + 1 < dims[0]; x++)
        for (int axis = 0; axis < 3; axis++) {
          const guint8 *v = labels->u8 + ut_volume_index (labels, x, y, z);
          guint8 next = v[steps[axis]];
          n += (*v == a && next == b) || (*v == b && next == a);
        }
  return n;
}
