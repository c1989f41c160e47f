/* SPDX-License-Identifier: Apache-2.0 */
/* A plan is a list of steps over memory that is laid out once. They are started one by one until
 * somebody has seen what they make; then they are captured as a CUDA graph, which waits in the
 * queue for the next question (cuda-queue.c) or is started by itself. */
#include "cuda/cuda-private.h"
#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/nn/arena.h"

#include <string.h>

static void *
add_memory (UtPlan *self, gsize size, GError **error)
{
  void *memory;
  if (!ut_cuda_alloc (self->backend, size, &memory, error))
    return NULL;
  g_ptr_array_add (self->memory, memory);
  return memory;
}

/* input @i of a convolution of bfloat16: its weight, or a map that another one makes */
static gboolean
is_read_as_map (const UtPlan *self, const UtNode *node, int i)
{
  return i == 1 || ((i == 0 || i == 3) && self->values[node->in[i]].is_mapped);
}

/* how input @i of @node is read */
static void
mark_reader (UtPlan *self, const UtNode *node, int i, gboolean half)
{
  UtCudaValue *value = &self->values[ut_graph_root (self->graph, node->in[i])];
  const gboolean attends = node->op == UT_OP_ATTENTION;
  if (half && ut_cuda_is_convolution (node->op) && is_read_as_map (self, node, i)) {
    value->as_map = TRUE;
    value->map_shape = &self->graph->value[node->in[i]].shape;
  } else if (half && !ut_cuda_is_convolution (node->op) && (attends ? i < 3 : i < 2)) {
    value->as_half = TRUE;
  } else {
    value->as_single = TRUE;
  }
}

/* who reads and makes what, when, and as what */
static gboolean
look_at_nodes (UtPlan *self, GError **error)
{
  const UtGraph *graph = self->graph;
  for (guint i = 1; i < graph->n_values; i++) {
    self->values[i].as_single = graph->value[i].kind == UT_VALUE_BUFFER;
    if (ut_shape_count (&graph->value[i].shape) > G_MAXINT32) {
      g_set_error_literal (error,
                           UT_ENGINE_ERROR,
                           UT_ENGINE_ERROR_MEMORY,
                           ut_words ("an array has more than 2^31 numbers"));
      return FALSE;
    }
  }
  for (guint i = 0; i < graph->n_nodes; i++) {
    const UtNode *node = &graph->node[i];
    const gboolean half = ut_cuda_is_half (self->backend, graph, node);
    const UtCudaJoin *join = &self->joins[i];
    const guint runs_at = join->into ? join->into - 1 : i;
    UtCudaValue *out = &self->values[node->out];
    out->first = out->last = i;
    out->unseen = join->unseen;
    if (ut_cuda_is_convolution (node->op) && !half)
      out->as_single = TRUE; /* cuDNN writes floats */
    out->is_mapped =
      ut_cuda_is_convolution (node->op) && half && graph->value[node->out].kind == UT_VALUE_LOCAL;
    for (int j = 0; j < UT_NODE_MAX_INPUTS; j++)
      if (node->in[j]) {
        mark_reader (self, node, j, half);
        UtCudaValue *in = &self->values[ut_graph_root (graph, node->in[j])];
        in->last = MAX (in->last, runs_at);
      }
  }
  return TRUE;
}

/* ---- constants ---- */

/* rounds to nearest, ties to even */
static guint16
to_half (float x)
{
  guint32 bits;
  memcpy (&bits, &x, sizeof bits);
  return (guint16)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/* A bias joins a product in the type of its result, which is not known here: it is kept as both. */
static gboolean
is_bias (const UtPlan *self, UtValueId value)
{
  for (guint i = 0; i < self->graph->n_nodes; i++) {
    const UtNode *node = &self->graph->node[i];
    if (node->op == UT_OP_LINEAR && ut_graph_root (self->graph, node->in[2]) == value)
      return self->backend->precision == UT_PRECISION_BF16;
  }
  return FALSE;
}

static void *
upload_half (UtPlan *self, const guint16 *numbers, gsize n, GError **error)
{
  void *memory = add_memory (self, n * sizeof *numbers, error);
  return memory && ut_cuda_upload (self->backend, memory, numbers, n * sizeof *numbers, error)
           ? memory
           : NULL;
}

/* weights [o, i, ...] with i last */
static gboolean
upload_map (UtPlan *self, UtCudaValue *value, const UtValue *of, GError **error)
{
  const UtShape *shape = value->map_shape;
  const gsize n = ut_shape_count (shape), n_channels = shape->dim[1];
  const gsize n_inner = ut_shape_product (shape, 2, shape->n_dims), n_each = n_channels * n_inner;
  g_autofree guint16 *rounded = g_new (guint16, n);
  for (gsize i = 0; i < n; i++) {
    gsize channel = i % n_channels, inner = i / n_channels % n_inner;
    rounded[i] = to_half (of->data[i / n_each * n_each + channel * n_inner + inner]);
  }
  return (value->map = upload_half (self, rounded, n, error)) != NULL;
}

static gboolean
upload_constant (UtPlan *self, UtValueId id, GError **error)
{
  UtCudaValue *value = &self->values[id];
  const UtValue *of = &self->graph->value[id];
  const gsize n = ut_shape_count (&of->shape);
  if (value->as_map && !upload_map (self, value, of, error))
    return FALSE;
  if (value->as_single) {
    value->single = add_memory (self, n * sizeof (float), error);
    if (value->single == NULL ||
        !ut_cuda_upload (self->backend, value->single, of->data, n * sizeof (float), error))
      return FALSE;
  }
  if (!value->as_half && !is_bias (self, id))
    return TRUE;
  g_autofree guint16 *rounded = g_new (guint16, n);
  for (gsize i = 0; i < n; i++)
    rounded[i] = to_half (of->data[i]);
  return (value->half = upload_half (self, rounded, n, error)) != NULL;
}

static gboolean
place_fixed (UtPlan *self, GCancellable *cancel, GError **error)
{
  for (guint i = 1; i < self->graph->n_values; i++) {
    const UtValue *value = &self->graph->value[i];
    if (g_cancellable_set_error_if_cancelled (cancel, error) ||
        (value->kind == UT_VALUE_CONSTANT && !upload_constant (self, i, error)))
      return FALSE;
    if (value->kind == UT_VALUE_BUFFER) {
      g_return_val_if_fail (ut_shape_count (&value->shape) * sizeof (float) <= value->buffer->size,
                            FALSE);
      self->values[i].single = value->buffer->data;
    }
  }
  return TRUE;
}

/* ---- locals ---- */

/* bytes of a local: as floats or as bfloat16, in C order */
static gsize
size_of_local (const UtPlan *self, UtValueId id)
{
  const UtCudaValue *value = &self->values[id];
  const UtValue *of = &self->graph->value[id];
  if (of->kind != UT_VALUE_LOCAL || value->unseen ||
      (value->as_map && !value->as_single && !value->as_half))
    return 0;
  return ut_shape_count (&of->shape) * (ut_cuda_keeps_half (value) ? 2 : 4);
}

static gsize
size_of_map (const UtPlan *self, UtValueId id)
{
  const UtValue *of = &self->graph->value[id];
  return of->kind == UT_VALUE_LOCAL && self->values[id].as_map ? ut_shape_count (&of->shape) * 2
                                                               : 0;
}

/* locals, their maps and what nodes need within them, in one piece of memory */
static gboolean
place_locals (UtPlan *self, char **ret_scratch, GError **error)
{
  const UtGraph *graph = self->graph;
  g_autofree UtArenaItem *items = g_new0 (UtArenaItem, 2 * graph->n_values + graph->n_nodes);
  guint n = 0;
  for (guint i = 1; i < graph->n_values; i++) {
    const gsize sizes[] = {size_of_local (self, i), size_of_map (self, i)};
    for (int j = 0; j < 2; j++)
      if (sizes[j] > 0)
        items[n++] =
          (UtArenaItem){ut_cuda_padded (sizes[j]), self->values[i].first, self->values[i].last, 0};
  }
  for (guint i = 0; i < graph->n_nodes; i++)
    items[n++] = (UtArenaItem){ut_cuda_padded (ut_cuda_scratch (self, &graph->node[i])), i, i, 0};
  char *arena = add_memory (self, ut_arena_plan (items, n), error);
  if (arena == NULL)
    return FALSE;
  n = 0;
  for (guint i = 1; i < graph->n_values; i++) {
    UtCudaValue *value = &self->values[i];
    if (size_of_local (self, i) > 0) {
      char *memory = arena + items[n++].offset;
      if (ut_cuda_keeps_half (value))
        value->half = memory;
      else
        value->single = (float *)(void *)memory;
    }
    if (size_of_map (self, i) > 0)
      value->map = arena + items[n++].offset;
  }
  for (guint i = 0; i < graph->n_nodes; i++)
    ret_scratch[i] = arena + items[n++].offset;
  return TRUE;
}

/* ---- plans ---- */

void
ut_cuda_plan_free (UtPlan *self)
{
  if (self == NULL)
    return;
  cudaSetDevice ((int)self->backend->device);
  ut_cuda_queue_empty (self->backend->queue);
  cudaStreamSynchronize (self->backend->stream); /* nothing below is in use any more */
  if (self->graph_exec)
    cudaGraphExecDestroy (self->graph_exec);
  if (self->captured)
    cudaGraphDestroy (self->captured);
  g_ptr_array_unref (self->steps);
  for (guint i = 0; i < self->memory->len; i++)
    cudaFree (g_ptr_array_index (self->memory, i));
  g_ptr_array_unref (self->memory);
  g_free (self->values);
  g_free (self->joins);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtPlan, ut_cuda_plan_free)

static gboolean
emit_all (UtPlan *self, char *const *scratch, GCancellable *cancel, GError **error)
{
  const UtGraph *graph = self->graph;
  for (guint i = 0; i < graph->n_nodes; i++) {
    self->scratch = scratch[i];
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
    if (!ut_cuda_emit (self, &graph->node[i], error)) {
      g_prefix_error (error, ut_words ("node %u, %s: "), i, ut_op_name (graph->node[i].op));
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
make_workspace (UtPlan *self, GError **error)
{
  gsize size = 0;
  for (guint i = 0; i < self->steps->len; i++) {
    const UtCudaStep *step = g_ptr_array_index (self->steps, i);
    if (step->dnn)
      size = MAX (size, ut_cuda_dnn_workspace (step->dnn));
  }
  return size == 0 || (self->workspace = add_memory (self, size, error)) != NULL;
}

UtPlan *
ut_cuda_plan_new (UtBackend *backend, const UtGraph *graph, GCancellable *cancel, GError **error)
{
  g_autoptr (UtPlan) self = g_new0 (UtPlan, 1);
  self->backend = backend;
  self->stage = graph->stage;
  self->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_cuda_step_free);
  self->memory = g_ptr_array_new ();
  self->graph = graph;
  self->values = g_new0 (UtCudaValue, graph->n_values);
  self->joins = g_new0 (UtCudaJoin, graph->n_nodes);
  ut_cuda_find_fusions (graph, self->joins);
  g_autofree char **scratch = g_new0 (char *, graph->n_nodes);
  if (!CUDA (cudaSetDevice ((int)backend->device)) || !look_at_nodes (self, error) ||
      !place_fixed (self, cancel, error) || !place_locals (self, scratch, error) ||
      !emit_all (self, scratch, cancel, error) || !make_workspace (self, error))
    return NULL;
  self->graph = NULL;
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->joins, g_free);
  return g_steal_pointer (&self);
}

/* ---- running ---- */

gboolean
ut_cuda_plan_start (UtPlan *self, UtProgress *progress, GCancellable *cancel, GError **error)
{
  for (guint i = 0; i < self->steps->len; i++) {
    if (g_cancellable_set_error_if_cancelled (cancel, error) ||
        !ut_cuda_step_run (g_ptr_array_index (self->steps, i), self, error))
      return FALSE;
    ut_progress_set (progress, (i + 1.0) / self->steps->len, self->stage);
  }
  return TRUE;
}

/* Has the steps recorded instead of run; where one of them cannot be, they go on one by one. */
static void
capture (UtPlan *self)
{
  cudaStream_t stream = self->backend->stream;
  if (cudaStreamBeginCapture (stream, cudaStreamCaptureModeThreadLocal) == cudaSuccess) {
    gboolean good = ut_cuda_plan_start (self, NULL, NULL, NULL);
    good = cudaStreamEndCapture (stream, &self->captured) == cudaSuccess && good;
    if (!good && self->captured)
      cudaGraphDestroy (g_steal_pointer (&self->captured));
  }
  self->stays_eager = self->captured == NULL;
  cudaGetLastError (); /* what a failed capture left */
}

/* the captured plan: as soon as somebody asks, or now */
static gboolean
run_captured (UtPlan *self, GCancellable *cancel, GError **error)
{
  UtBackend *backend = self->backend;
  if (ut_cuda_queue_add_plan (backend->queue, self, cancel))
    return TRUE;
  return (self->graph_exec || CUDA (cudaGraphInstantiate (&self->graph_exec, self->captured, 0))) &&
         CUDA (cudaGraphLaunch (self->graph_exec, backend->stream));
}

gboolean
ut_cuda_plan_run (UtPlan *self, UtProgress *progress, GCancellable *cancel, GError **error)
{
  UtBackend *backend = self->backend;
  if (!CUDA (cudaSetDevice ((int)backend->device)))
    return FALSE;
  if (g_cancellable_set_error_if_cancelled (cancel, error)) {
    ut_cuda_queue_flush (backend->queue, NULL); /* what waits is cancelled with it */
    return FALSE;
  }
  if (self->ran && self->ran_at < backend->n_seen && self->captured == NULL && !self->stays_eager)
    capture (self);
  if (self->captured == NULL) {
    if (!ut_cuda_queue_flush (backend->queue, error) ||
        !ut_cuda_plan_start (self, progress, cancel, error))
      return FALSE;
    if (!self->ran)
      self->ran_at = backend->n_seen;
    return self->ran = TRUE;
  }
  if (!run_captured (self, cancel, error))
    return FALSE;
  ut_progress_set (progress, 1, self->stage);
  return TRUE;
}
