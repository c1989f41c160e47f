/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/net-private.h"

UtValueId
ut_net_segment (UtNet *self, UtNetFeatures features)
{
  gsize n = (gsize)self->config->shape.segment;
  if (features.last == 0)
    return 0;
  UtShape fine = ut_net_shape (self, features.before), deep = ut_net_shape (self, features.last);
  UtValueId up = ut_net_conv (self, "segment.deep", features.last, n, 1, 1, UT_ACTIVATION_NONE);
  up = ut_graph_view (self->graph, up, 0, UT_SHAPE (N_VIEWS * n, 1, deep.dim[2], deep.dim[3]));
  up = ut_graph_add (
    self->graph, (UtNode){.op = UT_OP_UPSAMPLE, .in = {up}, .size = {1, fine.dim[2], fine.dim[3]}});
  up = ut_graph_view (self->graph, up, 0, UT_SHAPE (N_VIEWS, n, fine.dim[2], fine.dim[3]));
  UtValueId x = ut_net_conv_bn (self,
                                "segment.fine",
                                "segment.bn",
                                features.before,
                                UT_SHAPE (n, fine.dim[1], 1, 1),
                                1,
                                UT_ACTIVATION_RELU,
                                up);
  return ut_net_conv (self, "segment.out", x, N_CLASSES - 1, 3, 1, UT_ACTIVATION_TANH);
}

UtValueId
ut_net_modes (UtNet *self, UtValueId maps)
{
  const UtTwinShape *shape = &self->config->shape;
  const UtNetThen gelu = {.activation = UT_ACTIVATION_GELU};
  gsize n_components = (gsize)shape->components, hidden = (gsize)shape->hidden;
  gsize n_modes = (gsize)shape->modes;
  if (maps == 0)
    return 0;
  UtShape seen = ut_net_shape (self, maps);
  gsize n_in = ut_shape_product (&seen, 0, seen.n_dims);
  UtValueId x =
    ut_graph_view (self->graph, maps, 0, UT_SHAPE (1, n_in)); /* view, structure, cell */
  x = ut_net_linear (self, "shape.project", x, n_in, n_components, (UtNetThen){0});
  UtValueId h = ut_net_linear (self, "shape.fc1", x, n_components, hidden, gelu);
  h = ut_net_linear (self, "shape.fc2", h, hidden, hidden, gelu);
  UtValueId w = ut_net_weight (self, UT_SHAPE (n_modes, n_components), "shape.skip.weight");
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
