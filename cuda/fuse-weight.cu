/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/fuse.cuh"

static __global__ void
weigh_each (UtCudaFusion self)
{
  unsigned i = thread_number ();
  float total = 0;
  if (i >= self.n)
    return;
  for (unsigned j = 0; j < self.n_inputs; j++)
    total += fusion_weight (self, j, i);
  for (unsigned j = 0; j < self.n_inputs; j++)
    store (self.out, j * self.n + i, fusion_weight (self, j, i) / total);
}

cudaError_t
ut_cuda_fuse_weight (const UtCudaOperands *self, cudaStream_t stream)
{
  UtCudaFusion fusion = {};
  fusion.n_inputs = (unsigned)self->out_shape.dim[0];
  for (unsigned j = 0; j < fusion.n_inputs; j++)
    fusion.variance[j] = self->in[j];
  fusion.out = self->out;
  fusion.n = count_of (&self->out_shape) / fusion.n_inputs;
  fusion.eps = self->node.eps;
  return UT_LAUNCH (weigh_each, fusion.n, stream, fusion);
}
