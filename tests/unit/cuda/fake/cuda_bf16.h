/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>
#include <string.h>

typedef struct {
  uint16_t bits;
} __nv_bfloat16;

static inline __nv_bfloat16
__float2bfloat16 (float x)
{
  uint32_t bits;
  memcpy (&bits, &x, sizeof bits);
  __nv_bfloat16 half = {(uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
  return half;
}

static inline float
__bfloat162float (__nv_bfloat16 half)
{
  uint32_t bits = (uint32_t)half.bits << 16;
  float x;
  memcpy (&x, &bits, sizeof x);
  return x;
}
