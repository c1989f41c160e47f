/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/nn/ref-ops.h"

#include "engine/base/error.h"

#include <float.h>
#include <math.h>
#include <string.h>

static double
activate (UtActivation activation, double x)
{
  switch (activation) {
  case UT_ACTIVATION_RELU:
    return MAX (x, 0);
  case UT_ACTIVATION_GELU:
    return 0.5 * x * (1 + erf (x * G_SQRT2 / 2));
  case UT_ACTIVATION_SILU:
    return x / (1 + exp (-x));
  default:
    return x;
  }
}

/* one output of a convolution: image [I,H,W] under the kernel [I,kh,kw] at (row, column) */
static double
window_dot (
  const UtOperands *self, const float *image, const float *kernel, gsize row, gsize column)
{
  const gsize *x = self->in_shape[0].dim, *k = self->in_shape[1].dim;
  double sum = 0;
  for (gsize c = 0; c < k[1]; c++)
    for (gsize i = 0; i < k[2]; i++)
      for (gsize j = 0; j < k[3]; j++) {
        gsize y = row * self->node->stride + i - self->node->pad[0];
        gsize z = column * self->node->stride + j - self->node->pad[1];
        if (y < x[2] && z < x[3]) /* left of 0 wraps around to far right */
          sum += (double)image[(c * x[2] + y) * x[3] + z] * kernel[(c * k[2] + i) * k[3] + j];
      }
  return sum;
}

static void
conv2d (const UtOperands *self)
{
  const gsize *out = self->out_shape.dim;
  gsize image = ut_shape_product (&self->in_shape[0], 1, 4);
  gsize kernel = ut_shape_product (&self->in_shape[1], 1, 4);
  for (gsize b = 0; b < out[0]; b++)
    for (gsize o = 0; o < out[1]; o++)
      for (gsize i = 0; i < out[2] * out[3]; i++) {
        gsize at = (b * out[1] + o) * out[2] * out[3] + i;
        double sum =
          self->in[2][o] +
          window_dot (
            self, self->in[0] + b * image, self->in[1] + o * kernel, i / out[3], i % out[3]);
        sum += self->in[3] ? self->in[3][at] : 0;
        self->out[at] = (float)activate (self->node->activation, sum);
      }
}

static void
max_pool (const UtOperands *self)
{
  const UtNode *node = self->node;
  const gsize *x = self->in_shape[0].dim, *out = self->out_shape.dim;
  for (gsize i = 0; i < ut_shape_count (&self->out_shape); i++) {
    const float *image = self->in[0] + i / (out[2] * out[3]) * x[2] * x[3];
    gsize top = i / out[3] % out[2] * node->stride - node->pad[0];
    gsize left = i % out[3] * node->stride - node->pad[1];
    float best = -FLT_MAX;
    for (gsize k = 0; k < node->kernel[0] * node->kernel[1]; k++) {
      gsize y = top + k / node->kernel[1], z = left + k % node->kernel[1];
      if (y < x[2] && z < x[3])
        best = MAX (best, image[y * x[3] + z]);
    }
    self->out[i] = best;
  }
}

static void
linear (const UtOperands *self)
{
  gsize n_in = self->in_shape[0].dim[1], n_out = self->out_shape.dim[1];
  for (gsize r = 0; r < self->out_shape.dim[0]; r++)
    for (gsize o = 0; o < n_out; o++) {
      double sum = self->in[2] ? self->in[2][o] : 0;
      for (gsize i = 0; i < n_in; i++)
        sum += (double)self->in[0][r * n_in + i] * self->in[1][o * n_in + i];
      sum = activate (self->node->activation, sum);
      sum *= self->in[3] ? self->in[3][o] : 1;
      sum += self->in[4] ? self->in[4][r * n_out + o] : 0;
      self->out[r * n_out + o] = (float)sum;
    }
}

static void
moments (const float *x, gsize n, double *ret_mean, double *ret_variance)
{
  double sum = 0, squares = 0;
  for (gsize i = 0; i < n; i++)
    sum += x[i];
  for (gsize i = 0; i < n; i++)
    squares += (x[i] - sum / n) * (x[i] - sum / n);
  *ret_mean = sum / n;
  *ret_variance = squares / n;
}

static void
layer_norm (const UtOperands *self)
{
  gsize width = self->out_shape.dim[1];
  for (gsize r = 0; r < self->out_shape.dim[0]; r++) {
    const float *x = self->in[0] + r * width;
    double mean, variance;
    moments (x, width, &mean, &variance);
    for (gsize i = 0; i < width; i++) {
      double scale = self->in[1] ? self->in[1][i] + (self->node->plus_one ? 1.0 : 0.0) : 1;
      double shift = self->in[2] ? self->in[2][i] : 0;
      double y = (x[i] - mean) / sqrt (variance + (double)self->node->eps);
      self->out[r * width + i] = (float)(y * scale + shift);
    }
  }
}

static void
group_norm (const UtOperands *self)
{
  gsize n_positions = self->out_shape.dim[1];
  gsize per_group = self->out_shape.dim[0] / self->node->groups * n_positions;
  for (gsize start = 0; start < ut_shape_count (&self->out_shape); start += per_group) {
    double mean, variance;
    moments (self->in[0] + start, per_group, &mean, &variance);
    for (gsize i = start; i < start + per_group; i++) {
      gsize c = i / n_positions;
      double y = (self->in[0][i] - mean) / sqrt (variance + (double)self->node->eps);
      y = activate (self->node->activation, y * self->in[1][c] + self->in[2][c]);
      self->out[i] = (float)(y + (self->in[3] ? self->in[3][i] : 0));
    }
  }
}

static void
activate_all (const UtOperands *self)
{
  for (gsize i = 0; i < ut_shape_count (&self->out_shape); i++)
    self->out[i] = (float)activate (self->node->activation, self->in[0][i]);
}

static void
add (const UtOperands *self)
{
  const UtShape *shape = &self->out_shape, *b = &self->in_shape[1];
  for (gsize i = 0; i < ut_shape_count (shape); i++) {
    gsize at = 0, stride = 1, rest = i;
    for (int d = shape->n_dims - 1; d >= 0; d--) {
      at += b->dim[d] == 1 ? 0 : rest % shape->dim[d] * stride;
      stride *= b->dim[d];
      rest /= shape->dim[d];
    }
    double gate = self->in[2] ? self->in[2][i % shape->dim[shape->n_dims - 1]] : 1;
    self->out[i] = (float)(self->in[0][i] + gate * self->in[1][at]);
  }
}

static void
mean_last (const UtOperands *self)
{
  gsize n = self->in_shape[0].dim[self->in_shape[0].n_dims - 1];
  for (gsize i = 0; i < ut_shape_count (&self->out_shape); i++) {
    double mean, variance;
    moments (self->in[0] + i * n, n, &mean, &variance);
    self->out[i] = (float)mean;
  }
}

static void
transpose (const UtOperands *self)
{
  gsize n_rows = self->in_shape[0].dim[0], n_columns = self->in_shape[0].dim[1];
  for (gsize r = 0; r < n_rows; r++)
    for (gsize c = 0; c < n_columns; c++)
      self->out[c * n_rows + r] = self->in[0][r * n_columns + c];
}

/* one query of one head; @weights is scratch of one number per key */
static void
attend (const UtOperands *self, gsize head, gsize query, double *weights)
{
  const UtNode *node = self->node;
  const float *start[3];
  gsize stride[3];
  for (int i = 0; i < 3; i++) {
    stride[i] = self->in_shape[i].dim[1];
    start[i] = self->in[i] + node->column[i] + head * node->head_size;
  }
  gsize n_keys = self->in_shape[1].dim[0];
  double best = -DBL_MAX, total = 0;
  for (gsize k = 0; k < n_keys; k++) {
    weights[k] = 0;
    for (gsize e = 0; e < node->head_size; e++)
      weights[k] += (double)start[0][query * stride[0] + e] * start[1][k * stride[1] + e];
    weights[k] /= sqrt ((double)node->head_size);
    best = MAX (best, weights[k]);
  }
  for (gsize k = 0; k < n_keys; k++)
    total += weights[k] = exp (weights[k] - best);
  float *out = self->out + query * self->out_shape.dim[1] + head * node->head_size;
  for (gsize e = 0; e < node->head_size; e++) {
    double sum = 0;
    for (gsize k = 0; k < n_keys; k++)
      sum += weights[k] * start[2][k * stride[2] + e];
    out[e] = (float)(sum / total);
  }
}

static void
attention (const UtOperands *self)
{
  g_autofree double *weights = g_new (double, self->in_shape[1].dim[0]);
  for (gsize head = 0; head < self->node->heads; head++)
    for (gsize query = 0; query < self->out_shape.dim[0]; query++)
      attend (self, head, query, weights);
}

static void
class_softmax (const UtOperands *self)
{
  gsize n_classes = self->out_shape.dim[0];
  gsize n = ut_shape_count (&self->out_shape) / n_classes;
  g_autofree double *logit = g_new (double, n_classes);
  for (gsize i = 0; i < n; i++) {
    double best = -DBL_MAX, total = 0;
    for (gsize c = 0; c < n_classes; c++) {
      logit[c] = (double)self->in[0][c * n + i] + (self->in[1] ? self->in[1][c * n + i] : 0);
      best = MAX (best, logit[c]);
    }
    for (gsize c = 0; c < n_classes; c++)
      total += logit[c] = exp (logit[c] - best);
    for (gsize c = 0; c < n_classes; c++)
      self->out[c * n + i] = (float)(logit[c] / total);
  }
}

/* volume [n,Z,Y,X]: index of the voxel (dz, dy, dx) of patch @patch in class @c */
static gsize
patch_voxel (const UtNode *node, const gsize *volume, gsize patch, gsize inside, gsize c)
{
  const gsize *p = node->patch;
  gsize n_y = volume[2] / p[1], n_x = volume[3] / p[2];
  gsize z = patch / (n_x * n_y) * p[0] + inside / (p[1] * p[2]);
  gsize y = patch / n_x % n_y * p[1] + inside / p[2] % p[1];
  gsize x = patch % n_x * p[2] + inside % p[2];
  return ((c * volume[1] + z) * volume[2] + y) * volume[3] + x;
}

static void
patchify (const UtOperands *self)
{
  const UtNode *node = self->node;
  const gsize *volume = self->in_shape[0].dim;
  gsize n_inside = node->patch[0] * node->patch[1] * node->patch[2];
  gsize width = volume[0] * n_inside;
  for (gsize patch = 0; patch < self->out_shape.dim[0]; patch++)
    for (gsize i = 0; i < width; i++)
      self->out[patch * width + i] =
        self->in[0][patch_voxel (node, volume, patch, i % n_inside, i / n_inside)];
}

static void
unpatchify (const UtOperands *self)
{
  const UtNode *node = self->node;
  const gsize *volume = self->out_shape.dim;
  gsize n_inside = node->patch[0] * node->patch[1] * node->patch[2];
  gsize width = volume[0] * n_inside;
  for (gsize patch = 0; patch < self->in_shape[0].dim[0]; patch++)
    for (gsize i = 0; i < width; i++)
      self->out[patch_voxel (node, volume, patch, i / volume[0], i % volume[0])] =
        self->in[0][patch * width + i];
}

static void
combine (const UtOperands *self)
{
  const float *c = self->in[0];
  for (gsize i = 0; i < ut_shape_count (&self->out_shape); i++)
    self->out[i] = c[0] + c[1] * self->in[1][i] + c[2] * self->in[2][i];
}

gboolean
ut_ref_run (const UtOperands *self, GError **error)
{
  static void (*const loops[UT_N_OPS]) (const UtOperands *) = {
    [UT_OP_CONV2D] = conv2d,
    [UT_OP_MAX_POOL] = max_pool,
    [UT_OP_LINEAR] = linear,
    [UT_OP_LAYER_NORM] = layer_norm,
    [UT_OP_GROUP_NORM] = group_norm,
    [UT_OP_ACTIVATE] = activate_all,
    [UT_OP_ADD] = add,
    [UT_OP_MEAN] = mean_last,
    [UT_OP_TRANSPOSE] = transpose,
    [UT_OP_ATTENTION] = attention,
    [UT_OP_CLASS_SOFTMAX] = class_softmax,
    [UT_OP_PATCHIFY] = patchify,
    [UT_OP_UNPATCHIFY] = unpatchify,
    [UT_OP_COMBINE] = combine,
  };
  UtOp op = self->node->op;
  if (op <= 0 || op >= UT_N_OPS || loops[op] == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 "the reference cannot do \"%s\"",
                 ut_op_name (op));
    return FALSE;
  }
  loops[op](self);
  return TRUE;
}
