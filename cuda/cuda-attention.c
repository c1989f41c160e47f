/* SPDX-License-Identifier: Apache-2.0 */
/* Attention in one kernel of cuDNN's, where it has one: its engines are compiled for the shapes at
 * hand (a third of a second each), so that what has the same shapes shares them. */
#include "cuda/cuda-private.h"

#include <string.h>

struct UtCudaAttention {
  UtCudaHeads heads;
  UtCudaDnn *dnn; /* NULL: cuDNN has no engine */
};

void
ut_cuda_attention_free (UtCudaAttention *self)
{
  ut_cuda_dnn_unref (self->dnn);
  g_free (self);
}

#if CUDNN_VERSION >= 91300

/* [1, heads, length, head_size], whose rows are @stride numbers from one another */
static cudnnBackendDescriptor_t
add_rows (UtCudaDnn *self, const UtCudaHeads *heads, gsize length, gsize stride, GError **error)
{
  const UtCudaArray rows = {
    .type = CUDNN_DATA_BFLOAT16,
    .n_dims = 4,
    .size = {1, (gint64)heads->n_heads, (gint64)length, (gint64)heads->head_size},
    .stride = {(gint64)(length * stride), (gint64)heads->head_size, (gint64)stride, 1}};
  return ut_cuda_dnn_add_array (self, &rows, error);
}

static UtCudaDnn *
make (UtBackend *backend, const UtCudaHeads *heads)
{
  const UtCudaArray one = {.type = CUDNN_DATA_FLOAT,
                           .n_dims = 4,
                           .size = {1, 1, 1, 1},
                           .stride = {1, 1, 1, 1},
                           .by_value = TRUE};
  const cudnnBackendAttributeType_t part = CUDNN_TYPE_BACKEND_DESCRIPTOR;
  g_autoptr (UtCudaDnn) self = ut_cuda_dnn_new ();
  cudnnBackendDescriptor_t q = add_rows (self, heads, heads->n_queries, heads->stride[0], NULL);
  cudnnBackendDescriptor_t k = add_rows (self, heads, heads->n_keys, heads->stride[1], NULL);
  cudnnBackendDescriptor_t v = add_rows (self, heads, heads->n_keys, heads->stride[2], NULL);
  cudnnBackendDescriptor_t o =
    add_rows (self, heads, heads->n_queries, heads->n_heads * heads->head_size, NULL);
  cudnnBackendDescriptor_t scale = ut_cuda_dnn_add_array (self, &one, NULL);
  if (!q || !k || !v || !o || !scale)
    return NULL;
  cudnnBackendDescriptor_t operation = ut_cuda_dnn_add (
    self,
    CUDNN_BACKEND_OPERATION_SDPA_FWD_DESCRIPTOR,
    (const UtCudaAttribute[]){{CUDNN_ATTR_OPERATION_SDPA_FWD_QDESC, part, 1, &q},
                              {CUDNN_ATTR_OPERATION_SDPA_FWD_KDESC, part, 1, &k},
                              {CUDNN_ATTR_OPERATION_SDPA_FWD_VDESC, part, 1, &v},
                              {CUDNN_ATTR_OPERATION_SDPA_FWD_ODESC, part, 1, &o},
                              {CUDNN_ATTR_OPERATION_SDPA_FWD_SCALEDESC, part, 1, &scale},
                              {0}},
    NULL);
  return operation && ut_cuda_dnn_plan (self, backend, operation, NULL) &&
             ut_cuda_dnn_has_engine (self)
           ? g_steal_pointer (&self)
           : NULL;
}

#else

static UtCudaDnn *
make (UtBackend *backend, const UtCudaHeads *heads)
{
  return NULL; /* this cuDNN does not know the operation */
}

#endif

UtCudaDnn *
ut_cuda_attention_find (UtBackend *backend, const UtCudaHeads *heads)
{
  for (guint i = 0; i < backend->attentions->len; i++) {
    const UtCudaAttention *made = g_ptr_array_index (backend->attentions, i);
    if (memcmp (&made->heads, heads, sizeof *heads) == 0)
      return made->dnn;
  }
  UtCudaAttention *made = g_new0 (UtCudaAttention, 1);
  made->heads = *heads;
  made->dnn = make (backend, heads);
  if (made->dnn == NULL)
    g_info ("cuda: cuDNN has no attention in one kernel for %zu heads of %zu, %zu by %zu",
            heads->n_heads,
            heads->head_size,
            heads->n_queries,
            heads->n_keys);
  g_ptr_array_add (backend->attentions, made);
  return made->dnn;
}
