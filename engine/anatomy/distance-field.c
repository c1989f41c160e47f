/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/distance-field.h"

#include <math.h>
#include <string.h>

static void
lower (guint8 *best, const guint8 *other, int square, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    guint8 candidate = (guint8)(other[i] + square);
    best[i] = candidate < best[i] ? candidate : best[i];
  }
}

/* one axis whose neighbours are stride apart; lines of n voxels follow each other */
static void
lower_along (const guint8 *src, guint8 *dst, gsize n_blocks, gsize n_lines, gsize n, int reach)
{
  for (gsize block = 0; block < n_blocks; block++) {
    const guint8 *from = src + block * n_lines * n;
    for (gsize line = 0; line < n_lines; line++) {
      guint8 *best = dst + (block * n_lines + line) * n;
      memcpy (best, from + line * n, n);
      for (int k = 1; k <= reach; k++) {
        if (line >= (gsize)k)
          lower (best, from + (line - (gsize)k) * n, k * k, n);
        if (line + (gsize)k < n_lines)
          lower (best, from + (line + (gsize)k) * n, k * k, n);
      }
    }
  }
}

static void
lower_along_x (guint8 *data, gsize n_lines, gsize n, int reach, int cap, guint8 *padded)
{
  memset (padded, cap, n + 2 * (gsize)reach);
  for (gsize line = 0; line < n_lines; line++) {
    guint8 *best = data + line * n, *middle = padded + reach;
    memcpy (middle, best, n);
    for (int k = 1; k <= reach; k++) {
      lower (best, middle - k, k * k, n);
      lower (best, middle + k, k * k, n);
    }
  }
}

/* squared distance to the nearest voxel where (inside != 0) == wanted */
static void
squared (
  const guint8 *inside, gboolean wanted, const gsize dims[3], int reach, guint8 *ret, guint8 *work)
{
  gsize n = dims[0] * dims[1] * dims[2];
  int cap = (reach + 1) * (reach + 1);
  for (gsize i = 0; i < n; i++)
    work[i] = (inside[i] != 0) == wanted ? 0 : (guint8)cap;
  g_autofree guint8 *padded = g_malloc (dims[0] + 2 * (gsize)reach);
  lower_along_x (work, dims[1] * dims[2], dims[0], reach, cap, padded);
  lower_along (work, ret, dims[2], dims[1], dims[0], reach);
  lower_along (ret, work, 1, dims[2], dims[0] * dims[1], reach);
  for (gsize i = 0; i < n; i++)
    ret[i] = MIN (work[i], (guint8)cap);
}

/* [1 2 1] / 4 across lines that are n apart */
static void
smooth_across (float *data, gsize n_blocks, gsize n_lines, gsize n, float *before)
{
  for (gsize block = 0; block < n_blocks; block++) {
    float *line = data + block * n_lines * n;
    memcpy (before, line, n * sizeof (float));
    for (gsize l = 0; l < n_lines; l++, line += n) {
      const float *next = l + 1 < n_lines ? line + n : line;
      for (gsize i = 0; i < n; i++) {
        float here = line[i];
        line[i] = 0.25f * before[i] + 0.5f * here + 0.25f * next[i];
        before[i] = here;
      }
    }
  }
}

static void
smooth_x (float *data, gsize n_lines, gsize n, float *copy)
{
  for (gsize l = 0; l < n_lines; l++) {
    float *line = data + l * n;
    memcpy (copy + 1, line, n * sizeof (float));
    copy[0] = line[0];
    copy[n + 1] = line[n - 1];
    for (gsize i = 0; i < n; i++)
      line[i] = 0.25f * copy[i] + 0.5f * copy[i + 1] + 0.25f * copy[i + 2];
  }
}

void
ut_distance_field (const guint8 *inside, const gsize dims[3], int reach, float *ret)
{
  g_return_if_fail (reach >= 1 && reach <= 10);
  gsize n = dims[0] * dims[1] * dims[2], slice = dims[0] * dims[1];
  g_autofree guint8 *work = g_malloc (n), *to_inside = g_malloc (n), *to_outside = g_malloc (n);
  squared (inside, TRUE, dims, reach, to_inside, work);
  squared (inside, FALSE, dims, reach, to_outside, work);

  float root[128];
  for (int i = 0; i < 128; i++)
    root[i] = sqrtf ((float)i) - 0.5f;
  for (gsize i = 0; i < n; i++)
    ret[i] = inside[i] ? -root[to_outside[i]] : root[to_inside[i]];

  g_autofree float *line = g_new (float, MAX (slice, dims[0] + 2));
  for (int pass = 0; pass < 2; pass++) {
    smooth_x (ret, dims[1] * dims[2], dims[0], line);
    smooth_across (ret, dims[2], dims[1], dims[0], line);
    smooth_across (ret, 1, dims[2], slice, line);
  }
}
