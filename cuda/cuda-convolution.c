/* SPDX-License-Identifier: Apache-2.0 */
/* A convolution as cuDNN is told it. */
#include "cuda/cuda-private.h"
#include "engine/base/error.h"
#include "engine/base/words.h"

#define MAX_SPACE 3 /* z, y, x */

/* [n, c, ...]: floats in C order, or as a map */
static UtCudaArray
array_of (const UtShape *shape, gboolean half)
{
  UtCudaArray array = {.type = half ? CUDNN_DATA_BFLOAT16 : CUDNN_DATA_FLOAT,
                       .n_dims = (guint)shape->n_dims};
  for (int i = 0; i < shape->n_dims; i++) {
    array.size[i] = (gint64)shape->dim[i];
    array.stride[i] = (gint64)ut_shape_product (shape, i + 1, shape->n_dims);
    if (half && i > 0) /* channels are the last axis */
      array.stride[i] = i == 1 ? 1 : array.stride[i] * (gint64)shape->dim[1];
  }
  return array;
}

/* strides, padding: of the node */
static cudnnBackendDescriptor_t
add_window (UtCudaDnn *self, const UtNode *node, gint64 n, GError **error)
{
  const cudnnDataType_t compute = CUDNN_DATA_FLOAT;
  const cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;
  gint64 pads[MAX_SPACE], strides[MAX_SPACE], dilations[MAX_SPACE];
  for (gint64 i = 0; i < n; i++) {
    pads[i] = (gint64)node->pad[i];
    strides[i] = (gint64)node->stride;
    dilations[i] = 1;
  }
  return ut_cuda_dnn_add (
    self,
    CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR,
    (const UtCudaAttribute[]){
      {CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &compute},
      {CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE, 1, &mode},
      {CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, CUDNN_TYPE_INT64, 1, &n},
      {CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, n, pads},
      {CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, n, pads},
      {CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64, n, strides},
      {CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, n, dilations},
      {0}},
    error);
}

static cudnnBackendDescriptor_t
add_forward (UtCudaDnn *self, const UtCudaOperands *operands, gboolean half, GError **error)
{
  const UtShape *shapes[] = {&operands->in_shape[0], &operands->in_shape[1], &operands->out_shape};
  const float one = 1, none = 0;
  cudnnBackendDescriptor_t array[3];
  for (int i = 0; i < 3; i++) {
    const UtCudaArray of = array_of (shapes[i], half);
    if ((array[i] = ut_cuda_dnn_add_array (self, &of, error)) == NULL)
      return NULL;
  }
  cudnnBackendDescriptor_t window =
    add_window (self, &operands->node, operands->out_shape.n_dims - 2, error);
  if (window == NULL)
    return NULL;
  const cudnnBackendAttributeType_t part = CUDNN_TYPE_BACKEND_DESCRIPTOR;
  return ut_cuda_dnn_add (
    self,
    CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
    (const UtCudaAttribute[]){
      {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA, CUDNN_TYPE_FLOAT, 1, &one},
      {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA, CUDNN_TYPE_FLOAT, 1, &none},
      {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC, part, 1, &window},
      {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X, part, 1, &array[0]},
      {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W, part, 1, &array[1]},
      {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y, part, 1, &array[2]},
      {0}},
    error);
}

UtCudaDnn *
ut_cuda_convolution_new (UtBackend *backend,
                         const UtCudaOperands *operands,
                         gboolean half,
                         GError **error)
{
  g_autoptr (UtCudaDnn) self = ut_cuda_dnn_new ();
  cudnnBackendDescriptor_t forward = add_forward (self, operands, half, error);
  if (forward == NULL || !ut_cuda_dnn_plan (self, backend, forward, error))
    return NULL;
  if (!ut_cuda_dnn_has_engine (self)) {
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
