/* SPDX-License-Identifier: Apache-2.0 */
/* Matrix products, column-major as cuBLASLt has them, and what it refuses: misaligned bfloat16. */
#include <cublasLt.h>

#include <cmath>
#include <cstring>
#include <cuda_bf16.h>
#include <vector>

struct FakeBlas {
  int unused;
};

struct FakeMatmul {
  cublasComputeType_t compute;
  cublasOperation_t turn_a;
  cublasLtEpilogue_t epilogue;
  const void *bias;
};

struct FakeLayout {
  cudaDataType_t type;
  uint64_t n_rows, n_columns;
  int64_t stride, batch_offset;
  int32_t n_batch;
};

struct FakePreference {
  uint32_t alignment[4];
};

const char *
cublasLtGetStatusString (cublasStatus_t status)
{
  static const char *const words[] = {
    "success", "allocation failed", "invalid value", "not supported"};
  return words[status];
}

cublasStatus_t
cublasLtCreate (cublasLtHandle_t *ret)
{
  *ret = new FakeBlas ();
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t
cublasLtDestroy (cublasLtHandle_t handle)
{
  delete handle;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t
cublasLtMatmulDescCreate (cublasLtMatmulDesc_t *ret,
                          cublasComputeType_t compute,
                          cudaDataType_t scale)
{
  *ret = new FakeMatmul ();
  (*ret)->compute = compute;
  return scale == CUDA_R_32F ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

cublasStatus_t
cublasLtMatmulDescDestroy (cublasLtMatmulDesc_t desc)
{
  delete desc;
  return CUBLAS_STATUS_SUCCESS;
}

template <typename T>
static cublasStatus_t
take (T *place, const void *value, size_t size)
{
  if (size != sizeof (T))
    return CUBLAS_STATUS_INVALID_VALUE;
  memcpy ((void *)place, value, size);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t
cublasLtMatmulDescSetAttribute (cublasLtMatmulDesc_t desc,
                                cublasLtMatmulDescAttributes_t attribute,
                                const void *value,
                                size_t size)
{
  if (attribute == CUBLASLT_MATMUL_DESC_TRANSA)
    return take (&desc->turn_a, value, size);
  if (attribute == CUBLASLT_MATMUL_DESC_EPILOGUE)
    return take (&desc->epilogue, value, size);
  return take (&desc->bias, value, size);
}

cublasStatus_t
cublasLtMatrixLayoutCreate (cublasLtMatrixLayout_t *ret,
                            cudaDataType_t type,
                            uint64_t n_rows,
                            uint64_t n_columns,
                            int64_t stride)
{
  *ret = new FakeLayout ();
  **ret = FakeLayout{type, n_rows, n_columns, stride, 0, 1};
  return stride >= (int64_t)n_rows ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}

cublasStatus_t
cublasLtMatrixLayoutDestroy (cublasLtMatrixLayout_t layout)
{
  delete layout;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t
cublasLtMatrixLayoutSetAttribute (cublasLtMatrixLayout_t layout,
                                  cublasLtMatrixLayoutAttribute_t attribute,
                                  const void *value,
                                  size_t size)
{
  if (attribute == CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT)
    return take (&layout->n_batch, value, size);
  return take (&layout->batch_offset, value, size);
}

cublasStatus_t
cublasLtMatmulPreferenceCreate (cublasLtMatmulPreference_t *ret)
{
  *ret = new FakePreference ();
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t
cublasLtMatmulPreferenceDestroy (cublasLtMatmulPreference_t preference)
{
  delete preference;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t
cublasLtMatmulPreferenceSetAttribute (cublasLtMatmulPreference_t preference,
                                      cublasLtMatmulPreferenceAttributes_t attribute,
                                      const void *value,
                                      size_t size)
{
  uint64_t workspace;
  if (attribute == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES)
    return take (&workspace, value, size);
  int which = attribute - CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES;
  return take (&preference->alignment[which], value, size);
}

/* the types must go together, sizes too, and kernels for bfloat16 read sixteen bytes at a time */
static bool
fits (const FakeMatmul &desc,
      const FakeLayout &a,
      const FakeLayout &b,
      const FakeLayout &c,
      const FakeLayout &d,
      const FakePreference &preference)
{
  uint64_t m = desc.turn_a == CUBLAS_OP_T ? a.n_columns : a.n_rows;
  uint64_t k = desc.turn_a == CUBLAS_OP_T ? a.n_rows : a.n_columns;
  if (a.type != b.type || c.type != d.type || (a.type == CUDA_R_32F && d.type != CUDA_R_32F) ||
      b.n_rows != k || d.n_rows != m || d.n_columns != b.n_columns || c.n_rows != m ||
      c.n_columns != d.n_columns)
    return false;
  bool gelu = desc.epilogue >= CUBLASLT_EPILOGUE_GELU;
  if (gelu && d.type == CUDA_R_32F)
    return false; /* cuBLASLt has it, but by tanh, which floats would tell */
  return a.type == CUDA_R_32F ||
         (a.stride % 8 == 0 && b.stride % 8 == 0 && preference.alignment[0] % 16 == 0 &&
          preference.alignment[1] % 16 == 0);
}

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
  *ret_n = fits (*desc, *a, *b, *c, *d, *preference) ? 1 : 0;
  memset (ret, 0, sizeof *ret);
  return *ret_n ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED;
}

static float
load (const void *data, cudaDataType_t type, int64_t i)
{
  if (type == CUDA_R_16BF)
    return __bfloat162float (((const __nv_bfloat16 *)data)[i]);
  return ((const float *)data)[i];
}

static float
gelu_by_tanh (float x)
{
  return 0.5f * x * (1 + tanhf (0.79788456f * (x + 0.044715f * x * x * x)));
}

/* the rows or the columns of matrix @batch, each with its numbers beside each other */
static std::vector<float>
gather (const void *data, const FakeLayout &layout, int64_t batch, bool rows)
{
  int64_t n_lines = (int64_t)(rows ? layout.n_rows : layout.n_columns);
  int64_t n = (int64_t)(rows ? layout.n_columns : layout.n_rows);
  int64_t line = rows ? 1 : layout.stride, step = rows ? layout.stride : 1;
  std::vector<float> values ((size_t)(n_lines * n));
  for (int64_t i = 0; i < n_lines; i++)
    for (int64_t j = 0; j < n; j++)
      values[(size_t)(i * n + j)] =
        load (data, layout.type, batch * layout.batch_offset + i * line + j * step);
  return values;
}

static double
dot (const float *a, const float *b, uint64_t n)
{
  double sum = 0;
  for (uint64_t i = 0; i < n; i++)
    sum += (double)a[i] * b[i];
  return sum;
}

/* matrix @batch of the result; rows of op (a) and columns of b are beside each other */
static void
multiply (const FakeMatmul &desc,
          const FakeLayout layouts[4],
          const void *const data[4],
          float beta,
          int64_t batch)
{
  const FakeLayout &c = layouts[2], &d = layouts[3];
  std::vector<float> a = gather (data[0], layouts[0], batch, desc.turn_a == CUBLAS_OP_N);
  std::vector<float> b = gather (data[1], layouts[1], batch, false);
  const uint64_t k = layouts[1].n_rows;
  for (uint64_t i = 0; i < d.n_rows * d.n_columns; i++) {
    int64_t row = (int64_t)(i % d.n_rows), column = (int64_t)(i / d.n_rows);
    double sum = dot (&a[(size_t)row * k], &b[(size_t)column * k], k);
    if (beta != 0)
      sum += beta * load (data[2], c.type, batch * c.batch_offset + column * c.stride + row);
    if (desc.epilogue == CUBLASLT_EPILOGUE_BIAS || desc.epilogue == CUBLASLT_EPILOGUE_GELU_BIAS)
      sum += load (desc.bias, d.type, row);
    float y = desc.epilogue >= CUBLASLT_EPILOGUE_GELU ? gelu_by_tanh ((float)sum) : (float)sum;
    int64_t at = batch * d.batch_offset + column * d.stride + row;
    if (d.type == CUDA_R_16BF)
      ((__nv_bfloat16 *)data[3])[at] = __float2bfloat16 (y);
    else
      ((float *)data[3])[at] = y;
  }
}

cublasStatus_t
cublasLtMatmul (cublasLtHandle_t handle,
                cublasLtMatmulDesc_t desc,
                const void *alpha,
                const void *a,
                cublasLtMatrixLayout_t a_layout,
                const void *b,
                cublasLtMatrixLayout_t b_layout,
                const void *beta,
                const void *c,
                cublasLtMatrixLayout_t c_layout,
                void *d,
                cublasLtMatrixLayout_t d_layout,
                const cublasLtMatmulAlgo_t *algo,
                void *workspace,
                size_t workspace_size,
                cudaStream_t stream)
{
  FakeMatmul copy = *desc;
  FakeLayout la = *a_layout, lb = *b_layout, lc = *c_layout, ld = *d_layout;
  float factor = *(const float *)beta;
  cudaError_t error = fake_enqueue (stream, [=] {
    const FakeLayout layouts[] = {la, lb, lc, ld};
    const void *const data[] = {a, b, c, d};
    for (int64_t batch = 0; batch < ld.n_batch; batch++)
      multiply (copy, layouts, data, factor, batch);
  });
  return error == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}
