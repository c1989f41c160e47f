/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/nn/cpu-loops.h"
#include "engine/nn/host-buffer.h"

#include <dnnl.h>

#if DNNL_VERSION_MAJOR != 2
#error "operation descriptors are those of oneDNN 2"
#endif

/**
 * Inside of the cpu backend; the only header that knows oneDNN.
 *
 * A plan is a list of steps: oneDNN primitives, and loops where it has none.
 * Convolutions choose their own layout of memory (blocked channels); a value is
 * turned back to C order only where somebody else reads it. While a plan is made,
 * every function appends to it; memory gets its place at the end.
 */

#define UT_CPU_MAX_ARGS 8

struct UtBackend {
  dnnl_engine_t engine;
  dnnl_stream_t stream;
  int n_threads;
};

/* A piece of memory: the caller's, the plan's own for good, or a part of the arena. */
typedef struct UtCpuSlot {
  gsize size;        /* bytes */
  float *data;       /* NULL: in the arena */
  guint first, last; /* steps that use it */
} UtCpuSlot;

/* Where an operand lies; slot -1 is nowhere. */
typedef struct UtCpuPlace {
  int slot;
  gsize offset; /* floats */
} UtCpuPlace;

#define UT_CPU_NOWHERE ((UtCpuPlace){-1, 0})

typedef struct UtCpuMemory {
  dnnl_memory_t memory;
  UtCpuPlace place;
} UtCpuMemory;

typedef struct UtCpuStep {
  dnnl_primitive_t primitive; /* this, with its arguments, */
  dnnl_exec_arg_t args[UT_CPU_MAX_ARGS];
  int n_args;
  UtCpuLoop loop; /* or this, with operands */
  UtNode node;
  UtOperands operands;
  UtCpuPlace in[UT_NODE_MAX_INPUTS], out;
} UtCpuStep;

/* How a value lies in memory; views ask their base. */
typedef struct UtCpuLayout {
  UtCpuPlace place;
  gboolean blocked; /* as @desc says; else C order */
  dnnl_memory_desc_t desc;
  UtCpuPlace plain; /* a copy in C order, once somebody wanted one */
} UtCpuLayout;

struct UtPlan {
  UtBackend *backend;
  UtStage stage;
  GArray *slots;        /* UtCpuSlot */
  GArray *memories;     /* UtCpuMemory */
  GArray *steps;        /* UtCpuStep */
  GPtrArray *owned;     /* memory of constants; the arena */
  const UtGraph *graph; /* the rest only while the plan is made */
  UtCpuLayout *layouts;
  guint *last_use; /* node that reads a value last */
};

/* every status of oneDNN goes through this */
#define DNNL(call) ut_cpu_check (call, #call, error)

gboolean ut_cpu_check (dnnl_status_t status, const char *what, GError **error);

/* memory of the plan at @data, or of the arena where that is NULL */
int ut_cpu_add_slot (UtPlan *self, gsize size, float *data);

/* arena memory for an array in C order */
UtCpuPlace ut_cpu_new_place (UtPlan *self, const UtShape *shape);

/* the step that is about to be added uses @place */
void ut_cpu_use (UtPlan *self, UtCpuPlace place);

/* C order */
dnnl_memory_desc_t ut_cpu_plain_desc (const UtShape *shape);

dnnl_memory_desc_t
ut_cpu_strided_desc (int n_dims, const dnnl_dims_t dims, const dnnl_dims_t strides);

/* same sizes, layout left to the primitive */
dnnl_memory_desc_t ut_cpu_any_desc (const UtShape *shape);

/* an argument of @step, which lies at @place in the layout @desc */
gboolean ut_cpu_add_arg (UtPlan *self,
                         UtCpuStep *step,
                         int arg,
                         UtCpuPlace place,
                         const dnnl_memory_desc_t *desc,
                         GError **error);

/* Makes @step's primitive out of @desc, which it frees, and appends it. */
gboolean
ut_cpu_add_primitive (UtPlan *self, UtCpuStep *step, dnnl_primitive_desc_t desc, GError **error);

gboolean ut_cpu_add_reorder (UtPlan *self,
                             UtCpuPlace from,
                             const dnnl_memory_desc_t *from_desc,
                             UtCpuPlace to,
                             const dnnl_memory_desc_t *to_desc,
                             GError **error);

const UtShape *ut_cpu_shape_of (const UtPlan *self, UtValueId value);

/* @value in C order, turned where a convolution left it otherwise */
gboolean ut_cpu_plain_place (UtPlan *self, UtValueId value, UtCpuPlace *ret, GError **error);

/* @value in the layout @want */
gboolean ut_cpu_place_as (
  UtPlan *self, UtValueId value, const dnnl_memory_desc_t *want, UtCpuPlace *ret, GError **error);

/* memory that goes with the plan */
float *ut_cpu_own_memory (UtPlan *self, gsize size, GError **error);

/* A constant turned to the layout @want once and for all; @from: how the file has it. */
gboolean ut_cpu_place_weights (UtPlan *self,
                               UtValueId value,
                               const dnnl_memory_desc_t *from,
                               const dnnl_memory_desc_t *want,
                               UtCpuPlace *ret,
                               GError **error);

gboolean ut_cpu_is_constant (const UtPlan *self, UtValueId value);

/* Appends the steps of @node, whose result goes to @out or, where the step chooses its own
 * layout, to a place that the value's layout tells. */
gboolean ut_cpu_emit (UtPlan *self, const UtNode *node, UtCpuPlace out, GError **error);

gboolean ut_cpu_can_emit (UtOp op);
