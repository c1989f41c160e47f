/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/affine.h"

/** Largest volume that is read or made: 1 GiB of voxel data. */
#define UT_VOLUME_MAX_BYTES ((gsize)1 << 30)

typedef enum {
  UT_VOXEL_U8,  /* labels */
  UT_VOXEL_F32, /* anything measured */
} UtVoxelType;

/**
 * UtVolume:
 *
 * A 3D picture: label map or float field with its place in the patient.
 *
 * Axis order: memory is (z, y, x), x fastest; voxel (x, y, z) stands at index
 * (z * dims[1] + y) * dims[0] + x. Voxel centres lie on whole numbers.
 * Frame: @m_patient_from_voxel maps voxel indices to LPS millimetres.
 * Ownership: reference counted. Fill it before you share it; once shared it
 * never changes, so any thread may read it without a lock.
 */
typedef struct UtVolume {
  UtVoxelType type;
  gsize dims[3]; /* voxels along x, y, z; each >= 1 */
  UtAffine m_patient_from_voxel;
  union {
    void *data;
    guint8 *u8; /* UT_VOXEL_U8 */
    float *f32; /* UT_VOXEL_F32 */
  };
  gatomicrefcount ref_count;
} UtVolume;

/**
 * ut_volume_new:
 * @dims: voxels along x, y, z
 * @m_patient_from_voxel: place in the patient; must be invertible
 *
 * Makes a volume of zeros.
 *
 * Errors: RANGE where a size is 0, the data would pass UT_VOLUME_MAX_BYTES or
 * the affine is singular; MEMORY.
 *
 * Returns: a new volume with one reference, or NULL with @error set
 */
UtVolume *ut_volume_new (UtVoxelType type,
                         const gsize dims[3],
                         const UtAffine *m_patient_from_voxel,
                         GError **error);

UtVolume *ut_volume_ref (UtVolume *self);
void ut_volume_unref (UtVolume *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtVolume, ut_volume_unref)

static inline gsize
ut_volume_n_voxels (const UtVolume *self)
{
  return self->dims[0] * self->dims[1] * self->dims[2];
}

/** ut_volume_index: offset of voxel (x, y, z) in the data */
static inline gsize
ut_volume_index (const UtVolume *self, gsize x, gsize y, gsize z)
{
  return (z * self->dims[1] + y) * self->dims[0] + x;
}

/** UtVoxelMean: eight voxels and how much each counts; the weights add up to 1 */
typedef struct UtVoxelMean {
  gsize voxels[8]; /* offsets in the data */
  double weights[8];
} UtVoxelMean;

/**
 * ut_voxel_mean:
 * @dims: voxels along x, y, z
 * @p_voxel: where, in voxels; outside the grid the nearest place in it counts
 *
 * Returns: what trilinear interpolation reads there
 */
UtVoxelMean ut_voxel_mean (const gsize dims[3], UtVec3 p_voxel);

/** ut_voxel_mean_of: of the values of a grid of these sizes */
static inline double
ut_voxel_mean_of (const UtVoxelMean *self, const float *values)
{
  double sum = 0;
  for (int i = 0; i < 8; i++)
    sum += self->weights[i] * (double)values[self->voxels[i]];
  return sum;
}

/** ut_volume_spacing: distance of neighbouring voxel centres along x, y, z in mm */
UtVec3 ut_volume_spacing (const UtVolume *self);

/** ut_volume_voxel_ml: volume of one voxel in ml */
double ut_volume_voxel_ml (const UtVolume *self);

#define UT_VOLUME_GRID_TOLERANCE_MM 0.01 /* within which two label maps are on one grid */

/** ut_volume_same_grid: TRUE where sizes agree and affines agree to @tolerance_mm at every corner
 */
gboolean ut_volume_same_grid (const UtVolume *a, const UtVolume *b, double tolerance_mm);
