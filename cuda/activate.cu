/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

static __global__ void
activate_each (UtCudaOut out, const float *x, UtActivation activation, unsigned n)
{
  unsigned i = thread_number ();
  if (i < n)
    store (out, i, activate (activation, x[i]));
}

cudaError_t
ut_cuda_activate (const UtCudaOperands *self, cudaStream_t stream)
{
  unsigned n = count_of (&self->out_shape);
  return UT_LAUNCH (activate_each, n, stream, self->out, self->in[0], self->node.activation, n);
}
