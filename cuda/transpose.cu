/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

static __global__ void
transpose_each (UtCudaOut out, const float *x, unsigned n_rows, unsigned n_columns)
{
  unsigned i = thread_number ();
  if (i < n_rows * n_columns)
    store (out, i, x[i % n_rows * n_columns + i / n_rows]);
}

cudaError_t
ut_cuda_transpose (const UtCudaOperands *self, cudaStream_t stream)
{
  const gsize *x = self->in_shape[0].dim;
  return UT_LAUNCH (transpose_each,
                    count_of (&self->out_shape),
                    stream,
                    self->out,
                    self->in[0],
                    (unsigned)x[0],
                    (unsigned)x[1]);
}
