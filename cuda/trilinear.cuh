/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cuda/launch.cuh"

/** UtCudaGrid: sizes of a volume or of a grid of points; z, y, x. */
typedef struct UtCudaGrid {
  unsigned size[3];
} UtCudaGrid;

/** UtCudaPlace: in voxels of a volume; z, y, x. */
typedef struct UtCudaPlace {
  float at[3];
} UtCudaPlace;

static inline UtCudaGrid
grid_of (const gsize *size)
{
  UtCudaGrid self = {};
  for (int i = 0; i < 3; i++)
    self.size[i] = (unsigned)size[i];
  return self;
}

static __device__ inline unsigned
grid_count (const UtCudaGrid &self)
{
  return self.size[0] * self.size[1] * self.size[2];
}

/* point @i of @grid in voxels of a volume over the same length, ends on ends */
static __device__ inline UtCudaPlace
grid_place (const UtCudaGrid &grid, const UtCudaGrid &volume, unsigned i)
{
  UtCudaPlace place;
  for (int axis = 2; axis >= 0; axis--) {
    unsigned n = grid.size[axis];
    place.at[axis] = n > 1 ? (float)(i % n * (volume.size[axis] - 1)) / (float)(n - 1) : 0;
    i /= n;
  }
  return place;
}

/* @volume at @place, beyond its border as at its border; what is no number counts as 0 */
static __device__ inline float
trilinear (const float *volume, const UtCudaGrid &grid, const UtCudaPlace &place)
{
  unsigned low[3], high[3];
  float part[3], sum = 0;
  for (int i = 0; i < 3; i++) {
    float last = (float)(grid.size[i] - 1);
    float p = place.at[i] > 0 ? fminf (place.at[i], last) : 0;
    low[i] = (unsigned)p;
    high[i] = low[i] + 1 < grid.size[i] ? low[i] + 1 : grid.size[i] - 1;
    part[i] = p - (float)low[i];
  }
  for (int corner = 0; corner < 8; corner++) {
    float weight = 1;
    unsigned voxel = 0;
    for (int i = 0; i < 3; i++) {
      bool up = corner >> i & 1;
      weight *= up ? part[i] : 1 - part[i];
      voxel = voxel * grid.size[i] + (up ? high[i] : low[i]);
    }
    sum += weight * volume[voxel];
  }
  return sum;
}
