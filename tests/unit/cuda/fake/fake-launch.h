/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/**
 * Kernels on the host. Threads of UT_LAUNCH run one after the other; those of UT_LAUNCH_BLOCKS are
 * fibers that run from barrier to barrier.
 */

#include <functional>
#include <math.h>

#define __global__
#define __device__
#define __shared__ static /* blocks run one after the other */

struct FakeIndex {
  unsigned x;
};
extern FakeIndex threadIdx, blockIdx;

void __syncthreads ();
float __shfl_xor_sync (unsigned mask, float x, int step);

/** Has @work done on @stream: when somebody waits for it, or when the graph that is being captured
 * runs. */
cudaError_t fake_enqueue (cudaStream_t stream, std::function<void ()> work);

/** @kernel once for each thread; a launch without blocks is refused, as the device does. */
cudaError_t fake_run (unsigned n_blocks, const std::function<void ()> &kernel);
cudaError_t fake_run_fibers (unsigned n_blocks, const std::function<void ()> &kernel);

#define UT_LAUNCH(kernel, n, stream, ...)                                                          \
  fake_launch (stream, ((n) + UT_BLOCK - 1) / UT_BLOCK, fake_run, kernel, __VA_ARGS__)
#define UT_LAUNCH_BLOCKS(kernel, n_blocks, stream, ...)                                            \
  fake_launch (stream, n_blocks, fake_run_fibers, kernel, __VA_ARGS__)

template <typename Run, typename Kernel, typename... Args>
cudaError_t
fake_launch (cudaStream_t stream, unsigned n_blocks, Run run, Kernel kernel, Args... args)
{
  if (n_blocks == 0)
    return cudaErrorInvalidValue;
  return fake_enqueue (stream, [=] { run (n_blocks, [=] { kernel (args...); }); });
}
