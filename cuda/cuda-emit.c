/* SPDX-License-Identifier: Apache-2.0 */
/* From nodes to steps: which library or kernel does what. */
#include "cuda/cuda-private.h"

#include <math.h>
#include <string.h>

UtCudaLaunch
ut_cuda_launch_of (UtOp op)
{
  static const UtCudaLaunch launches[UT_N_OPS] = {
    [UT_OP_MAX_POOL] = ut_cuda_max_pool,
    [UT_OP_LAYER_NORM] = ut_cuda_layer_norm,
    [UT_OP_GROUP_NORM] = ut_cuda_group_norm,
    [UT_OP_ACTIVATE] = ut_cuda_activate,
    [UT_OP_ADD] = ut_cuda_add,
    [UT_OP_MEAN] = ut_cuda_mean,
    [UT_OP_TRANSPOSE] = ut_cuda_transpose,
    [UT_OP_CLASS_SOFTMAX] = ut_cuda_class_softmax,
    [UT_OP_PATCHIFY] = ut_cuda_patchify,
    [UT_OP_UNPATCHIFY] = ut_cuda_unpatchify,
    [UT_OP_COMBINE] = ut_cuda_combine,
    [UT_OP_UPSAMPLE] = ut_cuda_upsample,
    [UT_OP_SAMPLE] = ut_cuda_sample,
    [UT_OP_LOCAL_VARIANCE] = ut_cuda_local_variance,
    [UT_OP_FUSE] = ut_cuda_fuse,
    [UT_OP_FUSE_WEIGHT] = ut_cuda_fuse_weight,
    [UT_OP_NORMALS] = ut_cuda_normals,
  };
  return op > 0 && op < UT_N_OPS ? launches[op] : NULL;
}

gboolean
ut_cuda_can_emit (UtOp op)
{
  return ut_cuda_launch_of (op) || ut_cuda_is_convolution (op) || op == UT_OP_LINEAR ||
         op == UT_OP_ATTENTION;
}

static gboolean
is_even (gsize n)
{
  return n % 8 == 0; /* sixteen bytes of bfloat16, as kernels on tensor cores read them */
}

gboolean
ut_cuda_is_half (const UtBackend *backend, const UtGraph *graph, const UtNode *node)
{
  if (backend->precision != UT_PRECISION_BF16)
    return FALSE;
  if (node->op == UT_OP_LINEAR || ut_cuda_is_convolution (node->op)) {
    const UtShape *weight = &graph->value[node->in[1]].shape;
    const UtValue *root = &graph->value[ut_graph_root (graph, node->in[1])];
    const gboolean whole = ut_shape_count (weight) == ut_shape_count (&root->shape);
    return root->kind == UT_VALUE_CONSTANT && is_even (weight->dim[0]) &&
           is_even (weight->dim[1]) && (whole || node->op == UT_OP_LINEAR);
  }
  if (node->op != UT_OP_ATTENTION || !is_even (node->head_size))
    return FALSE;
  for (int i = 0; i < 3; i++)
    if (!is_even (node->column[i]) || !is_even (graph->value[node->in[i]].shape.dim[1]))
      return FALSE;
  return is_even (graph->value[node->in[1]].shape.dim[0]);
}

/* ---- memory of a node ---- */

/* of @value as bfloat16, where it is kept as floats alone */
static gsize
cast_size (const UtPlan *self, UtValueId value)
{
  const UtCudaValue *root = &self->values[ut_graph_root (self->graph, value)];
  if (root->half || ut_cuda_keeps_half (root))
    return 0;
  return ut_cuda_padded (ut_shape_count (&self->graph->value[value].shape) * 2);
}

/* numbers of the weights of all heads */
static gsize
attention_count (const UtPlan *self, const UtNode *node)
{
  const UtValue *value = self->graph->value;
  return node->heads * value[node->out].shape.dim[0] * value[node->in[1]].shape.dim[0];
}

/* attention in one kernel: of bfloat16, where somebody wants its result so; NULL where there is
 * none */
static UtCudaDnn *
find_attention (const UtPlan *self, const UtNode *node)
{
  const UtValue *value = self->graph->value;
  const UtShape *q = &value[node->in[0]].shape, *k = &value[node->in[1]].shape;
  if (!ut_cuda_is_half (self->backend, self->graph, node) ||
      !ut_cuda_keeps_half (&self->values[node->out]))
    return NULL;
  const UtCudaHeads heads = {.n_heads = node->heads,
                             .head_size = node->head_size,
                             .n_queries = q->dim[0],
                             .n_keys = k->dim[0],
                             .stride = {q->dim[1], k->dim[1], value[node->in[2]].shape.dim[1]}};
  return ut_cuda_attention_find (self->backend, &heads);
}

/* what a convolution of bfloat16 makes, where that is not kept; and maps of what is none */
static gsize
convolution_scratch (const UtPlan *self, const UtNode *node)
{
  gsize size = 0;
  if (!self->values[node->out].as_map)
    size += ut_cuda_padded (ut_shape_count (&self->graph->value[node->out].shape) * 2);
  for (int i = 0; i <= 3; i += 3)
    if (node->in[i] && !self->values[node->in[i]].as_map)
      size += ut_cuda_padded (ut_shape_count (&self->graph->value[node->in[i]].shape) * 2);
  return size;
}

gsize
ut_cuda_scratch (const UtPlan *self, const UtNode *node)
{
  const gboolean half = ut_cuda_is_half (self->backend, self->graph, node);
  gsize size = 0;
  if (ut_cuda_is_convolution (node->op))
    return half ? convolution_scratch (self, node) : 0;
  for (int i = 0; half && i < (node->op == UT_OP_LINEAR ? 1 : 3); i++)
    size += cast_size (self, node->in[i]);
  if (node->op == UT_OP_ATTENTION && find_attention (self, node) == NULL) {
    gsize n = attention_count (self, node);
    size += ut_cuda_padded (n * sizeof (float)) + (half ? ut_cuda_padded (n * 2) : 0);
  } else if (node->op == UT_OP_LINEAR && ut_cuda_keeps_half (&self->values[node->out])) {
    size += ut_cuda_padded (ut_shape_count (&self->graph->value[node->out].shape) * sizeof (float));
  }
  return size;
}

static void *
take_scratch (UtPlan *self, gsize size)
{
  void *memory = self->scratch;
  self->scratch += ut_cuda_padded (size);
  return memory;
}

/* ---- operands ---- */

/* first number of @value in the memory of what it is a view of */
static gsize
offset_of (const UtPlan *self, UtValueId value)
{
  const UtValue *of = &self->graph->value[value];
  return of->kind == UT_VALUE_VIEW ? of->offset : 0;
}

static const float *
single_at (const UtPlan *self, UtValueId value)
{
  const UtCudaValue *root = &self->values[ut_graph_root (self->graph, value)];
  return root->single ? root->single + offset_of (self, value) : NULL;
}

static const void *
half_at (const UtPlan *self, UtValueId value)
{
  const UtCudaValue *root = &self->values[ut_graph_root (self->graph, value)];
  return root->half ? (const guint16 *)root->half + offset_of (self, value) : NULL;
}

static UtCudaOut
out_at (const UtPlan *self, UtValueId value)
{
  const UtCudaValue *out = &self->values[value];
  return out->single ? (UtCudaOut){.single = out->single} : (UtCudaOut){.half = out->half};
}

static UtCudaOperands
operands_of (const UtPlan *self, const UtNode *node)
{
  UtCudaOperands operands = {.node = *node, .out = out_at (self, node->out)};
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++) {
    operands.in[i] = single_at (self, node->in[i]);
    operands.in_shape[i] = self->graph->value[node->in[i]].shape;
  }
  operands.out_shape = self->graph->value[node->out].shape;
  return operands;
}

static void
add_step (UtPlan *self, UtCudaStep step)
{
  g_ptr_array_add (self->steps, g_memdup2 (&step, sizeof step));
}

/* @value [rows, columns], or a part of a constant, as a factor of a product */
static UtCudaMatrix
factor_of (UtPlan *self, UtValueId value, gboolean half)
{
  const UtValue *of = &self->graph->value[value];
  UtCudaMatrix matrix = {.data = half ? half_at (self, value) : single_at (self, value),
                         .half = half,
                         .n_rows = of->shape.dim[0],
                         .n_columns = of->shape.dim[1],
                         .stride = of->shape.dim[1]};
  if (matrix.data == NULL) {
    UtCudaOut copy = {.half = take_scratch (self, ut_shape_count (&of->shape) * 2)};
    add_step (
      self,
      (UtCudaStep){
        .launch = ut_cuda_activate,
        .operands = {.in = {single_at (self, value)}, .out = copy, .out_shape = of->shape}});
    matrix.data = copy.half;
  }
  return matrix;
}

/* ---- linear ---- */

/* what the product leaves to do; @x is what it makes */
static UtCudaFinish
finish_of (const UtPlan *self, const UtNode *node, float *x)
{
  const UtShape *shape = &self->graph->value[node->out].shape;
  return (UtCudaFinish){.x = x,
                        .bias = single_at (self, node->in[2]),
                        .gate = single_at (self, node->in[3]),
                        .residual = single_at (self, node->in[4]),
                        .activation = node->activation,
                        .out = out_at (self, node->out),
                        .n = ut_shape_count (shape),
                        .n_channels = shape->dim[1],
                        .inner = 1};
}

/* residual + gate * act (x weight^T + bias): by the product alone where it can */
static gboolean
emit_linear (UtPlan *self, const UtNode *node, GError **error)
{
  const gboolean half = ut_cuda_is_half (self->backend, self->graph, node);
  const gboolean half_out = ut_cuda_keeps_half (&self->values[node->out]);
  const gboolean gelu = node->activation == UT_ACTIVATION_GELU && half_out;
  const UtCudaOut out = out_at (self, node->out);
  const UtCudaMatrix x = factor_of (self, node->in[0], half);
  const UtCudaMatrix weight = factor_of (self, node->in[1], half);
  const void *bias = half_out ? half_at (self, node->in[2]) : single_at (self, node->in[2]);
  const gboolean alone = (node->activation == UT_ACTIVATION_NONE || gelu) && node->in[3] == 0 &&
                         (node->in[2] == 0 || bias) && (node->in[4] == 0 || !half_out);
  UtCudaMatrix result = {
    .data = out.single, .n_rows = x.n_rows, .n_columns = weight.n_rows, .stride = weight.n_rows};
  if (half_out) {
    result.half = alone;
    result.data =
      alone ? out.half : take_scratch (self, result.n_rows * result.n_columns * sizeof (float));
  }
  UtCudaProduct *product = ut_cuda_product_new (self->backend,
                                                &x,
                                                &weight,
                                                TRUE,
                                                &result,
                                                alone ? single_at (self, node->in[4]) : NULL,
                                                alone ? bias : NULL,
                                                alone && gelu,
                                                1,
                                                error);
  if (product == NULL)
    return FALSE;
  add_step (self, (UtCudaStep){.product = product});
  if (!alone)
    add_step (self, (UtCudaStep){.finish = finish_of (self, node, (float *)result.data)});
  return TRUE;
}

/* ---- attention ---- */

static float
scale_of (const UtNode *node)
{
  return (float)(1 / sqrt ((double)node->head_size));
}

/* the heads of an operand, beside each other in its rows */
static UtCudaMatrix
heads_of (UtPlan *self, const UtNode *node, int i, gboolean half)
{
  UtCudaMatrix matrix = factor_of (self, node->in[i], half);
  gsize size = half ? 2 : sizeof (float);
  matrix.data = (const char *)matrix.data + node->column[i] * size;
  matrix.n_columns = node->head_size;
  matrix.batch_stride = node->head_size;
  return matrix;
}

static gboolean
emit_attention (UtPlan *self, const UtNode *node, GError **error)
{
  const gboolean half = ut_cuda_is_half (self->backend, self->graph, node);
  const UtCudaOut out = out_at (self, node->out);
  const UtCudaMatrix q = heads_of (self, node, 0, half), k = heads_of (self, node, 1, half);
  const UtCudaMatrix v = heads_of (self, node, 2, half);
  UtCudaDnn *at_once = find_attention (self, node);
  if (at_once) {
    add_step (self,
              (UtCudaStep){.dnn = ut_cuda_dnn_ref (at_once),
                           .array = {q.data, k.data, v.data, out.half},
                           .scale = scale_of (node)});
    return TRUE;
  }
  const gsize n = attention_count (self, node);
  const UtCudaMatrix scores = {.data = take_scratch (self, n * sizeof (float)),
                               .n_rows = q.n_rows,
                               .n_columns = k.n_rows,
                               .stride = k.n_rows,
                               .batch_stride = q.n_rows * k.n_rows};
  UtCudaMatrix weights = scores;
  if (half) {
    weights.data = take_scratch (self, n * 2);
    weights.half = TRUE;
  }
  const UtCudaMatrix result = {.data = out.single ? (void *)out.single : out.half,
                               .half = out.single == NULL,
                               .n_rows = q.n_rows,
                               .n_columns = node->head_size,
                               .stride = node->heads * node->head_size,
                               .batch_stride = node->head_size};
  g_autoptr (UtCudaProduct) first = ut_cuda_product_new (
    self->backend, &q, &k, TRUE, &scores, NULL, NULL, FALSE, node->heads, error);
  if (first == NULL)
    return FALSE;
  g_autoptr (UtCudaProduct) second = ut_cuda_product_new (
    self->backend, &weights, &v, FALSE, &result, NULL, NULL, FALSE, node->heads, error);
  if (second == NULL)
    return FALSE;
  const UtCudaRows rows = {
    .x = scores.data,
    .n_rows = node->heads * q.n_rows,
    .width = k.n_rows,
    .scale = scale_of (node),
    .out = half ? (UtCudaOut){.half = (void *)weights.data}
                : (UtCudaOut){.single = (float *)weights.data},
  };
  add_step (self, (UtCudaStep){.product = g_steal_pointer (&first)});
  add_step (self, (UtCudaStep){.rows = rows});
  add_step (self, (UtCudaStep){.product = g_steal_pointer (&second)});
  return TRUE;
}

/* ---- convolutions ---- */

/* @value as a map: as it was made, or turned into one */
static const void *
map_of (UtPlan *self, UtValueId value)
{
  const UtShape *shape = &self->graph->value[value].shape;
  if (self->values[value].map)
    return self->values[value].map;
  const UtCudaToMap turn = {.x = single_at (self, value),
                            .map = take_scratch (self, ut_shape_count (shape) * 2),
                            .n = ut_shape_count (shape),
                            .n_channels = shape->dim[1],
                            .inner = ut_shape_product (shape, 2, shape->n_dims)};
  add_step (self, (UtCudaStep){.to_map = turn});
  return turn.map;
}

/* of bfloat16, channels last */
static gboolean
emit_convolution_of_maps (UtPlan *self, const UtNode *node, GError **error)
{
  const UtCudaOperands operands = operands_of (self, node);
  const UtCudaValue *out = &self->values[node->out];
  const UtShape *shape = &operands.out_shape;
  const gsize n = ut_shape_count (shape);
  UtCudaDnn *dnn = ut_cuda_convolution_new (self->backend, &operands, TRUE, error);
  if (dnn == NULL)
    return FALSE;
  const void *x = map_of (self, node->in[0]);
  const void *residual = node->in[3] ? map_of (self, node->in[3]) : NULL;
  const void *weight = self->values[ut_graph_root (self->graph, node->in[1])].map;
  void *product = out->map ? out->map : take_scratch (self, n * 2);
  const UtCudaFinishMap finish = {.x = product,
                                  .residual = residual,
                                  .bias = operands.in[2],
                                  .activation = node->activation,
                                  .map = out->map,
                                  .out = operands.out,
                                  .n = n,
                                  .n_channels = shape->dim[1],
                                  .inner = ut_shape_product (shape, 2, shape->n_dims)};
  add_step (self, (UtCudaStep){.dnn = dnn, .array = {x, weight, product}});
  add_step (self, (UtCudaStep){.finish_map = finish});
  return TRUE;
}

static gboolean
emit_convolution (UtPlan *self, const UtNode *node, GError **error)
{
  const UtCudaOperands operands = operands_of (self, node);
  if (ut_cuda_is_half (self->backend, self->graph, node))
    return emit_convolution_of_maps (self, node, error);
  UtCudaDnn *dnn = ut_cuda_convolution_new (self->backend, &operands, FALSE, error);
  if (dnn == NULL)
    return FALSE;
  add_step (
    self, (UtCudaStep){.dnn = dnn, .array = {operands.in[0], operands.in[1], operands.out.single}});
  if (node->in[2] == 0 && node->in[3] == 0 && node->activation == UT_ACTIVATION_NONE)
    return TRUE;
  const UtShape *shape = &operands.out_shape;
  const UtCudaFinish finish = {.x = operands.out.single,
                               .bias = operands.in[2],
                               .residual = operands.in[3],
                               .residual_first = TRUE,
                               .activation = node->activation,
                               .out = operands.out,
                               .n = ut_shape_count (shape),
                               .n_channels = shape->dim[1],
                               .inner = ut_shape_product (shape, 2, shape->n_dims)};
  add_step (self, (UtCudaStep){.finish = finish});
  return TRUE;
}

/* ---- fusion ---- */

/* the node that joined fusion @node and made @value; NULL where none did */
static const UtNode *
joined (const UtPlan *self, const UtNode *node, UtValueId value)
{
  const UtGraph *graph = self->graph;
  const guint into = (guint)(node - graph->node) + 1;
  for (guint i = 0; i + 1 < into; i++)
    if (self->joins[i].into == into && graph->node[i].out == value)
      return &graph->node[i];
  return NULL;
}

static void
emit_fusion (UtPlan *self, const UtNode *node)
{
  UtCudaWindows *windows = g_new0 (UtCudaWindows, 1);
  windows->fuse = operands_of (self, node);
  for (int j = 0; j < UT_NODE_MAX_INPUTS && node->in[j]; j += 2) {
    const UtNode *softmax = joined (self, node, node->in[j]);
    const UtNode *variance = joined (self, node, node->in[j + 1]);
    windows->input[windows->n_inputs] = operands_of (self, softmax ? softmax : variance);
    windows->variance[windows->n_inputs++] = self->values[variance->out].single;
  }
  add_step (self, (UtCudaStep){.windows = windows});
}

gboolean
ut_cuda_emit (UtPlan *self, const UtNode *node, GError **error)
{
  if (self->joins[node - self->graph->node].into)
    return TRUE;
  switch (node->op) {
  case UT_OP_FUSE:
    if (joined (self, node, node->in[1])) {
      emit_fusion (self, node);
      return TRUE;
    }
    break;
  case UT_OP_LINEAR:
    return emit_linear (self, node, error);
  case UT_OP_ATTENTION:
    return emit_attention (self, node, error);
  case UT_OP_CONV2D:
  case UT_OP_CONV3D:
    return emit_convolution (self, node, error);
  default:
    break;
  }
  add_step (
    self,
    (UtCudaStep){.launch = ut_cuda_launch_of (node->op), .operands = operands_of (self, node)});
  return TRUE;
}

/* ---- running ---- */

void
ut_cuda_step_free (UtCudaStep *self)
{
  if (self == NULL)
    return;
  ut_cuda_product_free (self->product);
  ut_cuda_dnn_unref (self->dnn);
  g_free (self->windows);
  g_free (self);
}

static gboolean
run_dnn (const UtCudaStep *self, UtPlan *plan, GError **error)
{
  const void *arrays[UT_CUDA_DNN_MAX_ARRAYS];
  memcpy (arrays, self->array, sizeof arrays);
  if (self->scale != 0)
    arrays[4] = &self->scale;
  return ut_cuda_dnn_run (self->dnn, plan->backend, arrays, plan->workspace, error);
}

gboolean
ut_cuda_step_run (const UtCudaStep *self, UtPlan *plan, GError **error)
{
  UtBackend *backend = plan->backend;
  if (self->product)
    return ut_cuda_product_run (self->product, backend, error);
  if (self->dnn)
    return run_dnn (self, plan, error);
  if (self->finish.x)
    return CUDA (ut_cuda_finish (&self->finish, backend->stream));
  if (self->finish_map.x)
    return CUDA (ut_cuda_finish_map (&self->finish_map, backend->stream));
  if (self->to_map.x)
    return CUDA (ut_cuda_to_map (&self->to_map, backend->stream));
  if (self->windows)
    return CUDA (ut_cuda_fuse_windows (self->windows, backend->stream));
  if (self->rows.x)
    return CUDA (ut_cuda_softmax_rows (&self->rows, backend->stream));
  return CUDA (self->launch (&self->operands, backend->stream));
}
