/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/patch.cuh"

/* rows are ordered (class, voxel) */
static __global__ void
patchify_each (UtCudaOut out, const float *x, UtCudaPatches cut)
{
  unsigned i = thread_number (), width = cut.n_classes * cut.n_inside, at = i % width;
  if (i < cut.n)
    store (out, i, x[patch_voxel (cut, i / width, at % cut.n_inside, at / cut.n_inside)]);
}

cudaError_t
ut_cuda_patchify (const UtCudaOperands *self, cudaStream_t stream)
{
  UtCudaPatches cut = patches_of (&self->in_shape[0], self->node.patch);
  return UT_LAUNCH (patchify_each, cut.n, stream, self->out, self->in[0], cut);
}
