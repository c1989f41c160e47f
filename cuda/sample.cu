/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/trilinear.cuh"

#define MAX_MAPS 4

typedef struct Sampling {
  const float *map[MAX_MAPS], *points, *residual;
  UtCudaGrid size[MAX_MAPS], grid; /* grid: of the points where none are given */
  UtCudaOut out;
  unsigned n_maps, n_channels, n;
  UtActivation activation;
} Sampling;

/* point @p in voxels of map @m */
static __device__ inline UtCudaPlace
point_place (const Sampling &self, unsigned m, unsigned p)
{
  if (self.points == NULL)
    return grid_place (self.grid, self.size[m], p);
  UtCudaPlace place;
  for (int axis = 0; axis < 3; axis++)
    place.at[axis] = (self.points[3 * p + 2 - axis] + 1) / 2 * (float)(self.size[m].size[axis] - 1);
  return place;
}

static __global__ void
sample_each (Sampling self)
{
  unsigned i = thread_number (), p = i / self.n_channels, c = i % self.n_channels;
  if (i >= self.n)
    return;
  float sum = self.residual ? self.residual[i] : 0;
  for (unsigned m = 0; m < self.n_maps; m++)
    sum += trilinear (
      self.map[m] + c * grid_count (self.size[m]), self.size[m], point_place (self, m, p));
  store (self.out, i, activate (self.activation, sum));
}

cudaError_t
ut_cuda_sample (const UtCudaOperands *self, cudaStream_t stream)
{
  Sampling sampling = {};
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++) {
    if (self->in[i] == NULL || i == 1 || i == 2)
      continue;
    const UtShape *map = &self->in_shape[i];
    sampling.map[sampling.n_maps] = self->in[i];
    sampling.size[sampling.n_maps++] = grid_of (map->dim + map->n_dims - 3);
  }
  sampling.points = self->in[1];
  sampling.residual = self->in[2];
  sampling.grid = grid_of (self->node.size);
  sampling.out = self->out;
  sampling.n_channels = (unsigned)self->out_shape.dim[1];
  sampling.n = count_of (&self->out_shape);
  sampling.activation = self->node.activation;
  return UT_LAUNCH (sample_each, sampling.n, stream, sampling);
}
