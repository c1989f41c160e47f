/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/net-private.h"

UtValueId
ut_net_locate (UtNet *self, UtValueId pictures)
{
  static const gint64 blocks[] = {1, 1, 1};
  const UtTwinLocate *locate = &self->config->locate;
  const UtNetResNet sizes = {
    .name = "locate.enc",
    .channels = 1,
    .width = (gsize)locate->width,
    .blocks = blocks,
    .n_stages = G_N_ELEMENTS (blocks),
  };
  UtValueId x = ut_net_res_net (self, &sizes, pictures).last;
  x = ut_net_conv (self, "locate.reduce", x, (gsize)locate->reduce, 1, 1, UT_ACTIVATION_GELU);
  UtShape kept = ut_net_shape (self, x);
  gsize n_in = ut_shape_product (&kept, 1, kept.n_dims), hidden = (gsize)locate->hidden;
  x = ut_graph_view (self->graph, x, 0, UT_SHAPE (N_VIEWS, n_in));
  const UtNetThen gelu = {.activation = UT_ACTIVATION_GELU};
  x = ut_net_linear (self, "locate.fc1", x, n_in, hidden, gelu);
  return ut_net_linear (self, "locate.fc2", x, hidden, UT_NET_LOCATED, (UtNetThen){0});
}
