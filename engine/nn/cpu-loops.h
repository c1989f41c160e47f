/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/ref-ops.h"

/**
 * Loops of the cpu backend for what oneDNN has no operator: definitions in graph.h,
 * operands in C order. They use the OpenMP threads that oneDNN uses, so the two never
 * compete for cores.
 */
typedef void (*UtCpuLoop) (const UtOperands *self);

void ut_cpu_group_norm (const UtOperands *self);
void ut_cpu_add (const UtOperands *self);
void ut_cpu_mean (const UtOperands *self);
void ut_cpu_class_softmax (const UtOperands *self);
void ut_cpu_patchify (const UtOperands *self);
void ut_cpu_unpatchify (const UtOperands *self);
void ut_cpu_combine (const UtOperands *self);
void ut_cpu_normals (const UtOperands *self);
void ut_cpu_upsample (const UtOperands *self);
void ut_cpu_local_variance (const UtOperands *self);
void ut_cpu_fuse (const UtOperands *self);
void ut_cpu_fuse_weight (const UtOperands *self);

/** ut_cpu_sample: as the others, but the maps lie channels last, [Z,Y,X,C] */
void ut_cpu_sample (const UtOperands *self);

/** ut_cpu_activate_row: x = act (x), in place */
void ut_cpu_activate_row (UtActivation activation, float *x, gsize n);

/** ut_cpu_plus_one: out = in[0] + 1, the scale of a norm with plus_one */
void ut_cpu_plus_one (const UtOperands *self);
