/* SPDX-License-Identifier: Apache-2.0 */
#include "render/triangle-sort.h"

#include <math.h>

#define N_DEPTHS     65536
#define VERTEX_DEPTH ((N_DEPTHS - 1) / 3) /* three corners add up to a triangle's depth */

static float
depth (const UtTriangleSpan *span, gsize vertex, const float d[3])
{
  const float *p = span->positions + 3 * vertex;
  return d[0] * p[0] + d[1] * p[1] + d[2] * p[2] + span->bias_mm;
}

/* 0 is farthest. The same point gives the same number whichever surface it belongs to. */
static guint16 *
vertex_keys (const UtTriangleSpan *spans, guint n_spans, gsize n_vertices, const float d[3])
{
  float near = INFINITY, far = -INFINITY;
  for (guint s = 0; s < n_spans; s++)
    for (gsize v = 0; v < spans[s].n_vertices; v++) {
      float z = depth (&spans[s], v, d);
      near = MIN (near, z);
      far = MAX (far, z);
    }

  guint16 *keys = g_new (guint16, n_vertices + 1), *key = keys;
  float scale = far > near ? VERTEX_DEPTH / (far - near) : 0;
  for (guint s = 0; s < n_spans; s++)
    for (gsize v = 0; v < spans[s].n_vertices; v++)
      *key++ = (guint16)(scale * (far - depth (&spans[s], v, d)));
  return keys;
}

static guint
triangle_key (const guint16 *keys, const guint32 *corners)
{
  return keys[corners[0]] + keys[corners[1]] + keys[corners[2]];
}

void
ut_triangle_sort (const UtTriangleSpan *spans,
                  guint n_spans,
                  const float direction[3],
                  guint32 *ret_indices)
{
  gsize n_vertices = 0;
  for (guint s = 0; s < n_spans; s++)
    n_vertices += spans[s].n_vertices;
  g_autofree guint16 *keys = vertex_keys (spans, n_spans, n_vertices, direction);
  g_autofree guint32 *starts = g_new0 (guint32, N_DEPTHS + 1);

  const guint16 *span_keys = keys;
  for (guint s = 0; s < n_spans; span_keys += spans[s].n_vertices, s++)
    for (gsize t = 0; t < spans[s].n_triangles; t++)
      starts[triangle_key (span_keys, spans[s].triangles + 3 * t) + 1]++;
  for (guint k = 0; k < N_DEPTHS; k++)
    starts[k + 1] += starts[k];

  span_keys = keys;
  for (guint s = 0; s < n_spans; span_keys += spans[s].n_vertices, s++)
    for (gsize t = 0; t < spans[s].n_triangles; t++) {
      const guint32 *corners = spans[s].triangles + 3 * t;
      guint32 *to = ret_indices + 3 * starts[triangle_key (span_keys, corners)]++;
      for (int i = 0; i < 3; i++)
        to[i] = corners[i] + spans[s].base;
    }
}
