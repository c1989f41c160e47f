/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/graph.h"

#include <cuda_runtime_api.h>

G_BEGIN_DECLS

/** UtCudaOut: device memory for a result: floats, or where @half is set bfloat16. */
typedef struct UtCudaOut {
  float *single;
  void *half;
} UtCudaOut;

/**
 * UtCudaOperands: a node with its arrays in device memory, in C order, each of fewer than 2^31
 * numbers.
 *
 * @in: NULL where the input is absent
 */
typedef struct UtCudaOperands {
  UtNode node;
  const float *in[UT_NODE_MAX_INPUTS];
  UtShape in_shape[UT_NODE_MAX_INPUTS];
  UtCudaOut out;
  UtShape out_shape;
} UtCudaOperands;

/**
 * UtCudaLaunch: starts the kernels of one operator on @stream; does not wait.
 *
 * One function, one .cu file. Operators are defined in engine/nn/graph.h, and there alone. Sums
 * are made in float.
 */
typedef cudaError_t (*UtCudaLaunch) (const UtCudaOperands *self, cudaStream_t stream);

cudaError_t ut_cuda_activate (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_add (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_class_softmax (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_combine (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_fuse (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_fuse_weight (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_group_norm (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_layer_norm (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_local_variance (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_max_pool (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_mean (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_normals (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_patchify (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_sample (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_transpose (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_unpatchify (const UtCudaOperands *self, cudaStream_t stream);
cudaError_t ut_cuda_upsample (const UtCudaOperands *self, cudaStream_t stream);

/**
 * UtCudaFinish: what a product of a library leaves to do, in C order [outer, n_channels, inner]:
 * out = residual + gate * act (x + bias), or, as convolutions have it, act (x + bias + residual).
 *
 * @x may be @out.single. @bias and @gate are [n_channels]; they and @residual may be NULL.
 */
typedef struct UtCudaFinish {
  const float *x, *bias, *gate, *residual;
  UtActivation activation;
  gboolean residual_first; /* the latter; without gate */
  UtCudaOut out;
  gsize n, n_channels, inner;
} UtCudaFinish;

cudaError_t ut_cuda_finish (const UtCudaFinish *self, cudaStream_t stream);

/**
 * UtCudaFinishMap: what a convolution of bfloat16 leaves to do: act (x + bias + residual).
 *
 * @x, @residual, @map: [outer, inner, n_channels] of bfloat16; @map may be @x, or NULL where nobody
 *   reads one
 * @bias: [n_channels]; as @residual, may be NULL
 * @out: the same in C order, [outer, n_channels, inner]; both NULL where nobody reads it
 */
typedef struct UtCudaFinishMap {
  const void *x, *residual;
  const float *bias;
  UtActivation activation;
  void *map;
  UtCudaOut out;
  gsize n, n_channels, inner;
} UtCudaFinishMap;

cudaError_t ut_cuda_finish_map (const UtCudaFinishMap *self, cudaStream_t stream);

/** UtCudaToMap: @x [outer, n_channels, inner] -> @map, as above */
typedef struct UtCudaToMap {
  const float *x;
  void *map;
  gsize n, n_channels, inner;
} UtCudaToMap;

cudaError_t ut_cuda_to_map (const UtCudaToMap *self, cudaStream_t stream);

#define UT_CUDA_MAX_FUSED      3 /* volumes */
#define UT_CUDA_WINDOW_CLASSES 8 /* at most, for ut_cuda_fuse_windows() */

/**
 * UtCudaWindows: UT_OP_FUSE together with the local variances that it reads and, where a volume is
 * a softmax over classes that nothing else reads, with that softmax: one pass over volumes
 * [N,Z,Y,X], N up to UT_CUDA_WINDOW_CLASSES.
 *
 * @input: UT_OP_CLASS_SOFTMAX and its operands; or UT_OP_LOCAL_VARIANCE, whose input is the volume
 * @variance: (array) (nullable): where somebody else reads it
 */
typedef struct UtCudaWindows {
  UtCudaOperands fuse, input[UT_CUDA_MAX_FUSED];
  float *variance[UT_CUDA_MAX_FUSED];
  guint n_inputs;
} UtCudaWindows;

cudaError_t ut_cuda_fuse_windows (const UtCudaWindows *self, cudaStream_t stream);

/** UtCudaRows: softmax (scale * x) over the rows of @x [n_rows, width], for attention. @out may be
 * @x. */
typedef struct UtCudaRows {
  const float *x;
  gsize n_rows, width;
  float scale;
  UtCudaOut out;
} UtCudaRows;

cudaError_t ut_cuda_softmax_rows (const UtCudaRows *self, cudaStream_t stream);

/**
 * ut_cuda_add_gate:
 * @after: (nullable): what comes before it
 * @handle: of a condition of @graph
 * @shut: host memory that the device reads
 *
 * A node that lets the condition pass while *@shut is 0.
 */
cudaError_t ut_cuda_add_gate (cudaGraph_t graph,
                              const cudaGraphNode_t *after,
                              cudaGraphConditionalHandle handle,
                              const guint32 *shut,
                              cudaGraphNode_t *ret);

G_END_DECLS
