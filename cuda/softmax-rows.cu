/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

#include <cfloat>

/* a block for each row */
static __global__ void
softmax_row (UtCudaOut out, const float *x, unsigned width, float scale)
{
  unsigned first = blockIdx.x * width;
  float best = -FLT_MAX, total = 0;
  for (unsigned i = threadIdx.x; i < width; i += UT_BLOCK)
    best = fmaxf (best, scale * x[first + i]);
  best = over_block<larger> (best);
  for (unsigned i = threadIdx.x; i < width; i += UT_BLOCK)
    total += expf (scale * x[first + i] - best);
  total = over_block<plus> (total);
  for (unsigned i = threadIdx.x; i < width; i += UT_BLOCK)
    store (out, first + i, expf (scale * x[first + i] - best) / total);
}

cudaError_t
ut_cuda_softmax_rows (const UtCudaRows *self, cudaStream_t stream)
{
  return UT_LAUNCH_BLOCKS (softmax_row,
                           (unsigned)self->n_rows,
                           stream,
                           self->out,
                           self->x,
                           (unsigned)self->width,
                           self->scale);
}
