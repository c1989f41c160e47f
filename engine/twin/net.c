/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/net.h"

#include "engine/anatomy/structure.h"
#include "engine/base/error.h"

#include <math.h>

#define N_CLASSES ((gsize)UT_N_LABELS)
#define N_VIEWS   ((gsize)UT_N_VIEWS)
#define SIDE      ((gsize)UT_CANONICAL_SIDE)

gboolean
ut_net_finish (UtNet *self, GError **error)
{
  g_autoptr (GError) of_graph = NULL;
  if (self->error) {
    g_propagate_error (error, g_steal_pointer (&self->error));
    return FALSE;
  }
  if (ut_graph_finish (self->graph, &of_graph))
    return TRUE;
  g_propagate_prefixed_error (
    error, g_steal_pointer (&of_graph), "%s: ", ut_weights_get_name (self->weights));
  return FALSE;
}

static const float *
take (UtNet *self, const char *name, UtShape shape)
{
  return self->error ? NULL : ut_weights_take (self->weights, name, &shape, &self->error);
}

G_GNUC_PRINTF (3, 4)
static UtValueId
weight (UtNet *self, UtShape shape, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *name = g_strdup_vprintf (format, args);
  va_end (args);
  return ut_graph_constant (self->graph, shape, take (self, name, shape));
}

/* Fields of a linear layer beside its tensors; all zero is a plain one. */
typedef struct Epilogue {
  UtActivation activation;
  UtValueId gate, residual;
} Epilogue;

/* @name.weight [n_out,n_in] and @name.bias on rows of x */
static UtValueId
linear (UtNet *self, const char *name, UtValueId x, gsize n_in, gsize n_out, Epilogue then)
{
  UtValueId w = weight (self, UT_SHAPE (n_out, n_in), "%s.weight", name);
  UtValueId b = weight (self, UT_SHAPE (n_out), "%s.bias", name);
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_LINEAR,
                                .in = {x, w, b, then.gate, then.residual},
                                .activation = then.activation});
}

/* the same in coarse block @i */
static UtValueId
block_linear (
  UtNet *self, guint i, const char *name, UtValueId x, gsize n_in, gsize n_out, Epilogue then)
{
  g_autofree char *full = g_strdup_printf ("coarse.block.%u.%s", i, name);
  return linear (self, full, x, n_in, n_out, then);
}

/* Batch norm folded into the convolution before it, which has no bias of its own:
 * w' = w gamma / sqrt (var + eps), b' = beta - mean gamma / sqrt (var + eps). */
static UtValueId
conv_bn (UtNet *self,
         const char *conv,
         const char *bn,
         UtValueId x,
         UtShape shape,
         gsize stride,
         UtActivation activation,
         UtValueId residual)
{
  static const char *const fields[] = {"weight", "bias", "running_mean", "running_var"};
  g_autofree char *conv_name = g_strdup_printf ("%s.weight", conv);
  const float *kernel = take (self, conv_name, shape), *stats[4];
  gsize n_out = shape.dim[0], n_inside = ut_shape_product (&shape, 1, 4);
  for (int i = 0; i < 4; i++) {
    g_autofree char *name = g_strdup_printf ("%s.%s", bn, fields[i]);
    stats[i] = take (self, name, UT_SHAPE (n_out));
  }
  if (self->error)
    return 0;
  float *folded = g_new (float, n_out *n_inside), *bias = g_new (float, n_out);
  for (gsize o = 0; o < n_out; o++) {
    double k = stats[0][o] / sqrt (MAX (stats[3][o], 0) + self->config->bn_eps);
    for (gsize i = 0; i < n_inside; i++)
      folded[o * n_inside + i] = (float)(kernel[o * n_inside + i] * k);
    bias[o] = (float)(stats[1][o] - stats[2][o] * k);
  }
  UtValueId w = ut_graph_constant_take (self->graph, shape, folded);
  UtValueId b = ut_graph_constant_take (self->graph, UT_SHAPE (n_out), bias);
  gsize pad = shape.dim[2] / 2;
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_CONV2D,
                                .in = {x, w, b, residual},
                                .activation = activation,
                                .stride = stride,
                                .pad = {pad, pad}});
}

/* One residual block; torchvision's names and, in the bottleneck, its stride in the 3x3. */
static UtValueId
residual_block (UtNet *self, const char *name, UtValueId x, gsize n_in, gsize width, gsize stride)
{
  gboolean bottleneck = self->config->bottleneck;
  gsize n_out = bottleneck ? 4 * width : width;
  const struct {
    gsize kernel, n_in, n_out, stride;
  } basic[] = {{3, n_in, width, stride}, {3, width, width, 1}},
    narrow[] = {{1, n_in, width, 1}, {3, width, width, stride}, {1, width, n_out, 1}},
    *convs = bottleneck ? narrow : basic;
  int n_convs = bottleneck ? 3 : 2;

  UtValueId skip = x;
  if (stride != 1 || n_in != n_out) {
    g_autofree char *conv = g_strdup_printf ("%s.downsample.0", name);
    g_autofree char *bn = g_strdup_printf ("%s.downsample.1", name);
    skip = conv_bn (self, conv, bn, x, UT_SHAPE (n_out, n_in, 1, 1), stride, UT_ACTIVATION_NONE, 0);
  }
  for (int i = 0; i < n_convs; i++) {
    g_autofree char *conv = g_strdup_printf ("%s.conv%d", name, i + 1);
    g_autofree char *bn = g_strdup_printf ("%s.bn%d", name, i + 1);
    gsize k = convs[i].kernel;
    x = conv_bn (self,
                 conv,
                 bn,
                 x,
                 UT_SHAPE (convs[i].n_out, convs[i].n_in, k, k),
                 convs[i].stride,
                 UT_ACTIVATION_RELU,
                 i + 1 == n_convs ? skip : 0);
  }
  return x;
}

UtValueId
ut_net_encoder (UtNet *self, UtValueId pictures)
{
  const UtTwinConfig *config = self->config;
  gsize width = (gsize)config->width, n_in = width;
  UtValueId x = conv_bn (self,
                         "enc.conv1",
                         "enc.bn1",
                         pictures,
                         UT_SHAPE (width, (gsize)config->channels, 7, 7),
                         2,
                         UT_ACTIVATION_RELU,
                         0);
  x = ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_MAX_POOL, .in = {x}, .kernel = {3, 3}, .stride = 2, .pad = {1, 1}});
  for (int stage = 1; stage <= config->out_stage; stage++) {
    for (int j = 0; j < config->blocks[stage - 1]; j++) {
      g_autofree char *name = g_strdup_printf ("enc.layer%d.%d", stage, j);
      gsize narrow = width << (stage - 1);
      x = residual_block (self, name, x, n_in, narrow, stage > 1 && j == 0 ? 2 : 1);
      n_in = config->bottleneck ? 4 * narrow : narrow;
    }
  }
  if (x == 0)
    return 0;
  const UtShape *shape = &self->graph->value[x].shape;
  return ut_graph_view (self->graph, x, 0, UT_SHAPE (N_VIEWS, n_in, shape->dim[2] * shape->dim[3]));
}

UtValueId
ut_net_space (UtNet *self, UtValueId features, UtValueId log_spacing, UtValueId absent)
{
  gsize n_features = ut_twin_config_features (self->config);
  gsize hidden = (gsize)self->config->space_hidden;
  UtValueId x = linear (
    self, "space.fc1", log_spacing, 2, hidden, (Epilogue){.activation = UT_ACTIVATION_SILU});
  x = linear (self, "space.fc2", x, hidden, n_features, (Epilogue){.residual = absent});
  x = ut_graph_view (self->graph, x, 0, UT_SHAPE (N_VIEWS, n_features, 1));
  return ut_graph_add (self->graph, (UtNode){.op = UT_OP_ADD, .in = {features, x}});
}

const float *
ut_net_absent (UtNet *self)
{
  return take (self, "space.absent", UT_SHAPE (N_VIEWS, ut_twin_config_features (self->config)));
}

/* Conv1d with its group norm and GELU on [n_in,S]; the result, plus @residual, is [D,S] */
static UtValueId
fuse_block (UtNet *self,
            const char *conv,
            const char *norm,
            UtValueId x,
            gsize n_in,
            gsize kernel,
            gboolean residual)
{
  const UtTwinConfig *config = self->config;
  gsize dim = (gsize)config->dim;
  if (x == 0)
    return 0;
  gsize n_positions = self->graph->value[x].shape.dim[1];
  UtValueId w = weight (self, UT_SHAPE (dim, n_in, kernel), "%s.weight", conv);
  UtValueId b = weight (self, UT_SHAPE (dim), "%s.bias", conv);
  UtValueId gamma = weight (self, UT_SHAPE (dim), "%s.weight", norm);
  UtValueId beta = weight (self, UT_SHAPE (dim), "%s.bias", norm);
  w = ut_graph_view (self->graph, w, 0, UT_SHAPE (dim, n_in, 1, kernel));
  UtValueId row = ut_graph_view (self->graph, x, 0, UT_SHAPE (1, n_in, 1, n_positions));
  UtValueId y = ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_CONV2D, .in = {row, w, b}, .stride = 1, .pad = {0, kernel / 2}});
  y = ut_graph_view (self->graph, y, 0, UT_SHAPE (dim, n_positions));
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_GROUP_NORM,
                                .in = {y, gamma, beta, residual ? x : 0},
                                .activation = UT_ACTIVATION_GELU,
                                .groups = (gsize)config->groups,
                                .eps = (float)config->gn_eps});
}

UtValueId
ut_net_condition (UtNet *self, UtValueId features)
{
  const UtTwinConfig *config = self->config;
  gsize dim = (gsize)config->dim, n_in = N_VIEWS * ut_twin_config_features (config);
  if (features == 0)
    return 0;
  gsize n_positions = self->graph->value[features].shape.dim[2];
  UtValueId x = ut_graph_view (self->graph, features, 0, UT_SHAPE (n_in, n_positions));
  x = fuse_block (self, "fuse.in", "fuse.in_norm", x, n_in, 1, FALSE);
  for (int i = 0; i < config->fuse_blocks; i++) {
    g_autofree char *conv = g_strdup_printf ("fuse.block.%d.conv", i);
    g_autofree char *norm = g_strdup_printf ("fuse.block.%d.norm", i);
    x = fuse_block (self, conv, norm, x, dim, 3, TRUE);
  }
  x = linear (self, "fuse.tok", x, n_positions, ut_twin_config_tokens (config), (Epilogue){0});
  x = ut_graph_add (self->graph, (UtNode){.op = UT_OP_TRANSPOSE, .in = {x}});
  x = linear (self, "fuse.out", x, dim, dim, (Epilogue){0});
  UtValueId scale = weight (self, UT_SHAPE (dim), "fuse.norm.weight");
  UtValueId shift = weight (self, UT_SHAPE (dim), "fuse.norm.bias");
  return ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_LAYER_NORM, .in = {x, scale, shift}, .eps = (float)config->fuse_ln_eps});
}

UtValueId
ut_net_global (UtNet *self, UtValueId features)
{
  gsize n_in = N_VIEWS * ut_twin_config_features (self->config), dim = (gsize)self->config->dim;
  UtValueId x = ut_graph_add (self->graph, (UtNode){.op = UT_OP_MEAN, .in = {features}});
  x = ut_graph_view (self->graph, x, 0, UT_SHAPE (1, n_in));
  x = linear (self, "global.fc1", x, n_in, 2 * dim, (Epilogue){.activation = UT_ACTIVATION_GELU});
  return linear (self, "global.fc2", x, 2 * dim, dim, (Epilogue){0});
}

UtValueId
ut_net_block_kv (UtNet *self, guint i, UtValueId condition)
{
  gsize dim = (gsize)self->config->dim;
  return block_linear (self, i, "cross.kv", condition, dim, 2 * dim, (Epilogue){0});
}

UtValueId
ut_net_time (UtNet *self, UtValueId wave, UtValueId pooled)
{
  gsize n_in = (gsize)self->config->time_freq_dim, dim = (gsize)self->config->dim;
  UtValueId x =
    linear (self, "time.fc1", wave, n_in, dim, (Epilogue){.activation = UT_ACTIVATION_SILU});
  return linear (self, "time.fc2", x, dim, dim, (Epilogue){.residual = pooled});
}

void
ut_net_wave (const UtTwinConfig *config, guint t, float *ret)
{
  gsize half = (gsize)config->time_freq_dim / 2;
  for (gsize i = 0; i < half; i++) {
    float frequency = (float)exp (-log (10000) * (double)i / (double)half);
    float angle = (float)t * frequency; /* in float as trained: at t = 999 it shows */
    ret[i] = (float)cos (angle);
    ret[half + i] = (float)sin (angle);
  }
}

void
ut_position_code (gsize grid, gsize dim, float *ret)
{
  gsize n_frequencies = dim / 6;
  for (gsize token = 0; token < grid * grid * grid; token++) {
    const gsize at[3] = {token / (grid * grid), token / grid % grid, token % grid};
    for (gsize axis = 0; axis < 3; axis++)
      for (gsize k = 0; k < n_frequencies; k++) {
        double angle = (double)at[axis] * pow (10000, -(double)k / (double)n_frequencies);
        float *code = ret + token * dim + axis * 2 * n_frequencies + k;
        code[0] = (float)sin (angle);
        code[n_frequencies] = (float)cos (angle);
      }
  }
}

UtValueId
ut_net_embed (UtNet *self, UtValueId volume)
{
  gsize p = (gsize)self->config->patch, dim = (gsize)self->config->dim;
  gsize n_tokens = ut_twin_config_tokens (self->config), width = N_CLASSES * p * p * p;
  UtValueId w = weight (self, UT_SHAPE (dim, N_CLASSES, p, p, p), "coarse.x_embed.weight");
  UtValueId b = weight (self, UT_SHAPE (dim), "coarse.x_embed.bias");
  w = ut_graph_view (self->graph, w, 0, UT_SHAPE (dim, width));
  float *code = g_new (float, n_tokens *dim);
  ut_position_code (SIDE / p, dim, code);
  UtValueId position = ut_graph_constant_take (self->graph, UT_SHAPE (n_tokens, dim), code);
  UtValueId rows =
    ut_graph_add (self->graph, (UtNode){.op = UT_OP_PATCHIFY, .in = {volume}, .patch = {p, p, p}});
  return ut_graph_add (self->graph, (UtNode){.op = UT_OP_LINEAR, .in = {rows, w, b, 0, position}});
}

/* norm (x) (1 + scale) + shift, the two taken out of an adaLN vector; plain where @ada is 0 */
static UtValueId
modulate (UtNet *self, UtValueId x, UtValueId ada, gsize shift_at, gsize scale_at)
{
  gsize dim = (gsize)self->config->dim;
  UtShape vector = UT_SHAPE (dim);
  return ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_LAYER_NORM,
             .in = {x,
                    ada ? ut_graph_view (self->graph, ada, scale_at * dim, vector) : 0,
                    ada ? ut_graph_view (self->graph, ada, shift_at * dim, vector) : 0},
             .plus_one = ada != 0,
             .eps = (float)self->config->ln_eps});
}

static UtValueId
attention (UtNet *self, UtValueId q, UtValueId kv, gsize k_column)
{
  gsize heads = (gsize)self->config->heads, dim = (gsize)self->config->dim;
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_ATTENTION,
                                .in = {q, kv, kv},
                                .heads = heads,
                                .head_size = dim / heads,
                                .column = {0, k_column, k_column + dim}});
}

UtValueId
ut_net_block (
  UtNet *self, guint i, UtValueId x, UtValueId silu_c, UtValueId kv, UtValueId condition)
{
  gsize dim = (gsize)self->config->dim, hidden = (gsize)self->config->mlp_ratio * dim;
  UtShape vector = UT_SHAPE (dim);
  UtValueId ada = block_linear (self, i, "ada", silu_c, dim, 6 * dim, (Epilogue){0});
  UtValueId gate[2] = {ut_graph_view (self->graph, ada, 2 * dim, vector),
                       ut_graph_view (self->graph, ada, 5 * dim, vector)};

  UtValueId h = modulate (self, x, ada, 0, 1);
  h = block_linear (self, i, "attn.qkv", h, dim, 3 * dim, (Epilogue){0});
  h = attention (self, h, h, dim);
  x = block_linear (self, i, "attn.proj", h, dim, dim, (Epilogue){.gate = gate[0], .residual = x});

  h = block_linear (self, i, "cross.q", modulate (self, x, 0, 0, 0), dim, dim, (Epilogue){0});
  h = attention (self, h, kv, 0);
  x = block_linear (self, i, "cross.proj", h, dim, dim, (Epilogue){.residual = x});
  if (self->config->residual) {
    UtValueId gamma = weight (self, vector, "coarse.block.%u.gamma", i);
    x = ut_graph_add (self->graph, (UtNode){.op = UT_OP_ADD, .in = {x, condition, gamma}});
  }

  h = modulate (self, x, ada, 3, 4);
  h =
    block_linear (self, i, "mlp.fc1", h, dim, hidden, (Epilogue){.activation = UT_ACTIVATION_GELU});
  return block_linear (
    self, i, "mlp.fc2", h, hidden, dim, (Epilogue){.gate = gate[1], .residual = x});
}

UtValueId
ut_net_final (UtNet *self, UtValueId x, UtValueId silu_c)
{
  gsize p = (gsize)self->config->patch, dim = (gsize)self->config->dim;
  UtValueId ada = linear (self, "coarse.final.ada", silu_c, dim, 2 * dim, (Epilogue){0});
  x = modulate (self, x, ada, 0, 1);
  x = linear (self, "coarse.final.lin", x, dim, p * p * p * N_CLASSES, (Epilogue){0});
  return ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_UNPATCHIFY, .in = {x}, .patch = {p, p, p}, .size = {SIDE, SIDE, SIDE}});
}

UtValueId
ut_net_prior (UtNet *self)
{
  if (!self->config->prior)
    return 0;
  return weight (self, UT_SHAPE (N_CLASSES, SIDE, SIDE, SIDE), "coarse.prior");
}
