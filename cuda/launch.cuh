/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cuda/kernels.h"

#include <cuda_bf16.h>

/**
 * What all kernels share: how they are launched, stored results, activations, sums over a block.
 *
 * UT_LAUNCH starts as many threads as there are numbers, each on its own; UT_LAUNCH_BLOCKS starts
 * blocks of UT_BLOCK threads that meet at barriers. Both give a cudaError_t.
 */
#define UT_BLOCK 256

#ifndef UT_LAUNCH /* tests run the kernels on the host */
#define UT_LAUNCH(kernel, n, stream, ...)                                                          \
  (kernel<<<((n) + UT_BLOCK - 1) / UT_BLOCK, UT_BLOCK, 0, (stream)>>> (__VA_ARGS__),               \
   cudaGetLastError ())
#define UT_LAUNCH_BLOCKS(kernel, n_blocks, stream, ...)                                            \
  (kernel<<<(n_blocks), UT_BLOCK, 0, (stream)>>> (__VA_ARGS__), cudaGetLastError ())
#endif

/* number of this thread among all of UT_LAUNCH */
static __device__ inline unsigned
thread_number ()
{
  return blockIdx.x * UT_BLOCK + threadIdx.x;
}

static __device__ inline void
store (UtCudaOut out, unsigned i, float x)
{
  if (out.half)
    ((__nv_bfloat16 *)out.half)[i] = __float2bfloat16 (x);
  else
    out.single[i] = x;
}

static __device__ inline float
activate (UtActivation activation, float x)
{
  switch (activation) {
  case UT_ACTIVATION_RELU:
    return fmaxf (x, 0);
  case UT_ACTIVATION_GELU:
    return 0.5f * x * (1 + erff (x * 0.70710678f));
  case UT_ACTIVATION_SILU:
    return x / (1 + expf (-x));
  case UT_ACTIVATION_LEAKY_RELU:
    return x < 0 ? UT_LEAKY_SLOPE * x : x;
  case UT_ACTIVATION_TANH:
    return tanhf (x);
  default:
    return x;
  }
}

typedef float (*UtCombineFunc) (float a, float b);

static __device__ inline float
plus (float a, float b)
{
  return a + b;
}

static __device__ inline float
larger (float a, float b)
{
  return fmaxf (a, b);
}

/* @x of all threads of the block joined by @join; every thread gets it. All have to call it. */
template <UtCombineFunc join>
static __device__ inline float
over_block (float x)
{
  __shared__ float warps[UT_BLOCK / 32];
  for (int step = 16; step > 0; step /= 2)
    x = join (x, __shfl_xor_sync (0xffffffffu, x, step));
  if (threadIdx.x % 32 == 0)
    warps[threadIdx.x / 32] = x;
  __syncthreads ();
  x = warps[0];
  for (int i = 1; i < UT_BLOCK / 32; i++)
    x = join (x, warps[i]);
  __syncthreads (); /* before the next call writes there */
  return x;
}

static inline unsigned
count_of (const UtShape *shape)
{
  return (unsigned)ut_shape_count (shape);
}
