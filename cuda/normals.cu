/* SPDX-License-Identifier: Apache-2.0 */
#include "cuda/launch.cuh"

#include <stdint.h>

/* As ut_philox_normals() in engine/base/random.c: the same words, and doubles between them and the
 * floats, so that a seed means the same start on every device. */

static __device__ inline void
multiply (uint32_t a, uint32_t b, uint32_t *ret_high, uint32_t *ret_low)
{
  uint64_t product = (uint64_t)a * b;
  *ret_high = (uint32_t)(product >> 32);
  *ret_low = (uint32_t)product;
}

static __device__ inline void
philox (uint32_t counter[4], uint32_t key0, uint32_t key1)
{
  for (int round = 0; round < 10; round++) {
    uint32_t high0, low0, high1, low1;
    multiply (0xD2511F53u, counter[0], &high0, &low0);
    multiply (0xCD9E8D57u, counter[2], &high1, &low1);
    counter[0] = high1 ^ counter[1] ^ key0;
    counter[1] = low1;
    counter[2] = high0 ^ counter[3] ^ key1;
    counter[3] = low0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

static __device__ inline uint32_t
join_halves (const float *halves)
{
  return (uint32_t)halves[0] | (uint32_t)halves[1] << 16;
}

static __device__ inline double
unit (uint32_t word)
{
  return (word + 0.5) / 4294967296.0;
}

/* A thread makes the four numbers of a counter. */
static __global__ void
normals_each (UtCudaOut out, const float *packed, unsigned n)
{
  unsigned block = thread_number ();
  if (block >= (n + 3) / 4)
    return;
  uint32_t words[4] = {block, 0, join_halves (packed + 4), 0};
  philox (words, join_halves (packed), join_halves (packed + 2));
  for (unsigned i = 0; i < 4 && 4 * block + i < n; i++) {
    double radius = sqrt (-2 * log (unit (words[i / 2 * 2])));
    double angle = 2 * 3.141592653589793 * unit (words[i / 2 * 2 + 1]);
    store (out, 4 * block + i, (float)(radius * (i % 2 ? sin (angle) : cos (angle))));
  }
}

cudaError_t
ut_cuda_normals (const UtCudaOperands *self, cudaStream_t stream)
{
  unsigned n = count_of (&self->out_shape);
  return UT_LAUNCH (normals_each, (n + 3) / 4, stream, self->out, self->in[0], n);
}
