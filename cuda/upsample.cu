/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/trilinear.cuh"

static __global__ void
upsample_each (UtCudaOut out, const float *x, UtCudaGrid from, UtCudaGrid to, unsigned n)
{
  unsigned i = thread_number (), n_to = grid_count (to);
  if (i < n)
    store (
      out, i, trilinear (x + i / n_to * grid_count (from), from, grid_place (to, from, i % n_to)));
}

cudaError_t
ut_cuda_upsample (const UtCudaOperands *self, cudaStream_t stream)
{
  const UtShape *x = &self->in_shape[0];
  unsigned n = count_of (&self->out_shape);
  return UT_LAUNCH (upsample_each,
                    n,
                    stream,
                    self->out,
                    self->in[0],
                    grid_of (x->dim + x->n_dims - 3),
                    grid_of (self->node.size),
                    n);
}
