/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/net-private.h"

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
  return config->prior == UT_TWIN_PRIOR_SHAPE
           ? ut_net_with_shape_prior (self, h, prior)
           : ut_graph_add (self->graph, (UtNode){.op = UT_OP_CLASS_SOFTMAX, .in = {h, prior}});
}

UtValueId
ut_net_mean_prior (UtNet *self)
{
  if (self->config->prior != UT_TWIN_PRIOR_MEAN)
    return 0;
  return ut_net_weight (self, VOLUME, "coarse.prior");
}

UtValueId
ut_net_template (UtNet *self, UtValueId one_hot)
{
  const UtNetPart coarse = ut_net_coarse (self->config);
  return ut_net_embed (self, &coarse, "t_embed", one_hot, TRUE, 0);
}
