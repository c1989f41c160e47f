/* SPDX-License-Identifier: Apache-2.0 */
/* Matrix products by cuBLASLt. Its matrices are column-major, ours row-major: it sees the
 * transposes, and ret^T = b a^T or b^T a^T. */
#include "cuda/cuda-private.h"
#include "engine/base/error.h"

struct UtCudaProduct {
  cublasLtMatmulDesc_t desc;
  cublasLtMatrixLayout_t a, b, ret; /* ret: of c too, as what multiplies in place must have it */
  cublasLtMatmulAlgo_t algo;
  const void *a_data, *b_data, *c_data;
  void *d_data;
  float beta;
};

void
ut_cuda_product_free (UtCudaProduct *self)
{
  if (self == NULL)
    return;
  cublasLtMatrixLayout_t layouts[] = {self->a, self->b, self->ret};
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (layouts[i])
      cublasLtMatrixLayoutDestroy (layouts[i]);
  if (self->desc)
    cublasLtMatmulDescDestroy (self->desc);
  g_free (self);
}

static cudaDataType_t
type_of (const UtCudaMatrix *matrix)
{
  return matrix->half ? CUDA_R_16BF : CUDA_R_32F;
}

static gboolean
make_layout (const UtCudaMatrix *matrix, gsize n_batch, cublasLtMatrixLayout_t *ret, GError **error)
{
  int32_t batch = (int32_t)n_batch;
  int64_t offset = (int64_t)matrix->batch_stride;
  return BLAS (cublasLtMatrixLayoutCreate (
           ret, type_of (matrix), matrix->n_columns, matrix->n_rows, (int64_t)matrix->stride)) &&
         BLAS (cublasLtMatrixLayoutSetAttribute (
           *ret, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &batch, sizeof batch)) &&
         BLAS (cublasLtMatrixLayoutSetAttribute (
           *ret, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, &offset, sizeof offset));
}

#define SET(attribute, value)                                                                      \
  BLAS (cublasLtMatmulDescSetAttribute (self->desc, attribute, &(value), sizeof (value)))

static gboolean
make_desc (UtCudaProduct *self,
           UtBackend *backend,
           gboolean half,
           gboolean turned,
           const void *bias,
           gboolean gelu,
           GError **error)
{
  cublasComputeType_t compute = backend->precision == UT_PRECISION_F32 || half
                                  ? CUBLAS_COMPUTE_32F
                                  : CUBLAS_COMPUTE_32F_FAST_TF32;
  cublasOperation_t operation = turned ? CUBLAS_OP_T : CUBLAS_OP_N;
  cublasLtEpilogue_t epilogue = bias ? (gelu ? CUBLASLT_EPILOGUE_GELU_BIAS : CUBLASLT_EPILOGUE_BIAS)
                                : gelu ? CUBLASLT_EPILOGUE_GELU
                                       : CUBLASLT_EPILOGUE_DEFAULT;
  return BLAS (cublasLtMatmulDescCreate (&self->desc, compute, CUDA_R_32F)) &&
         SET (CUBLASLT_MATMUL_DESC_TRANSA, operation) &&
         SET (CUBLASLT_MATMUL_DESC_EPILOGUE, epilogue) &&
         (bias == NULL || SET (CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias));
}

/* the largest power of two that divides the address, as far as kernels care */
static uint32_t
alignment_of (const void *data)
{
  uint32_t alignment = 256;
  while (alignment > 1 && (guintptr)data % alignment != 0)
    alignment /= 2;
  return alignment;
}

#define PREFER(attribute, value)                                                                   \
  BLAS (cublasLtMatmulPreferenceSetAttribute (preference, attribute, &(value), sizeof (value)))

static gboolean
ask_for_algo (UtCudaProduct *self,
              UtBackend *backend,
              cublasLtMatmulPreference_t preference,
              GError **error)
{
  const gsize workspace = UT_CUDA_WORKSPACE;
  const uint32_t a = alignment_of (self->a_data), b = alignment_of (self->b_data);
  const uint32_t c = alignment_of (self->c_data), d = alignment_of (self->d_data);
  cublasLtMatmulHeuristicResult_t found;
  int n_found = 0;
  if (!PREFER (CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, workspace) ||
      !PREFER (CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, a) ||
      !PREFER (CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, b) ||
      !PREFER (CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, c) ||
      !PREFER (CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, d) ||
      !BLAS (cublasLtMatmulAlgoGetHeuristic (backend->blas,
                                             self->desc,
                                             self->a,
                                             self->b,
                                             self->ret,
                                             self->ret,
                                             preference,
                                             1,
                                             &found,
                                             &n_found)))
    return FALSE;
  self->algo = found.algo;
  return BLAS (n_found == 1 ? found.state : CUBLAS_STATUS_NOT_SUPPORTED);
}

static gboolean
choose_algo (UtCudaProduct *self, UtBackend *backend, GError **error)
{
  cublasLtMatmulPreference_t preference = NULL;
  if (!BLAS (cublasLtMatmulPreferenceCreate (&preference)))
    return FALSE;
  gboolean good = ask_for_algo (self, backend, preference, error);
  cublasLtMatmulPreferenceDestroy (preference);
  return good;
}

UtCudaProduct *
ut_cuda_product_new (UtBackend *backend,
                     const UtCudaMatrix *a,
                     const UtCudaMatrix *b,
                     gboolean turned,
                     const UtCudaMatrix *ret,
                     const void *added,
                     const void *bias,
                     gboolean gelu,
                     gsize n_batch,
                     GError **error)
{
  g_autoptr (UtCudaProduct) self = g_new0 (UtCudaProduct, 1);
  g_return_val_if_fail (a->half == b->half, NULL);
  self->a_data = b->data;
  self->b_data = a->data;
  self->d_data = (void *)ret->data;
  self->c_data = added ? added : ret->data;
  self->beta = added ? 1 : 0;
  if (!make_desc (self, backend, a->half, turned, bias, gelu, error) ||
      !make_layout (b, n_batch, &self->a, error) || !make_layout (a, n_batch, &self->b, error) ||
      !make_layout (ret, n_batch, &self->ret, error) || !choose_algo (self, backend, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
ut_cuda_product_run (const UtCudaProduct *self, UtBackend *backend, GError **error)
{
  const float one = 1;
  return BLAS (cublasLtMatmul (backend->blas,
                               self->desc,
                               &one,
                               self->a_data,
                               self->a,
                               self->b_data,
                               self->b,
                               &self->beta,
                               self->c_data,
                               self->ret,
                               self->d_data,
                               self->ret,
                               &self->algo,
                               backend->workspace,
                               UT_CUDA_WORKSPACE,
                               backend->stream));
}
