/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/kernels.h"

static __global__ void
gate (cudaGraphConditionalHandle handle, const volatile guint32 *shut)
{
  cudaGraphSetConditional (handle, *shut == 0);
}

cudaError_t
ut_cuda_add_gate (cudaGraph_t graph,
                  const cudaGraphNode_t *after,
                  cudaGraphConditionalHandle handle,
                  const guint32 *shut,
                  cudaGraphNode_t *ret)
{
  void *arguments[] = {&handle, &shut};
  cudaKernelNodeParams node = {};
  node.func = (void *)gate;
  node.gridDim = dim3 (1);
  node.blockDim = dim3 (1);
  node.kernelParams = arguments;
  return cudaGraphAddKernelNode (ret, graph, after, after ? 1 : 0, &node);
}
