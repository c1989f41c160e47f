/* SPDX-License-Identifier: Apache-2.0 */
/* What the host wants done before it wants to see something: small uploads and plans, in their
 * order, put off until then and started as one CUDA graph. So a reconstruction is as many graphs as
 * the host asks questions. Each plan lies behind a gate, which a cancelled run shuts. */
#include "cuda/cuda-private.h"

#include <string.h>

#define STAGING       ((gsize)4 << 20) /* bytes of uploads that wait: three pictures are 1.8 MB */
#define MAX_SEQUENCES 16               /* kept: one for each choice of options in use */

/* a plan to be run, or an upload */
typedef struct Entry {
  UtPlan *plan;
  void *dst;
  gsize at, size; /* of the staging memory */
} Entry;

/* entries, and the graph made of them */
typedef struct Sequence {
  GArray *entries; /* Entry */
  cudaGraphExec_t exec;
} Sequence;

struct UtCudaQueue {
  UtBackend *backend;
  GArray *entries; /* Entry: what waits */
  gsize used;      /* bytes of staging */
  char *staging;   /* host memory that the device reads */
  guint32 *shut;   /* the same; not 0: the rest of the run is passed over */
  GCancellable *cancel;
  GPtrArray *sequences; /* Sequence */
  gboolean one_by_one;  /* this driver makes no such graphs */
};

static void
sequence_free (Sequence *self)
{
  g_array_unref (self->entries);
  cudaGraphExecDestroy (self->exec);
  g_free (self);
}

void
ut_cuda_queue_free (UtCudaQueue *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->sequences);
  g_array_unref (self->entries);
  g_clear_object (&self->cancel);
  cudaFreeHost (self->staging);
  cudaFreeHost (self->shut);
  g_free (self);
}

UtCudaQueue *
ut_cuda_queue_new (UtBackend *backend, GError **error)
{
  g_autoptr (UtCudaQueue) self = g_new0 (UtCudaQueue, 1);
  self->backend = backend;
  self->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  self->sequences = g_ptr_array_new_with_free_func ((GDestroyNotify)sequence_free);
  return CUDA (cudaHostAlloc ((void **)&self->staging, STAGING, cudaHostAllocMapped)) &&
             CUDA (cudaHostAlloc ((void **)&self->shut, sizeof *self->shut, cudaHostAllocMapped))
           ? g_steal_pointer (&self)
           : NULL;
}

/* ---- what waits ---- */

static void
append (UtCudaQueue *self, Entry entry)
{
  g_array_append_val (self->entries, entry);
}

gboolean
ut_cuda_queue_add_plan (UtCudaQueue *self, UtPlan *plan, GCancellable *cancel)
{
  if (self->one_by_one)
    return FALSE;
  append (self, (Entry){.plan = plan});
  g_set_object (&self->cancel, cancel);
  return TRUE;
}

gboolean
ut_cuda_queue_add_upload (UtCudaQueue *self, void *dst, const void *src, gsize size)
{
  const gsize padded = ut_cuda_padded (size);
  if (self->one_by_one || padded > STAGING - self->used)
    return FALSE;
  memcpy (self->staging + self->used, src, size);
  append (self, (Entry){.dst = dst, .at = self->used, .size = size});
  self->used += padded;
  return TRUE;
}

/* ---- one graph ---- */

typedef struct Maker {
  cudaGraph_t graph;
  cudaGraphNode_t last;
  guint n_nodes;
} Maker;

static const cudaGraphNode_t *
before (const Maker *self)
{
  return self->n_nodes ? &self->last : NULL;
}

static gboolean
add_upload (Maker *self, const UtCudaQueue *queue, const Entry *entry, GError **error)
{
  cudaGraphNode_t made;
  if (!CUDA (cudaGraphAddMemcpyNode1D (&made,
                                       self->graph,
                                       before (self),
                                       self->n_nodes ? 1 : 0,
                                       entry->dst,
                                       queue->staging + entry->at,
                                       entry->size,
                                       cudaMemcpyHostToDevice)))
    return FALSE;
  self->last = made;
  self->n_nodes++;
  return TRUE;
}

static cudaError_t
add_condition (Maker *self, struct cudaGraphNodeParams *params, cudaGraphNode_t *ret)
{
#if CUDART_VERSION >= 13000
  return cudaGraphAddNode (ret, self->graph, &self->last, NULL, 1, params);
#else
  return cudaGraphAddNode (ret, self->graph, &self->last, 1, params);
#endif
}

/* a gate, and behind it the plan */
static gboolean
add_plan (Maker *self, const UtCudaQueue *queue, const Entry *entry, GError **error)
{
  cudaGraphConditionalHandle handle;
  cudaGraphNode_t made;
  if (!CUDA (cudaGraphConditionalHandleCreate (&handle, self->graph, 0, 0)) ||
      !CUDA (ut_cuda_add_gate (self->graph, before (self), handle, queue->shut, &made)))
    return FALSE;
  self->last = made;
  struct cudaGraphNodeParams params = {.type = cudaGraphNodeTypeConditional};
  params.conditional.handle = handle;
  params.conditional.type = cudaGraphCondTypeIf;
  params.conditional.size = 1;
  if (!CUDA (add_condition (self, &params, &made)))
    return FALSE;
  self->last = made;
  self->n_nodes += 2;
  return CUDA (cudaGraphAddChildGraphNode (
    &made, params.conditional.phGraph_out[0], NULL, 0, entry->plan->captured));
}

static cudaGraphExec_t
make_graph (UtCudaQueue *self, GError **error)
{
  Maker maker = {NULL};
  cudaGraphExec_t exec = NULL;
  gboolean good = CUDA (cudaGraphCreate (&maker.graph, 0));
  for (guint i = 0; good && i < self->entries->len; i++) {
    const Entry *entry = &g_array_index (self->entries, Entry, i);
    good =
      entry->plan ? add_plan (&maker, self, entry, error) : add_upload (&maker, self, entry, error);
  }
  good = good && CUDA (cudaGraphInstantiate (&exec, maker.graph, 0));
  if (maker.graph)
    cudaGraphDestroy (maker.graph);
  return good ? exec : NULL;
}

static gboolean
is_same (const GArray *a, const GArray *b)
{
  return a->len == b->len && memcmp (a->data, b->data, a->len * sizeof (Entry)) == 0;
}

/* the graph of what waits: as it was made before, or now; NULL where this driver makes none */
static cudaGraphExec_t
find_graph (UtCudaQueue *self)
{
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < self->sequences->len; i++) {
    const Sequence *made = g_ptr_array_index (self->sequences, i);
    if (is_same (made->entries, self->entries))
      return made->exec;
  }
  cudaGraphExec_t exec = make_graph (self, &error);
  if (exec == NULL) {
    g_info ("cuda: plans run one by one: %s", error->message);
    cudaGetLastError ();
    self->one_by_one = TRUE;
    return NULL;
  }
  if (self->sequences->len == MAX_SEQUENCES)
    g_ptr_array_remove_index (self->sequences, 0);
  Sequence *made = g_new (Sequence, 1);
  *made = (Sequence){g_array_copy (self->entries), exec};
  g_ptr_array_add (self->sequences, made);
  return exec;
}

/* ---- running ---- */

static gboolean
run_one_by_one (UtCudaQueue *self, GError **error)
{
  cudaStream_t stream = self->backend->stream;
  for (guint i = 0; i < self->entries->len; i++) {
    const Entry *entry = &g_array_index (self->entries, Entry, i);
    if (entry->plan
          ? !ut_cuda_plan_start (entry->plan, NULL, self->cancel, error)
          : !CUDA (cudaMemcpyAsync (
              entry->dst, self->staging + entry->at, entry->size, cudaMemcpyHostToDevice, stream)))
      return FALSE;
  }
  return CUDA (cudaStreamSynchronize (stream));
}

static gboolean
has_plan (const UtCudaQueue *self)
{
  for (guint i = 0; i < self->entries->len; i++)
    if (g_array_index (self->entries, Entry, i).plan)
      return TRUE;
  return FALSE;
}

static void
shut_gates (GCancellable *cancel, guint32 *shut)
{
  g_atomic_int_set (shut, 1);
}

static gboolean
run_graph (UtCudaQueue *self, cudaGraphExec_t exec, GError **error)
{
  cudaStream_t stream = self->backend->stream;
  g_atomic_int_set (self->shut, 0);
  gulong handler =
    self->cancel ? g_cancellable_connect (self->cancel, G_CALLBACK (shut_gates), self->shut, NULL)
                 : 0;
  gboolean good = CUDA (cudaGraphLaunch (exec, stream)) && CUDA (cudaStreamSynchronize (stream));
  g_cancellable_disconnect (self->cancel, handler);
  return good && !g_cancellable_set_error_if_cancelled (self->cancel, error);
}

gboolean
ut_cuda_queue_flush (UtCudaQueue *self, GError **error)
{
  if (self->entries->len == 0)
    return TRUE;
  cudaGraphExec_t exec = has_plan (self) && !self->one_by_one ? find_graph (self) : NULL;
  gboolean good = exec ? run_graph (self, exec, error) : run_one_by_one (self, error);
  g_array_set_size (self->entries, 0);
  g_clear_object (&self->cancel);
  self->used = 0;
  return good;
}

void
ut_cuda_queue_empty (UtCudaQueue *self)
{
  ut_cuda_queue_flush (self, NULL); /* who wants to know of errors, looks */
  g_ptr_array_set_size (self->sequences, 0);
}
