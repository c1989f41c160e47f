/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/net-private.h"

#include <math.h>

/* of the Gaussian that blurs a template, voxels */
#define BLUR_SIGMA  1.5
#define BLUR_RADIUS 5

UtValueId
ut_net_coarse_stage (UtNet *self,
                     UtValueId x_t,
                     UtValueId silu_c,
                     const UtValueId *kv,
                     UtValueId condition,
                     UtValueId prior)
{
  const UtTwinConfig *config = self->config;
  const UtNetPart coarse = ut_net_coarse (config);
  UtValueId h = ut_net_embed (self, &coarse, "x_embed", x_t, FALSE, 0);
  for (guint i = 0; i < config->depth; i++) {
    g_autofree char *name = g_strdup_printf ("block.%u", i);
    h = ut_net_block (self, &coarse, name, h, silu_c, kv[i], config->residual ? condition : 0);
  }
  h = ut_net_final (self, &coarse, "final", h, silu_c);
  return ut_net_with_prior (self, h, prior);
}

UtValueId
ut_net_with_prior (UtNet *self, UtValueId logits, UtValueId prior)
{
  const UtTwinConfig *config = self->config;
  gboolean shape = config->prior == UT_TWIN_PRIOR_SHAPE;
  gboolean heart = shape || config->prior == UT_TWIN_PRIOR_TEMPLATE;
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_CLASS_SOFTMAX,
                                .in = {logits, prior},
                                .eps = heart ? UT_NET_PRIOR_FLOOR : 0,
                                .squared = shape && config->shape.power == 2});
}

UtValueId
ut_net_mean_prior (UtNet *self)
{
  if (self->config->prior != UT_TWIN_PRIOR_MEAN)
    return 0;
  return ut_net_weight (self, VOLUME, "coarse.prior");
}

/* a Gaussian as a kernel along one axis, [1,1,...] */
static UtValueId
gaussian (UtNet *self, int axis)
{
  const int radius = BLUR_RADIUS;
  float *kernel = g_new (float, 2 * radius + 1);
  double total = 0;
  for (int i = -radius; i <= radius; i++)
    total += exp (-0.5 * i * i / (BLUR_SIGMA * BLUR_SIGMA));
  for (int i = -radius; i <= radius; i++)
    kernel[i + radius] = (float)(exp (-0.5 * i * i / (BLUR_SIGMA * BLUR_SIGMA)) / total);
  UtShape shape = UT_SHAPE (1, 1, 1, 1, 1);
  shape.dim[2 + axis] = 2 * radius + 1;
  return ut_graph_constant_take (self->graph, shape, kernel);
}

/* structures [1,N-1,...] -> [1,N,...], with the background before them, what they leave of 1 */
static UtValueId
with_background (UtNet *self, UtValueId structures)
{
  const gsize n = N_CLASSES - 1;
  float *weight = g_new0 (float, N_CLASSES *n), *bias = g_new0 (float, N_CLASSES);
  bias[0] = 1;
  for (gsize c = 0; c < n; c++) {
    weight[c] = -1;
    weight[(c + 1) * n + c] = 1;
  }
  return ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_CONV3D,
             .in = {structures,
                    ut_graph_constant_take (self->graph, UT_SHAPE (N_CLASSES, n, 1, 1, 1), weight),
                    ut_graph_constant_take (self->graph, UT_SHAPE (N_CLASSES), bias)},
             .activation = UT_ACTIVATION_RELU, /* rounding may leave less than nothing */
             .stride = 1});
}

UtValueId
ut_net_template_prior (UtNet *self, UtValueId one_hot)
{
  const gsize n = N_CLASSES - 1;
  UtValueId x =
    ut_graph_view (self->graph, one_hot, SIDE * SIDE * SIDE, UT_SHAPE (n, 1, SIDE, SIDE, SIDE));
  for (int axis = 0; axis < 3; axis++) {
    UtNode blur = {.op = UT_OP_CONV3D, .in = {x, gaussian (self, axis)}, .stride = 1};
    blur.pad[axis] = BLUR_RADIUS;
    x = ut_graph_add (self->graph, blur);
  }
  x = ut_graph_view (self->graph, x, 0, UT_SHAPE (1, n, SIDE, SIDE, SIDE));
  return with_background (self, x);
}

UtValueId
ut_net_template (UtNet *self, UtValueId one_hot)
{
  const UtNetPart coarse = ut_net_coarse (self->config);
  return ut_net_embed (self, &coarse, "t_embed", one_hot, TRUE, 0);
}
