/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/nn/host-buffer.h"
#include "engine/nn/ref-ops.h"

#include <string.h>

struct UtPlan {
  UtOperands *operands; /* [n_nodes] */
  UtNode *nodes;
  guint n_nodes;
  UtStage stage;
  GPtrArray *memory; /* of constants and locals */
};

static gboolean
probe (guint device, UtDeviceInfo *ret_info, GError **error)
{
  g_strlcpy (ret_info->description,
             ut_words ("plain loops, one thread: slow, for tests"),
             sizeof ret_info->description);
  return TRUE;
}

static UtBackend *
backend_open (const UtBackendConfig *config, GError **error)
{
  return g_malloc0 (1); /* it has nothing to keep */
}

static void
backend_close (UtBackend *self)
{
  g_free (self);
}

static gboolean
supports (UtBackend *self, const UtNode *node)
{
  return node->op > 0 && node->op < UT_N_OPS;
}

static void
plan_free (UtPlan *self)
{
  if (self == NULL)
    return;
  g_free (self->operands);
  g_free (self->nodes);
  g_ptr_array_unref (self->memory);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtPlan, plan_free)

/* where each value lives; views point into their base */
static gboolean
place_values (UtPlan *self, const UtGraph *graph, float **data, GError **error)
{
  for (guint i = 1; i < graph->n_values; i++) {
    const UtValue *value = &graph->value[i];
    gsize size = ut_shape_count (&value->shape) * sizeof (float);
    if (value->kind == UT_VALUE_BUFFER) {
      g_return_val_if_fail (size <= value->buffer->size, FALSE);
      data[i] = value->buffer->data;
    } else if (value->kind == UT_VALUE_VIEW) {
      data[i] = data[value->base] + value->offset;
    } else {
      data[i] = ut_host_alloc (size, error);
      if (data[i] == NULL)
        return FALSE;
      g_ptr_array_add (self->memory, data[i]);
      if (value->kind == UT_VALUE_CONSTANT)
        memcpy (data[i], value->data, size);
    }
  }
  return TRUE;
}

static UtPlan *
plan_new (UtBackend *backend, const UtGraph *graph, GCancellable *cancel, GError **error)
{
  g_autoptr (UtPlan) self = g_new0 (UtPlan, 1);
  self->memory = g_ptr_array_new_with_free_func (ut_host_free);
  self->stage = graph->stage;
  self->n_nodes = graph->n_nodes;
  self->nodes = g_memdup2 (graph->node, graph->n_nodes * sizeof (UtNode));
  self->operands = g_new0 (UtOperands, graph->n_nodes);
  g_autofree float **data = g_new0 (float *, graph->n_values);
  if (!place_values (self, graph, data, error))
    return NULL;
  for (guint i = 0; i < graph->n_nodes; i++) {
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return NULL;
    const UtNode *node = &self->nodes[i];
    UtOperands *operands = &self->operands[i];
    operands->node = node;
    for (guint j = 0; j < UT_NODE_MAX_INPUTS; j++) {
      operands->in[j] = data[node->in[j]];
      operands->in_shape[j] = graph->value[node->in[j]].shape;
    }
    operands->out = data[node->out];
    operands->out_shape = graph->value[node->out].shape;
  }
  return g_steal_pointer (&self);
}

static gboolean
plan_run (UtPlan *self, UtProgress *progress, GCancellable *cancel, GError **error)
{
  for (guint i = 0; i < self->n_nodes; i++) {
    if (g_cancellable_set_error_if_cancelled (cancel, error) ||
        !ut_ref_run (&self->operands[i], error))
      return FALSE;
    ut_progress_set (progress, (i + 1.0) / self->n_nodes, self->stage);
  }
  return TRUE;
}

const UtBackendOps *
ut_ref_backend (void)
{
  static const UtBackendOps ops = {
    .abi = UT_BACKEND_ABI,
    .struct_size = sizeof (UtBackendOps),
    .name = "ref",
    .probe = probe,
    .open = backend_open,
    .close = backend_close,
    .buffer_new = ut_host_buffer_new,
    .buffer_free = ut_host_buffer_free,
    .upload = ut_host_upload,
    .download = ut_host_download,
    .supports = supports,
    .plan_new = plan_new,
    .plan_run = plan_run,
    .plan_free = plan_free,
  };
  return &ops;
}
