/* SPDX-License-Identifier: Apache-2.0 */
/* The refinement: three branches of anisotropic patches that meet in two dynamic fusions. */
#include "engine/twin/net-private.h"

#define N_BRANCHES UT_TWIN_N_BRANCHES

/* added to probabilities before their logarithm */
#define FLOOR 1e-3f

static guint
blocks_per_branch (const UtTwinConfig *config)
{
  return (guint)(config->refine.n1 + config->refine.n2);
}

guint
ut_net_refine_n_blocks (const UtTwinConfig *config)
{
  return N_BRANCHES * blocks_per_branch (config);
}

/* block @i of a branch, counted through both stages; free it */
static char *
block_name (const UtTwinConfig *config, guint i)
{
  guint n1 = (guint)config->refine.n1;
  return i < n1 ? g_strdup_printf ("stage1.%u", i) : g_strdup_printf ("stage2.%u", i - n1);
}

UtValueId
ut_net_refine_kv (UtNet *self, guint i, UtValueId condition)
{
  guint n = blocks_per_branch (self->config);
  const UtNetPart part = ut_net_branch (self->config, i / n);
  g_autofree char *name = block_name (self->config, i % n);
  return ut_net_block_kv (self, &part, name, condition);
}

UtValueId
ut_net_fuse (UtNet *self, guint n, const UtValueId *volumes, UtValueId *ret_variance)
{
  UtNode node = {.op = UT_OP_FUSE, .eps = (float)self->config->fusion_eps};
  for (guint i = 0; i < n; i++) {
    UtValueId variance =
      ut_graph_add (self->graph, (UtNode){.op = UT_OP_LOCAL_VARIANCE, .in = {volumes[i]}});
    node.in[2 * i] = volumes[i];
    node.in[2 * i + 1] = variance;
    if (ret_variance)
      ret_variance[i] = variance;
  }
  return ut_graph_add (self->graph, node);
}

/* blocks @from up to, without, @to of a branch */
static UtValueId
run_blocks (UtNet *self,
            const UtNetPart *part,
            guint from,
            guint to,
            UtValueId h,
            UtValueId silu_c,
            const UtValueId *kv)
{
  for (guint i = from; i < to; i++) {
    g_autofree char *name = block_name (self->config, i);
    h = ut_net_block (self, part, name, h, silu_c, kv[i], 0);
  }
  return h;
}

/* tokens -> probabilities; with "residual" what the network adds to ln (base + FLOOR) */
static UtValueId
end (UtNet *self,
     const UtNetPart *part,
     const char *name,
     UtValueId h,
     UtValueId silu_c,
     UtValueId base)
{
  gboolean residual = self->config->refine.residual;
  return ut_graph_add (
    self->graph,
    (UtNode){.op = UT_OP_CLASS_SOFTMAX,
             .in = {ut_net_final (self, part, name, h, silu_c), residual ? base : 0},
             .eps = residual ? FLOOR : 0});
}

/* Matrix embed2 is in the file though nothing is fused in the middle. */
static void
pass_over_embed2 (UtNet *self, const UtNetPart *part)
{
  const gsize *p = part->patch;
  ut_net_weight (
    self, UT_SHAPE (part->dim, N_CLASSES, p[0], p[1], p[2]), "%s.embed2.weight", part->name);
  ut_net_weight (self, UT_SHAPE (part->dim), "%s.embed2.bias", part->name);
}

UtNetRefined
ut_net_refine (UtNet *self, UtValueId v_c, UtValueId silu_c, const UtValueId *kv)
{
  const UtTwinConfig *config = self->config;
  guint n1 = (guint)config->refine.n1, n = blocks_per_branch (config);
  UtNetRefined made = {0};
  UtValueId h[N_BRANCHES];
  for (guint b = 0; b < N_BRANCHES; b++) {
    const UtNetPart part = ut_net_branch (config, b);
    h[b] = ut_net_embed (self, &part, "embed1", v_c, TRUE, 0);
    h[b] = run_blocks (self, &part, 0, n1, h[b], silu_c, kv + b * n);
    made.first[b] = end (self, &part, "final1", h[b], silu_c, v_c);
  }
  if (config->refine.mid_fusion)
    made.fused = ut_net_fuse (self, N_BRANCHES, made.first, NULL);
  for (guint b = 0; b < N_BRANCHES; b++) {
    const UtNetPart part = ut_net_branch (config, b);
    if (made.fused)
      h[b] = ut_net_embed (self, &part, "embed2", made.fused, TRUE, h[b]);
    else
      pass_over_embed2 (self, &part);
    h[b] = run_blocks (self, &part, n1, n, h[b], silu_c, kv + b * n);
    UtValueId base = made.fused ? made.fused : made.first[b];
    made.second[b] = end (self, &part, "final2", h[b], silu_c, base);
  }
  made.result = ut_net_fuse (self, N_BRANCHES, made.second, made.variance);
  return made;
}
