/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/**
 * As much of CUDA's runtime as cuda/ uses, on the host: device memory is host memory, a stream does
 * its work at once, a captured graph keeps it. In C++, kernels too: see fake-launch.h.
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

struct cudaDeviceProp {
  char name[256];
  size_t totalGlobalMem;
  int major, minor;
};

enum cudaMemcpyKind { cudaMemcpyHostToDevice, cudaMemcpyDeviceToHost };
enum { cudaStreamNonBlocking = 1, cudaStreamCaptureModeThreadLocal = 1 };

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
cudaError_t cudaMemcpy (void *dst, const void *src, size_t size, enum cudaMemcpyKind kind);
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
cudaError_t cudaGraphDestroy (cudaGraph_t graph);
cudaError_t cudaGraphExecDestroy (cudaGraphExec_t graph);
cudaError_t cudaGraphLaunch (cudaGraphExec_t graph, cudaStream_t stream);

/** FakeCuda: what the machine is like, and what was seen; tests set and read it (fake_cuda). */
typedef struct FakeCuda {
  int driver; /* version; 0: none */
  int n_devices, compute;
  size_t total, used; /* bytes of memory */
  int may_capture;    /* FALSE: captures fail */
  int fails_at;       /* launches until the device is lost; 0: never */
  int n_launches, n_graph_launches;
  int n_allocations; /* that are there now */
} FakeCuda;

extern FakeCuda fake_cuda;

#ifdef __cplusplus
}
#include "fake-launch.h"
#endif
