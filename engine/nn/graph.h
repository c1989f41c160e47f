/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/nn/tensor.h"

#define UT_NODE_MAX_INPUTS 6

/** UtBuffer: float memory of a backend; only its backend looks inside. */
typedef struct UtBuffer UtBuffer;

/** Slope of UT_ACTIVATION_LEAKY_RELU below 0. */
#define UT_LEAKY_SLOPE 0.01f

/** UtActivation: what follows a convolution, a linear layer or a norm. GELU is the erf form. */
typedef enum {
  UT_ACTIVATION_NONE,
  UT_ACTIVATION_RELU,
  UT_ACTIVATION_GELU,       /* x / 2 (1 + erf (x / sqrt 2)) */
  UT_ACTIVATION_SILU,       /* x / (1 + exp (-x)) */
  UT_ACTIVATION_LEAKY_RELU, /* x, or UT_LEAKY_SLOPE x where it is negative */
  UT_ACTIVATION_TANH,
} UtActivation;

/**
 * UtOp:
 *
 * The operators. Each line: inputs (those in brackets may be missing, 0), output
 * and the fields of UtNode that it reads. R rows, D or C channels; act () is the
 * node's activation.
 *
 * @UT_OP_CONV2D: x [B,I,H,W], weight [O,I,kh,kw], (bias [O]), (residual [B,O,H',W'])
 *   -> act (conv (x) + bias + residual) [B,O,H',W']; kernel from the weight,
 *   stride, pad; zero padding
 * @UT_OP_CONV3D: the same with x [B,I,Z,Y,X] and weight [O,I,kz,ky,kx]
 * @UT_OP_MAX_POOL: x [B,C,H,W] -> [B,C,H',W']; kernel, stride, pad; padding is -inf
 * @UT_OP_LINEAR: x [R,I], weight [O,I], (bias [O]), (gate [O]), (residual [R,O])
 *   -> residual + gate * act (x weight^T + bias) [R,O]
 * @UT_OP_LAYER_NORM: x [R,D], (scale [D]), (shift [D]) -> norm (x) * scale + shift;
 *   eps; plus_one: norm (x) * (1 + scale) + shift. Biased variance over D.
 * @UT_OP_GROUP_NORM: x [C,S], weight [C], bias [C], (residual [C,S])
 *   -> residual + act (norm (x) * weight + bias); groups, eps. Biased variance over
 *   the C / groups channels and all positions of a group.
 * @UT_OP_ACTIVATE: x -> act (x)
 * @UT_OP_ADD: a, b, (gate [C]) -> a + gate * b; b may have 1 where it is repeated; the
 *   gate goes along the last dimension
 * @UT_OP_MEAN: x [..., S] -> [...], the mean over the last dimension
 * @UT_OP_TRANSPOSE: x [R,C] -> [C,R]
 * @UT_OP_ATTENTION: q [Lq,*], k [Lk,*], v [Lk,*] -> [Lq, heads * head_size]:
 *   softmax (q k^T / sqrt (head_size)) v for each head; heads, head_size, and column:
 *   the first column of q, k and v in their arrays, where head h takes the columns
 *   from column + h * head_size on
 * @UT_OP_CLASS_SOFTMAX: logits [N,...], (prior [N,...]) -> softmax (logits + prior)
 *   over the first dimension. With eps > 0 the prior holds probabilities:
 *   softmax (logits + ln (prior + eps)), with squared twice that logarithm
 * @UT_OP_PATCHIFY: x [N,Z,Y,X] -> [L, N * pz * py * px]; patch. L counts the patches
 *   with x fastest; a row is ordered (class, dz, dy, dx)
 * @UT_OP_UNPATCHIFY: x [L, pz * py * px * N] -> [N,Z,Y,X]; patch, size. A row is
 *   ordered (dz, dy, dx, class)
 * @UT_OP_COMBINE: coefficients [3], a, b -> c0 + c1 a + c2 b
 * @UT_OP_UPSAMPLE: x [...,Z,Y,X] -> [..., size]; size. Trilinear and corner-aligned:
 *   output i of n takes x at i (Z - 1) / (n - 1), so the first and the last stay in
 *   place; any size, also a smaller one
 * @UT_OP_SAMPLE: map [C,Z,Y,X] or [1,C,Z,Y,X], (points [P,3]), (residual [P,C]), (up
 *   to three more maps) -> act (residual + sum of the maps at the points) [P,C].
 *   Trilinear and corner-aligned: a point is (x, y, z), -1 at the centre of the first
 *   voxel and 1 at that of the last; beyond them a map goes on as at its border. Without
 *   points they are those of the regular grid of size, x fastest: UT_OP_UPSAMPLE in rows
 * @UT_OP_LOCAL_VARIANCE: x [...,Z,Y,X] -> max (0, A (x^2) - A (x)^2); A is the mean of
 *   the voxels within the 3x3x3 window, at the border of those that exist
 * @UT_OP_FUSE: V_1, s_1, V_2, s_2, (V_3, s_3), all [N,...], the s from
 *   UT_OP_LOCAL_VARIANCE -> sum w V / sum w with w = 1 / (s + eps), then divided by its
 *   sum over the first dimension; eps. For V >= 0 with a positive sum
 * @UT_OP_FUSE_WEIGHT: s_1, s_2, (s_3) -> [2 or 3, ...], the weights of UT_OP_FUSE
 *   divided by their sum: for looking at; eps
 * @UT_OP_NORMALS: packed [6] -> ut_philox_normals_packed() [groups, size]; groups, size
 */
typedef enum {
  UT_OP_CONV2D = 1,
  UT_OP_MAX_POOL,
  UT_OP_LINEAR,
  UT_OP_LAYER_NORM,
  UT_OP_GROUP_NORM,
  UT_OP_ACTIVATE,
  UT_OP_ADD,
  UT_OP_MEAN,
  UT_OP_TRANSPOSE,
  UT_OP_ATTENTION,
  UT_OP_CLASS_SOFTMAX,
  UT_OP_PATCHIFY,
  UT_OP_UNPATCHIFY,
  UT_OP_COMBINE,
  UT_OP_CONV3D,
  UT_OP_UPSAMPLE,
  UT_OP_SAMPLE,
  UT_OP_LOCAL_VARIANCE,
  UT_OP_FUSE,
  UT_OP_FUSE_WEIGHT,
  UT_OP_NORMALS,
  UT_N_OPS,
} UtOp;

/** UtValueId: index of a value in its graph, from 1; 0 is no value. */
typedef guint UtValueId;

typedef enum {
  UT_VALUE_LOCAL,    /* made and used up within one run */
  UT_VALUE_CONSTANT, /* weights: known when the plan is made */
  UT_VALUE_BUFFER,   /* in memory of the caller: input, output, or state between runs */
  UT_VALUE_VIEW,     /* a contiguous part of another value, perhaps in another shape */
} UtValueKind;

typedef struct UtValue {
  UtValueKind kind;
  UtShape shape;
  const float *data; /* CONSTANT: must live until the plan is made */
  UtBuffer *buffer;  /* BUFFER: must outlive the plan */
  UtValueId base;    /* VIEW: of what; never itself a view */
  gsize offset;      /* VIEW: first number of it in base */
} UtValue;

typedef struct UtNode {
  UtOp op;
  UtValueId in[UT_NODE_MAX_INPUTS];
  UtValueId out; /* set by ut_graph_add() */
  UtActivation activation;
  gsize kernel[2], stride, pad[3]; /* (z,) rows, columns */
  gsize groups;
  float eps;
  gboolean plus_one, squared;
  gsize heads, head_size, column[3];
  gsize patch[3], size[3]; /* z, y, x */
} UtNode;

/**
 * UtGraph:
 *
 * A piece of network as data: values and the nodes that make them, in the order
 * in which they run. It holds no device memory; a backend turns it into a plan.
 *
 * Errors are sticky: after the first wrong shape every call returns 0, and
 * ut_graph_finish() reports it; so builders read like the formulas.
 */
typedef struct UtGraph {
  UtStage stage;  /* what the plan's progress is reported as */
  UtValue *value; /* [n_values]; element 0 is unused */
  guint n_values;
  UtNode *node; /* [n_nodes] */
  guint n_nodes;
  GArray *values, *nodes; /* hold the two above */
  GPtrArray *owned;       /* memory that constants point to */
  GError *error;
} UtGraph;

UtGraph *ut_graph_new (UtStage stage);
void ut_graph_free (UtGraph *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtGraph, ut_graph_free)

/** ut_graph_constant: a value known in advance; @data is lent until the plan is made */
UtValueId ut_graph_constant (UtGraph *self, UtShape shape, const float *data);

/** ut_graph_constant_take: the same, and @data is freed with the graph (g_free) */
UtValueId ut_graph_constant_take (UtGraph *self, UtShape shape, float *data);

/** ut_graph_buffer: a value that the caller keeps in @buffer */
UtValueId ut_graph_buffer (UtGraph *self, UtShape shape, UtBuffer *buffer);

/** ut_graph_view: numbers @offset ... of @value, seen as @shape */
UtValueId ut_graph_view (UtGraph *self, UtValueId value, gsize offset, UtShape shape);

/** ut_graph_add: appends a node and returns its output */
UtValueId ut_graph_add (UtGraph *self, UtNode node);

/**
 * ut_graph_store:
 * @value: output of a node; not a view
 *
 * Has @value written to @buffer. UT_OP_COMBINE may write over its own inputs.
 */
void ut_graph_store (UtGraph *self, UtValueId value, UtBuffer *buffer);

/** ut_graph_finish: FALSE with the first error of the calls above, if there was one */
gboolean ut_graph_finish (UtGraph *self, GError **error);

/** ut_graph_root: @value, or what it is a view of */
static inline UtValueId
ut_graph_root (const UtGraph *self, UtValueId value)
{
  return self->value[value].kind == UT_VALUE_VIEW ? self->value[value].base : value;
}

/** ut_op_name: "linear", ... for messages */
const char *ut_op_name (UtOp op);
