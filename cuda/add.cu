/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

/* Sizes of the result and steps of b along them, 0 where b is repeated; innermost first. */
typedef struct Repeat {
  unsigned size[UT_MAX_DIMS], step[UT_MAX_DIMS];
  int n_dims;
} Repeat;

static __global__ void
add_each (
  UtCudaOut out, const float *a, const float *b, const float *gate, Repeat repeat, unsigned n)
{
  unsigned i = thread_number (), at = 0, rest = i;
  if (i >= n)
    return;
  for (int d = 0; d < repeat.n_dims; d++) {
    at += rest % repeat.size[d] * repeat.step[d];
    rest /= repeat.size[d];
  }
  store (out, i, a[i] + (gate ? gate[i % repeat.size[0]] : 1) * b[at]);
}

cudaError_t
ut_cuda_add (const UtCudaOperands *self, cudaStream_t stream)
{
  const UtShape *shape = &self->out_shape, *b = &self->in_shape[1];
  unsigned n = count_of (shape), step = 1;
  Repeat repeat = {};
  repeat.n_dims = shape->n_dims;
  for (int d = 0; d < shape->n_dims; d++) {
    int axis = shape->n_dims - 1 - d;
    repeat.size[d] = (unsigned)shape->dim[axis];
    repeat.step[d] = b->dim[axis] == 1 ? 0 : step;
    step *= (unsigned)b->dim[axis];
  }
  return UT_LAUNCH (
    add_each, n, stream, self->out, self->in[0], self->in[1], self->in[2], repeat, n);
}
