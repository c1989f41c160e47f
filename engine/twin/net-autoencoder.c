/* SPDX-License-Identifier: Apache-2.0 */
/* The implicit autoencoder: a template field, its deformation and a correction, all from one
 * latent. Encoder, decoders and point MLP after NeAR (Yang 2022); field (p) = template (p +
 * deformation (p)) + correction (p) after DIF-Net (Deng 2021). */
#include "engine/twin/net-private.h"

#define N_POINTS (SIDE * SIDE * SIDE)
#define GN_EPS   1e-5f

static const UtNetThen leaky = {.activation = UT_ACTIVATION_LEAKY_RELU};

/* 3x3x3 convolution @conv of [1,n_in,...], group norm @norm, LeakyReLU -> [1,n_out,...] */
static UtValueId
conv_norm (UtNet *self,
           const char *prefix,
           const char *conv,
           const char *norm,
           UtValueId x,
           gsize n_in,
           gsize n_out,
           gsize stride)
{
  UtValueId w = ut_net_weight (self, UT_SHAPE (n_out, n_in, 3, 3, 3), "%s.%s.weight", prefix, conv);
  UtValueId b = ut_net_weight (self, UT_SHAPE (n_out), "%s.%s.bias", prefix, conv);
  UtValueId gamma = ut_net_weight (self, UT_SHAPE (n_out), "%s.%s.weight", prefix, norm);
  UtValueId beta = ut_net_weight (self, UT_SHAPE (n_out), "%s.%s.bias", prefix, norm);
  x = ut_graph_add (
    self->graph, (UtNode){.op = UT_OP_CONV3D, .in = {x, w, b}, .stride = stride, .pad = {1, 1, 1}});
  UtShape shape = ut_net_shape (self, x);
  x =
    ut_graph_view (self->graph, x, 0, UT_SHAPE (n_out, ut_shape_product (&shape, 2, shape.n_dims)));
  x = ut_graph_add (self->graph,
                    (UtNode){.op = UT_OP_GROUP_NORM,
                             .in = {x, gamma, beta},
                             .activation = UT_ACTIVATION_LEAKY_RELU,
                             .groups = (gsize)self->config->ae.groups,
                             .eps = GN_EPS});
  return ut_graph_view (self->graph, x, 0, shape);
}

UtValueId
ut_net_latent (UtNet *self, UtValueId u)
{
  const UtTwinAutoencoder *ae = &self->config->ae;
  UtValueId x = ut_graph_view (self->graph, u, 0, UT_SHAPE (1, N_CLASSES, SIDE, SIDE, SIDE));
  gsize n_in = N_CLASSES, side = SIDE;
  for (int level = 0; level < UT_TWIN_AE_LEVELS; level++, side /= 2) {
    g_autofree char *name = g_strdup_printf ("ae.enc.%d", level);
    gsize n_out = (gsize)ae->enc_channels[level];
    x = conv_norm (self, name, "down", "down_norm", x, n_in, n_out, 2);
    x = conv_norm (self, name, "conv", "conv_norm", x, n_out, n_out, 1);
    n_in = n_out;
  }
  gsize n_flat = n_in * side * side * side;
  x = ut_graph_view (self->graph, x, 0, UT_SHAPE (1, n_flat));
  return ut_net_linear (self, "ae.fc", x, n_flat, (gsize)ae->latent, (UtNetThen){0});
}

/* the two layers at the beginning of a branch: z [1,dz] -> [1,n_out] */
static UtValueId
head (UtNet *self, char branch, UtValueId z, gsize n_out)
{
  gsize dz = (gsize)self->config->ae.latent;
  g_autofree char *fc1 = g_strdup_printf ("ae.%c.mlp.fc1", branch);
  g_autofree char *fc2 = g_strdup_printf ("ae.%c.mlp.fc2", branch);
  z = ut_net_linear (self, fc1, z, dz, dz, leaky);
  return ut_net_linear (self, fc2, z, dz, n_out, (UtNetThen){0});
}

UtValueId
ut_net_mixture (UtNet *self, UtValueId z)
{
  return head (self, 't', z, (gsize)self->config->ae.templates);
}

/* softmax of the mixture times the template matrix: [1,dz] */
static UtValueId
template_latent (UtNet *self, UtValueId z)
{
  gsize n = (gsize)self->config->ae.templates, dz = (gsize)self->config->ae.latent;
  UtValueId mixture = ut_graph_view (self->graph, ut_net_mixture (self, z), 0, UT_SHAPE (n, 1));
  mixture = ut_graph_add (self->graph, (UtNode){.op = UT_OP_CLASS_SOFTMAX, .in = {mixture}});
  mixture = ut_graph_view (self->graph, mixture, 0, UT_SHAPE (1, n));
  const float *codes = ut_net_take (self, "ae.t.codes", UT_SHAPE (n, dz));
  if (codes == NULL)
    return 0;
  float *columns = g_new (float, dz *n);
  for (gsize row = 0; row < n; row++)
    for (gsize i = 0; i < dz; i++)
      columns[i * n + row] = codes[row * dz + i];
  UtValueId w = ut_graph_constant_take (self->graph, UT_SHAPE (dz, n), columns);
  return ut_graph_add (self->graph, (UtNode){.op = UT_OP_LINEAR, .in = {mixture, w}});
}

/* One branch's field: its maps, each through its own columns of the first layer of the point MLP
 * (interpolation is linear, so the order does not matter), and the rest of that layer. */
typedef struct Field {
  char branch;
  UtValueId map[UT_TWIN_AE_UPS];
  UtValueId w_point, bias; /* columns of x, y, z, [H,3]; [H] */
} Field;

/* columns [@from, @from + @n) of the first point layer's weight */
static float *
point_columns (const UtTwinAutoencoder *ae, const float *w, gsize n_in, gsize from, gsize n)
{
  gsize hidden = (gsize)ae->point_hidden[0];
  float *part = g_new (float, hidden *n);
  for (gsize h = 0; h < hidden; h++)
    for (gsize i = 0; i < n; i++)
      part[h * n + i] = w[h * n_in + from + i];
  return part;
}

static double
grid_coordinate (gsize i, gsize side)
{
  return -1 + 2 * (double)i / (double)(side - 1);
}

/* The first layer's share of x, y, z and its bias at the voxels of a map of 4^3: both are linear
 * in the place, so that this map carries them onto the whole grid exactly. [1,H,4,4,4] */
static UtValueId
coordinate_map (UtNet *self, const float *w_point, const float *bias, gsize side)
{
  gsize hidden = (gsize)self->config->ae.point_hidden[0], n = side * side * side;
  float *map = g_new (float, hidden *n);
  for (gsize h = 0; h < hidden; h++)
    for (gsize i = 0; i < n; i++) {
      const gsize at[3] = {i % side, i / side % side, i / (side * side)};
      double sum = bias[h];
      for (int axis = 0; axis < 3; axis++)
        sum += w_point[h * 3 + (gsize)axis] * grid_coordinate (at[axis], side);
      map[h * n + i] = (float)sum;
    }
  return ut_graph_constant_take (self->graph, UT_SHAPE (1, hidden, side, side, side), map);
}

/* latent of the branch [1,dz] -> its field. @on_grid: the coordinates join the first map */
static Field
make_field (UtNet *self, char branch, UtValueId latent, gboolean on_grid)
{
  const UtTwinAutoencoder *ae = &self->config->ae;
  gsize hidden = (gsize)ae->point_hidden[0], n_in = 3, c0 = (gsize)ae->c0, side = 2;
  for (int i = 0; i < UT_TWIN_AE_UPS; i++)
    n_in += (gsize)ae->dec_channels[i];
  g_autofree char *shuffle = g_strdup_printf ("ae.%c.shuffle", branch);
  g_autofree char *w_name = g_strdup_printf ("ae.%c.point.0.weight", branch);
  g_autofree char *b_name = g_strdup_printf ("ae.%c.point.0.bias", branch);
  const float *w = ut_net_take (self, w_name, UT_SHAPE (hidden, n_in));
  const float *bias = ut_net_take (self, b_name, UT_SHAPE (hidden));
  Field field = {.branch = branch};
  if (self->error)
    return field;
  float *w_point = point_columns (ae, w, n_in, 0, 3);
  field.w_point = ut_graph_constant_take (self->graph, UT_SHAPE (hidden, 3), w_point);
  field.bias = ut_graph_constant (self->graph, UT_SHAPE (hidden), bias);

  UtValueId x = ut_net_linear (self, shuffle, latent, (gsize)ae->latent, c0 * 8, leaky);
  x = ut_graph_view (self->graph, x, 0, UT_SHAPE (1, c0, side, side, side));
  for (gsize i = 0, n_channels = c0, column = 3; i < UT_TWIN_AE_UPS; i++) {
    g_autofree char *name = g_strdup_printf ("ae.%c.up.%u", branch, (guint)i);
    gsize n_out = (gsize)ae->dec_channels[i];
    side *= 2;
    x = ut_graph_add (self->graph,
                      (UtNode){.op = UT_OP_UPSAMPLE, .in = {x}, .size = {side, side, side}});
    x = conv_norm (self, name, "conv1", "norm1", x, n_channels, n_out, 1);
    x = conv_norm (self, name, "conv2", "norm2", x, n_out, n_out, 1);
    UtValueId project = ut_graph_constant_take (
      self->graph, UT_SHAPE (hidden, n_out, 1, 1, 1), point_columns (ae, w, n_in, column, n_out));
    UtValueId place = on_grid && i == 0 ? coordinate_map (self, w_point, bias, side) : 0;
    field.map[i] = ut_graph_add (
      self->graph, (UtNode){.op = UT_OP_CONV3D, .in = {x, project, 0, place}, .stride = 1});
    n_channels = n_out;
    column += n_out;
  }
  return field;
}

/* The rest of the point MLP on [P,H] rows: [P,n_out] */
static UtValueId
point_layers (UtNet *self, const Field *field, UtValueId rows, gsize n_out, UtNetThen then)
{
  const gint64 *hidden = self->config->ae.point_hidden;
  g_autofree char *second = g_strdup_printf ("ae.%c.point.1", field->branch);
  g_autofree char *third = g_strdup_printf ("ae.%c.point.2", field->branch);
  rows = ut_net_linear (self, second, rows, (gsize)hidden[0], (gsize)hidden[1], leaky);
  return ut_net_linear (self, third, rows, (gsize)hidden[1], n_out, then);
}

/* the field at every voxel of the cube */
static UtValueId
on_grid (UtNet *self, const Field *field, gsize n_out, UtNetThen then)
{
  const UtValueId *map = field->map;
  UtValueId rows = ut_graph_add (self->graph,
                                 (UtNode){.op = UT_OP_SAMPLE,
                                          .in = {map[0], 0, 0, map[1], map[2], map[3]},
                                          .activation = UT_ACTIVATION_LEAKY_RELU,
                                          .size = {SIDE, SIDE, SIDE}});
  return point_layers (self, field, rows, n_out, then);
}

/* the field at @points [P,3] */
static UtValueId
at_points (UtNet *self, const Field *field, UtValueId points, gsize n_out, UtNetThen then)
{
  const UtValueId *map = field->map;
  UtValueId place = ut_graph_add (
    self->graph, (UtNode){.op = UT_OP_LINEAR, .in = {points, field->w_point, field->bias}});
  UtValueId rows = ut_graph_add (self->graph,
                                 (UtNode){.op = UT_OP_SAMPLE,
                                          .in = {map[0], points, place, map[1], map[2], map[3]},
                                          .activation = UT_ACTIVATION_LEAKY_RELU});
  return point_layers (self, field, rows, n_out, then);
}

/* (x, y, z) of every voxel, [64^3,3] */
static UtValueId
grid_points (UtNet *self)
{
  float *points = g_new (float, N_POINTS * 3);
  for (gsize i = 0; i < N_POINTS; i++) {
    const gsize at[3] = {i % SIDE, i / SIDE % SIDE, i / (SIDE * SIDE)};
    for (int axis = 0; axis < 3; axis++)
      points[3 * i + (gsize)axis] = (float)grid_coordinate (at[axis], SIDE);
  }
  return ut_graph_constant_take (self->graph, UT_SHAPE (N_POINTS, 3), points);
}

UtNetDecoded
ut_net_decode (UtNet *self, UtValueId z)
{
  const UtTwinAutoencoder *ae = &self->config->ae;
  gsize dz = (gsize)ae->latent;
  float *bound = g_new (float, 3);
  for (int axis = 0; axis < 3; axis++)
    bound[axis] = (float)ae->max_disp;
  /* p + max_disp tanh (d (p)) */
  const UtNetThen displace = {.activation = UT_ACTIVATION_TANH,
                              .gate = ut_graph_constant_take (self->graph, UT_SHAPE (3), bound),
                              .residual = grid_points (self)};
  UtNetDecoded made = {0};
  const Field d = make_field (self, 'd', head (self, 'd', z, dz), TRUE);
  made.displaced = on_grid (self, &d, 3, displace);

  const Field r = make_field (self, 'r', head (self, 'r', z, dz), TRUE);
  made.correction = on_grid (self, &r, N_CLASSES, (UtNetThen){0});

  const Field t = make_field (self, 't', template_latent (self, z), FALSE);
  made.logits =
    at_points (self, &t, made.displaced, N_CLASSES, (UtNetThen){.residual = made.correction});

  UtValueId by_class =
    ut_graph_add (self->graph, (UtNode){.op = UT_OP_TRANSPOSE, .in = {made.logits}});
  by_class = ut_graph_view (self->graph, by_class, 0, VOLUME);
  made.result = ut_graph_add (self->graph, (UtNode){.op = UT_OP_CLASS_SOFTMAX, .in = {by_class}});
  return made;
}
