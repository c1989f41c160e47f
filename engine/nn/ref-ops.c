/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/nn/ref-ops.h"

#include "engine/base/error.h"
#include "engine/base/random.h"
#include "engine/base/words.h"

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
  case UT_ACTIVATION_LEAKY_RELU:
    return x < 0 ? (double)UT_LEAKY_SLOPE * x : x;
  case UT_ACTIVATION_TANH:
    return tanh (x);
  default:
    return x;
  }
}

/* [B,C,H,W] as [B,C,1,H,W] */
static UtShape
with_depth (const UtShape *shape)
{
  const gsize *dim = shape->dim;
  return shape->n_dims == 5 ? *shape : UT_SHAPE (dim[0], dim[1], 1, dim[2], dim[3]);
}

/* voxel of a volume of the sizes @x (z, y, x) that weight @inside of the window @k at place @at
 * falls on; FALSE outside */
static gboolean
window_voxel (
  const UtNode *node, const gsize *x, const gsize *k, const gsize at[3], gsize inside, gsize *ret)
{
  const gsize offset[3] = {inside / (k[1] * k[2]), inside / k[2] % k[1], inside % k[2]};
  gboolean flat = node->op == UT_OP_CONV2D;
  *ret = 0;
  for (int i = 0; i < 3; i++) {
    gsize pad = !flat ? node->pad[i] : i > 0 ? node->pad[i - 1] : 0;
    gsize p = at[i] * node->stride + offset[i] - pad;
    if (p >= x[i]) /* before 0 wraps around to far behind */
      return FALSE;
    *ret = *ret * x[i] + p;
  }
  return TRUE;
}

/* one output of a convolution: @image [I,Z,Y,X] under @kernel [I,kz,ky,kx] */
static double
window_dot (
  const UtOperands *self, const float *image, const float *kernel, gsize n_in, const gsize at[3])
{
  UtShape x = with_depth (&self->in_shape[0]), k = with_depth (&self->in_shape[1]);
  gsize n = ut_shape_product (&x, 2, 5), n_inside = ut_shape_product (&k, 2, 5), voxel;
  double sum = 0;
  for (gsize i = 0; i < n_inside; i++)
    if (window_voxel (self->node, x.dim + 2, k.dim + 2, at, i, &voxel))
      for (gsize c = 0; c < n_in; c++)
        sum += (double)image[c * n + voxel] * kernel[c * n_inside + i];
  return sum;
}

static void
convolve (const UtOperands *self)
{
  UtShape out = with_depth (&self->out_shape);
  gsize n_in = self->in_shape[0].dim[1], n = ut_shape_product (&out, 2, 5);
  gsize image = ut_shape_product (&self->in_shape[0], 1, self->in_shape[0].n_dims);
  gsize kernel = ut_shape_product (&self->in_shape[1], 1, self->in_shape[1].n_dims);
  for (gsize i = 0; i < ut_shape_count (&out); i++) {
    gsize b = i / n / out.dim[1], o = i / n % out.dim[1];
    const gsize at[3] = {
      i % n / (out.dim[3] * out.dim[4]), i / out.dim[4] % out.dim[3], i % out.dim[4]};
    double sum = window_dot (self, self->in[0] + b * image, self->in[1] + o * kernel, n_in, at);
    sum += (self->in[2] ? self->in[2][o] : 0) + (self->in[3] ? self->in[3][i] : 0);
    self->out[i] = (float)activate (self->node->activation, sum);
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
      double prior = self->in[1] ? self->in[1][c * n + i] : 0, eps = self->node->eps;
      if (self->in[1] && eps > 0)
        prior = (self->node->squared ? 2 : 1) * log (prior + eps);
      logit[c] = self->in[0][c * n + i] + prior;
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

static void
normals (const UtOperands *self)
{
  ut_philox_normals_packed (self->in[0], ut_shape_count (&self->out_shape), self->out);
}

/* @at (z, y, x) in voxels of a volume of the sizes @dim, held within it */
static double
trilinear (const float *volume, const gsize *dim, const double at[3])
{
  gsize low[3], high[3];
  double part[3], sum = 0;
  for (int i = 0; i < 3; i++) {
    double p = at[i] > 0 ? MIN (at[i], (double)dim[i] - 1) : 0; /* NaN goes to 0 */
    low[i] = (gsize)p;
    high[i] = MIN (low[i] + 1, dim[i] - 1);
    part[i] = p - (double)low[i];
  }
  for (int corner = 0; corner < 8; corner++) {
    double weight = 1;
    gsize voxel = 0;
    for (int i = 0; i < 3; i++) {
      gboolean up = corner >> i & 1;
      weight *= up ? part[i] : 1 - part[i];
      voxel = voxel * dim[i] + (up ? high[i] : low[i]);
    }
    sum += weight * volume[voxel];
  }
  return sum;
}

/* place along an axis of @n voxels of point @i of a grid of @n_grid over the same length */
static double
grid_place (gsize i, gsize n_grid, gsize n)
{
  return n_grid > 1 ? (double)(i * (n - 1)) / (double)(n_grid - 1) : 0;
}

/* point @i of a grid of @size in voxels of a volume of the sizes @dim; both z, y, x */
static void
grid_point (const gsize size[3], const gsize *dim, gsize i, double ret[3])
{
  for (int axis = 2; axis >= 0; axis--) {
    ret[axis] = grid_place (i % size[axis], size[axis], dim[axis]);
    i /= size[axis];
  }
}

static void
upsample (const UtOperands *self)
{
  const UtShape *x = &self->in_shape[0];
  const gsize *dim = x->dim + x->n_dims - 3, *size = self->node->size;
  gsize n_in = ut_shape_product (x, x->n_dims - 3, x->n_dims), n = size[0] * size[1] * size[2];
  double at[3];
  for (gsize i = 0; i < ut_shape_count (&self->out_shape); i++) {
    grid_point (size, dim, i % n, at);
    self->out[i] = (float)trilinear (self->in[0] + i / n * n_in, dim, at);
  }
}

/* channel @c of map @i at point @p */
static double
sample_map (const UtOperands *self, int i, gsize p, gsize c)
{
  const UtShape *map = &self->in_shape[i];
  const gsize *dim = map->dim + map->n_dims - 3;
  const float *points = self->in[1];
  double at[3];
  if (points == NULL)
    grid_point (self->node->size, dim, p, at);
  for (int axis = 0; axis < 3 && points; axis++)
    at[axis] = ((double)points[3 * p + 2 - axis] + 1) / 2 * ((double)dim[axis] - 1);
  return trilinear (self->in[i] + c * dim[0] * dim[1] * dim[2], dim, at);
}

static void
sample (const UtOperands *self)
{
  gsize n_channels = self->out_shape.dim[1];
  for (gsize i = 0; i < ut_shape_count (&self->out_shape); i++) {
    double sum = self->in[2] ? self->in[2][i] : 0;
    for (int map = 0; map < UT_NODE_MAX_INPUTS; map++)
      if (self->in[map] && map != 1 && map != 2)
        sum += sample_map (self, map, i / n_channels, i % n_channels);
    self->out[i] = (float)activate (self->node->activation, sum);
  }
}

/* mean of x^power over the 3x3x3 voxels around @at that are inside */
static double
window_mean (const float *x, const gsize *dim, const gsize at[3], int power)
{
  double sum = 0;
  int count = 0;
  for (int k = 0; k < 27; k++) {
    gsize z = at[0] + (gsize)(k / 9) - 1, y = at[1] + (gsize)(k / 3 % 3) - 1;
    gsize column = at[2] + (gsize)(k % 3) - 1;
    if (z >= dim[0] || y >= dim[1] || column >= dim[2]) /* before 0 wraps around */
      continue;
    sum += pow (x[(z * dim[1] + y) * dim[2] + column], power);
    count++;
  }
  return sum / count;
}

static void
local_variance (const UtOperands *self)
{
  const UtShape *shape = &self->out_shape;
  const gsize *dim = shape->dim + shape->n_dims - 3;
  gsize n = dim[0] * dim[1] * dim[2];
  for (gsize i = 0; i < ut_shape_count (shape); i++) {
    const gsize at[3] = {i % n / (dim[1] * dim[2]), i / dim[2] % dim[1], i % dim[2]};
    const float *x = self->in[0] + i / n * n;
    double mean = window_mean (x, dim, at, 1);
    self->out[i] = (float)MAX (window_mean (x, dim, at, 2) - mean * mean, 0);
  }
}

static double
fuse_voxel (const UtOperands *self, gsize i)
{
  double sum = 0, total = 0;
  for (int j = 0; j < UT_NODE_MAX_INPUTS && self->in[j]; j += 2) {
    double weight = 1 / ((double)self->in[j + 1][i] + (double)self->node->eps);
    sum += weight * self->in[j][i];
    total += weight;
  }
  return sum / total;
}

static void
fuse (const UtOperands *self)
{
  gsize n_classes = self->out_shape.dim[0], n = ut_shape_count (&self->out_shape) / n_classes;
  for (gsize i = 0; i < n; i++) {
    double total = 0;
    for (gsize c = 0; c < n_classes; c++)
      total += fuse_voxel (self, c * n + i);
    for (gsize c = 0; c < n_classes; c++)
      self->out[c * n + i] = (float)(fuse_voxel (self, c * n + i) / total);
  }
}

static void
fuse_weight (const UtOperands *self)
{
  gsize n_inputs = self->out_shape.dim[0], n = ut_shape_count (&self->out_shape) / n_inputs;
  for (gsize i = 0; i < n; i++) {
    double weight[3], total = 0;
    for (gsize j = 0; j < n_inputs; j++)
      total += weight[j] = 1 / ((double)self->in[j][i] + (double)self->node->eps);
    for (gsize j = 0; j < n_inputs; j++)
      self->out[j * n + i] = (float)(weight[j] / total);
  }
}

gboolean
ut_ref_run (const UtOperands *self, GError **error)
{
  static void (*const loops[UT_N_OPS]) (const UtOperands *) = {
    [UT_OP_CONV2D] = convolve,
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
    [UT_OP_CONV3D] = convolve,
    [UT_OP_UPSAMPLE] = upsample,
    [UT_OP_SAMPLE] = sample,
    [UT_OP_LOCAL_VARIANCE] = local_variance,
    [UT_OP_FUSE] = fuse,
    [UT_OP_FUSE_WEIGHT] = fuse_weight,
    [UT_OP_NORMALS] = normals,
  };
  UtOp op = self->node->op;
  if (op <= 0 || op >= UT_N_OPS || loops[op] == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("the reference cannot do \"%s\""),
                 ut_op_name (op));
    return FALSE;
  }
  loops[op](self);
  return TRUE;
}
