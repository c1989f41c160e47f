/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/map.cuh"

static __device__ inline float
number_of (const void *map, unsigned i)
{
  return __bfloat162float (((const __nv_bfloat16 *)map)[i]);
}

static __global__ void
finish_map_each (UtCudaFinishMap self)
{
  unsigned i = thread_number ();
  if (i >= self.n)
    return;
  unsigned n_channels = (unsigned)self.n_channels, inner = (unsigned)self.inner;
  float y = number_of (self.x, i) + (self.bias ? self.bias[i % n_channels] : 0);
  y = activate (self.activation, self.residual ? y + number_of (self.residual, i) : y);
  if (self.map)
    ((__nv_bfloat16 *)self.map)[i] = __float2bfloat16 (y);
  if (self.out.half || self.out.single)
    store (self.out, c_order_of (i, n_channels, inner), y);
}

cudaError_t
ut_cuda_finish_map (const UtCudaFinishMap *self, cudaStream_t stream)
{
  return UT_LAUNCH (finish_map_each, (unsigned)self->n, stream, *self);
}
