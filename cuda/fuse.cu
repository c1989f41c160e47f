/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/fuse.cuh"

static __device__ inline float
fuse_number (const UtCudaFusion &self, unsigned i)
{
  float sum = 0, total = 0;
  for (unsigned j = 0; j < self.n_inputs; j++) {
    float weight = fusion_weight (self, j, i);
    sum += weight * self.volume[j][i];
    total += weight;
  }
  return sum / total;
}

/* a thread for each voxel */
static __global__ void
fuse_voxel (UtCudaFusion self)
{
  unsigned i = thread_number ();
  float total = 0;
  if (i >= self.n)
    return;
  for (unsigned c = 0; c < self.n_classes; c++)
    total += fuse_number (self, c * self.n + i);
  for (unsigned c = 0; c < self.n_classes; c++)
    store (self.out, c * self.n + i, fuse_number (self, c * self.n + i) / total);
}

cudaError_t
ut_cuda_fuse (const UtCudaOperands *self, cudaStream_t stream)
{
  UtCudaFusion fusion = {};
  for (int i = 0; i < UT_NODE_MAX_INPUTS && self->in[i]; i += 2) {
    fusion.volume[fusion.n_inputs] = self->in[i];
    fusion.variance[fusion.n_inputs++] = self->in[i + 1];
  }
  fusion.out = self->out;
  fusion.n_classes = (unsigned)self->out_shape.dim[0];
  fusion.n = count_of (&self->out_shape) / fusion.n_classes;
  fusion.eps = self->node.eps;
  return UT_LAUNCH (fuse_voxel, fusion.n, stream, fusion);
}
