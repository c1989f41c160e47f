/* SPDX-License-Identifier: Apache-2.0 */
/* What cuda-matrix describes to cuBLASLt, told to cuBLASLt itself and asked back from it: each
 * attribute is one that it knows, has the size that it wants, and means what was meant. It has no
 * algorithms without a GPU; the question for one ends here. */
#include "cuda/cuda-private.h"
#include "engine/base/error.h"

enum { R = 48, I = 64, O = 32, STRIDE = 128, N_HEADS = 2 };

typedef struct Case {
  const char *name;
  UtPrecision precision;
  gboolean half, half_result, turned, biased, gelu, added;
  gsize n_batch;
  cublasComputeType_t compute;
  cublasLtEpilogue_t epilogue;
} Case;

static const Case cases[] = {
  {"f32",
   UT_PRECISION_F32,
   .turned = TRUE,
   .n_batch = 1,
   .compute = CUBLAS_COMPUTE_32F,
   .epilogue = CUBLASLT_EPILOGUE_DEFAULT},
  {"tf32/bias/added",
   UT_PRECISION_TF32,
   .turned = TRUE,
   .biased = TRUE,
   .added = TRUE,
   .n_batch = 1,
   .compute = CUBLAS_COMPUTE_32F_FAST_TF32,
   .epilogue = CUBLASLT_EPILOGUE_BIAS},
  {"tf32/heads",
   UT_PRECISION_TF32,
   .n_batch = N_HEADS,
   .compute = CUBLAS_COMPUTE_32F_FAST_TF32,
   .epilogue = CUBLASLT_EPILOGUE_DEFAULT},
  {"bf16/to-floats/bias/added",
   UT_PRECISION_BF16,
   .half = TRUE,
   .turned = TRUE,
   .biased = TRUE,
   .added = TRUE,
   .n_batch = 1,
   .compute = CUBLAS_COMPUTE_32F,
   .epilogue = CUBLASLT_EPILOGUE_BIAS},
  {"bf16/gelu",
   UT_PRECISION_BF16,
   .half = TRUE,
   .half_result = TRUE,
   .turned = TRUE,
   .gelu = TRUE,
   .n_batch = 1,
   .compute = CUBLAS_COMPUTE_32F,
   .epilogue = CUBLASLT_EPILOGUE_GELU},
  {"bf16/gelu/bias",
   UT_PRECISION_BF16,
   .half = TRUE,
   .half_result = TRUE,
   .turned = TRUE,
   .biased = TRUE,
   .gelu = TRUE,
   .n_batch = 1,
   .compute = CUBLAS_COMPUTE_32F,
   .epilogue = CUBLASLT_EPILOGUE_GELU_BIAS},
  {"bf16/heads",
   UT_PRECISION_BF16,
   .half = TRUE,
   .half_result = TRUE,
   .n_batch = N_HEADS,
   .compute = CUBLAS_COMPUTE_32F,
   .epilogue = CUBLASLT_EPILOGUE_DEFAULT},
};

static const Case *asked;
static int n_asked;

/* device memory that nobody looks into: its addresses alone count */
#define A_DATA    ((const char *)0x10000)
#define B_DATA    ((const char *)0x20040) /* 64 bytes */
#define RET_DATA  ((const char *)0x30000)
#define ADDED     ((const char *)0x40010) /* 16 bytes */
#define BIAS_DATA ((const char *)0x50000)

gboolean
ut_cuda_check_blas (cublasStatus_t status, const char *what, GError **error)
{
  if (status == CUBLAS_STATUS_SUCCESS)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_DEVICE,
               "%s: %s",
               what,
               cublasLtGetStatusString (status));
  return FALSE;
}

/* ---- asked back ---- */

#define GET(of, self, attribute, value)                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    size_t n_written = 0;                                                                          \
    g_assert_cmpint (of##GetAttribute (self, attribute, &(value), sizeof (value), &n_written),     \
                     ==,                                                                           \
                     CUBLAS_STATUS_SUCCESS);                                                       \
    g_assert_cmpuint (n_written, ==, sizeof (value));                                              \
  }                                                                                                \
  G_STMT_END

/* a row-major matrix, seen as its transpose */
static void
check_layout (cublasLtMatrixLayout_t self, UtCudaMatrix matrix)
{
  uint32_t type;
  int32_t order, n_batch;
  uint64_t n_rows, n_columns;
  int64_t stride, offset;
  GET (cublasLtMatrixLayout, self, CUBLASLT_MATRIX_LAYOUT_TYPE, type);
  GET (cublasLtMatrixLayout, self, CUBLASLT_MATRIX_LAYOUT_ORDER, order);
  GET (cublasLtMatrixLayout, self, CUBLASLT_MATRIX_LAYOUT_ROWS, n_rows);
  GET (cublasLtMatrixLayout, self, CUBLASLT_MATRIX_LAYOUT_COLS, n_columns);
  GET (cublasLtMatrixLayout, self, CUBLASLT_MATRIX_LAYOUT_LD, stride);
  GET (cublasLtMatrixLayout, self, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, n_batch);
  GET (cublasLtMatrixLayout, self, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, offset);
  g_assert_cmpuint (type, ==, matrix.half ? CUDA_R_16BF : CUDA_R_32F);
  g_assert_cmpint (order, ==, CUBLASLT_ORDER_COL);
  g_assert_cmpuint (n_rows, ==, matrix.n_columns);
  g_assert_cmpuint (n_columns, ==, matrix.n_rows);
  g_assert_cmpint (stride, ==, matrix.stride);
  g_assert_cmpint (n_batch, ==, asked->n_batch);
  g_assert_cmpint (offset, ==, matrix.batch_stride);
}

static void
check_desc (cublasLtMatmulDesc_t self)
{
  int32_t compute, scale, pointers, turn_a, turn_b;
  uint32_t epilogue;
  const void *bias;
  GET (cublasLtMatmulDesc, self, CUBLASLT_MATMUL_DESC_COMPUTE_TYPE, compute);
  GET (cublasLtMatmulDesc, self, CUBLASLT_MATMUL_DESC_SCALE_TYPE, scale);
  GET (cublasLtMatmulDesc, self, CUBLASLT_MATMUL_DESC_POINTER_MODE, pointers);
  GET (cublasLtMatmulDesc, self, CUBLASLT_MATMUL_DESC_TRANSA, turn_a);
  GET (cublasLtMatmulDesc, self, CUBLASLT_MATMUL_DESC_TRANSB, turn_b);
  GET (cublasLtMatmulDesc, self, CUBLASLT_MATMUL_DESC_EPILOGUE, epilogue);
  GET (cublasLtMatmulDesc, self, CUBLASLT_MATMUL_DESC_BIAS_POINTER, bias);
  g_assert_cmpint (compute, ==, asked->compute);
  g_assert_cmpint (scale, ==, CUDA_R_32F);
  g_assert_cmpint (pointers, ==, CUBLASLT_POINTER_MODE_HOST);
  g_assert_cmpint (turn_a, ==, asked->turned ? CUBLAS_OP_T : CUBLAS_OP_N);
  g_assert_cmpint (turn_b, ==, CUBLAS_OP_N);
  g_assert_cmpuint (epilogue, ==, asked->epilogue);
  g_assert_true (bias == (asked->biased ? BIAS_DATA : NULL));
}

static void
check_preference (cublasLtMatmulPreference_t self)
{
  uint64_t workspace;
  uint32_t a, b, c, d;
  GET (cublasLtMatmulPreference, self, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, workspace);
  GET (cublasLtMatmulPreference, self, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, a);
  GET (cublasLtMatmulPreference, self, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, b);
  GET (cublasLtMatmulPreference, self, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, c);
  GET (cublasLtMatmulPreference, self, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, d);
  g_assert_cmpuint (workspace, ==, UT_CUDA_WORKSPACE);
  g_assert_cmpuint (a, ==, 64); /* its a is our b */
  g_assert_cmpuint (b, ==, 256);
  g_assert_cmpuint (c, ==, asked->added ? 16 : 256);
  g_assert_cmpuint (d, ==, 256);
}

/* ---- products ---- */

/* rows of @n_columns, one head behind the other where there are more of them */
static UtCudaMatrix
matrix_of (const char *data, gboolean half, gsize n_rows, gsize n_columns)
{
  return (UtCudaMatrix){.data = data,
                        .half = half,
                        .n_rows = n_rows,
                        .n_columns = n_columns,
                        .stride = STRIDE,
                        .batch_stride = asked->n_batch > 1 ? n_columns : 0};
}

static UtCudaMatrix
factor_a (void)
{
  return matrix_of (A_DATA, asked->half, R, I);
}

static UtCudaMatrix
factor_b (void)
{
  return matrix_of (B_DATA, asked->half, asked->turned ? O : I, asked->turned ? I : O);
}

static UtCudaMatrix
result (void)
{
  return matrix_of (RET_DATA, asked->half_result, R, O);
}

/* in place of its own, which wants a handle */
cublasStatus_t
cublasLtMatmulAlgoGetHeuristic (cublasLtHandle_t handle,
                                cublasLtMatmulDesc_t desc,
                                cublasLtMatrixLayout_t a,
                                cublasLtMatrixLayout_t b,
                                cublasLtMatrixLayout_t c,
                                cublasLtMatrixLayout_t d,
                                cublasLtMatmulPreference_t preference,
                                int n_wanted,
                                cublasLtMatmulHeuristicResult_t *ret,
                                int *ret_n)
{
  check_desc (desc);
  check_layout (a, factor_b ());
  check_layout (b, factor_a ());
  check_layout (d, result ());
  g_assert_true (c == d); /* else it would not multiply in place */
  check_preference (preference);
  g_assert_cmpint (n_wanted, ==, 1);
  *ret = (cublasLtMatmulHeuristicResult_t){.state = CUBLAS_STATUS_SUCCESS};
  *ret_n = 1;
  n_asked++;
  return CUBLAS_STATUS_SUCCESS;
}

static void
test_product (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  asked = data;
  n_asked = 0;
  UtBackend backend = {.precision = asked->precision};
  const UtCudaMatrix a = factor_a (), b = factor_b (), ret = result ();
  UtCudaProduct *product = ut_cuda_product_new (&backend,
                                                &a,
                                                &b,
                                                asked->turned,
                                                &ret,
                                                asked->added ? ADDED : NULL,
                                                asked->biased ? BIAS_DATA : NULL,
                                                asked->gelu,
                                                asked->n_batch,
                                                &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_asked, ==, 1);
  ut_cuda_product_free (product);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/cublaslt/", cases[i].name, NULL);
    g_test_add_data_func (path, &cases[i], test_product);
  }
  return g_test_run ();
}
