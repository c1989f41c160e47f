/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cuda/launch.cuh"

/* number @i of a map [outer, inner, n_channels], in C order [outer, n_channels, inner] */
static __device__ inline unsigned
c_order_of (unsigned i, unsigned n_channels, unsigned inner)
{
  unsigned c = i % n_channels, place = i / n_channels % inner, outer = i / n_channels / inner;
  return (outer * n_channels + c) * inner + place;
}
