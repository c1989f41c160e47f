/* SPDX-License-Identifier: Apache-2.0 */
/* cuDNN 9's graph interface: descriptors with attributes. Its engines differ in how they round; for
 * UT_PRECISION_F32 those are passed over that round factors or transform. */
#include "cuda/cuda-private.h"

#include <stdbool.h>

#define MAX_ENGINES   16 /* asked for, of each heuristic */
#define MAX_WORKSPACE ((gint64)256 << 20)

/* Descriptors, all of them freed at the end: the last one made is the last one needed. */
struct UtCudaDnn {
  gatomicrefcount n_owners;
  GPtrArray *descriptors;
  cudnnBackendDescriptor_t plan;
  gint64 workspace, id[UT_CUDA_DNN_MAX_ARRAYS];
  guint n_arrays;
};

UtCudaDnn *
ut_cuda_dnn_new (void)
{
  UtCudaDnn *self = g_new0 (UtCudaDnn, 1);
  g_atomic_ref_count_init (&self->n_owners);
  self->descriptors = g_ptr_array_new ();
  return self;
}

UtCudaDnn *
ut_cuda_dnn_ref (UtCudaDnn *self)
{
  g_atomic_ref_count_inc (&self->n_owners);
  return self;
}

void
ut_cuda_dnn_unref (UtCudaDnn *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->n_owners))
    return;
  for (guint i = self->descriptors->len; i > 0; i--)
    cudnnBackendDestroyDescriptor (g_ptr_array_index (self->descriptors, i - 1));
  g_ptr_array_unref (self->descriptors);
  g_free (self);
}

cudnnBackendDescriptor_t
ut_cuda_dnn_add (UtCudaDnn *self,
                 cudnnBackendDescriptorType_t type,
                 const UtCudaAttribute *attributes,
                 GError **error)
{
  cudnnBackendDescriptor_t made = NULL;
  if (!CUDNN (cudnnBackendCreateDescriptor (type, &made)))
    return NULL;
  g_ptr_array_add (self->descriptors, made);
  for (const UtCudaAttribute *a = attributes; a->n > 0; a++)
    if (!CUDNN (cudnnBackendSetAttribute (made, a->name, a->type, a->n, a->values)))
      return NULL;
  return CUDNN (cudnnBackendFinalize (made)) ? made : NULL;
}

cudnnBackendDescriptor_t
ut_cuda_dnn_add_array (UtCudaDnn *self, const UtCudaArray *array, GError **error)
{
  const gint64 id = self->n_arrays + 1, n = array->n_dims;
  const gint64 alignment = array->type == CUDNN_DATA_FLOAT ? sizeof (float) : UT_CUDA_DNN_ALIGN;
  const bool by_value = array->by_value;
  g_return_val_if_fail (self->n_arrays < UT_CUDA_DNN_MAX_ARRAYS, NULL);
  self->id[self->n_arrays++] = id;
  return ut_cuda_dnn_add (
    self,
    CUDNN_BACKEND_TENSOR_DESCRIPTOR,
    (const UtCudaAttribute[]){{CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &array->type},
                              {CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, n, array->size},
                              {CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, n, array->stride},
                              {CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, &id},
                              {CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, 1, &alignment},
                              {CUDNN_ATTR_TENSOR_IS_BY_VALUE, CUDNN_TYPE_BOOLEAN, 1, &by_value},
                              {0}},
    error);
}

/* ---- engines ---- */

/* TRUE where the engine of @config computes in floats, from beginning to end */
static gboolean
keeps_floats (UtCudaDnn *self, cudnnBackendDescriptor_t config)
{
  cudnnBackendDescriptor_t engine = NULL;
  cudnnBackendNumericalNote_t notes[CUDNN_NUMERICAL_NOTE_TYPE_COUNT];
  gint64 n = 0;
  if (cudnnBackendCreateDescriptor (CUDNN_BACKEND_ENGINE_DESCRIPTOR, &engine))
    return FALSE;
  g_ptr_array_add (self->descriptors, engine);
  if (cudnnBackendGetAttribute (
        config, CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &n, &engine) ||
      cudnnBackendGetAttribute (engine,
                                CUDNN_ATTR_ENGINE_NUMERICAL_NOTE,
                                CUDNN_TYPE_NUMERICAL_NOTE,
                                CUDNN_NUMERICAL_NOTE_TYPE_COUNT,
                                &n,
                                notes))
    return FALSE;
  for (gint64 i = 0; i < n; i++)
    if (notes[i] != CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC &&
        notes[i] != CUDNN_NUMERICAL_NOTE_STRICT_NAN_PROP)
      return FALSE;
  return TRUE;
}

/* the plan of the engine of @config, in *self; FALSE where it cannot be used */
static gboolean
try_engine (UtCudaDnn *self, UtBackend *backend, cudnnBackendDescriptor_t config)
{
  gint64 n = 0, workspace = 0;
  if (backend->precision == UT_PRECISION_F32 && !keeps_floats (self, config))
    return FALSE;
  cudnnBackendDescriptor_t plan = ut_cuda_dnn_add (
    self,
    CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR,
    (const UtCudaAttribute[]){
      {CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, 1, &backend->dnn},
      {CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &config},
      {0}},
    NULL);
  if (plan == NULL ||
      cudnnBackendGetAttribute (
        plan, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64, 1, &n, &workspace) ||
      workspace > MAX_WORKSPACE)
    return FALSE;
  self->plan = plan;
  self->workspace = workspace;
  return TRUE;
}

/* the first engine that can be used of those that heuristic @mode names; FALSE where it fails */
static gboolean
ask_heuristic (UtCudaDnn *self,
               UtBackend *backend,
               cudnnBackendDescriptor_t graph,
               cudnnBackendHeurMode_t mode,
               GError **error)
{
  cudnnBackendDescriptor_t configs[MAX_ENGINES] = {NULL};
  gint64 n = 0;
  cudnnBackendDescriptor_t heuristic = ut_cuda_dnn_add (
    self,
    CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR,
    (const UtCudaAttribute[]){
      {CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &graph},
      {CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, 1, &mode},
      {0}},
    error);
  if (heuristic == NULL)
    return FALSE;
  for (int i = 0; i < MAX_ENGINES; i++) {
    if (!CUDNN (cudnnBackendCreateDescriptor (CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, &configs[i])))
      return FALSE;
    g_ptr_array_add (self->descriptors, configs[i]);
  }
  if (!CUDNN (cudnnBackendGetAttribute (heuristic,
                                        CUDNN_ATTR_ENGINEHEUR_RESULTS,
                                        CUDNN_TYPE_BACKEND_DESCRIPTOR,
                                        MAX_ENGINES,
                                        &n,
                                        configs)))
    return FALSE;
  for (gint64 i = 0; i < n && self->plan == NULL; i++)
    try_engine (self, backend, configs[i]);
  return TRUE;
}

gboolean
ut_cuda_dnn_plan (UtCudaDnn *self,
                  UtBackend *backend,
                  cudnnBackendDescriptor_t operation,
                  GError **error)
{
  static const cudnnBackendHeurMode_t modes[] = {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK};
  cudnnBackendDescriptor_t graph = ut_cuda_dnn_add (
    self,
    CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR,
    (const UtCudaAttribute[]){
      {CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &operation},
      {CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, 1, &backend->dnn},
      {0}},
    error);
  if (graph == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (modes) && self->plan == NULL; i++)
    if (!ask_heuristic (self, backend, graph, modes[i], error))
      return FALSE;
  return TRUE;
}

gboolean
ut_cuda_dnn_has_engine (const UtCudaDnn *self)
{
  return self->plan != NULL;
}

gsize
ut_cuda_dnn_workspace (const UtCudaDnn *self)
{
  return (gsize)self->workspace;
}

/* ---- running ---- */

gboolean
ut_cuda_dnn_run (const UtCudaDnn *self,
                 UtBackend *backend,
                 const void *const *arrays,
                 void *workspace,
                 GError **error)
{
  const gint64 n = self->n_arrays;
  cudnnBackendDescriptor_t pack = NULL;
  if (!CUDNN (cudnnBackendCreateDescriptor (CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, &pack)))
    return FALSE;
#define SET(name, type, n, values) CUDNN (cudnnBackendSetAttribute (pack, name, type, n, values))
  gboolean good = SET (CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, n, self->id) &&
                  SET (CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, n, arrays) &&
                  SET (CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, 1, &workspace) &&
                  CUDNN (cudnnBackendFinalize (pack)) &&
                  CUDNN (cudnnBackendExecute (backend->dnn, self->plan, pack));
  cudnnBackendDestroyDescriptor (pack);
  return good;
}
