/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/trilinear.cuh"

/* a thread for each voxel: its window of up to 27 is in the cache */
static __global__ void
variance_each (UtCudaOut out, const float *x, UtCudaGrid grid, unsigned n)
{
  unsigned i = thread_number (), n_voxels = grid_count (grid), at[3], rest = i % n_voxels;
  if (i >= n)
    return;
  for (int axis = 2; axis >= 0; axis--) {
    at[axis] = rest % grid.size[axis];
    rest /= grid.size[axis];
  }
  const float *volume = x + i / n_voxels * n_voxels, centre = x[i];
  float sum = 0, squares = 0, count = 0;
  for (unsigned k = 0; k < 27; k++) {
    unsigned z = at[0] + k / 9 - 1, y = at[1] + k / 3 % 3 - 1, column = at[2] + k % 3 - 1;
    if (z >= grid.size[0] || y >= grid.size[1] || column >= grid.size[2])
      continue; /* before 0 wraps around to far behind */
    /* differences from the centre: their variance is the same, without cancellation */
    float d = volume[(z * grid.size[1] + y) * grid.size[2] + column] - centre;
    sum += d;
    squares += d * d;
    count++;
  }
  store (out, i, fmaxf (squares / count - sum / count * (sum / count), 0));
}

cudaError_t
ut_cuda_local_variance (const UtCudaOperands *self, cudaStream_t stream)
{
  const UtShape *shape = &self->out_shape;
  unsigned n = count_of (shape);
  return UT_LAUNCH (
    variance_each, n, stream, self->out, self->in[0], grid_of (shape->dim + shape->n_dims - 3), n);
}
