/* SPDX-License-Identifier: Apache-2.0 */
/* Every operator as oneDNN primitives or a loop of cpu-loops.c. */
#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/nn/cpu-private.h"

#include <math.h>

static dnnl_alg_kind_t
eltwise_kind (UtActivation activation)
{
  switch (activation) {
  case UT_ACTIVATION_RELU:
    return dnnl_eltwise_relu;
  case UT_ACTIVATION_GELU:
    return dnnl_eltwise_gelu_erf;
  case UT_ACTIVATION_SILU:
    return dnnl_eltwise_swish;
  case UT_ACTIVATION_LEAKY_RELU:
    return dnnl_eltwise_relu;
  case UT_ACTIVATION_TANH:
    return dnnl_eltwise_tanh;
  default:
    return dnnl_eltwise_linear;
  }
}

/* alpha of eltwise_kind(): 1 is plain swish and plain linear, ReLU's is its slope */
static float
eltwise_alpha (UtActivation activation)
{
  if (activation == UT_ACTIVATION_LEAKY_RELU)
    return UT_LEAKY_SLOPE;
  return activation == UT_ACTIVATION_RELU ? 0 : 1;
}

static void
append_activation (dnnl_post_ops_t ops, UtActivation activation)
{
  if (activation != UT_ACTIVATION_NONE)
    dnnl_post_ops_append_eltwise (ops, 1, eltwise_kind (activation), eltwise_alpha (activation), 0);
}

/* Frees @ops in every case. */
static dnnl_primitive_attr_t
attr_with (dnnl_post_ops_t ops, float scale)
{
  dnnl_primitive_attr_t attr = NULL;
  dnnl_primitive_attr_create (&attr);
  if (ops)
    dnnl_primitive_attr_set_post_ops (attr, ops);
  if (scale != 1)
    dnnl_primitive_attr_set_output_scales (attr, 1, 0, &scale);
  dnnl_post_ops_destroy (ops);
  return attr;
}

static gboolean
emit_linear (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error)
{
  const UtShape *x = ut_cpu_shape_of (self, node->in[0]), *y = ut_cpu_shape_of (self, node->out);
  const dnnl_dims_t weight_dims = {(dnnl_dim_t)x->dim[1], (dnnl_dim_t)y->dim[1]};
  const dnnl_dims_t weight_strides = {1, (dnnl_dim_t)x->dim[1]}; /* the file has [O,I] */
  UtShape row = UT_SHAPE (1, y->dim[1]), turned = UT_SHAPE (x->dim[1], y->dim[1]);
  dnnl_memory_desc_t x_desc = ut_cpu_plain_desc (x), y_desc = ut_cpu_plain_desc (y),
                     row_desc = ut_cpu_plain_desc (&row);
  dnnl_memory_desc_t file_desc = ut_cpu_strided_desc (2, weight_dims, weight_strides);
  dnnl_memory_desc_t weight_desc =
    ut_cpu_is_constant (self, node->in[1]) ? ut_cpu_any_desc (&turned) : file_desc;
  dnnl_post_ops_t ops;
  dnnl_post_ops_create (&ops);
  append_activation (ops, node->activation);
  if (node->in[3])
    dnnl_post_ops_append_binary (ops, dnnl_binary_mul, &row_desc);
  if (node->in[4])
    dnnl_post_ops_append_binary (ops, dnnl_binary_add, &y_desc);
  int gate_at = node->activation != UT_ACTIVATION_NONE ? 1 : 0;
  int residual_at = gate_at + (node->in[3] ? 1 : 0);
  dnnl_primitive_attr_t attr = attr_with (ops, 1);

  dnnl_matmul_desc_t matmul;
  dnnl_primitive_desc_t desc = NULL;
  gboolean good =
    DNNL (dnnl_matmul_desc_init (
      &matmul, &x_desc, &weight_desc, node->in[2] ? &row_desc : NULL, &y_desc)) &&
    DNNL (dnnl_primitive_desc_create (&desc, &matmul, attr, self->backend->engine, NULL));
  dnnl_primitive_attr_destroy (attr);
  if (!good)
    return FALSE;
  weight_desc = *dnnl_primitive_desc_query_md (desc, dnnl_query_weights_md, 0);

  UtCpuPlace place[UT_NODE_MAX_INPUTS];
  for (int i = 0; i < UT_NODE_MAX_INPUTS && good; i++)
    good = i == 1 && ut_cpu_is_constant (self, node->in[1])
             ? ut_cpu_place_weights (self, node->in[1], &file_desc, &weight_desc, &place[1], error)
             : ut_cpu_plain_place (self, node->in[i], &place[i], error);
  UtCpuStep step = {0};
  good = good && ut_cpu_add_arg (self, &step, DNNL_ARG_SRC, place[0], &x_desc, error) &&
         ut_cpu_add_arg (self, &step, DNNL_ARG_WEIGHTS, place[1], &weight_desc, error) &&
         ut_cpu_add_arg (self, &step, DNNL_ARG_DST, out, &y_desc, error);
  if (node->in[2])
    good = good && ut_cpu_add_arg (self, &step, DNNL_ARG_BIAS, place[2], &row_desc, error);
  if (node->in[3]) {
    int arg = DNNL_ARG_ATTR_MULTIPLE_POST_OP (gate_at) | DNNL_ARG_SRC_1;
    good = good && ut_cpu_add_arg (self, &step, arg, place[3], &row_desc, error);
  }
  if (node->in[4]) {
    int arg = DNNL_ARG_ATTR_MULTIPLE_POST_OP (residual_at) | DNNL_ARG_SRC_1;
    good = good && ut_cpu_add_arg (self, &step, arg, place[4], &y_desc, error);
  }
  if (good)
    return ut_cpu_add_primitive (self, &step, desc, error);
  dnnl_primitive_desc_destroy (desc);
  return FALSE;
}

/* padding after the end, so that windows cover exactly @n_out places */
static dnnl_dim_t
pad_after (gsize n_in, gsize n_out, gsize kernel, gsize stride, gsize pad)
{
  return (dnnl_dim_t)((n_out - 1) * stride + kernel) - (dnnl_dim_t)(n_in + pad);
}

/* The residual is summed up where it lies if nobody needs it afterwards, else in a copy. */
static gboolean
place_residual (UtPlan *self,
                UtValueId value,
                const dnnl_memory_desc_t *want,
                guint at,
                UtCpuPlace *ret,
                GError **error)
{
  const UtCpuLayout *layout = &self->layouts[value];
  gboolean mine =
    layout->blocked && dnnl_memory_desc_equal (&layout->desc, want) && self->last_use[value] == at;
  if (mine) {
    *ret = layout->place;
    return TRUE;
  }
  UtCpuPlace from;
  dnnl_memory_desc_t plain = ut_cpu_plain_desc (ut_cpu_shape_of (self, value));
  const dnnl_memory_desc_t *is = layout->blocked ? &layout->desc : &plain;
  if (layout->blocked)
    from = layout->place;
  else if (!ut_cpu_plain_place (self, value, &from, error))
    return FALSE;
  *ret = (UtCpuPlace){ut_cpu_add_slot (self, dnnl_memory_desc_get_size (want), NULL), 0};
  return ut_cpu_add_reorder (self, from, is, *ret, want, error);
}

static gboolean
conv_desc (UtPlan *self, const UtNode *node, dnnl_primitive_desc_t *ret, GError **error)
{
  const UtShape *x = ut_cpu_shape_of (self, node->in[0]), *w = ut_cpu_shape_of (self, node->in[1]);
  const UtShape *y = ut_cpu_shape_of (self, node->out);
  dnnl_dims_t strides, before, after;
  for (int i = 0; i < x->n_dims - 2; i++) {
    strides[i] = (dnnl_dim_t)node->stride;
    before[i] = (dnnl_dim_t)node->pad[i];
    after[i] = pad_after (x->dim[i + 2], y->dim[i + 2], w->dim[i + 2], node->stride, node->pad[i]);
  }
  UtShape channels = UT_SHAPE (w->dim[0]);
  dnnl_memory_desc_t x_desc = ut_cpu_any_desc (x), w_desc = ut_cpu_any_desc (w),
                     b_desc = ut_cpu_plain_desc (&channels);
  dnnl_memory_desc_t y_desc = ut_cpu_any_desc (y);
  dnnl_post_ops_t ops;
  dnnl_post_ops_create (&ops);
  if (node->in[3])
    dnnl_post_ops_append_sum (ops, 1);
  append_activation (ops, node->activation);
  dnnl_primitive_attr_t attr = attr_with (ops, 1);
  dnnl_convolution_desc_t conv;
  gboolean good = DNNL (dnnl_convolution_forward_desc_init (&conv,
                                                            dnnl_forward_inference,
                                                            dnnl_convolution_direct,
                                                            &x_desc,
                                                            &w_desc,
                                                            node->in[2] ? &b_desc : NULL,
                                                            &y_desc,
                                                            strides,
                                                            before,
                                                            after)) &&
                  DNNL (dnnl_primitive_desc_create (ret, &conv, attr, self->backend->engine, NULL));
  dnnl_primitive_attr_destroy (attr);
  return good;
}

/* The result of a step that chose its layout: kept so, or put into the caller's memory. */
static gboolean
finish_blocked (
  UtPlan *self, UtValueId value, UtCpuPlace place, const dnnl_memory_desc_t *desc, GError **error)
{
  UtCpuLayout *layout = &self->layouts[value];
  if (self->graph->value[value].kind == UT_VALUE_BUFFER) {
    dnnl_memory_desc_t plain = ut_cpu_plain_desc (ut_cpu_shape_of (self, value));
    return ut_cpu_add_reorder (self, place, desc, layout->place, &plain, error);
  }
  layout->place = place;
  layout->desc = *desc;
  layout->blocked = TRUE;
  return TRUE;
}

static gboolean
emit_conv (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error)
{
  dnnl_primitive_desc_t desc = NULL;
  if (!ut_cpu_is_constant (self, node->in[1])) {
    g_set_error_literal (error,
                         UT_ENGINE_ERROR,
                         UT_ENGINE_ERROR_UNSUPPORTED,
                         ut_words ("a convolution's weights must be constant"));
    return FALSE;
  }
  if (!conv_desc (self, node, &desc, error))
    return FALSE;
  UtShape channels = UT_SHAPE (ut_cpu_shape_of (self, node->in[1])->dim[0]);
  dnnl_memory_desc_t file = ut_cpu_plain_desc (ut_cpu_shape_of (self, node->in[1]));
  dnnl_memory_desc_t b_desc = ut_cpu_plain_desc (&channels);
  dnnl_memory_desc_t x_desc = *dnnl_primitive_desc_query_md (desc, dnnl_query_src_md, 0);
  dnnl_memory_desc_t w_desc = *dnnl_primitive_desc_query_md (desc, dnnl_query_weights_md, 0);
  dnnl_memory_desc_t y_desc = *dnnl_primitive_desc_query_md (desc, dnnl_query_dst_md, 0);
  UtCpuPlace x, w, b, y = {-1, 0};
  UtCpuStep step = {0};
  gboolean good = ut_cpu_place_as (self, node->in[0], &x_desc, &x, error) &&
                  ut_cpu_place_weights (self, node->in[1], &file, &w_desc, &w, error) &&
                  ut_cpu_plain_place (self, node->in[2], &b, error);
  if (good && node->in[3])
    good =
      place_residual (self, node->in[3], &y_desc, (guint)(node - self->graph->node), &y, error);
  else
    y.slot = ut_cpu_add_slot (self, dnnl_memory_desc_get_size (&y_desc), NULL);
  good = good && ut_cpu_add_arg (self, &step, DNNL_ARG_SRC, x, &x_desc, error) &&
         ut_cpu_add_arg (self, &step, DNNL_ARG_WEIGHTS, w, &w_desc, error) &&
         ut_cpu_add_arg (self, &step, DNNL_ARG_DST, y, &y_desc, error);
  if (node->in[2])
    good = good && ut_cpu_add_arg (self, &step, DNNL_ARG_BIAS, b, &b_desc, error);
  if (good)
    return ut_cpu_add_primitive (self, &step, desc, error) &&
           finish_blocked (self, node->out, y, &y_desc, error);
  dnnl_primitive_desc_destroy (desc);
  return FALSE;
}

static gboolean
emit_max_pool (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error)
{
  const UtShape *x = ut_cpu_shape_of (self, node->in[0]), *y = ut_cpu_shape_of (self, node->out);
  const UtCpuLayout *layout = &self->layouts[ut_graph_root (self->graph, node->in[0])];
  gboolean as_is = layout->blocked && ut_graph_root (self->graph, node->in[0]) == node->in[0];
  dnnl_memory_desc_t x_desc = as_is ? layout->desc : ut_cpu_plain_desc (x),
                     y_desc = ut_cpu_any_desc (y);
  dnnl_dims_t strides, kernel, before, after;
  for (int i = 0; i < 2; i++) {
    strides[i] = (dnnl_dim_t)node->stride;
    kernel[i] = (dnnl_dim_t)node->kernel[i];
    before[i] = (dnnl_dim_t)node->pad[i];
    after[i] =
      pad_after (x->dim[i + 2], y->dim[i + 2], node->kernel[i], node->stride, node->pad[i]);
  }
  dnnl_pooling_desc_t pool;
  dnnl_primitive_desc_t desc = NULL;
  UtCpuPlace from = layout->place, to;
  if (!DNNL (dnnl_pooling_forward_desc_init (&pool,
                                             dnnl_forward_inference,
                                             dnnl_pooling_max,
                                             &x_desc,
                                             &y_desc,
                                             strides,
                                             kernel,
                                             before,
                                             after)) ||
      (!as_is && !ut_cpu_plain_place (self, node->in[0], &from, error)) ||
      !DNNL (dnnl_primitive_desc_create (&desc, &pool, NULL, self->backend->engine, NULL)))
    return FALSE;
  y_desc = *dnnl_primitive_desc_query_md (desc, dnnl_query_dst_md, 0);
  to = (UtCpuPlace){ut_cpu_add_slot (self, dnnl_memory_desc_get_size (&y_desc), NULL), 0};
  UtCpuStep step = {0};
  if (ut_cpu_add_arg (self, &step, DNNL_ARG_SRC, from, &x_desc, error) &&
      ut_cpu_add_arg (self, &step, DNNL_ARG_DST, to, &y_desc, error))
    return ut_cpu_add_primitive (self, &step, desc, error) &&
           finish_blocked (self, node->out, to, &y_desc, error);
  dnnl_primitive_desc_destroy (desc);
  return FALSE;
}

static void
add_loop_step (UtPlan *self, UtCpuStep *step)
{
  const UtNode *node = &step->node;
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++) {
    if (node->in[i])
      step->operands.in_shape[i] = *ut_cpu_shape_of (self, node->in[i]);
    ut_cpu_use (self, step->in[i]);
  }
  step->operands.out_shape = *ut_cpu_shape_of (self, node->out);
  ut_cpu_use (self, step->out);
  g_array_append_val (self->steps, *step);
}

static gboolean
add_loop (UtPlan *self, UtCpuLoop loop, const UtNode *node, UtCpuPlace out, GError **error)
{
  UtCpuStep step = {.loop = loop, .node = *node, .out = out};
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++)
    if (!ut_cpu_plain_place (self, node->in[i], &step.in[i], error))
      return FALSE;
  add_loop_step (self, &step);
  return TRUE;
}

/* maps channels last, so that a point reads rows of memory */
static gboolean
emit_sample (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error)
{
  UtCpuStep step = {.loop = ut_cpu_sample, .node = *node, .out = out};
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++) {
    gboolean is_map = node->in[i] && i != 1 && i != 2, good;
    if (!is_map) {
      good = ut_cpu_plain_place (self, node->in[i], &step.in[i], error);
    } else {
      const UtShape *shape = ut_cpu_shape_of (self, node->in[i]);
      int n = shape->n_dims;
      dnnl_dims_t dims = {0}, strides = {0};
      for (int d = 0; d < n; d++) {
        dims[d] = (dnnl_dim_t)shape->dim[d];
        strides[d] = (dnnl_dim_t)(ut_shape_product (shape, d + 1, n) * shape->dim[n - 4]);
      }
      strides[n - 4] = 1;
      strides[0] = n == 5 ? (dnnl_dim_t)ut_shape_count (shape) : strides[0];
      dnnl_memory_desc_t want = ut_cpu_strided_desc (n, dims, strides);
      good = ut_cpu_place_as (self, node->in[i], &want, &step.in[i], error);
    }
    if (!good)
      return FALSE;
  }
  add_loop_step (self, &step);
  return TRUE;
}

/* scale + 1 of a modulated norm, as a small vector of its own */
static gboolean
place_scale (UtPlan *self, const UtNode *node, UtCpuPlace *ret, GError **error)
{
  if (!ut_cpu_plain_place (self, node->in[1], ret, error))
    return FALSE;
  if (node->in[1] == 0 || !node->plus_one)
    return TRUE;
  const UtShape *shape = ut_cpu_shape_of (self, node->in[1]);
  UtCpuStep step = {.loop = ut_cpu_plus_one, .node = *node, .out = ut_cpu_new_place (self, shape)};
  step.in[0] = *ret;
  for (int i = 1; i < UT_NODE_MAX_INPUTS; i++)
    step.in[i] = UT_CPU_NOWHERE;
  step.operands.in_shape[0] = step.operands.out_shape = *shape;
  ut_cpu_use (self, *ret);
  ut_cpu_use (self, step.out);
  *ret = step.out;
  g_array_append_val (self->steps, step);
  return TRUE;
}

static gboolean
emit_layer_norm (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error)
{
  const UtShape *shape = ut_cpu_shape_of (self, node->in[0]);
  UtShape vector = UT_SHAPE (shape->dim[1]);
  dnnl_memory_desc_t desc_x = ut_cpu_plain_desc (shape), desc_vector = ut_cpu_plain_desc (&vector);
  unsigned flags = (node->in[1] ? dnnl_use_scale : 0u) | (node->in[2] ? dnnl_use_shift : 0u);
  dnnl_layer_normalization_desc_t norm;
  dnnl_primitive_desc_t desc = NULL;
  UtCpuPlace x, scale, shift;
  if (!ut_cpu_plain_place (self, node->in[0], &x, error) ||
      !place_scale (self, node, &scale, error) ||
      !ut_cpu_plain_place (self, node->in[2], &shift, error) ||
      !DNNL (dnnl_layer_normalization_forward_desc_init (
        &norm, dnnl_forward_inference, &desc_x, NULL, node->eps, flags)) ||
      !DNNL (dnnl_primitive_desc_create (&desc, &norm, NULL, self->backend->engine, NULL)))
    return FALSE;
  UtCpuStep step = {0};
  gboolean good = ut_cpu_add_arg (self, &step, DNNL_ARG_SRC, x, &desc_x, error) &&
                  ut_cpu_add_arg (self, &step, DNNL_ARG_DST, out, &desc_x, error);
  if (node->in[1])
    good = good && ut_cpu_add_arg (self, &step, DNNL_ARG_SCALE, scale, &desc_vector, error);
  if (node->in[2])
    good = good && ut_cpu_add_arg (self, &step, DNNL_ARG_SHIFT, shift, &desc_vector, error);
  if (good)
    return ut_cpu_add_primitive (self, &step, desc, error);
  dnnl_primitive_desc_destroy (desc);
  return FALSE;
}

static gboolean
emit_activate (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error)
{
  UtShape flat = UT_SHAPE (ut_shape_count (ut_cpu_shape_of (self, node->out)));
  dnnl_memory_desc_t desc_x = ut_cpu_plain_desc (&flat);
  dnnl_eltwise_desc_t eltwise;
  dnnl_primitive_desc_t desc = NULL;
  UtCpuPlace x;
  if (!ut_cpu_plain_place (self, node->in[0], &x, error) ||
      !DNNL (dnnl_eltwise_forward_desc_init (&eltwise,
                                             dnnl_forward_inference,
                                             eltwise_kind (node->activation),
                                             &desc_x,
                                             eltwise_alpha (node->activation),
                                             0)) ||
      !DNNL (dnnl_primitive_desc_create (&desc, &eltwise, NULL, self->backend->engine, NULL)))
    return FALSE;
  UtCpuStep step = {0};
  if (ut_cpu_add_arg (self, &step, DNNL_ARG_SRC, x, &desc_x, error) &&
      ut_cpu_add_arg (self, &step, DNNL_ARG_DST, out, &desc_x, error))
    return ut_cpu_add_primitive (self, &step, desc, error);
  dnnl_primitive_desc_destroy (desc);
  return FALSE;
}

static gboolean
emit_transpose (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error)
{
  const UtShape *shape = ut_cpu_shape_of (self, node->out); /* [C,R] */
  const dnnl_dims_t dims = {(dnnl_dim_t)shape->dim[0], (dnnl_dim_t)shape->dim[1]};
  const dnnl_dims_t strides = {1, (dnnl_dim_t)shape->dim[0]};
  dnnl_memory_desc_t from = ut_cpu_strided_desc (2, dims, strides), to = ut_cpu_plain_desc (shape);
  UtCpuPlace x;
  return ut_cpu_plain_place (self, node->in[0], &x, error) &&
         ut_cpu_add_reorder (self, x, &from, out, &to, error);
}

static gboolean
add_matmul (UtPlan *self,
            const UtCpuPlace place[3],
            const dnnl_memory_desc_t operand[3],
            float scale,
            GError **error)
{
  dnnl_primitive_attr_t attr = attr_with (NULL, scale);
  dnnl_matmul_desc_t matmul;
  dnnl_primitive_desc_t desc = NULL;
  gboolean good =
    DNNL (dnnl_matmul_desc_init (&matmul, &operand[0], &operand[1], NULL, &operand[2])) &&
    DNNL (dnnl_primitive_desc_create (&desc, &matmul, attr, self->backend->engine, NULL));
  dnnl_primitive_attr_destroy (attr);
  UtCpuStep step = {0};
  if (good && ut_cpu_add_arg (self, &step, DNNL_ARG_SRC, place[0], &operand[0], error) &&
      ut_cpu_add_arg (self, &step, DNNL_ARG_WEIGHTS, place[1], &operand[1], error) &&
      ut_cpu_add_arg (self, &step, DNNL_ARG_DST, place[2], &operand[2], error))
    return ut_cpu_add_primitive (self, &step, desc, error);
  dnnl_primitive_desc_destroy (desc);
  return FALSE;
}

static gboolean
add_row_softmax (UtPlan *self, UtCpuPlace place, const UtShape *rows, GError **error)
{
  dnnl_memory_desc_t desc_rows = ut_cpu_plain_desc (rows);
  dnnl_softmax_desc_t softmax;
  dnnl_primitive_desc_t desc = NULL;
  if (!DNNL (dnnl_softmax_forward_desc_init (&softmax, dnnl_forward_inference, &desc_rows, 1)) ||
      !DNNL (dnnl_primitive_desc_create (&desc, &softmax, NULL, self->backend->engine, NULL)))
    return FALSE;
  UtCpuStep step = {0};
  if (ut_cpu_add_arg (self, &step, DNNL_ARG_SRC, place, &desc_rows, error) &&
      ut_cpu_add_arg (self, &step, DNNL_ARG_DST, place, &desc_rows, error))
    return ut_cpu_add_primitive (self, &step, desc, error);
  dnnl_primitive_desc_destroy (desc);
  return FALSE;
}

/* heads as the batch of two matrix products, read in place out of q, k, v by their strides */
static gboolean
emit_attention (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error)
{
  dnnl_dim_t heads = (dnnl_dim_t)node->heads, size = (dnnl_dim_t)node->head_size;
  dnnl_dim_t n_queries = (dnnl_dim_t)ut_cpu_shape_of (self, node->in[0])->dim[0];
  dnnl_dim_t n_keys = (dnnl_dim_t)ut_cpu_shape_of (self, node->in[1])->dim[0], width[3];
  UtCpuPlace in[3];
  for (int i = 0; i < 3; i++) {
    if (!ut_cpu_plain_place (self, node->in[i], &in[i], error))
      return FALSE;
    in[i].offset += node->column[i];
    width[i] = (dnnl_dim_t)ut_cpu_shape_of (self, node->in[i])->dim[1];
  }
  UtShape rows = UT_SHAPE (node->heads * (gsize)n_queries, (gsize)n_keys);
  UtCpuPlace scores = ut_cpu_new_place (self, &rows);
  const dnnl_dims_t q_dims = {heads, n_queries, size}, q_strides = {size, width[0], 1};
  const dnnl_dims_t k_dims = {heads, size, n_keys}, k_strides = {size, 1, width[1]};
  const dnnl_dims_t v_dims = {heads, n_keys, size}, v_strides = {size, width[2], 1};
  const dnnl_dims_t s_dims = {heads, n_queries, n_keys};
  const dnnl_dims_t s_strides = {n_queries * n_keys, n_keys, 1};
  const dnnl_dims_t y_strides = {size, heads * size, 1};
  const dnnl_memory_desc_t s = ut_cpu_strided_desc (3, s_dims, s_strides);
  const dnnl_memory_desc_t first[] = {
    ut_cpu_strided_desc (3, q_dims, q_strides), ut_cpu_strided_desc (3, k_dims, k_strides), s};
  const dnnl_memory_desc_t second[] = {
    s, ut_cpu_strided_desc (3, v_dims, v_strides), ut_cpu_strided_desc (3, q_dims, y_strides)};
  return add_matmul (self,
                     (const UtCpuPlace[]){in[0], in[1], scores},
                     first,
                     1 / sqrtf ((float)size),
                     error) &&
         add_row_softmax (self, scores, &rows, error) &&
         add_matmul (self, (const UtCpuPlace[]){scores, in[2], out}, second, 1, error);
}

typedef gboolean (*EmitFunc) (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error);

static const struct {
  EmitFunc emit;
  UtCpuLoop loop;
} emitters[UT_N_OPS] = {
  [UT_OP_CONV2D] = {.emit = emit_conv},
  [UT_OP_MAX_POOL] = {.emit = emit_max_pool},
  [UT_OP_LINEAR] = {.emit = emit_linear},
  [UT_OP_LAYER_NORM] = {.emit = emit_layer_norm},
  [UT_OP_GROUP_NORM] = {.loop = ut_cpu_group_norm},
  [UT_OP_ACTIVATE] = {.emit = emit_activate},
  [UT_OP_ADD] = {.loop = ut_cpu_add},
  [UT_OP_MEAN] = {.loop = ut_cpu_mean},
  [UT_OP_TRANSPOSE] = {.emit = emit_transpose},
  [UT_OP_ATTENTION] = {.emit = emit_attention},
  [UT_OP_CLASS_SOFTMAX] = {.loop = ut_cpu_class_softmax},
  [UT_OP_PATCHIFY] = {.loop = ut_cpu_patchify},
  [UT_OP_UNPATCHIFY] = {.loop = ut_cpu_unpatchify},
  [UT_OP_COMBINE] = {.loop = ut_cpu_combine},
  [UT_OP_CONV3D] = {.emit = emit_conv},
  [UT_OP_UPSAMPLE] = {.loop = ut_cpu_upsample},
  [UT_OP_SAMPLE] = {.emit = emit_sample},
  [UT_OP_LOCAL_VARIANCE] = {.loop = ut_cpu_local_variance},
  [UT_OP_FUSE] = {.loop = ut_cpu_fuse},
  [UT_OP_FUSE_WEIGHT] = {.loop = ut_cpu_fuse_weight},
  [UT_OP_NORMALS] = {.loop = ut_cpu_normals},
};

gboolean
ut_cpu_can_emit (UtOp op)
{
  return op > 0 && op < UT_N_OPS && (emitters[op].emit || emitters[op].loop);
}

gboolean
ut_cpu_emit (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error)
{
  if (!ut_cpu_can_emit (node->op)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("the cpu backend cannot do \"%s\""),
                 ut_op_name (node->op));
    return FALSE;
  }
  if (emitters[node->op].emit)
    return emitters[node->op].emit (self, node, out, error);
  return add_loop (self, emitters[node->op].loop, node, out, error);
}
