/* SPDX-License-Identifier: Apache-2.0 */
/* Loops of the cpu backend over volumes: they interpolate, average and fuse. */
#include "engine/nn/cpu-loops.h"

#include <string.h>

#define TILE 256

/* The two voxels along an axis that a place lies between, and the share of the second. */
typedef struct Tap {
  gsize low, high;
  float part;
} Tap;

static Tap
tap_at (float place, gsize n)
{
  float p = place > 0 ? MIN (place, (float)(n - 1)) : 0; /* NaN goes to 0 */
  gsize low = MIN ((gsize)p, n - 1); /* of a huge axis n - 1 may be rounded up */
  return (Tap){low, MIN (low + 1, n - 1), p - (float)low};
}

/* point @i of a grid of @n_grid over an axis of @n voxels */
static Tap
grid_tap (gsize i, gsize n_grid, gsize n)
{
  if (n_grid < 2)
    return (Tap){0, 0, 0};
  gsize low = i * (n - 1) / (n_grid - 1);
  return (Tap){
    low, MIN (low + 1, n - 1), (float)(i * (n - 1) % (n_grid - 1)) / (float)(n_grid - 1)};
}

static void
blend (const float *restrict a, const float *restrict b, float part, gsize n, float *restrict ret)
{
  for (gsize i = 0; i < n; i++)
    ret[i] = a[i] + part * (b[i] - a[i]);
}

/* One volume, an axis at a time; @wide [Z,Y,size x] and @plane [Y,size x] are scratch. */
static void
upsample_volume (
  const float *x, const gsize *dim, const gsize *size, float *wide, float *plane, float *out)
{
  gsize width = size[2], n_plane = dim[1] * width;
  for (gsize j = 0; j < width; j++) {
    Tap tap = grid_tap (j, width, dim[2]);
    for (gsize i = 0; i < dim[0] * dim[1]; i++) {
      const float *line = x + i * dim[2];
      wide[i * width + j] = line[tap.low] + tap.part * (line[tap.high] - line[tap.low]);
    }
  }
  for (gsize z = 0; z < size[0]; z++) {
    Tap tap = grid_tap (z, size[0], dim[0]);
    blend (wide + tap.low * n_plane, wide + tap.high * n_plane, tap.part, n_plane, plane);
    for (gsize y = 0; y < size[1]; y++, out += width) {
      tap = grid_tap (y, size[1], dim[1]);
      blend (plane + tap.low * width, plane + tap.high * width, tap.part, width, out);
    }
  }
}

void
ut_cpu_upsample (const UtOperands *self)
{
  const UtShape *x = &self->in_shape[0];
  const gsize *dim = x->dim + x->n_dims - 3, *size = self->node->size;
  gsize n_in = dim[0] * dim[1] * dim[2], n = size[0] * size[1] * size[2];
  gsize n_volumes = ut_shape_product (x, 0, x->n_dims - 3);
#pragma omp parallel for
  for (gsize i = 0; i < n_volumes; i++) {
    gsize n_wide = dim[0] * dim[1] * size[2];
    g_autofree float *scratch = g_new (float, n_wide + dim[1] * size[2]);
    upsample_volume (
      self->in[0] + i * n_in, dim, size, scratch, scratch + n_wide, self->out + i * n);
  }
}

/* row += the map [Z,Y,X,C] at a point */
static void
add_sample (const float *restrict map,
            const gsize *dim,
            const float point[3],
            gsize n_channels,
            float *restrict row)
{
  Tap tap[3];
  for (int i = 0; i < 3; i++)
    tap[i] = tap_at ((point[2 - i] + 1) * 0.5f * (float)(dim[i] - 1), dim[i]);
  const float *corner[8];
  float weight[8];
  for (int k = 0; k < 8; k++) {
    gsize z = k & 4 ? tap[0].high : tap[0].low, y = k & 2 ? tap[1].high : tap[1].low;
    gsize x = k & 1 ? tap[2].high : tap[2].low;
    corner[k] = map + ((z * dim[1] + y) * dim[2] + x) * n_channels;
    weight[k] = (k & 4 ? tap[0].part : 1 - tap[0].part) * (k & 2 ? tap[1].part : 1 - tap[1].part) *
                (k & 1 ? tap[2].part : 1 - tap[2].part);
  }
  for (gsize c = 0; c < n_channels; c++)
    row[c] += weight[0] * corner[0][c] + weight[1] * corner[1][c] + weight[2] * corner[2][c] +
              weight[3] * corner[3][c] + weight[4] * corner[4][c] + weight[5] * corner[5][c] +
              weight[6] * corner[6][c] + weight[7] * corner[7][c];
}

/* rows += the map [Z,Y,X,C] along a line of the grid; @line [X,C] is scratch */
static void
add_grid_line (const float *restrict map,
               const gsize *dim,
               const gsize *size,
               gsize at,
               gsize n_channels,
               float *restrict line,
               float *restrict rows)
{
  Tap z = grid_tap (at / size[1], size[0], dim[0]), y = grid_tap (at % size[1], size[1], dim[1]);
  gsize n = dim[2] * n_channels;
  const float *a = map + (z.low * dim[1] + y.low) * n, *b = map + (z.low * dim[1] + y.high) * n;
  const float *c = map + (z.high * dim[1] + y.low) * n, *d = map + (z.high * dim[1] + y.high) * n;
  for (gsize i = 0; i < n; i++) {
    float low = a[i] + y.part * (b[i] - a[i]), high = c[i] + y.part * (d[i] - c[i]);
    line[i] = low + z.part * (high - low);
  }
  for (gsize i = 0; i < size[2]; i++) {
    Tap x = grid_tap (i, size[2], dim[2]);
    const float *from = line + x.low * n_channels, *to = line + x.high * n_channels;
    float *row = rows + i * n_channels;
    for (gsize j = 0; j < n_channels; j++)
      row[j] += from[j] + x.part * (to[j] - from[j]);
  }
}

/* Points are done in runs, whose rows stay in the cache from the first map to the activation:
 * lines of a grid, or TILE points. Unlike other operands maps are [Z,Y,X,C] here. */
void
ut_cpu_sample (const UtOperands *self)
{
  const float *points = self->in[1], *residual = self->in[2];
  gsize n_points = self->out_shape.dim[0], n_channels = self->out_shape.dim[1], widest = 0;
  gsize length = points ? TILE : self->node->size[2];
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++)
    if (self->in[i] && i != 1 && i != 2)
      widest = MAX (widest, self->in_shape[i].dim[self->in_shape[i].n_dims - 1]);
#pragma omp parallel
  {
    g_autofree float *line = g_new (float, widest *n_channels);
#pragma omp for
    for (gsize begin = 0; begin < n_points; begin += length) {
      gsize n = MIN (length, n_points - begin);
      float *rows = self->out + begin * n_channels;
      if (residual)
        memcpy (rows, residual + begin * n_channels, n * n_channels * sizeof (float));
      else
        memset (rows, 0, n * n_channels * sizeof (float));
      for (int i = 0; i < UT_NODE_MAX_INPUTS; i++) {
        const gsize *dim = self->in_shape[i].dim + self->in_shape[i].n_dims - 3;
        if (self->in[i] == NULL || i == 1 || i == 2)
          continue;
        if (points == NULL)
          add_grid_line (
            self->in[i], dim, self->node->size, begin / length, n_channels, line, rows);
        for (gsize p = 0; points && p < n; p++)
          add_sample (
            self->in[i], dim, points + 3 * (begin + p), n_channels, rows + p * n_channels);
      }
      ut_cpu_activate_row (self->node->activation, rows, n * n_channels);
    }
  }
}

/* voxels along an axis of @n that the window at @i meets */
static gsize
window_count (gsize i, gsize n)
{
  return (i > 0) + 1 + (i + 1 < n);
}

/* Scratch of ut_cpu_local_variance(). Lines have a 0 at either end, and @zeros stands for what
 * is outside. */
typedef struct Window {
  float *sum, *squares; /* [Y,X + 2], of three planes */
  float *line;          /* [2,X + 2], of three lines of both */
  float *factor;        /* [X], 1 / voxels in the window */
  float *zeros;         /* [X + 2] */
  float *memory;
} Window;

static Window
window_new (const gsize *dim)
{
  gsize width = dim[2] + 2, n_plane = dim[1] * width;
  float *memory = g_new0 (float, 2 * n_plane + 4 * width);
  return (Window){memory,
                  memory + n_plane,
                  memory + 2 * n_plane,
                  memory + 2 * n_plane + 2 * width,
                  memory + 2 * n_plane + 3 * width,
                  memory};
}

/* sums of x and of x^2 over the planes @z - 1 to @z + 1 */
static void
sum_planes (const Window *window, const float *x, const gsize *dim, gsize z)
{
  gsize n_plane = dim[1] * dim[2];
  for (gsize y = 0; y < dim[1]; y++) {
    const float *restrict b = x + z * n_plane + y * dim[2];
    const float *restrict a = z ? b - n_plane : window->zeros;
    const float *restrict c = z + 1 < dim[0] ? b + n_plane : window->zeros;
    float *restrict s = window->sum + y * (dim[2] + 2) + 1;
    float *restrict q = window->squares + y * (dim[2] + 2) + 1;
    for (gsize i = 0; i < dim[2]; i++) {
      s[i] = a[i] + b[i] + c[i];
      q[i] = a[i] * a[i] + b[i] * b[i] + c[i] * c[i];
    }
  }
}

static void
add_lines (const float *sum, const float *zeros, gsize y, gsize n_lines, gsize n, float *ret)
{
  const float *restrict b = sum + y * n;
  const float *restrict a = y ? b - n : zeros, *restrict c = y + 1 < n_lines ? b + n : zeros;
  float *restrict line = ret;
  for (gsize i = 0; i < n; i++)
    line[i] = a[i] + b[i] + c[i];
}

/* line @y of the plane whose sums @window has */
static void
variance_line (const Window *window, const gsize *dim, gsize z, gsize y, float *restrict out)
{
  gsize width = dim[2] + 2;
  const float *restrict s = window->line, *restrict q = s + width;
  const float *restrict factor = window->factor;
  add_lines (window->sum, window->zeros, y, dim[1], width, window->line);
  add_lines (window->squares, window->zeros, y, dim[1], width, window->line + width);
  float share = 1 / (float)(window_count (z, dim[0]) * window_count (y, dim[1]));
  for (gsize i = 0; i < dim[2]; i++) {
    float mean = (s[i] + s[i + 1] + s[i + 2]) * factor[i] * share;
    float square = (q[i] + q[i + 1] + q[i + 2]) * factor[i] * share;
    out[i] = MAX (square - mean * mean, 0);
  }
}

/* sums over z for a whole plane, then over y for a line of it, then over x */
void
ut_cpu_local_variance (const UtOperands *self)
{
  const UtShape *shape = &self->out_shape;
  const gsize *dim = shape->dim + shape->n_dims - 3;
  gsize n_plane = dim[1] * dim[2];
#pragma omp parallel
  {
    Window window = window_new (dim);
    for (gsize x = 0; x < dim[2]; x++)
      window.factor[x] = 1 / (float)window_count (x, dim[2]);
#pragma omp for
    for (gsize plane = 0; plane < ut_shape_product (shape, 0, shape->n_dims - 2); plane++) {
      gsize z = plane % dim[0];
      sum_planes (&window, self->in[0] + (plane - z) * n_plane, dim, z);
      for (gsize y = 0; y < dim[1]; y++)
        variance_line (&window, dim, z, y, self->out + plane * n_plane + y * dim[2]);
    }
    g_free (window.memory);
  }
}

/* Voxels in tiles, class by class, so that every pass runs along memory. */
static void
fuse_tile (const UtOperands *self, gsize n_classes, gsize n, gsize begin, gsize length)
{
  float total[TILE] = {0}, eps = self->node->eps;
  for (gsize c = 0; c < n_classes; c++) {
    gsize at = c * n + begin;
    const float *restrict a = self->in[0] + at, *restrict s_a = self->in[1] + at;
    const float *restrict b = self->in[2] + at, *restrict s_b = self->in[3] + at;
    const float *restrict d = self->in[4] ? self->in[4] + at : NULL, *restrict s_d =
                                                                       d ? self->in[5] + at : NULL;
    float *restrict out = self->out + at;
    if (d == NULL)
      for (gsize i = 0; i < length; i++) {
        float w_a = s_b[i] + eps, w_b = s_a[i] + eps; /* both times the product of the two */
        total[i] += out[i] = (w_a * a[i] + w_b * b[i]) / (w_a + w_b);
      }
    for (gsize i = 0; d && i < length; i++) {
      float e_a = s_a[i] + eps, e_b = s_b[i] + eps, e_d = s_d[i] + eps;
      float w_a = e_b * e_d, w_b = e_a * e_d, w_d = e_a * e_b;
      total[i] += out[i] = (w_a * a[i] + w_b * b[i] + w_d * d[i]) / (w_a + w_b + w_d);
    }
  }
  for (gsize c = 0; c < n_classes; c++) {
    float *out = self->out + c * n + begin;
    for (gsize i = 0; i < length; i++)
      out[i] /= total[i];
  }
}

void
ut_cpu_fuse (const UtOperands *self)
{
  gsize n_classes = self->out_shape.dim[0], n = ut_shape_count (&self->out_shape) / n_classes;
#pragma omp parallel for
  for (gsize begin = 0; begin < n; begin += TILE)
    fuse_tile (self, n_classes, n, begin, MIN (TILE, n - begin));
}

void
ut_cpu_fuse_weight (const UtOperands *self)
{
  gsize n_inputs = self->out_shape.dim[0], n = ut_shape_count (&self->out_shape) / n_inputs;
  float eps = self->node->eps;
#pragma omp parallel for
  for (gsize i = 0; i < n; i++) {
    float total = 0;
    for (gsize j = 0; j < n_inputs; j++)
      total += 1 / (self->in[j][i] + eps);
    for (gsize j = 0; j < n_inputs; j++)
      self->out[j * n + i] = 1 / ((self->in[j][i] + eps) * total);
  }
}
