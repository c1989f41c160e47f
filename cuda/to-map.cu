/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/map.cuh"

static __global__ void
to_map_each (UtCudaToMap self)
{
  unsigned i = thread_number ();
  if (i >= self.n)
    return;
  ((__nv_bfloat16 *)self.map)[i] =
    __float2bfloat16 (self.x[c_order_of (i, (unsigned)self.n_channels, (unsigned)self.inner)]);
}

cudaError_t
ut_cuda_to_map (const UtCudaToMap *self, cudaStream_t stream)
{
  return UT_LAUNCH (to_map_each, (unsigned)self->n, stream, *self);
}
