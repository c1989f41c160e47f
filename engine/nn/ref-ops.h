/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/graph.h"

/**
 * UtOperands: a node with its arrays in host memory, in C order.
 *
 * @in: NULL where the input is absent
 */
typedef struct UtOperands {
  const UtNode *node;
  const float *in[UT_NODE_MAX_INPUTS];
  UtShape in_shape[UT_NODE_MAX_INPUTS];
  float *out;
  UtShape out_shape;
} UtOperands;

/**
 * ut_ref_run:
 *
 * Does one node by plain loops with sums in double: the definition of every
 * operator, which all backends are tested against. One thread.
 *
 * Errors: UNSUPPORTED where the operator is unknown.
 */
gboolean ut_ref_run (const UtOperands *self, GError **error);
