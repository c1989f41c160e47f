/* SPDX-License-Identifier: Apache-2.0 */
/* Matrix products, column-major as cuBLASLt has them, and what it refuses, by its header and the
 * release notes of CUDA 13.1: sizes, alignments and types that do not go together when an algorithm
 * is asked for; other memory than was promised when it runs. Which types do was not asked of it. */
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
  uint64_t workspace;
  uint32_t alignment[4]; /* of a, b, c, d */
};

/* in a cublasLtMatmulAlgo_t: what was promised to it */
struct FakeAlgo {
  uint64_t workspace;
  uint32_t alignment[4];
};

static_assert (sizeof (FakeAlgo) <= sizeof (cublasLtMatmulAlgo_t), "it has room there");

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
  return CUBLAS_STATUS_SUCCESS; /* as cuBLASLt, which looks at sizes later */
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
  if (attribute == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES)
    return take (&preference->workspace, value, size);
  int which = attribute - CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES;
  return take (&preference->alignment[which], value, size);
}

static bool
adds_bias (const FakeMatmul &desc)
{
  return desc.epilogue == CUBLASLT_EPILOGUE_BIAS || desc.epilogue == CUBLASLT_EPILOGUE_GELU_BIAS;
}

static size_t
size_of (cudaDataType_t type)
{
  return type == CUDA_R_16BF ? 2 : 4;
}

static bool
is_aligned (const void *data, size_t alignment)
{
  return (uintptr_t)data % alignment == 0;
}

/* Products of floats are floats, of bfloat16 either; TF32 is a way to multiply floats. */
static bool
types_fit (const FakeMatmul &desc, const FakeLayout layouts[4])
{
  const cudaDataType_t factor = layouts[0].type, result = layouts[3].type;
  bool gelu = desc.epilogue >= CUBLASLT_EPILOGUE_GELU;
  if (gelu && result == CUDA_R_32F)
    return false; /* cuBLASLt has it, but by tanh, which floats would tell */
  return layouts[1].type == factor && layouts[2].type == result &&
         (factor == CUDA_R_16BF ? desc.compute == CUBLAS_COMPUTE_32F : result == CUDA_R_32F);
}

/* Columns do not overlap, nor do the matrices of a batch of results: they lie behind each other, or
 * beside each other in the columns of a larger one. */
static bool
strides_fit (const FakeLayout layouts[4])
{
  const FakeLayout &d = layouts[3];
  const int64_t rows = (int64_t)d.n_rows, last = (int64_t)(d.n_columns - 1) * d.stride;
  for (int i = 0; i < 4; i++)
    if (layouts[i].stride < (int64_t)layouts[i].n_rows || layouts[i].n_batch < 1 ||
        layouts[i].n_batch != d.n_batch)
      return false;
  return d.n_batch == 1 || d.batch_offset >= last + rows ||
         (d.batch_offset >= rows && (d.n_batch - 1) * d.batch_offset + rows <= d.stride);
}

static bool
sizes_fit (const FakeMatmul &desc, const FakeLayout layouts[4])
{
  const FakeLayout &a = layouts[0], &b = layouts[1], &c = layouts[2], &d = layouts[3];
  uint64_t m = desc.turn_a == CUBLAS_OP_T ? a.n_columns : a.n_rows;
  uint64_t k = desc.turn_a == CUBLAS_OP_T ? a.n_rows : a.n_columns;
  return b.n_rows == k && d.n_rows == m && d.n_columns == b.n_columns && c.n_rows == m &&
         c.n_columns == d.n_columns;
}

/* Kernels for bfloat16 read sixteen bytes at a time; a bias is of the result's type. */
static bool
alignments_fit (const FakeMatmul &desc, const FakeLayout layouts[4], const FakePreference &promised)
{
  if (adds_bias (desc) != (desc.bias != NULL) || !is_aligned (desc.bias, size_of (layouts[3].type)))
    return false;
  for (int i = 0; i < 4; i++)
    if (promised.alignment[i] % size_of (layouts[i].type) != 0)
      return false;
  return layouts[0].type == CUDA_R_32F ||
         (layouts[0].stride % 8 == 0 && layouts[1].stride % 8 == 0 &&
          promised.alignment[0] % 16 == 0 && promised.alignment[1] % 16 == 0);
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
  const FakeLayout layouts[] = {*a, *b, *c, *d};
  const uint32_t *promised = preference->alignment;
  const FakeAlgo algo = {preference->workspace,
                         {promised[0], promised[1], promised[2], promised[3]}};
  *ret_n = types_fit (*desc, layouts) && strides_fit (layouts) && sizes_fit (*desc, layouts) &&
           alignments_fit (*desc, layouts, *preference);
  memset (ret, 0, sizeof *ret);
  memcpy (&ret->algo, &algo, sizeof algo);
  ret->workspaceSize = algo.workspace;
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
    if (adds_bias (desc))
      sum += load (desc.bias, d.type, row);
    float y = desc.epilogue >= CUBLASLT_EPILOGUE_GELU ? gelu_by_tanh ((float)sum) : (float)sum;
    int64_t at = batch * d.batch_offset + column * d.stride + row;
    if (d.type == CUDA_R_16BF)
      ((__nv_bfloat16 *)data[3])[at] = __float2bfloat16 (y);
    else
      ((float *)data[3])[at] = y;
  }
}

/* the memory is as it was promised */
static bool
keeps_promise (const cublasLtMatmulAlgo_t &algo,
               const void *const data[4],
               const void *workspace,
               size_t workspace_size)
{
  FakeAlgo promised;
  memcpy (&promised, &algo, sizeof promised);
  for (int i = 0; i < 4; i++)
    if (!is_aligned (data[i], promised.alignment[i]))
      return false;
  return workspace_size >= promised.workspace && is_aligned (workspace, 16);
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
  const void *const memory[] = {a, b, c, d};
  /* in place, and from 13.0 update 2 on this is looked at, whatever beta is: of one description */
  if ((c == d && c_layout != d_layout) || !keeps_promise (*algo, memory, workspace, workspace_size))
    return CUBLAS_STATUS_INVALID_VALUE;
  cudaError_t error = fake_enqueue (stream, [=] {
    const FakeLayout layouts[] = {la, lb, lc, ld};
    const void *const data[] = {a, b, c, d};
    for (int64_t batch = 0; batch < ld.n_batch; batch++)
      multiply (copy, layouts, data, factor, batch);
  });
  return error == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}
