/* SPDX-License-Identifier: Apache-2.0 */
/* From pictures to the condition: view encoder, spacing, fusion, pooled features. */
#include "engine/twin/net-private.h"

#include <math.h>

UtValueId
ut_net_conv_bn (UtNet *self,
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
  const float *kernel = ut_net_take (self, conv_name, shape), *stats[4];
  gsize n_out = shape.dim[0], n_inside = ut_shape_product (&shape, 1, 4);
  for (int i = 0; i < 4; i++) {
    g_autofree char *name = g_strdup_printf ("%s.%s", bn, fields[i]);
    stats[i] = ut_net_take (self, name, UT_SHAPE (n_out));
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
residual_block (UtNet *self,
                const char *name,
                UtValueId x,
                gboolean bottleneck,
                gsize n_in,
                gsize width,
                gsize stride)
{
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
    skip = ut_net_conv_bn (
      self, conv, bn, x, UT_SHAPE (n_out, n_in, 1, 1), stride, UT_ACTIVATION_NONE, 0);
  }
  for (int i = 0; i < n_convs; i++) {
    g_autofree char *conv = g_strdup_printf ("%s.conv%d", name, i + 1);
    g_autofree char *bn = g_strdup_printf ("%s.bn%d", name, i + 1);
    gsize k = convs[i].kernel;
    x = ut_net_conv_bn (self,
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

UtNetFeatures
ut_net_res_net (UtNet *self, const UtNetResNet *sizes, UtValueId pictures)
{
  gsize n_in = sizes->width;
  g_autofree char *conv = g_strdup_printf ("%s.conv1", sizes->name);
  g_autofree char *bn = g_strdup_printf ("%s.bn1", sizes->name);
  UtValueId x = ut_net_conv_bn (
    self, conv, bn, pictures, UT_SHAPE (n_in, sizes->channels, 7, 7), 2, UT_ACTIVATION_RELU, 0);
  x = ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_MAX_POOL, .in = {x}, .kernel = {3, 3}, .stride = 2, .pad = {1, 1}});
  UtNetFeatures ret = {0};
  for (int stage = 1; stage <= sizes->n_stages; stage++) {
    ret.before = x;
    for (int j = 0; j < sizes->blocks[stage - 1]; j++) {
      g_autofree char *name = g_strdup_printf ("%s.layer%d.%d", sizes->name, stage, j);
      gsize narrow = sizes->width << (stage - 1), stride = stage > 1 && j == 0 ? 2 : 1;
      x = residual_block (self, name, x, sizes->bottleneck, n_in, narrow, stride);
      n_in = sizes->bottleneck ? 4 * narrow : narrow;
    }
  }
  ret.last = x;
  return ret;
}

UtNetFeatures
ut_net_encoder (UtNet *self, UtValueId pictures)
{
  const UtTwinConfig *config = self->config;
  const UtNetResNet sizes = {
    .name = "enc",
    .channels = (gsize)config->channels,
    .width = (gsize)config->width,
    .bottleneck = config->bottleneck,
    .blocks = config->blocks,
    .n_stages = (int)config->out_stage,
  };
  return ut_net_res_net (self, &sizes, pictures);
}

UtValueId
ut_net_space (UtNet *self, UtValueId features, UtValueId log_spacing, UtValueId absent)
{
  UtShape shape = ut_net_shape (self, features);
  gsize n_features = ut_twin_config_features (self->config);
  gsize hidden = (gsize)self->config->space_hidden;
  UtValueId x = ut_net_linear (
    self, "space.fc1", log_spacing, 2, hidden, (UtNetThen){.activation = UT_ACTIVATION_SILU});
  x = ut_net_linear (self, "space.fc2", x, hidden, n_features, (UtNetThen){.residual = absent});
  x = ut_graph_view (self->graph, x, 0, UT_SHAPE (N_VIEWS, n_features, 1));
  features = ut_graph_view (
    self->graph, features, 0, UT_SHAPE (N_VIEWS, n_features, shape.dim[2] * shape.dim[3]));
  return ut_graph_add (self->graph, (UtNode){.op = UT_OP_ADD, .in = {features, x}});
}

const float *
ut_net_absent (UtNet *self)
{
  return ut_net_take (
    self, "space.absent", UT_SHAPE (N_VIEWS, ut_twin_config_features (self->config)));
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
  UtValueId w = ut_net_weight (self, UT_SHAPE (dim, n_in, kernel), "%s.weight", conv);
  UtValueId b = ut_net_weight (self, UT_SHAPE (dim), "%s.bias", conv);
  UtValueId gamma = ut_net_weight (self, UT_SHAPE (dim), "%s.weight", norm);
  UtValueId beta = ut_net_weight (self, UT_SHAPE (dim), "%s.bias", norm);
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
  x = ut_net_linear (
    self, "fuse.tok", x, n_positions, ut_twin_config_tokens (config), (UtNetThen){0});
  x = ut_graph_add (self->graph, (UtNode){.op = UT_OP_TRANSPOSE, .in = {x}});
  x = ut_net_linear (self, "fuse.out", x, dim, dim, (UtNetThen){0});
  UtValueId scale = ut_net_weight (self, UT_SHAPE (dim), "fuse.norm.weight");
  UtValueId shift = ut_net_weight (self, UT_SHAPE (dim), "fuse.norm.bias");
  return ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_LAYER_NORM, .in = {x, scale, shift}, .eps = (float)config->fuse_ln_eps});
}

UtValueId
ut_net_pool (UtNet *self, UtValueId features)
{
  gsize n = N_VIEWS * ut_twin_config_features (self->config);
  UtValueId x = ut_graph_add (self->graph, (UtNode){.op = UT_OP_MEAN, .in = {features}});
  return ut_graph_view (self->graph, x, 0, UT_SHAPE (1, n));
}

UtValueId
ut_net_global (UtNet *self, UtValueId pooled_features)
{
  gsize n_in = N_VIEWS * ut_twin_config_features (self->config), dim = (gsize)self->config->dim;
  UtValueId x = ut_net_linear (self,
                               "global.fc1",
                               pooled_features,
                               n_in,
                               2 * dim,
                               (UtNetThen){.activation = UT_ACTIVATION_GELU});
  return ut_net_linear (self, "global.fc2", x, 2 * dim, dim, (UtNetThen){0});
}

UtValueId
ut_net_latent_of_pictures (UtNet *self, UtValueId pooled_features)
{
  gsize n_in = N_VIEWS * ut_twin_config_features (self->config);
  return ut_net_linear (
    self, "ts.from", pooled_features, n_in, (gsize)self->config->ae.latent, (UtNetThen){0});
}
