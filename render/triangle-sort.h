/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** UtTriangleSpan: triangles of one surface */
typedef struct UtTriangleSpan {
  const float *positions; /* [n_vertices][3] */
  gsize n_vertices;
  const guint32 *triangles; /* [n_triangles][3], each < n_vertices */
  gsize n_triangles;
  guint32 base;  /* added to each index on the way out */
  float bias_mm; /* how much farther from the eye than it is to be taken for */
} UtTriangleSpan;

/**
 * ut_triangle_sort:
 * @direction: unit vector from the eye into the picture
 * @ret_indices: (out): room for 3 indices per triangle of all spans
 *
 * Puts the triangles of all spans in one order, back to front, by their centre. Triangles
 * of equal depth (surfaces that share a border to the bit) stay in the order of their spans.
 *
 * A counting sort over 65536 depths, some micrometres each for a heart.
 * Cost: O(vertices + triangles); about a millisecond for 100 000 triangles.
 */
void ut_triangle_sort (const UtTriangleSpan *spans,
                       guint n_spans,
                       const float direction[3],
                       guint32 *ret_indices);
