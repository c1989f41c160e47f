/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

static __global__ void
finish_each (UtCudaFinish self)
{
  unsigned i = thread_number ();
  if (i >= self.n)
    return;
  unsigned c = i / (unsigned)self.inner % (unsigned)self.n_channels;
  float y = self.x[i] + (self.bias ? self.bias[c] : 0), residual = 0;
  if (self.residual)
    residual = self.residual[i];
  if (self.residual_first)
    y = activate (self.activation, y + residual);
  else
    y = residual + (self.gate ? self.gate[c] : 1) * activate (self.activation, y);
  store (self.out, i, y);
}

cudaError_t
ut_cuda_finish (const UtCudaFinish *self, cudaStream_t stream)
{
  return UT_LAUNCH (finish_each, (unsigned)self->n, stream, *self);
}
