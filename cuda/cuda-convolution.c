/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutions by cuDNN 9's graph interface: descriptors with attributes. Its engines differ in
 * how they round; for UT_PRECISION_F32 those are passed over that round factors or transform. */
#include "cuda/cuda-private.h"
#include "engine/base/error.h"
#include "engine/base/words.h"

#include <string.h>

#define MAX_SIZES     5  /* of an array: n, c, z, y, x */
#define MAX_ENGINES   16 /* asked for, of each heuristic */
#define MAX_WORKSPACE ((gint64)256 << 20)

enum { ID_X = 'x', ID_W = 'w', ID_Y = 'y' };

/* Descriptors, all of them freed at the end: the last one made is the last one needed. */
struct UtCudaConvolution {
  GPtrArray *descriptors;
  cudnnBackendDescriptor_t plan;
  gint64 workspace;
  const void *x, *w, *y;
};

void
ut_cuda_convolution_free (UtCudaConvolution *self)
{
  if (self == NULL)
    return;
  for (guint i = self->descriptors->len; i > 0; i--)
    cudnnBackendDestroyDescriptor (g_ptr_array_index (self->descriptors, i - 1));
  g_ptr_array_unref (self->descriptors);
  g_free (self);
}

static cudnnBackendDescriptor_t
add_descriptor (UtCudaConvolution *self, cudnnBackendDescriptorType_t type, GError **error)
{
  cudnnBackendDescriptor_t made = NULL;
  if (!CUDNN (cudnnBackendCreateDescriptor (type, &made)))
    return NULL;
  g_ptr_array_add (self->descriptors, made);
  return made;
}

#define SET(of, attribute, type, n, values)                                                        \
  CUDNN (cudnnBackendSetAttribute (of, attribute, type, n, values))

/* C order */
static cudnnBackendDescriptor_t
make_tensor (UtCudaConvolution *self, const UtShape *shape, gint64 id, GError **error)
{
  cudnnBackendDescriptor_t tensor = add_descriptor (self, CUDNN_BACKEND_TENSOR_DESCRIPTOR, error);
  const cudnnDataType_t type = CUDNN_DATA_FLOAT;
  const gint64 alignment = sizeof (float);
  gint64 sizes[MAX_SIZES], strides[MAX_SIZES], n = shape->n_dims;
  for (int i = 0; i < shape->n_dims; i++) {
    sizes[i] = (gint64)shape->dim[i];
    strides[i] = (gint64)ut_shape_product (shape, i + 1, shape->n_dims);
  }
  return tensor && SET (tensor, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &type) &&
             SET (tensor, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, n, sizes) &&
             SET (tensor, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, n, strides) &&
             SET (tensor, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, &id) &&
             SET (tensor, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, 1, &alignment) &&
             CUDNN (cudnnBackendFinalize (tensor))
           ? tensor
           : NULL;
}

/* strides, padding: of the node */
static cudnnBackendDescriptor_t
make_window (UtCudaConvolution *self, const UtNode *node, gint64 n, GError **error)
{
  cudnnBackendDescriptor_t window =
    add_descriptor (self, CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR, error);
  const cudnnDataType_t compute = CUDNN_DATA_FLOAT;
  const cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;
  gint64 pads[3], strides[3], dilations[3];
  for (gint64 i = 0; i < n; i++) {
    pads[i] = (gint64)node->pad[i];
    strides[i] = (gint64)node->stride;
    dilations[i] = 1;
  }
  return window &&
             SET (window, CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &compute) &&
             SET (
               window, CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE, 1, &mode) &&
             SET (window, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, CUDNN_TYPE_INT64, 1, &n) &&
             SET (window, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, n, pads) &&
             SET (window, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, n, pads) &&
             SET (window, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64, n, strides) &&
             SET (window, CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, n, dilations) &&
             CUDNN (cudnnBackendFinalize (window))
           ? window
           : NULL;
}

/* y = conv (x, w) as a graph of one operation */
static cudnnBackendDescriptor_t
make_graph (UtCudaConvolution *self,
            cudnnHandle_t handle,
            const UtCudaOperands *operands,
            GError **error)
{
  cudnnBackendDescriptor_t x = make_tensor (self, &operands->in_shape[0], ID_X, error);
  cudnnBackendDescriptor_t w = x ? make_tensor (self, &operands->in_shape[1], ID_W, error) : NULL;
  cudnnBackendDescriptor_t y = w ? make_tensor (self, &operands->out_shape, ID_Y, error) : NULL;
  cudnnBackendDescriptor_t window =
    y ? make_window (self, &operands->node, operands->out_shape.n_dims - 2, error) : NULL;
  if (window == NULL)
    return NULL;
  cudnnBackendDescriptor_t forward =
    add_descriptor (self, CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR, error);
  const float one = 1, none = 0;
  const struct {
    cudnnBackendAttributeName_t name;
    cudnnBackendAttributeType_t type;
    const void *value;
  } attributes[] = {
    {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA, CUDNN_TYPE_FLOAT, &one},
    {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA, CUDNN_TYPE_FLOAT, &none},
    {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, &window},
    {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X, CUDNN_TYPE_BACKEND_DESCRIPTOR, &x},
    {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, CUDNN_TYPE_BACKEND_DESCRIPTOR, &w},
    {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, CUDNN_TYPE_BACKEND_DESCRIPTOR, &y},
  };
  for (gsize i = 0; forward && i < G_N_ELEMENTS (attributes); i++)
    if (!SET (forward, attributes[i].name, attributes[i].type, 1, attributes[i].value))
      return NULL;
  if (forward == NULL || !CUDNN (cudnnBackendFinalize (forward)))
    return NULL;
  cudnnBackendDescriptor_t graph =
    add_descriptor (self, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR, error);
  return graph &&
             SET (
               graph, CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &forward) &&
             SET (graph, CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, 1, &handle) &&
             CUDNN (cudnnBackendFinalize (graph))
           ? graph
           : NULL;
}

/* TRUE where the engine of @config computes in floats, from beginning to end */
static gboolean
keeps_floats (UtCudaConvolution *self, cudnnBackendDescriptor_t config)
{
  cudnnBackendDescriptor_t engine = add_descriptor (self, CUDNN_BACKEND_ENGINE_DESCRIPTOR, NULL);
  cudnnBackendNumericalNote_t notes[CUDNN_NUMERICAL_NOTE_TYPE_COUNT];
  gint64 n = 0;
  if (engine == NULL ||
      cudnnBackendGetAttribute (
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
try_engine (UtCudaConvolution *self, UtBackend *backend, cudnnBackendDescriptor_t config)
{
  gint64 n = 0, workspace = 0;
  if (backend->precision == UT_PRECISION_F32 && !keeps_floats (self, config))
    return FALSE;
  cudnnBackendDescriptor_t plan =
    add_descriptor (self, CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR, NULL);
  if (plan == NULL ||
      cudnnBackendSetAttribute (
        plan, CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, 1, &backend->dnn) ||
      cudnnBackendSetAttribute (
        plan, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &config) ||
      cudnnBackendFinalize (plan) ||
      cudnnBackendGetAttribute (
        plan, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE, CUDNN_TYPE_INT64, 1, &n, &workspace) ||
      workspace > MAX_WORKSPACE)
    return FALSE;
  self->plan = plan;
  self->workspace = workspace;
  return TRUE;
}

/* the first engine that can be used of those that heuristic @mode names */
static gboolean
ask_heuristic (UtCudaConvolution *self,
               UtBackend *backend,
               cudnnBackendDescriptor_t graph,
               cudnnBackendHeurMode_t mode,
               GError **error)
{
  cudnnBackendDescriptor_t configs[MAX_ENGINES] = {NULL};
  gint64 n = 0;
  cudnnBackendDescriptor_t heuristic =
    add_descriptor (self, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR, error);
  if (heuristic == NULL ||
      !SET (heuristic,
            CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH,
            CUDNN_TYPE_BACKEND_DESCRIPTOR,
            1,
            &graph) ||
      !SET (heuristic, CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, 1, &mode) ||
      !CUDNN (cudnnBackendFinalize (heuristic)))
    return FALSE;
  for (int i = 0; i < MAX_ENGINES; i++)
    if ((configs[i] = add_descriptor (self, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR, error)) == NULL)
      return FALSE;
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

UtCudaConvolution *
ut_cuda_convolution_new (UtBackend *backend, const UtCudaOperands *operands, GError **error)
{
  static const cudnnBackendHeurMode_t modes[] = {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK};
  g_autoptr (UtCudaConvolution) self = g_new0 (UtCudaConvolution, 1);
  self->descriptors = g_ptr_array_new ();
  self->x = operands->in[0];
  self->w = operands->in[1];
  self->y = operands->out.single;
  cudnnBackendDescriptor_t graph = make_graph (self, backend->dnn, operands, error);
  if (graph == NULL)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (modes) && self->plan == NULL; i++)
    if (!ask_heuristic (self, backend, graph, modes[i], error))
      return NULL;
  if (self->plan == NULL) {
    g_autofree char *x = ut_shape_to_string (&operands->in_shape[0]);
    g_autofree char *w = ut_shape_to_string (&operands->in_shape[1]);
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("cuDNN has no engine for a convolution of %s by %s"),
                 x,
                 w);
    return NULL;
  }
  return g_steal_pointer (&self);
}

gsize
ut_cuda_convolution_workspace (const UtCudaConvolution *self)
{
  return (gsize)self->workspace;
}

static gboolean
run_with (const UtCudaConvolution *self,
          UtBackend *backend,
          void *workspace,
          cudnnBackendDescriptor_t pack,
          GError **error)
{
  const gint64 ids[] = {ID_X, ID_W, ID_Y};
  const void *pointers[] = {self->x, self->w, self->y};
  return SET (pack, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, 3, ids) &&
         SET (pack, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, 3, pointers) &&
         SET (pack, CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, 1, &workspace) &&
         CUDNN (cudnnBackendFinalize (pack)) &&
         CUDNN (cudnnBackendExecute (backend->dnn, self->plan, pack));
}

gboolean
ut_cuda_convolution_run (const UtCudaConvolution *self,
                         UtBackend *backend,
                         void *workspace,
                         GError **error)
{
  cudnnBackendDescriptor_t pack = NULL;
  if (!CUDNN (cudnnBackendCreateDescriptor (CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, &pack)))
    return FALSE;
  gboolean good = run_with (self, backend, workspace, pack, error);
  cudnnBackendDestroyDescriptor (pack);
  return good;
}
