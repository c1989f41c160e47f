/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/nn/cpu-loops.h"

#include "engine/base/random.h"

#include <math.h>
#include <string.h>

#define TILE 256

/* exp for x <= 0, which unlike expf() turns into vectors: 2^n e^r with |r| <= ln 2 / 2 and Taylor's
 * series to r^6. Relative error below 1e-6 for x > -10, 1e-5 at most. */
static inline float
exp_below_0 (float x)
{
  float power_of_2 = MAX (x, -87) * (float)M_LOG2E;
  gint32 n = (gint32)(power_of_2 - 0.5f);
  float r = (power_of_2 - (float)n) * (float)G_LN2;
  float p = 1 / 720.0f;
  p = p * r + 1 / 120.0f;
  p = p * r + 1 / 24.0f;
  p = p * r + 1 / 6.0f;
  p = p * r + 0.5f;
  p = p * r * r + r + 1;
  union {
    gint32 bits;
    float value;
  } two_to_n = {.bits = (n + 127) << 23};
  return p * two_to_n.value;
}

void
ut_cpu_activate_row (UtActivation activation, float *restrict x, gsize n)
{
  switch (activation) {
  case UT_ACTIVATION_RELU:
    for (gsize i = 0; i < n; i++)
      x[i] = MAX (x[i], 0);
    return;
  case UT_ACTIVATION_GELU:
    for (gsize i = 0; i < n; i++)
      x[i] = 0.5f * x[i] * (1 + erff (x[i] * (float)(G_SQRT2 / 2)));
    return;
  case UT_ACTIVATION_SILU:
    for (gsize i = 0; i < n; i++)
      x[i] = x[i] / (1 + expf (-x[i]));
    return;
  case UT_ACTIVATION_LEAKY_RELU:
    for (gsize i = 0; i < n; i++)
      x[i] = MAX (x[i], UT_LEAKY_SLOPE * x[i]);
    return;
  case UT_ACTIVATION_TANH:
    for (gsize i = 0; i < n; i++)
      x[i] = tanhf (x[i]);
    return;
  default:
    return;
  }
}

/* of x - mean, or where not @squared their plain sum: tiles in float, the tiles in double */
static double
sum_of_squares (const float *x, float mean, gsize n, gboolean squared)
{
  double sum = 0;
  for (gsize begin = 0; begin < n; begin += TILE) {
    float part = 0;
    gsize end = MIN (begin + TILE, n);
    for (gsize i = begin; i < end; i++)
      part += squared ? (x[i] - mean) * (x[i] - mean) : x[i];
    sum += (double)part;
  }
  return sum;
}

void
ut_cpu_group_norm (const UtOperands *self)
{
  const UtNode *node = self->node;
  gsize n_positions = self->out_shape.dim[1], n_channels = self->out_shape.dim[0] / node->groups;
#pragma omp parallel for
  for (gsize group = 0; group < node->groups; group++) {
    gsize start = group * n_channels * n_positions, n = n_channels * n_positions;
    const float *x = self->in[0] + start;
    float mean = (float)(sum_of_squares (x, 0, n, FALSE) / (double)n);
    double variance = sum_of_squares (x, mean, n, TRUE) / (double)n;
    double deviation = sqrt (variance + (double)node->eps);
    for (gsize c = group * n_channels; c < (group + 1) * n_channels; c++) {
      const float *in = self->in[0] + c * n_positions;
      float *restrict out = self->out + c * n_positions;
      float factor = (float)(self->in[1][c] / deviation), shift = self->in[2][c];
      for (gsize i = 0; i < n_positions; i++)
        out[i] = (in[i] - mean) * factor + shift;
      ut_cpu_activate_row (node->activation, out, n_positions);
      const float *residual = self->in[3] ? self->in[3] + c * n_positions : NULL;
      for (gsize i = 0; residual && i < n_positions; i++)
        out[i] += residual[i];
    }
  }
}

/* b of the row [..., :] of the result that begins at @row; its last dimension is whole or 1 */
static const float *
broadcast_row (const UtOperands *self, gsize row)
{
  const UtShape *shape = &self->out_shape, *b = &self->in_shape[1];
  gsize at = 0, stride = b->dim[b->n_dims - 1];
  for (int d = shape->n_dims - 2; d >= 0; d--) {
    at += b->dim[d] == 1 ? 0 : row % shape->dim[d] * stride;
    stride *= b->dim[d];
    row /= shape->dim[d];
  }
  return self->in[1] + at;
}

void
ut_cpu_add (const UtOperands *self)
{
  gsize width = self->out_shape.dim[self->out_shape.n_dims - 1];
  gsize n_rows = ut_shape_count (&self->out_shape) / width;
  gsize step = self->in_shape[1].dim[self->in_shape[1].n_dims - 1] == 1 ? 0 : 1;
  const float *gate = self->in[2];
#pragma omp parallel for
  for (gsize row = 0; row < n_rows; row++) {
    const float *a = self->in[0] + row * width, *b = broadcast_row (self, row);
    float *out = self->out + row * width;
    for (gsize i = 0; i < width; i++)
      out[i] = a[i] + (gate ? gate[i] : 1) * b[i * step];
  }
}

void
ut_cpu_mean (const UtOperands *self)
{
  gsize n = self->in_shape[0].dim[self->in_shape[0].n_dims - 1];
#pragma omp parallel for
  for (gsize i = 0; i < ut_shape_count (&self->out_shape); i++) {
    double sum = 0;
    for (gsize j = 0; j < n; j++)
      sum += self->in[0][i * n + j];
    self->out[i] = (float)(sum / (double)n);
  }
}

/* Voxels in tiles, class by class, so that every pass runs along memory. A prior of probabilities
 * is a factor, once or twice: exp (x + ln (prior + eps)) = (prior + eps) exp (x). */
static void
softmax_tile (const UtOperands *self, gsize n_classes, gsize n, gsize begin, gsize length)
{
  float best[TILE], total[TILE] = {0}, eps = self->node->eps;
  const float *logs = eps > 0 ? NULL : self->in[1], *factors = eps > 0 ? self->in[1] : NULL;
  gboolean squared = self->node->squared;
  for (gsize c = 0; c < n_classes; c++) {
    gsize at = c * n + begin;
    const float *x = self->in[0] + at;
    for (gsize i = 0; i < length; i++) {
      float y = x[i] + (logs ? logs[at + i] : 0);
      best[i] = c && best[i] > y ? best[i] : y;
    }
  }
  for (gsize c = 0; c < n_classes; c++) {
    gsize at = c * n + begin;
    const float *restrict x = self->in[0] + at;
    float *restrict out = self->out + at;
    for (gsize i = 0; i < length; i++) {
      float y = exp_below_0 (x[i] + (logs ? logs[at + i] : 0) - best[i]);
      float factor = factors ? factors[at + i] + eps : 1;
      total[i] += out[i] = (squared ? factor * factor : factor) * y;
    }
  }
  for (gsize i = 0; i < length; i++)
    total[i] = 1 / total[i];
  for (gsize c = 0; c < n_classes; c++) {
    float *out = self->out + c * n + begin;
    for (gsize i = 0; i < length; i++)
      out[i] *= total[i];
  }
}

void
ut_cpu_class_softmax (const UtOperands *self)
{
  gsize n_classes = self->out_shape.dim[0], n = ut_shape_count (&self->out_shape) / n_classes;
#pragma omp parallel for
  for (gsize begin = 0; begin < n; begin += TILE)
    softmax_tile (self, n_classes, n, begin, MIN (TILE, n - begin));
}

/* A row of patches at once: @patches [n_x, width] and the slab of the volume [n, ...] that it
 * covers. @class_step and @inside_step are those of a patch row: class first or class last. */
static void
patch_row (const UtNode *node,
           const gsize *volume,
           gsize row,
           float *patches,
           float *voxels,
           gsize class_step,
           gsize inside_step,
           gboolean to_patches)
{
  const gsize *p = node->patch;
  gsize n_x = volume[3] / p[2], n_y = volume[2] / p[1];
  gsize width = volume[0] * p[0] * p[1] * p[2];
  for (gsize c = 0; c < volume[0]; c++)
    for (gsize line = 0; line < p[0] * p[1]; line++) {
      gsize z = row / n_y * p[0] + line / p[1], y = row % n_y * p[1] + line % p[1];
      float *from_volume = voxels + ((c * volume[1] + z) * volume[2] + y) * volume[3];
      for (gsize x = 0; x < n_x; x++) {
        float *patch = patches + x * width + c * class_step + line * p[2] * inside_step;
        for (gsize dx = 0; dx < p[2]; dx++) {
          if (to_patches)
            patch[dx * inside_step] = from_volume[x * p[2] + dx];
          else
            from_volume[x * p[2] + dx] = patch[dx * inside_step];
        }
      }
    }
}

void
ut_cpu_patchify (const UtOperands *self)
{
  const UtNode *node = self->node;
  const gsize *volume = self->in_shape[0].dim;
  gsize n_inside = node->patch[0] * node->patch[1] * node->patch[2];
  gsize n_x = volume[3] / node->patch[2], n_rows = self->out_shape.dim[0] / n_x;
#pragma omp parallel for
  for (gsize row = 0; row < n_rows; row++)
    patch_row (node,
               volume,
               row,
               self->out + row * n_x * self->out_shape.dim[1],
               (float *)self->in[0],
               n_inside,
               1,
               TRUE);
}

void
ut_cpu_unpatchify (const UtOperands *self)
{
  const UtNode *node = self->node;
  const gsize *volume = self->out_shape.dim;
  gsize n_x = volume[3] / node->patch[2], n_rows = self->in_shape[0].dim[0] / n_x;
#pragma omp parallel for
  for (gsize row = 0; row < n_rows; row++)
    patch_row (node,
               volume,
               row,
               (float *)self->in[0] + row * n_x * self->in_shape[0].dim[1],
               self->out,
               1,
               volume[0],
               FALSE);
}

void
ut_cpu_combine (const UtOperands *self)
{
  const float *c = self->in[0];
#pragma omp parallel for
  for (gsize i = 0; i < ut_shape_count (&self->out_shape); i++)
    self->out[i] = c[0] + c[1] * self->in[1][i] + c[2] * self->in[2][i];
}

void
ut_cpu_normals (const UtOperands *self)
{
  ut_philox_normals_packed (self->in[0], ut_shape_count (&self->out_shape), self->out);
}

void
ut_cpu_plus_one (const UtOperands *self)
{
  for (gsize i = 0; i < ut_shape_count (&self->out_shape); i++)
    self->out[i] = self->in[0][i] + 1;
}
