/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/volume.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

UtVolume *
ut_volume_new (UtVoxelType type,
               const gsize dims[3],
               const UtAffine *m_patient_from_voxel,
               GError **error)
{
  gsize bytes = type == UT_VOXEL_F32 ? sizeof (float) : 1;
  for (int axis = 0; axis < 3; axis++)
    if (dims[axis] == 0 || !g_size_checked_mul (&bytes, bytes, dims[axis]) ||
        bytes > UT_VOLUME_MAX_BYTES) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("volume of %zu x %zu x %zu voxels, want 1 voxel to 1 GiB"),
                   dims[0],
                   dims[1],
                   dims[2]);
      return NULL;
    }
  UtAffine inverse;
  if (!ut_affine_invert (m_patient_from_voxel, &inverse)) {
    g_set_error (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE, ut_words ("volume with a singular affine"));
    return NULL;
  }
  void *data = g_try_malloc0 (bytes);
  if (data == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 ut_words ("no memory for a volume of %zu bytes"),
                 bytes);
    return NULL;
  }

  UtVolume *self = g_new0 (UtVolume, 1);
  self->type = type;
  for (int axis = 0; axis < 3; axis++)
    self->dims[axis] = dims[axis];
  self->m_patient_from_voxel = *m_patient_from_voxel;
  self->data = data;
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

UtVolume *
ut_volume_ref (UtVolume *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_volume_unref (UtVolume *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->data);
  g_free (self);
}

UtVoxelMean
ut_voxel_mean (const gsize dims[3], UtVec3 p_voxel)
{
  const double p[3] = {p_voxel.x, p_voxel.y, p_voxel.z};
  const gsize steps[3] = {1, dims[0], dims[0] * dims[1]};
  UtVoxelMean mean = {.weights = {1}};
  for (int axis = 0; axis < 3; axis++) {
    double inside = CLAMP (p[axis], 0, (double)(dims[axis] - 1)), low = floor (inside);
    gsize step = low < inside ? steps[axis] : 0;
    int n = 1 << axis; /* corners so far; each is now two */
    for (int i = 0; i < n; i++) {
      mean.voxels[i] += (gsize)low * steps[axis];
      mean.voxels[i + n] = mean.voxels[i] + step;
      mean.weights[i + n] = mean.weights[i] * (inside - low);
      mean.weights[i] *= 1 - (inside - low);
    }
  }
  return mean;
}

UtVec3
ut_volume_spacing (const UtVolume *self)
{
  const UtAffine *m = &self->m_patient_from_voxel;
  return ut_vec3 (ut_vec3_length (ut_affine_direction (m, ut_vec3 (1, 0, 0))),
                  ut_vec3_length (ut_affine_direction (m, ut_vec3 (0, 1, 0))),
                  ut_vec3_length (ut_affine_direction (m, ut_vec3 (0, 0, 1))));
}

double
ut_volume_voxel_ml (const UtVolume *self)
{
  return fabs (ut_affine_determinant (&self->m_patient_from_voxel)) / 1000;
}

gboolean
ut_volume_same_grid (const UtVolume *a, const UtVolume *b, double tolerance_mm)
{
  for (int axis = 0; axis < 3; axis++)
    if (a->dims[axis] != b->dims[axis])
      return FALSE;
  for (int corner = 0; corner < 8; corner++) {
    UtVec3 p = ut_vec3 (corner & 1 ? a->dims[0] - 1.0 : 0,
                        corner & 2 ? a->dims[1] - 1.0 : 0,
                        corner & 4 ? a->dims[2] - 1.0 : 0);
    UtVec3 shift = ut_vec3_sub (ut_affine_point (&a->m_patient_from_voxel, p),
                                ut_affine_point (&b->m_patient_from_voxel, p));
    if (ut_vec3_length (shift) > tolerance_mm)
      return FALSE;
  }
  return TRUE;
}
