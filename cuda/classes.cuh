/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cuda/launch.cuh"

/** UtCudaClasses: logits of @n_classes volumes of @n numbers, and what joins them. */
typedef struct UtCudaClasses {
  const float *logits, *prior;
  unsigned n_classes, n;
  float eps;   /* above 0: the prior holds probabilities, */
  float power; /* whose logarithm counts so often */
} UtCudaClasses;

static inline UtCudaClasses
classes_of (const UtCudaOperands *self)
{
  UtCudaClasses classes = {};
  classes.logits = self->in[0];
  classes.prior = self->in[1];
  classes.n_classes = (unsigned)self->out_shape.dim[0];
  classes.n = count_of (&self->out_shape) / classes.n_classes;
  classes.eps = self->node.eps;
  classes.power = self->node.squared ? 2 : 1;
  return classes;
}

static __device__ inline float
logit (const UtCudaClasses &self, unsigned i)
{
  if (self.prior == NULL)
    return self.logits[i];
  return self.logits[i] +
         (self.eps > 0 ? self.power * logf (self.prior[i] + self.eps) : self.prior[i]);
}
