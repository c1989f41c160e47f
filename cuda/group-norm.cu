/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

typedef struct Group {
  const float *x, *weight, *bias, *residual;
  UtCudaOut out;
  unsigned size, n_positions; /* of all channels of a group, of one */
  float eps;
  UtActivation activation;
} Group;

/* a block for each group */
static __global__ void
norm_group (Group self)
{
  unsigned first = blockIdx.x * self.size;
  float sum = 0, squares = 0;
  for (unsigned i = threadIdx.x; i < self.size; i += UT_BLOCK)
    sum += self.x[first + i];
  float mean = over_block<plus> (sum) / self.size;
  for (unsigned i = threadIdx.x; i < self.size; i += UT_BLOCK)
    squares += (self.x[first + i] - mean) * (self.x[first + i] - mean);
  float inverse = 1 / sqrtf (over_block<plus> (squares) / self.size + self.eps);
  for (unsigned i = first + threadIdx.x; i < first + self.size; i += UT_BLOCK) {
    unsigned c = i / self.n_positions;
    float y = (self.x[i] - mean) * inverse * self.weight[c] + self.bias[c];
    store (self.out, i, activate (self.activation, y) + (self.residual ? self.residual[i] : 0));
  }
}

cudaError_t
ut_cuda_group_norm (const UtCudaOperands *self, cudaStream_t stream)
{
  unsigned groups = (unsigned)self->node.groups;
  Group group = {};
  group.x = self->in[0];
  group.weight = self->in[1];
  group.bias = self->in[2];
  group.residual = self->in[3];
  group.out = self->out;
  group.size = count_of (&self->out_shape) / groups;
  group.n_positions = (unsigned)self->out_shape.dim[1];
  group.eps = self->node.eps;
  group.activation = self->node.activation;
  return UT_LAUNCH_BLOCKS (norm_group, groups, stream, group);
}
