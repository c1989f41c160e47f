/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

/* a block for each row */
static __global__ void
norm_row (UtCudaOut out,
          const float *x,
          const float *scale,
          const float *shift,
          unsigned width,
          float eps,
          float one)
{
  unsigned first = blockIdx.x * width;
  float sum = 0, squares = 0;
  for (unsigned i = threadIdx.x; i < width; i += UT_BLOCK)
    sum += x[first + i];
  float mean = over_block<plus> (sum) / width;
  for (unsigned i = threadIdx.x; i < width; i += UT_BLOCK)
    squares += (x[first + i] - mean) * (x[first + i] - mean);
  float inverse = 1 / sqrtf (over_block<plus> (squares) / width + eps);
  for (unsigned i = threadIdx.x; i < width; i += UT_BLOCK) {
    float y = (x[first + i] - mean) * inverse;
    store (out, first + i, y * (scale ? one + scale[i] : 1) + (shift ? shift[i] : 0));
  }
}

cudaError_t
ut_cuda_layer_norm (const UtCudaOperands *self, cudaStream_t stream)
{
  return UT_LAUNCH_BLOCKS (norm_row,
                           (unsigned)self->out_shape.dim[0],
                           stream,
                           self->out,
                           self->in[0],
                           self->in[1],
                           self->in[2],
                           (unsigned)self->out_shape.dim[1],
                           self->node.eps,
                           self->node.plus_one ? 1.0f : 0.0f);
}
