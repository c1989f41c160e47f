/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cuda/kernels.h"
#include "engine/nn/backend.h"

#include <cublasLt.h>
#include <cudnn.h>

/**
 * Inside of the cuda backend: what its host files share.
 *
 * Products (linear, attention, convolution) are those of cuBLASLt and cuDNN, the rest are kernels
 * of ours. Values are floats in C order. Under UT_PRECISION_BF16 the factors of products are
 * bfloat16, and a local value that nothing but such products reads is kept so; sums are floats.
 * What passes between such convolutions is kept as a map: bfloat16 in the order [n, ..., c], the
 * one that tensor cores read; their weights are maps too.
 */

typedef struct UtCudaQueue UtCudaQueue;

struct UtBackend {
  guint device;
  UtPrecision precision; /* never DEFAULT */
  cudaStream_t stream;
  cublasLtHandle_t blas;
  cudnnHandle_t dnn;
  GPtrArray *attentions; /* UtCudaAttention: those that were asked for */
  UtCudaQueue *queue;    /* what is put off */
  guint n_seen;          /* downloads */
  void *workspace;       /* UT_CUDA_WORKSPACE bytes, of all matrix products */
};

#define UT_CUDA_WORKSPACE ((gsize)32 << 20) /* what cuBLASLt is advised to have on sm_90 */

struct UtBuffer {
  gsize size; /* bytes */
  float *data;
};

#define UT_CUDA_ALIGN 256 /* of arrays within a piece of memory */

static inline gsize
ut_cuda_padded (gsize size)
{
  return (size + UT_CUDA_ALIGN - 1) / UT_CUDA_ALIGN * UT_CUDA_ALIGN;
}

/** Every status of the three libraries goes through these into a GError. */
#define CUDA(call)  ut_cuda_check (call, #call, error)
#define BLAS(call)  ut_cuda_check_blas (call, #call, error)
#define CUDNN(call) ut_cuda_check_dnn (call, #call, error)

gboolean ut_cuda_check (cudaError_t status, const char *what, GError **error);
gboolean ut_cuda_check_blas (cublasStatus_t status, const char *what, GError **error);
gboolean ut_cuda_check_dnn (cudnnStatus_t status, const char *what, GError **error);

/**
 * ut_cuda_alloc: zeroed device memory; cudaFree() it.
 * Errors: MEMORY where less than @size is free, with both figures.
 */
gboolean ut_cuda_alloc (UtBackend *self, gsize size, void **ret, GError **error);

/**
 * ut_cuda_upload: waits, so that @src may go. On the stream that zeroed @dst and will read it:
 * the default stream, on which cudaMemcpy() copies, keeps no order with this one.
 */
gboolean ut_cuda_upload (UtBackend *self, void *dst, const void *src, gsize size, GError **error);

/* ---- matrix products: cuda-matrix.c ---- */

/** UtCudaMatrix: @n_batch row-major matrices [n_rows, n_columns] in device memory. */
typedef struct UtCudaMatrix {
  const void *data;
  gboolean half; /* bfloat16 */
  gsize n_rows, n_columns;
  gsize stride;       /* numbers from row to row */
  gsize batch_stride; /* from matrix to matrix */
} UtCudaMatrix;

typedef struct UtCudaProduct UtCudaProduct;

/**
 * ut_cuda_product_new:
 * @a: [R,I]
 * @b: [O,I] where @turned, else [I,O]
 * @ret: [R,O]: its data is written
 * @added: (nullable): joins the product: laid out as @ret, whose memory it may be
 * @bias: (nullable): [O] of the type of @ret
 * @gelu: of the result, by tanh: for bfloat16 alone, which does not tell it from the erf form
 *
 * ret = a b^T or a b (+ bias) (+ added), for each of @n_batch. @a and @b are of one type.
 *
 * Errors: UNSUPPORTED where cuBLASLt has no kernel.
 */
UtCudaProduct *ut_cuda_product_new (UtBackend *backend,
                                    const UtCudaMatrix *a,
                                    const UtCudaMatrix *b,
                                    gboolean turned,
                                    const UtCudaMatrix *ret,
                                    const void *added,
                                    const void *bias,
                                    gboolean gelu,
                                    gsize n_batch,
                                    GError **error);
gboolean ut_cuda_product_run (const UtCudaProduct *self, UtBackend *backend, GError **error);
void ut_cuda_product_free (UtCudaProduct *self);

/* ---- cuDNN: cuda-dnn.c ---- */

#define UT_CUDA_DNN_MAX_ARRAYS 5
#define UT_CUDA_DNN_MAX_AXES   5
#define UT_CUDA_DNN_ALIGN      16 /* bytes, of bfloat16 */

/** UtCudaDnn: one operation as cuDNN will run it; shared by all that have the same shapes. */
typedef struct UtCudaDnn UtCudaDnn;

/** UtCudaAttribute: of a descriptor; an array of them ends with n = 0. */
typedef struct UtCudaAttribute {
  cudnnBackendAttributeName_t name;
  cudnnBackendAttributeType_t type;
  gint64 n;
  const void *values;
} UtCudaAttribute;

/** UtCudaArray: sizes and strides in numbers; @by_value: one number of the host */
typedef struct UtCudaArray {
  cudnnDataType_t type;
  guint n_dims;
  gint64 size[UT_CUDA_DNN_MAX_AXES], stride[UT_CUDA_DNN_MAX_AXES];
  gboolean by_value;
} UtCudaArray;

UtCudaDnn *ut_cuda_dnn_new (void);
UtCudaDnn *ut_cuda_dnn_ref (UtCudaDnn *self);
void ut_cuda_dnn_unref (UtCudaDnn *self);

/** ut_cuda_dnn_add: a finished descriptor, of @self */
cudnnBackendDescriptor_t ut_cuda_dnn_add (UtCudaDnn *self,
                                          cudnnBackendDescriptorType_t type,
                                          const UtCudaAttribute *attributes,
                                          GError **error);

/** ut_cuda_dnn_add_array: the next of the arrays that ut_cuda_dnn_run() is given */
cudnnBackendDescriptor_t
ut_cuda_dnn_add_array (UtCudaDnn *self, const UtCudaArray *array, GError **error);

/** ut_cuda_dnn_plan: chooses the engine for @operation; that there is none is not an error */
gboolean ut_cuda_dnn_plan (UtCudaDnn *self,
                           UtBackend *backend,
                           cudnnBackendDescriptor_t operation,
                           GError **error);
gboolean ut_cuda_dnn_has_engine (const UtCudaDnn *self);
gsize ut_cuda_dnn_workspace (const UtCudaDnn *self);

/** ut_cuda_dnn_run: @arrays: where they lie, in the order in which they were added */
gboolean ut_cuda_dnn_run (const UtCudaDnn *self,
                          UtBackend *backend,
                          const void *const *arrays,
                          void *workspace,
                          GError **error);

/**
 * ut_cuda_convolution_new:
 * @operands: of UT_OP_CONV2D or UT_OP_CONV3D; only its shapes are read
 * @half: all three arrays are maps: bfloat16, channels last; else floats in C order
 *
 * The product alone, without what follows it. Arrays: x, weight, result.
 */
UtCudaDnn *ut_cuda_convolution_new (UtBackend *backend,
                                    const UtCudaOperands *operands,
                                    gboolean half,
                                    GError **error);

/** UtCudaHeads: the sizes of an attention; @stride: from row to row of q, k and v */
typedef struct UtCudaHeads {
  gsize n_heads, head_size, n_queries, n_keys, stride[3];
} UtCudaHeads;

typedef struct UtCudaAttention UtCudaAttention;

/**
 * ut_cuda_attention_find: (transfer none)
 *
 * Attention of bfloat16 in one kernel, which keeps its scores to itself; NULL where cuDNN has none.
 * Arrays: q, k, v, result [n_queries, n_heads * head_size], and one float of the host, the scale.
 */
UtCudaDnn *ut_cuda_attention_find (UtBackend *backend, const UtCudaHeads *heads);
void ut_cuda_attention_free (UtCudaAttention *self);

/* ---- plans: cuda-plan.c, cuda-emit.c ---- */

/* Where a value of the graph lies; views are resolved when they are asked for. */
typedef struct UtCudaValue {
  float *single;
  void *half;         /* instead (a local that products alone read), or as well (a constant) */
  void *map;          /* instead, or as well */
  guint first, last;  /* nodes that make and read it; of a local */
  gboolean as_single; /* somebody reads it as floats */
  gboolean as_half;   /* somebody reads it as bfloat16 */
  gboolean as_map;    /* a convolution reads it as a map */
  gboolean is_mapped; /* what makes it can make a map */
  const UtShape *map_shape; /* of a constant map, as its reader sees it */
  gboolean unseen;          /* has no memory: UtCudaJoin */
} UtCudaValue;

/** ut_cuda_keeps_half: a local that is bfloat16 and nothing else */
static inline gboolean
ut_cuda_keeps_half (const UtCudaValue *self)
{
  return self->as_half && !self->as_single;
}

/* What joins the kernel of a later UT_OP_FUSE has no step and, where nobody else reads it, no
 * memory: see cuda-fusion.c. */
typedef struct UtCudaJoin {
  guint into; /* number of that node + 1; 0: none */
  gboolean unseen;
} UtCudaJoin;

/* One of: a kernel of ours, what a product leaves to do (with its x), the same for a map, a map of
 * what was none, a softmax of rows (with its x), a fusion in one pass, a library's product. */
typedef struct UtCudaStep {
  UtCudaLaunch launch;
  UtCudaOperands operands;
  UtCudaFinish finish;
  UtCudaFinishMap finish_map;
  UtCudaToMap to_map;
  UtCudaRows rows;
  UtCudaWindows *windows;
  UtCudaProduct *product;
  UtCudaDnn *dnn;
  const void *array[UT_CUDA_DNN_MAX_ARRAYS]; /* of dnn */
  float scale;                               /* of an attention */
} UtCudaStep;

struct UtPlan {
  UtBackend *backend;
  UtStage stage;
  GPtrArray *steps;  /* UtCudaStep */
  GPtrArray *memory; /* device memory: constants, arena */
  void *workspace;   /* of cuDNN */
  gboolean ran, stays_eager;
  guint ran_at;               /* downloads before its first run */
  cudaGraph_t captured;       /* the whole plan, once it ran and somebody saw what it made */
  cudaGraphExec_t graph_exec; /* the same, to be started by itself */
  /* only while the plan is made */
  const UtGraph *graph;
  UtCudaValue *values; /* [n_values] */
  UtCudaJoin *joins;   /* [n_nodes] */
  char *scratch;       /* memory within a node */
};

/** ut_cuda_launch_of: the kernel of ours that does @op; NULL for products */
UtCudaLaunch ut_cuda_launch_of (UtOp op);
gboolean ut_cuda_can_emit (UtOp op);

/**
 * ut_cuda_find_fusions:
 * @ret: (out) [n_nodes], all zero before
 *
 * Which nodes join the kernel of a UT_OP_FUSE: the local variances that it reads, and the softmax
 * that made a volume, if nothing but these two reads it.
 */
void ut_cuda_find_fusions (const UtGraph *graph, UtCudaJoin *ret);

static inline gboolean
ut_cuda_is_convolution (UtOp op)
{
  return op == UT_OP_CONV2D || op == UT_OP_CONV3D;
}

/** ut_cuda_is_half: @node is a product of bfloat16 factors */
gboolean ut_cuda_is_half (const UtBackend *backend, const UtGraph *graph, const UtNode *node);

/** ut_cuda_scratch: bytes of device memory that the steps of @node need between them */
gsize ut_cuda_scratch (const UtPlan *self, const UtNode *node);

/** ut_cuda_emit: appends the steps of @node; all values have their memory */
gboolean ut_cuda_emit (UtPlan *self, const UtNode *node, GError **error);

/** ut_cuda_step_run: starts it on the backend's stream; does not wait */
gboolean ut_cuda_step_run (const UtCudaStep *self, UtPlan *plan, GError **error);
void ut_cuda_step_free (UtCudaStep *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtCudaProduct, ut_cuda_product_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtCudaDnn, ut_cuda_dnn_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtCudaStep, ut_cuda_step_free)

/** ut_cuda_plan_start: its steps, one by one; does not wait */
gboolean
ut_cuda_plan_start (UtPlan *self, UtProgress *progress, GCancellable *cancel, GError **error);

/* ---- what is put off: cuda-queue.c ---- */

UtCudaQueue *ut_cuda_queue_new (UtBackend *backend, GError **error);
void ut_cuda_queue_free (UtCudaQueue *self);

/** ut_cuda_queue_add_plan: a captured one; FALSE where it has to be started by itself */
gboolean ut_cuda_queue_add_plan (UtCudaQueue *self, UtPlan *plan, GCancellable *cancel);

/** ut_cuda_queue_add_upload: keeps a copy of @src; FALSE where it is too large to wait */
gboolean ut_cuda_queue_add_upload (UtCudaQueue *self, void *dst, const void *src, gsize size);

/** ut_cuda_queue_flush: runs what waits, to the end; nothing waits afterwards.
 * Errors: those of the plans, G_IO_ERROR_CANCELLED among them */
gboolean ut_cuda_queue_flush (UtCudaQueue *self, GError **error);

/** ut_cuda_queue_empty: runs what waits and drops its graphs, as a plan or a buffer is about to go
 */
void ut_cuda_queue_empty (UtCudaQueue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtCudaQueue, ut_cuda_queue_free)

/* the table's entries for plans */
UtPlan *
ut_cuda_plan_new (UtBackend *backend, const UtGraph *graph, GCancellable *cancel, GError **error);
gboolean
ut_cuda_plan_run (UtPlan *self, UtProgress *progress, GCancellable *cancel, GError **error);
void ut_cuda_plan_free (UtPlan *self);
