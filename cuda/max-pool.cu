/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

#include <cfloat>

typedef struct Pool {
  const float *x;
  UtCudaOut out;
  unsigned height, width, out_height, out_width, kernel[2], stride, pad[2], n;
} Pool;

static __global__ void
pool_each (Pool self)
{
  unsigned i = thread_number ();
  if (i >= self.n)
    return;
  unsigned top = i / self.out_width % self.out_height * self.stride - self.pad[0];
  unsigned left = i % self.out_width * self.stride - self.pad[1];
  const float *image = self.x + i / (self.out_width * self.out_height) * self.height * self.width;
  float best = -FLT_MAX;
  for (unsigned k = 0; k < self.kernel[0] * self.kernel[1]; k++) {
    unsigned row = top + k / self.kernel[1], column = left + k % self.kernel[1];
    if (row < self.height && column < self.width) /* before 0 wraps around to far behind */
      best = fmaxf (best, image[row * self.width + column]);
  }
  store (self.out, i, best);
}

cudaError_t
ut_cuda_max_pool (const UtCudaOperands *self, cudaStream_t stream)
{
  const gsize *x = self->in_shape[0].dim, *out = self->out_shape.dim;
  Pool pool = {};
  pool.x = self->in[0];
  pool.out = self->out;
  pool.height = (unsigned)x[2];
  pool.width = (unsigned)x[3];
  pool.out_height = (unsigned)out[2];
  pool.out_width = (unsigned)out[3];
  pool.stride = (unsigned)self->node.stride;
  pool.n = count_of (&self->out_shape);
  for (int i = 0; i < 2; i++) {
    pool.kernel[i] = (unsigned)self->node.kernel[i];
    pool.pad[i] = (unsigned)self->node.pad[i];
  }
  return UT_LAUNCH (pool_each, pool.n, stream, pool);
}
