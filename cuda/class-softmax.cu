/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

#include <cfloat>

typedef struct Classes {
  const float *logits, *prior;
  UtCudaOut out;
  unsigned n_classes, n; /* n: of each */
  float eps;             /* above 0: the prior holds probabilities, */
  float power;           /* whose logarithm counts so often */
} Classes;

static __device__ inline float
logit (const Classes &self, unsigned i)
{
  if (self.prior == NULL)
    return self.logits[i];
  return self.logits[i] +
         (self.eps > 0 ? self.power * logf (self.prior[i] + self.eps) : self.prior[i]);
}

/* a thread for each voxel */
static __global__ void
softmax_voxel (Classes self)
{
  unsigned i = thread_number ();
  float best = -FLT_MAX, total = 0;
  if (i >= self.n)
    return;
  for (unsigned c = 0; c < self.n_classes; c++)
    best = fmaxf (best, logit (self, c * self.n + i));
  for (unsigned c = 0; c < self.n_classes; c++)
    total += expf (logit (self, c * self.n + i) - best);
  for (unsigned c = 0; c < self.n_classes; c++)
    store (self.out, c * self.n + i, expf (logit (self, c * self.n + i) - best) / total);
}

cudaError_t
ut_cuda_class_softmax (const UtCudaOperands *self, cudaStream_t stream)
{
  Classes classes = {};
  classes.logits = self->in[0];
  classes.prior = self->in[1];
  classes.out = self->out;
  classes.n_classes = (unsigned)self->out_shape.dim[0];
  classes.n = count_of (&self->out_shape) / classes.n_classes;
  classes.eps = self->node.eps;
  classes.power = self->node.squared ? 2 : 1;
  return UT_LAUNCH (softmax_voxel, classes.n, stream, classes);
}
