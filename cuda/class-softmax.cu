/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/classes.cuh"

#include <cfloat>

/* a thread for each voxel */
static __global__ void
softmax_voxel (UtCudaOut out, UtCudaClasses self)
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
    store (out, c * self.n + i, expf (logit (self, c * self.n + i) - best) / total);
}

cudaError_t
ut_cuda_class_softmax (const UtCudaOperands *self, cudaStream_t stream)
{
  const UtCudaClasses classes = classes_of (self);
  return UT_LAUNCH (softmax_voxel, classes.n, stream, self->out, classes);
}
