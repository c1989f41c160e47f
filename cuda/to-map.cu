/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

static __global__ void
to_map_each (UtCudaToMap self)
{
  unsigned i = thread_number ();
  if (i >= self.n)
    return;
  unsigned n_channels = (unsigned)self.n_channels, inner = (unsigned)self.inner;
  unsigned c = i % n_channels, place = i / n_channels % inner, outer = i / n_channels / inner;
  ((__nv_bfloat16 *)self.map)[i] =
    __float2bfloat16 (self.x[(outer * n_channels + c) * inner + place]);
}

cudaError_t
ut_cuda_to_map (const UtCudaToMap *self, cudaStream_t stream)
{
  return UT_LAUNCH (to_map_each, (unsigned)self->n, stream, *self);
}
