/* SPDX-License-Identifier: Apache-2.0 */
/* What the coarse stage and the branches of the refinement share: patches to tokens and back, the
 * time, and the block. DiT (Peebles and Xie 2023), DiT-3D (Mo 2023), PixArt-alpha (Chen 2023). */
#include "engine/twin/net-private.h"

#include <math.h>

UtNetPart
ut_net_coarse (const UtTwinConfig *config)
{
  gsize p = (gsize)config->patch;
  return (UtNetPart){"coarse", (gsize)config->dim, (gsize)config->heads, {p, p, p}};
}

UtNetPart
ut_net_branch (const UtTwinConfig *config, guint axis)
{
  static const char *const names[UT_TWIN_N_BRANCHES] = {"refine.x", "refine.y", "refine.z"};
  gsize p = (gsize)config->patch;
  UtNetPart part = {names[axis], (gsize)config->refine.dim, (gsize)config->refine.heads, {p, p, p}};
  part.patch[2 - axis] = p / 2;
  return part;
}

static gsize
patch_voxels (const UtNetPart *part)
{
  return part->patch[0] * part->patch[1] * part->patch[2];
}

gsize
ut_net_part_tokens (const UtNetPart *part)
{
  return SIDE * SIDE * SIDE / patch_voxels (part);
}

/* layer @layer of block or end @name */
static UtValueId
part_linear (UtNet *self,
             const UtNetPart *part,
             const char *name,
             const char *layer,
             UtValueId x,
             gsize n_in,
             gsize n_out,
             UtNetThen then)
{
  g_autofree char *full = g_strdup_printf ("%s.%s.%s", part->name, name, layer);
  return ut_net_linear (self, full, x, n_in, n_out, then);
}

UtValueId
ut_net_time (UtNet *self, UtValueId wave, UtValueId pooled)
{
  gsize n_in = (gsize)self->config->time_freq_dim, dim = (gsize)self->config->dim;
  UtValueId x = ut_net_linear (
    self, "time.fc1", wave, n_in, dim, (UtNetThen){.activation = UT_ACTIVATION_SILU});
  return ut_net_linear (self, "time.fc2", x, dim, dim, (UtNetThen){.residual = pooled});
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
ut_position_code (const gsize grid[3], const double scale[3], gsize dim, float *ret)
{
  gsize n_frequencies = dim / 6, n_tokens = grid[0] * grid[1] * grid[2];
  for (gsize token = 0; token < n_tokens; token++) {
    const gsize at[3] = {token / (grid[1] * grid[2]), token / grid[2] % grid[1], token % grid[2]};
    for (gsize axis = 0; axis < 3; axis++) {
      double place = ((double)at[axis] + 0.5) * scale[axis] - 0.5;
      float *code = ret + token * dim + axis * 2 * n_frequencies;
      for (gsize k = 0; k < n_frequencies; k++) {
        double angle = place * pow (10000, -(double)k / (double)n_frequencies);
        code[k] = (float)sin (angle);
        code[n_frequencies + k] = (float)cos (angle);
      }
    }
  }
}

static UtValueId
position_code (UtNet *self, const UtNetPart *part)
{
  gsize n_tokens = ut_net_part_tokens (part), grid[3];
  double scale[3];
  for (int i = 0; i < 3; i++) {
    grid[i] = SIDE / part->patch[i];
    scale[i] = (double)part->patch[i] / (double)self->config->patch;
  }
  float *code = g_new0 (float, n_tokens * part->dim);
  ut_position_code (grid, scale, part->dim, code);
  return ut_graph_constant_take (self->graph, UT_SHAPE (n_tokens, part->dim), code);
}

/* W (2 v - 1) + b = (2 W) v + (b - the sums of W's rows) */
static void
fold_centring (
  UtNet *self, gsize n_out, gsize n_in, const float *w, const float *b, UtValueId ret[2])
{
  float *doubled = g_new (float, n_out *n_in), *rest = g_new (float, n_out);
  for (gsize o = 0; o < n_out; o++) {
    double sum = 0;
    for (gsize i = 0; i < n_in; i++) {
      doubled[o * n_in + i] = 2 * w[o * n_in + i];
      sum += w[o * n_in + i];
    }
    rest[o] = (float)(b[o] - sum);
  }
  ret[0] = ut_graph_constant_take (self->graph, UT_SHAPE (n_out, n_in), doubled);
  ret[1] = ut_graph_constant_take (self->graph, UT_SHAPE (n_out), rest);
}

UtValueId
ut_net_embed (UtNet *self,
              const UtNetPart *part,
              const char *name,
              UtValueId volume,
              gboolean probabilities,
              UtValueId added)
{
  const gsize *p = part->patch;
  gsize dim = part->dim, n_in = N_CLASSES * patch_voxels (part);
  g_autofree char *w_name = g_strdup_printf ("%s.%s.weight", part->name, name);
  g_autofree char *b_name = g_strdup_printf ("%s.%s.bias", part->name, name);
  const float *w = ut_net_take (self, w_name, UT_SHAPE (dim, N_CLASSES, p[0], p[1], p[2]));
  const float *b = ut_net_take (self, b_name, UT_SHAPE (dim));
  if (self->error)
    return 0;
  UtValueId layer[2];
  if (probabilities) {
    fold_centring (self, dim, n_in, w, b, layer);
  } else {
    layer[0] = ut_graph_constant (self->graph, UT_SHAPE (dim, n_in), w);
    layer[1] = ut_graph_constant (self->graph, UT_SHAPE (dim), b);
  }
  UtValueId rows = ut_graph_add (
    self->graph, (UtNode){.op = UT_OP_PATCHIFY, .in = {volume}, .patch = {p[0], p[1], p[2]}});
  added = added ? added : position_code (self, part);
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_LINEAR, .in = {rows, layer[0], layer[1], 0, added}});
}

UtValueId
ut_net_block_kv (UtNet *self, const UtNetPart *part, const char *name, UtValueId source)
{
  gsize n_in = (gsize)self->config->dim;
  return part_linear (self, part, name, "cross.kv", source, n_in, 2 * part->dim, (UtNetThen){0});
}

/* norm (x) (1 + scale) + shift; the two are vectors @scale_at and @shift_at of an adaLN row */
static UtValueId
modulate (
  UtNet *self, const UtNetPart *part, UtValueId x, UtValueId ada, gsize shift_at, gsize scale_at)
{
  UtShape vector = UT_SHAPE (part->dim);
  return ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_LAYER_NORM,
             .in = {x,
                    ut_graph_view (self->graph, ada, scale_at * part->dim, vector),
                    ut_graph_view (self->graph, ada, shift_at * part->dim, vector)},
             .plus_one = TRUE,
             .eps = (float)self->config->ln_eps});
}

static UtValueId
attention (UtNet *self, const UtNetPart *part, UtValueId q, UtValueId kv, gsize k_column)
{
  return ut_graph_add (self->graph,
                       (UtNode){.op = UT_OP_ATTENTION,
                                .in = {q, kv, kv},
                                .heads = part->heads,
                                .head_size = part->dim / part->heads,
                                .column = {0, k_column, k_column + part->dim}});
}

UtValueId
ut_net_block (UtNet *self,
              const UtNetPart *part,
              const char *name,
              UtValueId x,
              UtValueId silu_c,
              UtValueId kv,
              UtValueId condition)
{
  gsize dim = part->dim, hidden = (gsize)self->config->mlp_ratio * dim;
  UtShape vector = UT_SHAPE (dim);
  UtValueId ada = part_linear (
    self, part, name, "ada", silu_c, (gsize)self->config->dim, 6 * dim, (UtNetThen){0});
  UtValueId gate[2] = {ut_graph_view (self->graph, ada, 2 * dim, vector),
                       ut_graph_view (self->graph, ada, 5 * dim, vector)};

  UtValueId h = modulate (self, part, x, ada, 0, 1);
  h = part_linear (self, part, name, "attn.qkv", h, dim, 3 * dim, (UtNetThen){0});
  h = attention (self, part, h, h, dim);
  x = part_linear (
    self, part, name, "attn.proj", h, dim, dim, (UtNetThen){.gate = gate[0], .residual = x});

  h = ut_net_layer_norm (self, x);
  h = part_linear (self, part, name, "cross.q", h, dim, dim, (UtNetThen){0});
  h = attention (self, part, h, kv, 0);
  x = part_linear (self, part, name, "cross.proj", h, dim, dim, (UtNetThen){.residual = x});
  if (condition) {
    UtValueId gamma = ut_net_weight (self, vector, "%s.%s.gamma", part->name, name);
    x = ut_graph_add (self->graph, (UtNode){.op = UT_OP_ADD, .in = {x, condition, gamma}});
  }

  const UtNetThen gelu = {.activation = UT_ACTIVATION_GELU};
  h = modulate (self, part, x, ada, 3, 4);
  h = part_linear (self, part, name, "mlp.fc1", h, dim, hidden, gelu);
  return part_linear (
    self, part, name, "mlp.fc2", h, hidden, dim, (UtNetThen){.gate = gate[1], .residual = x});
}

UtValueId
ut_net_final (UtNet *self, const UtNetPart *part, const char *name, UtValueId x, UtValueId silu_c)
{
  const gsize *p = part->patch;
  UtValueId ada = part_linear (
    self, part, name, "ada", silu_c, (gsize)self->config->dim, 2 * part->dim, (UtNetThen){0});
  x = modulate (self, part, x, ada, 0, 1);
  x = part_linear (
    self, part, name, "lin", x, part->dim, patch_voxels (part) * N_CLASSES, (UtNetThen){0});
  return ut_graph_add (
    self->graph,
    (UtNode){
      .op = UT_OP_UNPATCHIFY, .in = {x}, .patch = {p[0], p[1], p[2]}, .size = {SIDE, SIDE, SIDE}});
}
