/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

/* a block for each mean */
static __global__ void
mean_row (UtCudaOut out, const float *x, unsigned width)
{
  float sum = 0;
  for (unsigned i = threadIdx.x; i < width; i += UT_BLOCK)
    sum += x[blockIdx.x * width + i];
  sum = over_block<plus> (sum);
  if (threadIdx.x == 0)
    store (out, blockIdx.x, sum / width);
}

cudaError_t
ut_cuda_mean (const UtCudaOperands *self, cudaStream_t stream)
{
  unsigned width = (unsigned)self->in_shape[0].dim[self->in_shape[0].n_dims - 1];
  return UT_LAUNCH_BLOCKS (
    mean_row, count_of (&self->out_shape), stream, self->out, self->in[0], width);
}
