/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cuda/launch.cuh"

/** UtCudaFusion: volumes and their local variances; for the weights alone, no volumes. */
typedef struct UtCudaFusion {
  const float *volume[UT_CUDA_MAX_FUSED], *variance[UT_CUDA_MAX_FUSED];
  UtCudaOut out;
  unsigned n_inputs, n_classes, n; /* n: voxels of a class */
  float eps;
} UtCudaFusion;

static __device__ inline float
fusion_weight (const UtCudaFusion &self, unsigned j, unsigned i)
{
  return 1 / (self.variance[j][i] + self.eps);
}
