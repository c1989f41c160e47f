/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/**
 * As much of CUDA's runtime as cuda/ uses, on the host: device memory is host memory, a stream does
 * its work as late as it may, a captured graph keeps it. In C++, kernels too: see fake-launch.h.
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CUDART_VERSION 13000

typedef enum {
  cudaSuccess,
  cudaErrorInvalidValue,
  cudaErrorMemoryAllocation,
  cudaErrorNoDevice,
  cudaErrorDevicesUnavailable,
  cudaErrorStreamCaptureInvalidated,
} cudaError_t;

typedef struct FakeStream *cudaStream_t;
typedef struct FakeGraph *cudaGraph_t, *cudaGraphExec_t;
typedef struct FakeNode *cudaGraphNode_t;
typedef struct FakeCondition *cudaGraphConditionalHandle;
typedef struct FakeEdge cudaGraphEdgeData;

typedef struct dim3 {
  unsigned x;
#ifdef __cplusplus
  dim3 (unsigned n = 1) : x (n)
  {
  }
#endif
} dim3;

typedef struct cudaKernelNodeParams {
  void *func;
  dim3 gridDim, blockDim;
  void **kernelParams;
} cudaKernelNodeParams;

enum cudaGraphNodeType { cudaGraphNodeTypeConditional = 13 };
enum cudaGraphConditionalNodeType { cudaGraphCondTypeIf };

struct cudaGraphNodeParams {
  enum cudaGraphNodeType type;
  struct {
    cudaGraphConditionalHandle handle;
    enum cudaGraphConditionalNodeType type;
    unsigned size;
    cudaGraph_t *phGraph_out;
  } conditional;
};

struct cudaDeviceProp {
  char name[256];
  size_t totalGlobalMem;
  int major, minor;
};

enum cudaMemcpyKind { cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost };
enum { cudaStreamNonBlocking = 1, cudaStreamCaptureModeThreadLocal = 1, cudaHostAllocMapped = 2 };

typedef enum { CUDA_R_32F, CUDA_R_16BF } cudaDataType_t;

const char *cudaGetErrorString (cudaError_t error);
cudaError_t cudaGetLastError (void);
cudaError_t cudaDriverGetVersion (int *ret);
cudaError_t cudaGetDeviceCount (int *ret);
cudaError_t cudaGetDeviceProperties (struct cudaDeviceProp *ret, int device);
cudaError_t cudaSetDevice (int device);
cudaError_t cudaMemGetInfo (size_t *ret_free, size_t *ret_total);
cudaError_t cudaMalloc (void **ret, size_t size);
cudaError_t cudaFree (void *memory);
cudaError_t cudaMemcpyAsync (
  void *dst, const void *src, size_t size, enum cudaMemcpyKind kind, cudaStream_t stream);
cudaError_t cudaMemsetAsync (void *memory, int value, size_t size, cudaStream_t stream);
cudaError_t cudaStreamCreateWithFlags (cudaStream_t *ret, unsigned flags);
cudaError_t cudaStreamDestroy (cudaStream_t stream);
cudaError_t cudaStreamSynchronize (cudaStream_t stream);
cudaError_t cudaStreamBeginCapture (cudaStream_t stream, int mode);
cudaError_t cudaStreamEndCapture (cudaStream_t stream, cudaGraph_t *ret);
cudaError_t
cudaGraphInstantiate (cudaGraphExec_t *ret, cudaGraph_t graph, unsigned long long flags);
cudaError_t cudaHostAlloc (void **ret, size_t size, unsigned flags);
cudaError_t cudaFreeHost (void *memory);
cudaError_t cudaGraphCreate (cudaGraph_t *ret, unsigned flags);
cudaError_t cudaGraphAddMemcpyNode1D (cudaGraphNode_t *ret,
                                      cudaGraph_t graph,
                                      const cudaGraphNode_t *after,
                                      size_t n_after,
                                      void *dst,
                                      const void *src,
                                      size_t size,
                                      enum cudaMemcpyKind kind);
cudaError_t cudaGraphAddChildGraphNode (cudaGraphNode_t *ret,
                                        cudaGraph_t graph,
                                        const cudaGraphNode_t *after,
                                        size_t n_after,
                                        cudaGraph_t child);
/* a kernel of one thread with two words to read: the gate */
cudaError_t cudaGraphAddKernelNode (cudaGraphNode_t *ret,
                                    cudaGraph_t graph,
                                    const cudaGraphNode_t *after,
                                    size_t n_after,
                                    const cudaKernelNodeParams *params);
cudaError_t cudaGraphConditionalHandleCreate (cudaGraphConditionalHandle *ret,
                                              cudaGraph_t graph,
                                              unsigned at_launch,
                                              unsigned flags);
void cudaGraphSetConditional (cudaGraphConditionalHandle handle, unsigned value);
cudaError_t cudaGraphAddNode (cudaGraphNode_t *ret,
                              cudaGraph_t graph,
                              const cudaGraphNode_t *after,
                              const cudaGraphEdgeData *edges,
                              size_t n_after,
                              struct cudaGraphNodeParams *params);
cudaError_t cudaGraphDestroy (cudaGraph_t graph);
cudaError_t cudaGraphExecDestroy (cudaGraphExec_t graph);
cudaError_t cudaGraphLaunch (cudaGraphExec_t graph, cudaStream_t stream);

/** FakeCuda: what the machine is like, and what was seen; tests set and read it (fake_cuda). */
typedef struct FakeCuda {
  int driver; /* version; 0: none */
  int n_devices, compute;
  size_t total, used; /* bytes of memory */
  int may_capture;    /* FALSE: captures fail */
  int may_branch;     /* FALSE: graphs have no conditions */
  int fails_at;       /* launches until the device is lost; 0: never */
  int n_launches, n_graph_launches;
  int n_allocations;           /* that are there now */
  void (*after_branch) (void); /* called behind each condition of a graph */
} FakeCuda;

extern FakeCuda fake_cuda;

#ifdef __cplusplus
}
#include "fake-launch.h"
#endif
