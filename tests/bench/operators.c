/* SPDX-License-Identifier: Apache-2.0 */
/* operators REPEATS: best processor time, in milliseconds, of each operator of the small network on
 * one thread; a line each, for operators.py */
#include "engine/base/random.h"
#include "engine/nn/backend.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

typedef struct Case {
  const char *name;
  UtNode node;
  UtShape in[UT_NODE_MAX_INPUTS];
} Case;

#define S(...)                                                                                     \
  {                                                                                                \
    .n_dims = sizeof ((gsize[]){__VA_ARGS__}) / sizeof (gsize), .dim = { __VA_ARGS__ }             \
  }
#define CONV(I, O, N)                                                                              \
  {                                                                                                \
    "conv3d " #I " " #O " " #N, {.op = UT_OP_CONV3D, .stride = 1, .pad = {1, 1, 1}},               \
    {                                                                                              \
      S (1, I, N, N, N), S (O, I, 3, 3, 3), S (O)                                                  \
    }                                                                                              \
  }
#define VOLUME S (6, 64, 64, 64)
#define MAPS   S (1, 32, 8, 8, 8), S (1, 32, 16, 16, 16), S (1, 32, 32, 32, 32)

static const Case cases[] = {
  CONV (64, 32, 4),
  CONV (32, 32, 4),
  CONV (32, 24, 8),
  CONV (24, 24, 8),
  CONV (24, 16, 16),
  CONV (16, 16, 16),
  CONV (16, 8, 32),
  CONV (8, 8, 32),
  {"conv3d 6 16 64 stride 2",
   {.op = UT_OP_CONV3D, .stride = 2, .pad = {1, 1, 1}},
   {S (1, 6, 64, 64, 64), S (16, 6, 3, 3, 3), S (16)}},
  {"conv3d 8 32 32 of one voxel",
   {.op = UT_OP_CONV3D, .stride = 1},
   {S (1, 8, 32, 32, 32), S (32, 8, 1, 1, 1), S (32)}},
  {"group norm 16 32",
   {.op = UT_OP_GROUP_NORM, .activation = UT_ACTIVATION_LEAKY_RELU, .groups = 8, .eps = 1e-5f},
   {S (16, 32768), S (16), S (16)}},
  {"upsample 16 16 32", {.op = UT_OP_UPSAMPLE, .size = {32, 32, 32}}, {S (16, 16, 16, 16)}},
  {"upsample 32 32 64", {.op = UT_OP_UPSAMPLE, .size = {64, 64, 64}}, {S (32, 32, 32, 32)}},
  {"sample points", {.op = UT_OP_SAMPLE}, {S (1, 32, 4, 4, 4), S (262144, 3), S (0), MAPS}},
  {"sample grid",
   {.op = UT_OP_SAMPLE, .size = {64, 64, 64}},
   {S (1, 32, 4, 4, 4), S (0), S (0), MAPS}},
  {"linear 262144 3 32", {.op = UT_OP_LINEAR}, {S (262144, 3), S (32, 3), S (32)}},
  {"linear 262144 32 16 leaky",
   {.op = UT_OP_LINEAR, .activation = UT_ACTIVATION_LEAKY_RELU},
   {S (262144, 32), S (16, 32), S (16)}},
  {"linear 262144 16 6", {.op = UT_OP_LINEAR}, {S (262144, 16), S (6, 16), S (6)}},
  {"linear 262144 16 3 tanh",
   {.op = UT_OP_LINEAR, .activation = UT_ACTIVATION_TANH},
   {S (262144, 16), S (3, 16), S (3), S (3), S (262144, 3)}},
  {"transpose 262144 6", {.op = UT_OP_TRANSPOSE}, {S (262144, 6)}},
  {"local variance", {.op = UT_OP_LOCAL_VARIANCE}, {VOLUME}},
  {"fuse 2", {.op = UT_OP_FUSE, .eps = 1e-3f}, {VOLUME, VOLUME, VOLUME, VOLUME}},
  {"fuse 3", {.op = UT_OP_FUSE, .eps = 1e-3f}, {VOLUME, VOLUME, VOLUME, VOLUME, VOLUME, VOLUME}},
  {"class softmax", {.op = UT_OP_CLASS_SOFTMAX}, {VOLUME}},
  {"class softmax with prior", {.op = UT_OP_CLASS_SOFTMAX, .eps = 1e-3f}, {VOLUME, VOLUME}},
  {"patchify 8 8 4", {.op = UT_OP_PATCHIFY, .patch = {8, 8, 4}}, {VOLUME}},
  {"unpatchify 8 8 4",
   {.op = UT_OP_UNPATCHIFY, .patch = {8, 8, 4}, .size = {64, 64, 64}},
   {S (1024, 1536)}},
  {"attention 1024 1024 2 48",
   {.op = UT_OP_ATTENTION, .heads = 2, .head_size = 48},
   {S (1024, 96), S (1024, 96), S (1024, 96)}},
  {"linear 1024 96 384 gelu",
   {.op = UT_OP_LINEAR, .activation = UT_ACTIVATION_GELU},
   {S (1024, 96), S (384, 96), S (384)}},
  {"linear 1024 1536 96", {.op = UT_OP_LINEAR}, {S (1024, 1536), S (96, 1536), S (96)}},
  {"layer norm 1024 96", {.op = UT_OP_LAYER_NORM, .eps = 1e-6f}, {S (1024, 96), S (96), S (96)}},
};

/* positive numbers below 1, as probabilities, variances and points inside are */
static UtValueId
add_input (
  UtGraph *graph, const UtBackendOps *ops, UtBackend *backend, UtShape shape, gboolean keep)
{
  g_autoptr (GError) error = NULL;
  gsize n = ut_shape_count (&shape);
  float *values = g_new (float, n);
  UtRandom random;
  ut_random_init (&random, 1, 0);
  for (gsize i = 0; i < n; i++)
    values[i] = (float)ut_random_uniform (&random, 0, 1);
  if (keep)
    return ut_graph_constant_take (graph, shape, values);
  UtBuffer *buffer = ops->buffer_new (backend, n * sizeof (float), &error);
  if (buffer == NULL || !ops->upload (backend, buffer, values, n * sizeof (float), &error))
    g_error ("%s", error->message);
  g_free (values);
  return ut_graph_buffer (graph, shape, buffer);
}

static double
now_ms (void)
{
  struct timespec t;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static double
best_ms (const UtBackendOps *ops, UtBackend *backend, const Case *test, guint n_repeats)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  UtNode node = test->node;
  gboolean weights = node.op == UT_OP_CONV3D || node.op == UT_OP_LINEAR;
  for (int i = 0; i < UT_NODE_MAX_INPUTS; i++)
    if (ut_shape_count (&test->in[i]) > 0 && test->in[i].n_dims)
      node.in[i] = add_input (graph, ops, backend, test->in[i], weights && (i == 1 || i == 2));
  UtValueId out = ut_graph_add (graph, node);
  UtBuffer *result =
    ops->buffer_new (backend, ut_shape_count (&graph->value[out].shape) * sizeof (float), &error);
  ut_graph_store (graph, out, result);
  UtPlan *plan = ops->plan_new (backend, graph, NULL, &error);
  double best = HUGE_VAL;
  for (guint i = 0; plan && i < n_repeats; i++) {
    double begin = now_ms ();
    ops->plan_run (plan, NULL, NULL, &error);
    best = MIN (best, now_ms () - begin);
  }
  if (error)
    g_error ("%s: %s", test->name, error->message);
  ops->plan_free (plan);
  for (guint i = 1; i < graph->n_values; i++)
    if (graph->value[i].kind == UT_VALUE_BUFFER)
      ops->buffer_free (backend, graph->value[i].buffer);
  return best;
}

int
main (int argc, char **argv)
{
  if (argc != 2) {
    g_printerr ("operators REPEATS\n");
    return 2;
  }
  g_autoptr (GError) error = NULL;
  const UtBackendOps *ops = ut_cpu_backend ();
  const UtBackendConfig config = {.n_threads = 1};
  UtBackend *backend = ops->open (&config, &error);
  if (backend == NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  guint n_repeats = (guint)CLAMP (g_ascii_strtoull (argv[1], NULL, 10), 1, 1000);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    printf ("%s\t%.3f\n", cases[i].name, best_ms (ops, backend, &cases[i], n_repeats));
  ops->close (backend);
  return 0;
}
