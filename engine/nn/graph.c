/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/nn/graph.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

typedef gboolean (*InferFunc) (const UtNode *node, const UtShape *const in[], UtShape *ret);

static gboolean
is_vector (const UtShape *shape, gsize length)
{
  return shape == NULL || (shape->n_dims == 1 && shape->dim[0] == length);
}

static gboolean
is_same (const UtShape *shape, const UtShape *want)
{
  return shape == NULL || ut_shape_equal (shape, want);
}

/* places of a window of @kernel on @size padded by @pad on both sides; 0 where it does not fit */
static gsize
windows (gsize size, gsize kernel, gsize pad, gsize stride)
{
  return stride == 0 || kernel == 0 || size + 2 * pad < kernel
           ? 0
           : (size + 2 * pad - kernel) / stride + 1;
}

static gboolean
infer_conv (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  const UtShape *x = in[0], *weight = in[1];
  int n_dims = node->op == UT_OP_CONV3D ? 5 : 4;
  if (x->n_dims != n_dims || weight->n_dims != n_dims || weight->dim[1] != x->dim[1])
    return FALSE;
  *ret = (UtShape){n_dims, {x->dim[0], weight->dim[0]}};
  for (int i = 2; i < n_dims; i++)
    ret->dim[i] = windows (x->dim[i], weight->dim[i], node->pad[i - 2], node->stride);
  return is_vector (in[2], weight->dim[0]) && is_same (in[3], ret);
}

static gboolean
infer_max_pool (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  const UtShape *x = in[0];
  if (x->n_dims != 4)
    return FALSE;
  *ret = UT_SHAPE (x->dim[0],
                   x->dim[1],
                   windows (x->dim[2], node->kernel[0], node->pad[0], node->stride),
                   windows (x->dim[3], node->kernel[1], node->pad[1], node->stride));
  return node->pad[0] < node->kernel[0] && node->pad[1] < node->kernel[1];
}

static gboolean
infer_linear (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  const UtShape *x = in[0], *weight = in[1];
  if (x->n_dims != 2 || weight->n_dims != 2 || weight->dim[1] != x->dim[1])
    return FALSE;
  *ret = UT_SHAPE (x->dim[0], weight->dim[0]);
  return is_vector (in[2], ret->dim[1]) && is_vector (in[3], ret->dim[1]) && is_same (in[4], ret);
}

static gboolean
infer_layer_norm (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = *in[0];
  return ret->n_dims == 2 && node->eps > 0 && is_vector (in[1], ret->dim[1]) &&
         is_vector (in[2], ret->dim[1]);
}

static gboolean
infer_group_norm (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = *in[0];
  return ret->n_dims == 2 && node->eps > 0 && node->groups > 0 && ret->dim[0] % node->groups == 0 &&
         in[1] && is_vector (in[1], ret->dim[0]) && in[2] && is_vector (in[2], ret->dim[0]) &&
         is_same (in[3], ret);
}

static gboolean
infer_same (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = *in[0];
  return is_same (in[1], ret);
}

static gboolean
infer_add (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = *in[0];
  gboolean fits = in[1]->n_dims == ret->n_dims;
  for (int i = 0; fits && i < ret->n_dims; i++)
    fits = in[1]->dim[i] == ret->dim[i] || in[1]->dim[i] == 1;
  return fits && ret->n_dims > 0 && is_vector (in[2], ret->dim[ret->n_dims - 1]);
}

static gboolean
infer_mean (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = *in[0];
  return ret->n_dims-- >= 2;
}

static gboolean
infer_transpose (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = UT_SHAPE (in[0]->dim[1], in[0]->dim[0]);
  return in[0]->n_dims == 2;
}

static gboolean
infer_attention (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  gsize width = node->heads * node->head_size;
  for (int i = 0; i < 3; i++)
    if (in[i]->n_dims != 2 || node->column[i] + width > in[i]->dim[1])
      return FALSE;
  *ret = UT_SHAPE (in[0]->dim[0], width);
  return width > 0 && in[1]->dim[0] == in[2]->dim[0];
}

static gboolean
infer_patchify (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  const gsize *patch = node->patch, *dim = in[0]->dim;
  if (in[0]->n_dims != 4)
    return FALSE;
  gsize n_patches = 1, n_inside = 1;
  for (int i = 0; i < 3; i++) {
    if (patch[i] == 0 || dim[i + 1] % patch[i] != 0)
      return FALSE;
    n_patches *= dim[i + 1] / patch[i];
    n_inside *= patch[i];
  }
  *ret = UT_SHAPE (n_patches, dim[0] * n_inside);
  return TRUE;
}

static gboolean
infer_unpatchify (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  const gsize *patch = node->patch, *size = node->size;
  if (in[0]->n_dims != 2)
    return FALSE;
  gsize n_patches = 1, n_inside = 1;
  for (int i = 0; i < 3; i++) {
    if (patch[i] == 0 || size[i] % patch[i] != 0)
      return FALSE;
    n_patches *= size[i] / patch[i];
    n_inside *= patch[i];
  }
  *ret = UT_SHAPE (in[0]->dim[1] / n_inside, size[0], size[1], size[2]);
  return in[0]->dim[0] == n_patches && in[0]->dim[1] % n_inside == 0;
}

static gboolean
infer_combine (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = *in[1];
  return is_vector (in[0], 3) && ut_shape_equal (in[1], in[2]);
}

static gboolean
is_volume (const gsize size[3])
{
  return size[0] > 0 && size[1] > 0 && size[2] > 0;
}

static gboolean
infer_upsample (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = *in[0];
  if (ret->n_dims < 3 || !is_volume (node->size))
    return FALSE;
  for (int i = 0; i < 3; i++)
    ret->dim[ret->n_dims - 3 + i] = node->size[i];
  return TRUE;
}

static gboolean
infer_sample (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  gsize n_points = 1;
  for (int i = 0; i < 3; i++)
    if (in[1] == NULL && !g_size_checked_mul (&n_points, n_points, node->size[i]))
      return FALSE;
  if (in[1])
    n_points = in[1]->dim[0];
  *ret = UT_SHAPE (n_points, in[0]->dim[MAX (in[0]->n_dims - 4, 0)]);
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++) {
    const UtShape *map = i == 1 || i == 2 ? NULL : in[i];
    if (map && (map->n_dims < 4 || map->dim[map->n_dims - 4] != ret->dim[1] ||
                (map->n_dims == 5 && map->dim[0] != 1)))
      return FALSE;
  }
  return (in[1] == NULL || (in[1]->n_dims == 2 && in[1]->dim[1] == 3)) && is_same (in[2], ret);
}

static gboolean
infer_local_variance (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = *in[0];
  return ret->n_dims >= 3;
}

static gboolean
infer_fuse (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = *in[0];
  for (int i = 1; i < UT_NODE_MAX_INPUTS; i++)
    if (!is_same (in[i], ret))
      return FALSE;
  return ret->n_dims > 0 && node->eps > 0 && !in[4] == !in[5];
}

static gboolean
infer_fuse_weight (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  const UtShape *s = in[0];
  if (s->n_dims == UT_MAX_DIMS || !is_same (in[1], s) || !is_same (in[2], s))
    return FALSE;
  *ret = (UtShape){s->n_dims + 1, {in[2] ? 3 : 2}};
  for (int i = 0; i < s->n_dims; i++)
    ret->dim[i + 1] = s->dim[i];
  return node->eps > 0;
}

static gboolean
infer_normals (const UtNode *node, const UtShape *const in[], UtShape *ret)
{
  *ret = UT_SHAPE (node->groups, node->size[0], node->size[1], node->size[2]);
  return is_vector (in[0], 6) && node->groups > 0 && is_volume (node->size);
}

static const struct {
  const char *name;
  guint n_in_min, n_in_max;
  InferFunc infer;
} ops[UT_N_OPS] = {
  [UT_OP_CONV2D] = {"conv2d", 2, 4, infer_conv},
  [UT_OP_MAX_POOL] = {"max pool", 1, 1, infer_max_pool},
  [UT_OP_LINEAR] = {"linear", 2, 5, infer_linear},
  [UT_OP_LAYER_NORM] = {"layer norm", 1, 3, infer_layer_norm},
  [UT_OP_GROUP_NORM] = {"group norm", 3, 4, infer_group_norm},
  [UT_OP_ACTIVATE] = {"activate", 1, 1, infer_same},
  [UT_OP_ADD] = {"add", 2, 3, infer_add},
  [UT_OP_MEAN] = {"mean", 1, 1, infer_mean},
  [UT_OP_TRANSPOSE] = {"transpose", 1, 1, infer_transpose},
  [UT_OP_ATTENTION] = {"attention", 3, 3, infer_attention},
  [UT_OP_CLASS_SOFTMAX] = {"class softmax", 1, 2, infer_same},
  [UT_OP_PATCHIFY] = {"patchify", 1, 1, infer_patchify},
  [UT_OP_UNPATCHIFY] = {"unpatchify", 1, 1, infer_unpatchify},
  [UT_OP_COMBINE] = {"combine", 3, 3, infer_combine},
  [UT_OP_CONV3D] = {"conv3d", 2, 4, infer_conv},
  [UT_OP_UPSAMPLE] = {"upsample", 1, 1, infer_upsample},
  [UT_OP_SAMPLE] = {"sample", 1, 6, infer_sample},
  [UT_OP_LOCAL_VARIANCE] = {"local variance", 1, 1, infer_local_variance},
  [UT_OP_FUSE] = {"fuse", 4, 6, infer_fuse},
  [UT_OP_FUSE_WEIGHT] = {"fuse weight", 2, 3, infer_fuse_weight},
  [UT_OP_NORMALS] = {"normals", 1, 1, infer_normals},
};

const char *
ut_op_name (UtOp op)
{
  return op > 0 && op < UT_N_OPS ? ops[op].name : "unknown";
}

UtGraph *
ut_graph_new (UtStage stage)
{
  UtGraph *self = g_new0 (UtGraph, 1);
  self->stage = stage;
  self->values = g_array_new (FALSE, TRUE, sizeof (UtValue));
  self->nodes = g_array_new (FALSE, TRUE, sizeof (UtNode));
  self->owned = g_ptr_array_new_with_free_func (g_free);
  g_array_set_size (self->values, 1); /* value 0 is no value */
  self->value = (UtValue *)(void *)self->values->data;
  self->n_values = 1;
  return self;
}

void
ut_graph_free (UtGraph *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->values);
  g_array_unref (self->nodes);
  g_ptr_array_unref (self->owned);
  g_clear_error (&self->error);
  g_free (self);
}

static UtValueId
add_value (UtGraph *self, UtValue value)
{
  gsize count = 1;
  for (int i = 0; i < value.shape.n_dims && self->error == NULL; i++)
    if (value.shape.dim[i] == 0 || !g_size_checked_mul (&count, count, value.shape.dim[i]) ||
        count > G_MAXSSIZE / sizeof (float))
      g_set_error_literal (&self->error,
                           UT_ENGINE_ERROR,
                           UT_ENGINE_ERROR_RANGE,
                           ut_words ("the network has an array of impossible size"));
  if (self->error)
    return 0;
  g_array_append_val (self->values, value);
  self->value = (UtValue *)(void *)self->values->data;
  self->n_values = self->values->len;
  return self->n_values - 1;
}

UtValueId
ut_graph_constant (UtGraph *self, UtShape shape, const float *data)
{
  if (data == NULL)
    return 0;
  return add_value (self, (UtValue){.kind = UT_VALUE_CONSTANT, .shape = shape, .data = data});
}

UtValueId
ut_graph_constant_take (UtGraph *self, UtShape shape, float *data)
{
  g_ptr_array_add (self->owned, data);
  return ut_graph_constant (self, shape, data);
}

UtValueId
ut_graph_buffer (UtGraph *self, UtShape shape, UtBuffer *buffer)
{
  g_return_val_if_fail (buffer != NULL, 0);
  return add_value (self, (UtValue){.kind = UT_VALUE_BUFFER, .shape = shape, .buffer = buffer});
}

UtValueId
ut_graph_view (UtGraph *self, UtValueId value, gsize offset, UtShape shape)
{
  if (self->error || value == 0)
    return 0;
  const UtValue *of = &self->value[value];
  g_return_val_if_fail (offset + ut_shape_count (&shape) <= ut_shape_count (&of->shape), 0);
  return add_value (self,
                    (UtValue){.kind = UT_VALUE_VIEW,
                              .shape = shape,
                              .base = ut_graph_root (self, value),
                              .offset = offset + (of->kind == UT_VALUE_VIEW ? of->offset : 0)});
}

static void
refuse_node (UtGraph *self, const UtNode *node)
{
  g_autoptr (GString) shapes = g_string_new (NULL);
  for (guint i = 0; i < ops[node->op].n_in_max; i++) {
    g_autofree char *shape =
      node->in[i] ? ut_shape_to_string (&self->value[node->in[i]].shape) : g_strdup ("none");
    g_string_append_printf (shapes, "%s%s", i ? ", " : "", shape);
  }
  g_set_error (&self->error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               ut_words ("node %u, %s, does not fit its inputs: %s"),
               self->n_nodes,
               ut_op_name (node->op),
               shapes->str);
}

/* as where a window does not fit */
static gboolean
is_empty (const UtShape *shape)
{
  for (int i = 0; i < shape->n_dims; i++)
    if (shape->dim[i] == 0)
      return TRUE;
  return FALSE;
}

UtValueId
ut_graph_add (UtGraph *self, UtNode node)
{
  g_return_val_if_fail (node.op > 0 && node.op < UT_N_OPS, 0);
  if (self->error)
    return 0;
  const UtShape *in[UT_NODE_MAX_INPUTS] = {NULL};
  gboolean good = TRUE;
  for (guint i = 0; i < UT_NODE_MAX_INPUTS; i++) {
    g_return_val_if_fail (node.in[i] < self->n_values, 0);
    if (node.in[i])
      in[i] = &self->value[node.in[i]].shape;
    good = good &&
           (i < ops[node.op].n_in_min ? in[i] != NULL : i < ops[node.op].n_in_max || in[i] == NULL);
  }
  UtShape shape;
  if (!good || !ops[node.op].infer (&node, in, &shape) || is_empty (&shape)) {
    refuse_node (self, &node);
    return 0;
  }
  node.out = add_value (self, (UtValue){.kind = UT_VALUE_LOCAL, .shape = shape});
  if (node.out == 0)
    return 0;
  g_array_append_val (self->nodes, node);
  self->node = (UtNode *)(void *)self->nodes->data;
  self->n_nodes = self->nodes->len;
  return node.out;
}

void
ut_graph_store (UtGraph *self, UtValueId value, UtBuffer *buffer)
{
  if (self->error || value == 0)
    return;
  g_return_if_fail (self->value[value].kind == UT_VALUE_LOCAL && buffer != NULL);
  self->value[value].kind = UT_VALUE_BUFFER;
  self->value[value].buffer = buffer;
}

gboolean
ut_graph_finish (UtGraph *self, GError **error)
{
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->error));
  return FALSE;
}
