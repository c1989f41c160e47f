/* SPDX-License-Identifier: Apache-2.0 */
/* Operators that hand something on to one another: a layout, a part of their work. */
#include "engine/base/random.h"
#include "tests/unit/nn/test-ops.h"

/* random numbers as a constant of @graph */
static UtValueId
random_constant (UtGraph *graph, guint stream, UtShape shape)
{
  gsize n = ut_shape_count (&shape);
  float *values = g_new (float, n);
  ut_philox_normals (11, stream, 0, n, values);
  return ut_graph_constant_take (graph, shape, values);
}

/* @value of @graph */
static float *
run_graph (const UtBackendOps *ops, UtGraph *graph, UtValueId value, gsize *ret_n)
{
  g_autoptr (GError) error = NULL;
  UtBackend *backend = ops->open (&tested_config, &error);
  const gsize n = ut_shape_count (&graph->value[value].shape), size = n * sizeof (float);
  UtBuffer *result = ops->buffer_new (backend, size, &error);
  ut_graph_store (graph, value, result);
  UtPlan *plan = ops->plan_new (backend, graph, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ops->plan_run (plan, NULL, NULL, &error));
  float *values = g_new (float, n);
  g_assert_true (ops->download (backend, result, values, size, &error));
  ops->plan_free (plan);
  ops->buffer_free (backend, result);
  ops->close (backend);
  *ret_n = n;
  return values;
}

/* A block of the autoencoder's decoder, whose convolutions hand their layout on: to a norm through
 * a view, to a map that is sampled, and to its own copy in C order. */
static float *
run_chain (const UtBackendOps *ops, gsize *ret_n)
{
  enum { I = 6, C = 24, O = 9, N = 5, P = 40 };
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  const UtNode conv = {.op = UT_OP_CONV3D, .stride = 1, .pad = {1, 1, 1}};
  UtNode first = conv, second = conv;
  first.in[0] = random_constant (graph, 0, UT_SHAPE (1, I, N, N, N));
  first.in[1] = random_constant (graph, 1, UT_SHAPE (C, I, 3, 3, 3));
  UtValueId x = ut_graph_add (graph, first);
  x = ut_graph_add (graph,
                    (UtNode){.op = UT_OP_GROUP_NORM,
                             .in = {ut_graph_view (graph, x, 0, UT_SHAPE (C, N * N * N)),
                                    random_constant (graph, 2, UT_SHAPE (C)),
                                    random_constant (graph, 3, UT_SHAPE (C))},
                             .activation = UT_ACTIVATION_LEAKY_RELU,
                             .groups = 8,
                             .eps = 1e-5f});
  second.in[0] = ut_graph_view (graph, x, 0, UT_SHAPE (1, C, N, N, N));
  second.in[1] = random_constant (graph, 4, UT_SHAPE (O, C, 3, 3, 3));
  UtValueId map = ut_graph_add (graph, second);
  UtValueId same = ut_graph_view (graph, map, 0, UT_SHAPE (O, N, N, N));
  UtValueId rows =
    ut_graph_add (graph,
                  (UtNode){.op = UT_OP_SAMPLE,
                           .in = {map, random_constant (graph, 5, UT_SHAPE (P, 3)), 0, same}});
  return run_graph (ops, graph, rows, ret_n);
}

static void
test_chain (void)
{
  gsize n;
  g_autofree float *want = run_chain (ut_ref_backend (), &n);
  g_autofree float *is = run_chain (tested, &n);
  assert_close (UT_OP_CONV3D, is, want, n);
}

/* A residual block of a view encoder: its convolutions hand their layout on, and one of their maps
 * is read in C order as well. */
static float *
run_block (const UtBackendOps *ops, gsize *ret_n)
{
  enum { B = 2, I = 8, C = 16, H = 9, W = 7 };
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_ENCODE);
  const UtNode conv = {
    .op = UT_OP_CONV2D, .activation = UT_ACTIVATION_RELU, .stride = 1, .pad = {1, 1}};
  UtNode first = conv, second = conv, third = conv;
  first.in[0] = random_constant (graph, 0, UT_SHAPE (B, I, H, W));
  first.in[1] = random_constant (graph, 1, UT_SHAPE (C, I, 3, 3));
  UtValueId skip = ut_graph_add (graph, first);
  second.in[0] = skip;
  second.in[1] = random_constant (graph, 2, UT_SHAPE (C, C, 3, 3));
  second.in[2] = random_constant (graph, 3, UT_SHAPE (C));
  third.in[0] = ut_graph_add (graph, second);
  third.in[1] = random_constant (graph, 4, UT_SHAPE (C, C, 3, 3));
  third.in[3] = skip;
  UtValueId sum =
    ut_graph_add (graph, (UtNode){.op = UT_OP_ADD, .in = {ut_graph_add (graph, third), skip}});
  return run_graph (ops, graph, sum, ret_n);
}

static void
test_block (void)
{
  gsize n;
  g_autofree float *want = run_block (ut_ref_backend (), &n);
  g_autofree float *is = run_block (tested, &n);
  assert_close_after (3, UT_OP_CONV2D, is, want, n);
}

/* Fusion as in the network, of softmaxes over classes and of a volume as it is; one variance is
 * kept, and with @watched one softmax, which a backend then cannot take for its own. -> fusion,
 * variance, softmax */
static float *
run_fusion (const UtBackendOps *ops, gboolean watched, gsize *ret_n)
{
  enum { N = 6, Z = 7, Y = 5, X = 37, M = N * Z * Y * X };
  const UtShape shape = UT_SHAPE (N, Z, Y, X);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_REFINE);
  UtBackend *backend = ops->open (&tested_config, &error);
  UtBuffer *results[3];
  for (int i = 0; i < 3; i++)
    results[i] = ops->buffer_new (backend, M * sizeof (float), &error);
  UtNode softmax = {.op = UT_OP_CLASS_SOFTMAX}, fuse = {.op = UT_OP_FUSE, .eps = 1e-3f};
  for (guint j = 0; j < 3; j++) {
    softmax.in[0] = random_constant (graph, j, shape);
    UtValueId volume = ut_graph_add (graph, softmax);
    softmax.in[1] = volume; /* of the next one */
    softmax.eps = 1e-3f;
    fuse.in[2 * j] = volume;
    fuse.in[2 * j + 1] = ut_graph_add (graph, (UtNode){.op = UT_OP_LOCAL_VARIANCE, .in = {volume}});
  }
  ut_graph_store (graph, fuse.in[3], results[1]);
  ut_graph_store (graph, ut_graph_add (graph, fuse), results[0]);
  if (watched)
    ut_graph_store (
      graph, ut_graph_add (graph, (UtNode){.op = UT_OP_ACTIVATE, .in = {fuse.in[4]}}), results[2]);
  UtPlan *plan = ops->plan_new (backend, graph, NULL, &error);
  g_assert_no_error (error);
  float *values = g_new (float, 3 * M);
  for (int again = 0; again < 2; again++) {
    g_assert_true (ops->plan_run (plan, NULL, NULL, &error));
    for (int i = 0; i < 3; i++)
      ops->download (backend, results[i], values + i * M, M * sizeof (float), &error);
  }
  g_assert_no_error (error);
  ops->plan_free (plan);
  for (int i = 0; i < 3; i++)
    ops->buffer_free (backend, results[i]);
  ops->close (backend);
  *ret_n = 3 * M;
  return values;
}

static void
test_fusion (void)
{
  gsize n;
  for (int watched = 0; watched < 2; watched++) {
    g_autofree float *want = run_fusion (ut_ref_backend (), watched, &n);
    g_autofree float *is = run_fusion (tested, watched, &n);
    for (gsize part = 0; part < (watched ? 3 : 2); part++)
      assert_close (UT_OP_FUSE, is + part * n / 3, want + part * n / 3, n / 3);
  }
}

void
add_chain_tests (void)
{
  g_test_add_func ("/nn/op-chain", test_chain);
  g_test_add_func ("/nn/op-block", test_block);
  g_test_add_func ("/nn/op-fusion", test_fusion);
}
