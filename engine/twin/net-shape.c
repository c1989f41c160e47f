/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/net-private.h"

/* view features -> [1, nv r S]: few channels each, all views and positions side by side */
static UtValueId
reduce (UtNet *self, UtValueId features)
{
  gsize n_features = ut_twin_config_features (self->config);
  gsize n_kept = (gsize)self->config->shape.reduce;
  gsize n_positions = ut_net_shape (self, features).dim[2];
  UtValueId w = ut_net_weight (self, UT_SHAPE (n_kept, n_features), "shape.reduce.weight");
  UtValueId b = ut_net_weight (self, UT_SHAPE (n_kept), "shape.reduce.bias");
  w = ut_graph_view (self->graph, w, 0, UT_SHAPE (n_kept, n_features, 1, 1));
  UtValueId x =
    ut_graph_view (self->graph, features, 0, UT_SHAPE (N_VIEWS, n_features, 1, n_positions));
  x = ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_CONV2D, .in = {x, w, b}, .activation = UT_ACTIVATION_GELU, .stride = 1});
  return ut_graph_view (self->graph, x, 0, UT_SHAPE (1, N_VIEWS * n_kept * n_positions));
}

UtValueId
ut_net_modes (UtNet *self, UtValueId features)
{
  const UtTwinShape *shape = &self->config->shape;
  const UtNetThen gelu = {.activation = UT_ACTIVATION_GELU};
  gsize hidden = (gsize)shape->hidden, n_modes = (gsize)shape->modes;
  if (features == 0)
    return 0;
  UtValueId x = reduce (self, features);
  gsize n_in = ut_net_shape (self, x).dim[1];
  UtValueId h = ut_net_linear (self, "shape.fc1", x, n_in, hidden, gelu);
  h = ut_net_linear (self, "shape.fc2", h, hidden, hidden, gelu);
  UtValueId w = ut_net_weight (self, UT_SHAPE (n_modes, n_in), "shape.skip.weight");
  UtValueId skip = ut_graph_add (self->graph, (UtNode){.op = UT_OP_LINEAR, .in = {x, w}});
  return ut_net_linear (self, "shape.fc3", h, hidden, n_modes, (UtNetThen){.residual = skip});
}

UtValueId
ut_net_shape_prior (UtNet *self, UtValueId modes)
{
  const UtTwinShape *shape = &self->config->shape;
  gsize side = (gsize)shape->side, n = N_CLASSES * side * side * side;
  UtValueId basis = ut_net_weight (self, UT_SHAPE (n, (gsize)shape->modes), "shape.basis");
  UtValueId mean = ut_net_weight (self, UT_SHAPE (n), "shape.mean");
  UtValueId field = ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_LINEAR, .in = {modes, basis, mean}, .activation = UT_ACTIVATION_RELU});
  field = ut_graph_view (self->graph, field, 0, UT_SHAPE (N_CLASSES, side, side, side));
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_UPSAMPLE, .in = {field}, .size = {SIDE, SIDE, SIDE}});
}
