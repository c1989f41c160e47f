/* SPDX-License-Identifier: Apache-2.0 */
/* Finds in a graph what one kernel does in one pass: softmax over classes, local variances and the
 * fusion weighted by them (eqs. 1 and 2 of the dynamic fusion). */
#include "cuda/cuda-private.h"

#define NONE G_MAXUINT

static gboolean
reads (const UtGraph *graph, const UtNode *node, UtValueId value)
{
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++)
    if (node->in[i] && ut_graph_root (graph, node->in[i]) == value)
      return TRUE;
  return FALSE;
}

/* the node before @before that made @value */
static guint
maker_of (const UtGraph *graph, UtValueId value, guint before)
{
  for (guint i = before; i-- > 0;)
    if (graph->node[i].out == value)
      return i;
  return NONE;
}

/* nodes that read @value, but for @a and @b */
static gboolean
has_other_readers (const UtGraph *graph, UtValueId value, guint a, guint b)
{
  for (guint i = 0; i < graph->n_nodes; i++)
    if (i != a && i != b && reads (graph, &graph->node[i], value))
      return TRUE;
  return FALSE;
}

/* a node may run as late as @later: what it reads is still there */
static gboolean
can_wait (const UtGraph *graph, guint node, guint later)
{
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++) {
    UtValueId in = ut_graph_root (graph, graph->node[node].in[i]);
    if (graph->value[in].kind != UT_VALUE_BUFFER)
      continue;
    for (guint k = node; k < later; k++)
      if (graph->value[graph->node[k].out].buffer == graph->value[in].buffer)
        return FALSE;
  }
  return TRUE;
}

static gboolean
is_local (const UtGraph *graph, UtValueId value)
{
  return graph->value[value].kind == UT_VALUE_LOCAL;
}

/* variance @variance of @volume, both read by node @fuse */
static gboolean
join_input (const UtGraph *graph, guint fuse, UtValueId volume, UtValueId variance, UtCudaJoin *ret)
{
  guint of = maker_of (graph, variance, fuse);
  if (of == NONE || graph->node[of].op != UT_OP_LOCAL_VARIANCE || graph->node[of].in[0] != volume ||
      has_other_readers (graph, variance, fuse, NONE) || !can_wait (graph, of, fuse))
    return FALSE;
  ret[of] = (UtCudaJoin){fuse + 1, is_local (graph, variance)};
  guint softmax = maker_of (graph, volume, of);
  if (softmax != NONE && graph->node[softmax].op == UT_OP_CLASS_SOFTMAX &&
      is_local (graph, volume) && !has_other_readers (graph, volume, fuse, of) &&
      can_wait (graph, softmax, fuse))
    ret[softmax] = (UtCudaJoin){fuse + 1, TRUE};
  return TRUE;
}

void
ut_cuda_find_fusions (const UtGraph *graph, UtCudaJoin *ret)
{
  for (guint i = 0; i < graph->n_nodes; i++) {
    const UtNode *node = &graph->node[i];
    const UtShape *shape = &graph->value[node->out].shape;
    if (node->op != UT_OP_FUSE || shape->n_dims != 4 || shape->dim[0] > UT_CUDA_WINDOW_CLASSES)
      continue;
    g_autofree UtCudaJoin *found = g_memdup2 (ret, graph->n_nodes * sizeof *ret);
    gboolean all = TRUE;
    for (int j = 0; all && j < UT_NODE_MAX_INPUTS && node->in[j]; j += 2)
      all = join_input (graph, i, node->in[j], node->in[j + 1], found);
    for (guint k = 0; all && k < i; k++)
      ret[k] = found[k];
  }
}
