/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/classes.cuh"
#include "cuda/trilinear.cuh"

#include <cfloat>
#include <climits>

#define MAX_CLASSES UT_CUDA_WINDOW_CLASSES

/* Voxels of a block, x fastest, and with the windows' margin around them. */
#define TILE_X 16
#define TILE_Y 4
#define TILE_Z 4
#define WIDE_X (TILE_X + 2)
#define WIDE_Y (TILE_Y + 2)
#define N_WIDE (WIDE_X * WIDE_Y * (TILE_Z + 2))
#define BEYOND UINT_MAX /* a voxel that does not exist */

static_assert (TILE_X * TILE_Y * TILE_Z == UT_BLOCK, "a thread for each voxel");

typedef struct Windows {
  UtCudaClasses classes[UT_CUDA_MAX_FUSED];
  bool of_logits[UT_CUDA_MAX_FUSED]; /* else the numbers are the volume */
  float *variance[UT_CUDA_MAX_FUSED];
  UtCudaOut out;
  UtCudaGrid grid, tiles; /* tiles: along z, y, x */
  unsigned n_inputs, n_classes, n;
  float eps;
} Windows;

/* number in the volume of place @i of the block's tile with its margin */
static __device__ inline unsigned
wide_voxel (const Windows &self, unsigned i)
{
  unsigned tile = blockIdx.x;
  unsigned x = tile % self.tiles.size[2] * TILE_X + i % WIDE_X - 1;
  unsigned y = tile / self.tiles.size[2] % self.tiles.size[1] * TILE_Y + i / WIDE_X % WIDE_Y - 1;
  unsigned z = tile / self.tiles.size[2] / self.tiles.size[1] * TILE_Z + i / WIDE_X / WIDE_Y - 1;
  if (z >= self.grid.size[0] || y >= self.grid.size[1] || x >= self.grid.size[2])
    return BEYOND; /* before 0 wraps around to far behind */
  return (z * self.grid.size[1] + y) * self.grid.size[2] + x;
}

/* probabilities of input @j at @voxel, all classes, into place @i of the tile */
static __device__ inline void
load_voxel (const Windows &self, unsigned j, unsigned voxel, float *tile, unsigned i)
{
  const UtCudaClasses &classes = self.classes[j];
  float best = -FLT_MAX, total = 0;
  for (unsigned c = 0; c < self.n_classes; c++) {
    float x =
      self.of_logits[j] ? logit (classes, c * self.n + voxel) : classes.logits[c * self.n + voxel];
    tile[c * N_WIDE + i] = x;
    best = fmaxf (best, x);
  }
  if (!self.of_logits[j])
    return;
  for (unsigned c = 0; c < self.n_classes; c++)
    total += tile[c * N_WIDE + i] = expf (tile[c * N_WIDE + i] - best);
  for (unsigned c = 0; c < self.n_classes; c++)
    tile[c * N_WIDE + i] /= total;
}

/* variance over the window around place @at of the tile; as in local-variance.cu */
static __device__ inline float
window_variance (const float *tile, const bool *there, unsigned at)
{
  float sum = 0, squares = 0, count = 0;
  for (unsigned k = 0; k < 27; k++) {
    unsigned i = at + (k / 9) * WIDE_X * WIDE_Y + (k / 3 % 3) * WIDE_X + k % 3 -
                 (WIDE_X * WIDE_Y + WIDE_X + 1);
    if (!there[i])
      continue;
    float d = tile[i] - tile[at];
    sum += d;
    squares += d * d;
    count++;
  }
  return fmaxf (squares / count - sum / count * (sum / count), 0);
}

/* a thread for each voxel of the tile; one input after the other */
static __global__ void
fuse_tile (Windows self)
{
  __shared__ float tile[MAX_CLASSES * N_WIDE];
  __shared__ bool there[N_WIDE];
  float sum[MAX_CLASSES] = {}, weights[MAX_CLASSES] = {}, total = 0;
  unsigned t = threadIdx.x;
  unsigned at =
    ((t / TILE_X / TILE_Y + 1) * WIDE_Y + t / TILE_X % TILE_Y + 1) * WIDE_X + t % TILE_X + 1;
  unsigned voxel = wide_voxel (self, at);
  for (unsigned j = 0; j < self.n_inputs; j++) {
    for (unsigned i = t; i < N_WIDE; i += UT_BLOCK) {
      unsigned from = wide_voxel (self, i);
      there[i] = from != BEYOND;
      if (there[i])
        load_voxel (self, j, from, tile, i);
    }
    __syncthreads ();
    for (unsigned c = 0; voxel != BEYOND && c < MAX_CLASSES; c++) {
      if (c >= self.n_classes)
        continue; /* so that the loop unrolls and the sums stay in registers */
      float variance = window_variance (tile + c * N_WIDE, there, at);
      float weight = 1 / (variance + self.eps);
      sum[c] += weight * tile[c * N_WIDE + at];
      weights[c] += weight;
      if (self.variance[j])
        self.variance[j][c * self.n + voxel] = variance;
    }
    __syncthreads (); /* before the next input is loaded there */
  }
  if (voxel == BEYOND)
    return;
  for (unsigned c = 0; c < MAX_CLASSES; c++)
    total += c < self.n_classes ? sum[c] / weights[c] : 0;
  for (unsigned c = 0; c < MAX_CLASSES; c++)
    if (c < self.n_classes)
      store (self.out, c * self.n + voxel, sum[c] / weights[c] / total);
}

static inline unsigned
tiles_along (gsize n, unsigned tile)
{
  return ((unsigned)n + tile - 1) / tile;
}

cudaError_t
ut_cuda_fuse_windows (const UtCudaWindows *self, cudaStream_t stream)
{
  const UtShape *shape = &self->fuse.out_shape;
  Windows windows = {};
  windows.n_inputs = self->n_inputs;
  for (unsigned j = 0; j < self->n_inputs; j++) {
    windows.classes[j] = classes_of (&self->input[j]);
    windows.of_logits[j] = self->input[j].node.op == UT_OP_CLASS_SOFTMAX;
    windows.variance[j] = self->variance[j];
  }
  windows.out = self->fuse.out;
  windows.grid = grid_of (shape->dim + 1);
  windows.tiles.size[0] = tiles_along (shape->dim[1], TILE_Z);
  windows.tiles.size[1] = tiles_along (shape->dim[2], TILE_Y);
  windows.tiles.size[2] = tiles_along (shape->dim[3], TILE_X);
  windows.n_classes = (unsigned)shape->dim[0];
  windows.n = count_of (shape) / windows.n_classes;
  windows.eps = self->fuse.node.eps;
  const unsigned *tiles = windows.tiles.size;
  return UT_LAUNCH_BLOCKS (fuse_tile, tiles[0] * tiles[1] * tiles[2], stream, windows);
}
