/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/** As much of cuBLASLt as cuda/ uses, by plain loops: fake-blas.cpp. */

#include <cuda_runtime_api.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CUBLAS_STATUS_SUCCESS,
  CUBLAS_STATUS_ALLOC_FAILED,
  CUBLAS_STATUS_INVALID_VALUE,
  CUBLAS_STATUS_NOT_SUPPORTED,
} cublasStatus_t;

typedef enum { CUBLAS_COMPUTE_32F, CUBLAS_COMPUTE_32F_FAST_TF32 } cublasComputeType_t;
typedef enum { CUBLAS_OP_N, CUBLAS_OP_T } cublasOperation_t;
typedef enum {
  CUBLASLT_EPILOGUE_DEFAULT,
  CUBLASLT_EPILOGUE_BIAS,
  CUBLASLT_EPILOGUE_GELU,
  CUBLASLT_EPILOGUE_GELU_BIAS,
} cublasLtEpilogue_t;
typedef enum {
  CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT,
  CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET,
} cublasLtMatrixLayoutAttribute_t;
typedef enum {
  CUBLASLT_MATMUL_DESC_TRANSA,
  CUBLASLT_MATMUL_DESC_EPILOGUE,
  CUBLASLT_MATMUL_DESC_BIAS_POINTER,
} cublasLtMatmulDescAttributes_t;
typedef enum {
  CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
  CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES,
  CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
  CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES,
  CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES,
} cublasLtMatmulPreferenceAttributes_t;

typedef struct FakeBlas *cublasLtHandle_t;
typedef struct FakeMatmul *cublasLtMatmulDesc_t;
typedef struct FakeLayout *cublasLtMatrixLayout_t;
typedef struct FakePreference *cublasLtMatmulPreference_t;
typedef struct {
  uint64_t data[8];
} cublasLtMatmulAlgo_t;
typedef struct {
  cublasLtMatmulAlgo_t algo;
  size_t workspaceSize;
  cublasStatus_t state;
} cublasLtMatmulHeuristicResult_t;

const char *cublasLtGetStatusString (cublasStatus_t status);
cublasStatus_t cublasLtCreate (cublasLtHandle_t *ret);
cublasStatus_t cublasLtDestroy (cublasLtHandle_t handle);
cublasStatus_t cublasLtMatmulDescCreate (cublasLtMatmulDesc_t *ret,
                                         cublasComputeType_t compute,
                                         cudaDataType_t scale);
cublasStatus_t cublasLtMatmulDescDestroy (cublasLtMatmulDesc_t desc);
cublasStatus_t cublasLtMatmulDescSetAttribute (cublasLtMatmulDesc_t desc,
                                               cublasLtMatmulDescAttributes_t attribute,
                                               const void *value,
                                               size_t size);
cublasStatus_t cublasLtMatrixLayoutCreate (cublasLtMatrixLayout_t *ret,
                                           cudaDataType_t type,
                                           uint64_t n_rows,
                                           uint64_t n_columns,
                                           int64_t stride);
cublasStatus_t cublasLtMatrixLayoutDestroy (cublasLtMatrixLayout_t layout);
cublasStatus_t cublasLtMatrixLayoutSetAttribute (cublasLtMatrixLayout_t layout,
                                                 cublasLtMatrixLayoutAttribute_t attribute,
                                                 const void *value,
                                                 size_t size);
cublasStatus_t cublasLtMatmulPreferenceCreate (cublasLtMatmulPreference_t *ret);
cublasStatus_t cublasLtMatmulPreferenceDestroy (cublasLtMatmulPreference_t preference);
cublasStatus_t cublasLtMatmulPreferenceSetAttribute (cublasLtMatmulPreference_t preference,
                                                     cublasLtMatmulPreferenceAttributes_t attribute,
                                                     const void *value,
                                                     size_t size);
cublasStatus_t cublasLtMatmulAlgoGetHeuristic (cublasLtHandle_t handle,
                                               cublasLtMatmulDesc_t desc,
                                               cublasLtMatrixLayout_t a,
                                               cublasLtMatrixLayout_t b,
                                               cublasLtMatrixLayout_t c,
                                               cublasLtMatrixLayout_t d,
                                               cublasLtMatmulPreference_t preference,
                                               int n_wanted,
                                               cublasLtMatmulHeuristicResult_t *ret,
                                               int *ret_n);
cublasStatus_t cublasLtMatmul (cublasLtHandle_t handle,
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
                               cudaStream_t stream);

#ifdef __cplusplus
}
#endif
