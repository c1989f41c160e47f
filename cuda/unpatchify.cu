/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/patch.cuh"

/* rows are ordered (voxel, class) */
static __global__ void
unpatchify_each (UtCudaOut out, const float *x, UtCudaPatches cut)
{
  unsigned i = thread_number (), width = cut.n_classes * cut.n_inside, at = i % width;
  if (i < cut.n)
    store (out, patch_voxel (cut, i / width, at / cut.n_classes, at % cut.n_classes), x[i]);
}

cudaError_t
ut_cuda_unpatchify (const UtCudaOperands *self, cudaStream_t stream)
{
  UtCudaPatches cut = patches_of (&self->out_shape, self->node.patch);
  return UT_LAUNCH (unpatchify_each, cut.n, stream, self->out, self->in[0], cut);
}
