/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/net-private.h"

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

const float *
ut_net_take (UtNet *self, const char *name, UtShape shape)
{
  return self->error ? NULL : ut_weights_take (self->weights, name, &shape, &self->error);
}

UtValueId
ut_net_weight (UtNet *self, UtShape shape, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *name = g_strdup_vprintf (format, args);
  va_end (args);
  return ut_graph_constant (self->graph, shape, ut_net_take (self, name, shape));
}

UtValueId
ut_net_linear (UtNet *self, const char *name, UtValueId x, gsize n_in, gsize n_out, UtNetThen then)
{
  UtValueId w = ut_net_weight (self, UT_SHAPE (n_out, n_in), "%s.weight", name);
  UtValueId b = ut_net_weight (self, UT_SHAPE (n_out), "%s.bias", name);
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_LINEAR,
                                .in = {x, w, b, then.gate, then.residual},
                                .activation = then.activation});
}

UtValueId
ut_net_conv (UtNet *self,
             const char *name,
             UtValueId x,
             gsize n_out,
             gsize kernel,
             gsize stride,
             UtActivation activation)
{
  gsize n_in = ut_net_shape (self, x).dim[1];
  UtValueId w = ut_net_weight (self, UT_SHAPE (n_out, n_in, kernel, kernel), "%s.weight", name);
  UtValueId b = ut_net_weight (self, UT_SHAPE (n_out), "%s.bias", name);
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_CONV2D,
                                .in = {x, w, b},
                                .activation = activation,
                                .stride = stride,
                                .pad = {kernel / 2, kernel / 2}});
}

UtValueId
ut_net_silu (UtNet *self, UtValueId x)
{
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_ACTIVATE, .in = {x}, .activation = UT_ACTIVATION_SILU});
}

UtShape
ut_net_shape (const UtNet *self, UtValueId value)
{
  return self->graph->value[value].shape;
}

UtValueId
ut_net_layer_norm (UtNet *self, UtValueId x)
{
  return ut_graph_add (
    self->graph, (UtNode){.op = UT_OP_LAYER_NORM, .in = {x}, .eps = (float)self->config->ln_eps});
}
