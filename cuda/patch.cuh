/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cuda/launch.cuh"

/** UtCudaPatches: a volume [n_classes, size] cut into patches; z, y, x. */
typedef struct UtCudaPatches {
  unsigned n_classes, size[3], patch[3];
  unsigned n_inside, n; /* voxels of a patch; numbers in all */
} UtCudaPatches;

static inline UtCudaPatches
patches_of (const UtShape *volume, const gsize patch[3])
{
  UtCudaPatches self = {};
  self.n_classes = (unsigned)volume->dim[0];
  self.n_inside = 1;
  self.n = count_of (volume);
  for (int i = 0; i < 3; i++) {
    self.size[i] = (unsigned)volume->dim[i + 1];
    self.patch[i] = (unsigned)patch[i];
    self.n_inside *= self.patch[i];
  }
  return self;
}

/* where voxel @inside of patch @patch lies in the volume of class @c */
static __device__ inline unsigned
patch_voxel (const UtCudaPatches &self, unsigned patch, unsigned inside, unsigned c)
{
  unsigned n_y = self.size[1] / self.patch[1], n_x = self.size[2] / self.patch[2];
  unsigned z = patch / (n_x * n_y) * self.patch[0] + inside / (self.patch[1] * self.patch[2]);
  unsigned y = patch / n_x % n_y * self.patch[1] + inside / self.patch[2] % self.patch[1];
  unsigned x = patch % n_x * self.patch[2] + inside % self.patch[2];
  return ((c * self.size[0] + z) * self.size[1] + y) * self.size[2] + x;
}
