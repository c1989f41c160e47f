/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/words.h"
#include "engine/nn/arena.h"
#include "engine/nn/cpu-private.h"

#include <omp.h>
#include <string.h>
#include <unistd.h>

static void
plan_free (UtPlan *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->steps->len; i++)
    dnnl_primitive_destroy (g_array_index (self->steps, UtCpuStep, i).primitive);
  for (guint i = 0; i < self->memories->len; i++)
    dnnl_memory_destroy (g_array_index (self->memories, UtCpuMemory, i).memory);
  g_array_unref (self->steps);
  g_array_unref (self->memories);
  g_array_unref (self->slots);
  g_ptr_array_unref (self->owned);
  g_free (self->layouts);
  g_free (self->last_use);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtPlan, plan_free)

static gboolean
place_values (UtPlan *self, const UtGraph *graph, GError **error)
{
  for (guint i = 1; i < graph->n_values; i++) {
    const UtValue *value = &graph->value[i];
    gsize size = ut_shape_count (&value->shape) * sizeof (float);
    float *data = NULL;
    self->layouts[i] = (UtCpuLayout){.place = UT_CPU_NOWHERE, .plain = UT_CPU_NOWHERE};
    if (value->kind == UT_VALUE_BUFFER) {
      g_return_val_if_fail (size <= value->buffer->size, FALSE);
      data = value->buffer->data;
    }
    if (value->kind == UT_VALUE_BUFFER || value->kind == UT_VALUE_LOCAL)
      self->layouts[i].place.slot = ut_cpu_add_slot (self, size, data);
  }
  for (guint i = 0; i < graph->n_nodes; i++)
    for (int j = 0; j < UT_NODE_MAX_INPUTS; j++)
      if (graph->node[i].in[j])
        self->last_use[ut_graph_root (graph, graph->node[i].in[j])] = i;
  return TRUE;
}

/* Constants that are read as they are; weights of matrices are turned by place_weights(). */
static gboolean
copy_constants (UtPlan *self, const UtNode *node, GError **error)
{
  gboolean turned =
    node->op == UT_OP_LINEAR || node->op == UT_OP_CONV2D || node->op == UT_OP_CONV3D;
  for (int j = 0; j < UT_NODE_MAX_INPUTS; j++) {
    UtValueId root = ut_graph_root (self->graph, node->in[j]);
    const UtValue *value = &self->graph->value[root];
    UtCpuLayout *layout = &self->layouts[root];
    if (root == 0 || value->kind != UT_VALUE_CONSTANT || layout->place.slot >= 0 ||
        (turned && j == 1))
      continue;
    gsize size = ut_shape_count (&value->shape) * sizeof (float);
    float *data = ut_cpu_own_memory (self, size, error);
    if (data == NULL)
      return FALSE;
    memcpy (data, value->data, size);
    layout->place.slot = ut_cpu_add_slot (self, size, data);
  }
  return TRUE;
}

static gboolean
emit_node (UtPlan *self, const UtNode *node, GError **error)
{
  return copy_constants (self, node, error) &&
         ut_cpu_emit (self, node, self->layouts[node->out].place, error);
}

static float *
resolve (const UtPlan *self, UtCpuPlace place)
{
  return place.slot < 0 ? NULL
                        : g_array_index (self->slots, UtCpuSlot, place.slot).data + place.offset;
}

/* gives every slot its memory, then every step its operands */
static gboolean
bind_memory (UtPlan *self, GError **error)
{
  guint n = self->slots->len, n_items = 0;
  g_autofree UtArenaItem *items = g_new0 (UtArenaItem, n + 1);
  UtCpuSlot *slots = (UtCpuSlot *)(void *)self->slots->data;
  for (guint i = 0; i < n; i++)
    if (slots[i].data == NULL && slots[i].first != G_MAXUINT)
      items[n_items++] = (UtArenaItem){slots[i].size, slots[i].first, slots[i].last, 0};
  char *arena = (char *)ut_cpu_own_memory (self, ut_arena_plan (items, n_items), error);
  if (arena == NULL)
    return FALSE;
  n_items = 0;
  for (guint i = 0; i < n; i++)
    if (slots[i].data == NULL && slots[i].first != G_MAXUINT)
      slots[i].data = (float *)(void *)(arena + items[n_items++].offset);

  for (guint i = 0; i < self->memories->len; i++) {
    const UtCpuMemory *memory = &g_array_index (self->memories, UtCpuMemory, i);
    if (!DNNL (dnnl_memory_set_data_handle (memory->memory, resolve (self, memory->place))))
      return FALSE;
  }
  for (guint i = 0; i < self->steps->len; i++) {
    UtCpuStep *step = &g_array_index (self->steps, UtCpuStep, i);
    if (step->loop == NULL)
      continue;
    step->operands.node = &step->node;
    step->operands.out = resolve (self, step->out);
    for (int j = 0; j < UT_NODE_MAX_INPUTS; j++)
      step->operands.in[j] = resolve (self, step->in[j]);
  }
  return TRUE;
}

static UtPlan *
plan_new (UtBackend *backend, const UtGraph *graph, GCancellable *cancel, GError **error)
{
  omp_set_num_threads (backend->n_threads);
  g_autoptr (UtPlan) self = g_new0 (UtPlan, 1);
  self->backend = backend;
  self->stage = graph->stage;
  self->slots = g_array_new (FALSE, FALSE, sizeof (UtCpuSlot));
  self->memories = g_array_new (FALSE, FALSE, sizeof (UtCpuMemory));
  self->steps = g_array_new (FALSE, FALSE, sizeof (UtCpuStep));
  self->owned = g_ptr_array_new_with_free_func (ut_host_free);
  self->graph = graph;
  self->layouts = g_new0 (UtCpuLayout, graph->n_values);
  self->last_use = g_new0 (guint, graph->n_values);
  if (!place_values (self, graph, error))
    return NULL;
  for (guint i = 0; i < graph->n_nodes; i++)
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return NULL;
    else if (!emit_node (self, &graph->node[i], error)) {
      g_prefix_error (error, ut_words ("node %u, %s: "), i, ut_op_name (graph->node[i].op));
      return NULL;
    }
  if (!bind_memory (self, error))
    return NULL;
  self->graph = NULL;
  g_clear_pointer (&self->layouts, g_free);
  g_clear_pointer (&self->last_use, g_free);
  return g_steal_pointer (&self);
}

static gboolean
plan_run (UtPlan *self, UtProgress *progress, GCancellable *cancel, GError **error)
{
  omp_set_num_threads (self->backend->n_threads); /* belongs to the calling thread */
  for (guint i = 0; i < self->steps->len; i++) {
    const UtCpuStep *step = &g_array_index (self->steps, UtCpuStep, i);
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
    if (step->loop)
      step->loop (&step->operands);
    else if (!DNNL (dnnl_primitive_execute (
               step->primitive, self->backend->stream, step->n_args, step->args)))
      return FALSE;
    ut_progress_set (progress, (i + 1.0) / self->steps->len, self->stage);
  }
  return DNNL (dnnl_stream_wait (self->backend->stream));
}

/* ---- backend ---- */

static const char *
isa_name (void)
{
  dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa ();
  if (isa >= dnnl_cpu_isa_avx512_core)
    return "AVX-512";
  if (isa >= dnnl_cpu_isa_avx2)
    return "AVX2";
  return isa >= dnnl_cpu_isa_avx ? "AVX" : "SSE4.1";
}

static gboolean
probe (guint device, UtDeviceInfo *ret_info, GError **error)
{
  const dnnl_version_t *version = dnnl_version ();
  if (dnnl_engine_get_count (dnnl_cpu) == 0) {
    g_set_error_literal (error,
                         UT_ENGINE_ERROR,
                         UT_ENGINE_ERROR_DEVICE,
                         ut_words ("oneDNN finds no processor it can use"));
    return FALSE;
  }
  g_snprintf (ret_info->description,
              sizeof ret_info->description,
              ut_words ("oneDNN %d.%d.%d, %s, %u threads"),
              version->major,
              version->minor,
              version->patch,
              isa_name (),
              ut_parallel_n_threads ());
  return TRUE;
}

static void
backend_close (UtBackend *self)
{
  if (self == NULL)
    return;
  dnnl_stream_destroy (self->stream);
  dnnl_engine_destroy (self->engine);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtBackend, backend_close)

/* A team of OpenMP threads that never works. GCC's runtime lets a waiting thread spin for
 * milliseconds unless it counts more threads than cores; on a busy machine that takes the core
 * from the very thread it waits for (a pass of 5 s took 35 s), and the variables that forbid it
 * are read before main(). These threads sleep, and make the count say so. */
static gpointer
keep_team_asleep (gpointer n_threads)
{
#pragma omp parallel num_threads(GPOINTER_TO_INT(n_threads))
  {
#pragma omp barrier
  }
  for (;;)
    pause ();
  return NULL;
}

static void
forbid_spinning (int n_threads)
{
  static gsize done;
  if (n_threads < 2 || !g_once_init_enter (&done))
    return;
  int n_asleep = MAX (2, omp_get_num_procs () - n_threads + 2);
  g_thread_unref (g_thread_new ("ut-omp-asleep", keep_team_asleep, GINT_TO_POINTER (n_asleep)));
  g_once_init_leave (&done, 1);
}

static UtBackend *
backend_open (const UtBackendConfig *config, GError **error)
{
  g_autoptr (UtBackend) self = g_new0 (UtBackend, 1);
  self->n_threads = (int)(config->n_threads ? config->n_threads : ut_parallel_n_threads ());
  forbid_spinning (self->n_threads);
  if (!DNNL (dnnl_engine_create (&self->engine, dnnl_cpu, 0)) ||
      !DNNL (dnnl_stream_create (&self->stream, self->engine, dnnl_stream_default_flags)))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
supports (UtBackend *self, const UtNode *node)
{
  return ut_cpu_can_emit (node->op);
}

const UtBackendOps *
ut_cpu_backend (void)
{
  static const UtBackendOps ops = {
    .abi = UT_BACKEND_ABI,
    .struct_size = sizeof (UtBackendOps),
    .name = "cpu",
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
