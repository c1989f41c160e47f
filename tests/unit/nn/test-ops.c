/* SPDX-License-Identifier: Apache-2.0 */
/* Every operator on every usable backend against the plain loops of ref-ops.c, and the plain
 * loops against values that are known without them. */
#include "engine/base/random.h"
#include "engine/nn/backend.h"

#include <math.h>
#include <string.h>

#define MAX_NMSE 1e-12 /* sum (is - want)^2 / sum want^2; float rounding gives at most 1e-13 */

typedef struct Case {
  const char *name;
  UtNode node;
  UtShape in[UT_NODE_MAX_INPUTS]; /* no dimensions: absent */
} Case;

#define S(...)                                                                                     \
  {                                                                                                \
    .n_dims = sizeof ((gsize[]){__VA_ARGS__}) / sizeof (gsize), .dim = { __VA_ARGS__ }             \
  }

static const Case cases[] = {
  {"conv 7x7 stride 2 relu",
   {.op = UT_OP_CONV2D, .activation = UT_ACTIVATION_RELU, .stride = 2, .pad = {3, 3}},
   {S (3, 1, 30, 26), S (16, 1, 7, 7), S (16)}},
  {"conv 3x3 with residual, odd channels",
   {.op = UT_OP_CONV2D, .activation = UT_ACTIVATION_RELU, .stride = 1, .pad = {1, 1}},
   {S (2, 5, 9, 11), S (7, 5, 3, 3), S (7), S (2, 7, 9, 11)}},
  {"conv 1x1 stride 2",
   {.op = UT_OP_CONV2D, .stride = 2},
   {S (3, 16, 14, 14), S (32, 16, 1, 1), S (32)}},
  {"conv 1x3, a Conv1d",
   {.op = UT_OP_CONV2D, .stride = 1, .pad = {0, 1}},
   {S (1, 48, 1, 49), S (48, 48, 1, 3), S (48)}},
  {"conv with silu",
   {.op = UT_OP_CONV2D, .activation = UT_ACTIVATION_SILU, .stride = 1, .pad = {1, 1}},
   {S (1, 3, 8, 8), S (4, 3, 3, 3), S (4)}},
  {"max pool 3x3 stride 2",
   {.op = UT_OP_MAX_POOL, .kernel = {3, 3}, .stride = 2, .pad = {1, 1}},
   {S (2, 6, 13, 16)}},
  {"linear", {.op = UT_OP_LINEAR}, {S (33, 48), S (70, 48), S (70)}},
  {"linear without bias", {.op = UT_OP_LINEAR}, {S (5, 6), S (7, 6)}},
  {"linear gelu",
   {.op = UT_OP_LINEAR, .activation = UT_ACTIVATION_GELU},
   {S (64, 48), S (192, 48), S (192)}},
  {"linear silu on one row",
   {.op = UT_OP_LINEAR, .activation = UT_ACTIVATION_SILU},
   {S (1, 256), S (48, 256), S (48)}},
  {"linear with gate and residual",
   {.op = UT_OP_LINEAR},
   {S (64, 96), S (48, 96), S (48), S (48), S (64, 48)}},
  {"linear with all of it",
   {.op = UT_OP_LINEAR, .activation = UT_ACTIVATION_GELU},
   {S (31, 20), S (17, 20), S (17), S (17), S (31, 17)}},
  {"linear with residual", {.op = UT_OP_LINEAR}, {S (8, 20), S (12, 20), S (12), S (0), S (8, 12)}},
  {"layer norm", {.op = UT_OP_LAYER_NORM, .eps = 1e-6f}, {S (20, 48)}},
  {"layer norm affine", {.op = UT_OP_LAYER_NORM, .eps = 1e-5f}, {S (20, 50), S (50), S (50)}},
  {"layer norm modulated",
   {.op = UT_OP_LAYER_NORM, .eps = 1e-6f, .plus_one = TRUE},
   {S (20, 48), S (48), S (48)}},
  {"group norm gelu with residual",
   {.op = UT_OP_GROUP_NORM, .activation = UT_ACTIVATION_GELU, .groups = 8, .eps = 1e-5f},
   {S (48, 49), S (48), S (48), S (48, 49)}},
  {"group norm, one group",
   {.op = UT_OP_GROUP_NORM, .groups = 1, .eps = 1e-5f},
   {S (6, 7), S (6), S (6)}},
  {"relu", {.op = UT_OP_ACTIVATE, .activation = UT_ACTIVATION_RELU}, {S (5, 77)}},
  {"gelu", {.op = UT_OP_ACTIVATE, .activation = UT_ACTIVATION_GELU}, {S (5, 77)}},
  {"silu", {.op = UT_OP_ACTIVATE, .activation = UT_ACTIVATION_SILU}, {S (5, 77)}},
  {"copy", {.op = UT_OP_ACTIVATE}, {S (2, 3, 4, 5)}},
  {"add", {.op = UT_OP_ADD}, {S (6, 7, 8), S (6, 7, 8)}},
  {"add along rows", {.op = UT_OP_ADD}, {S (3, 7, 8), S (3, 7, 1)}},
  {"add one row to all", {.op = UT_OP_ADD}, {S (3, 7, 8), S (1, 1, 8)}},
  {"add gated", {.op = UT_OP_ADD}, {S (9, 48), S (9, 48), S (48)}},
  {"mean", {.op = UT_OP_MEAN}, {S (3, 7, 49)}},
  {"transpose", {.op = UT_OP_TRANSPOSE}, {S (19, 37)}},
  {"attention, separate",
   {.op = UT_OP_ATTENTION, .heads = 2, .head_size = 24},
   {S (40, 48), S (56, 48), S (56, 48)}},
  {"attention, packed keys and values",
   {.op = UT_OP_ATTENTION, .heads = 3, .head_size = 16, .column = {0, 4, 52}},
   {S (33, 50), S (20, 100), S (20, 100)}},
  {"class softmax", {.op = UT_OP_CLASS_SOFTMAX}, {S (6, 5, 9, 30)}},
  {"class softmax with prior", {.op = UT_OP_CLASS_SOFTMAX}, {S (6, 700), S (6, 700)}},
  {"patchify", {.op = UT_OP_PATCHIFY, .patch = {2, 4, 8}}, {S (3, 8, 16, 24)}},
  {"unpatchify", {.op = UT_OP_UNPATCHIFY, .patch = {2, 4, 8}, .size = {8, 16, 24}}, {S (48, 192)}},
  {"combine", {.op = UT_OP_COMBINE}, {S (3), S (6, 100), S (6, 100)}},
};

/* A node with its inputs on one backend. Weights are constants, the rest buffers. */
static float *
run_case (const UtBackendOps *ops, const Case *test, gsize *ret_n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  g_autoptr (GPtrArray) buffers = g_ptr_array_new ();
  const UtBackendConfig config = {.exact = TRUE};
  UtBackend *backend = ops->open (&config, &error);
  g_assert_no_error (error);
  UtNode node = test->node;
  gboolean has_weights = node.op == UT_OP_CONV2D || node.op == UT_OP_LINEAR;
  for (guint i = 0; i < UT_NODE_MAX_INPUTS; i++) {
    gsize n = ut_shape_count (&test->in[i]);
    if (test->in[i].n_dims == 0 || n == 0)
      continue;
    float *values = g_new (float, n);
    ut_philox_normals (7, i, 0, n, values);
    if (has_weights && (i == 1 || i == 2)) {
      node.in[i] = ut_graph_constant_take (graph, test->in[i], values);
      continue;
    }
    UtBuffer *buffer = ops->buffer_new (backend, n * sizeof (float), &error);
    g_assert_no_error (error);
    g_assert_true (ops->upload (backend, buffer, values, n * sizeof (float), &error));
    g_free (values);
    g_ptr_array_add (buffers, buffer);
    node.in[i] = ut_graph_buffer (graph, test->in[i], buffer);
  }
  UtValueId out = ut_graph_add (graph, node);
  g_assert_true (ut_graph_finish (graph, &error));
  gsize n = ut_shape_count (&graph->value[out].shape);
  UtBuffer *result = ops->buffer_new (backend, n * sizeof (float), &error);
  g_ptr_array_add (buffers, result);
  ut_graph_store (graph, out, result);

  g_assert_true (ops->supports (backend, &graph->node[0]));
  UtPlan *plan = ops->plan_new (backend, graph, NULL, &error);
  g_assert_no_error (error);
  for (int again = 0; again < 2; again++)
    g_assert_true (ops->plan_run (plan, NULL, NULL, &error));
  float *values = g_new (float, n);
  g_assert_true (ops->download (backend, result, values, n * sizeof (float), &error));
  ops->plan_free (plan);
  for (guint i = 0; i < buffers->len; i++)
    ops->buffer_free (backend, g_ptr_array_index (buffers, i));
  ops->close (backend);
  *ret_n = n;
  return values;
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  gsize n, n_other;
  g_autofree float *want = run_case (ut_ref_backend (), test, &n);
  for (const char *const *name = ut_backend_names (); *name; name++) {
    const UtBackendOps *ops = ut_backend_find (*name, NULL, NULL);
    if (ops == NULL || ops == ut_ref_backend ())
      continue;
    g_autofree float *is = run_case (ops, test, &n_other);
    g_assert_cmpuint (n, ==, n_other);
    double error = 0, power = 0;
    for (gsize i = 0; i < n; i++) {
      error += ((double)is[i] - want[i]) * ((double)is[i] - want[i]);
      power += (double)want[i] * want[i];
    }
    g_assert_cmpfloat (power, >, 0);
    g_test_message ("%s: NMSE %.2g", *name, error / power);
    g_assert_cmpfloat (error / power, <=, MAX_NMSE);
  }
}

/* all operators appear above */
static void
test_complete (void)
{
  for (int op = 1; op < UT_N_OPS; op++) {
    gboolean found = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
      found = found || cases[i].node.op == (UtOp)op;
    g_test_message ("%s", ut_op_name (op));
    g_assert_true (found);
  }
}

/* one node of one input, run by the reference */
static float *
run_plain (UtNode node, UtShape shape, const float *x, gsize *ret_n)
{
  const UtBackendOps *ops = ut_ref_backend ();
  g_autoptr (GError) error = NULL;
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  const UtBackendConfig config = {0};
  UtBackend *backend = ops->open (&config, &error);
  node.in[0] = ut_graph_constant (graph, shape, x);
  UtValueId out = ut_graph_add (graph, node);
  g_assert_true (ut_graph_finish (graph, &error));
  gsize n = ut_shape_count (&graph->value[out].shape);
  UtBuffer *buffer = ops->buffer_new (backend, n * sizeof (float), &error);
  ut_graph_store (graph, out, buffer);
  UtPlan *plan = ops->plan_new (backend, graph, NULL, &error);
  g_assert_true (ops->plan_run (plan, NULL, NULL, &error));
  float *values = g_new (float, n);
  ops->download (backend, buffer, values, n * sizeof (float), &error);
  g_assert_no_error (error);
  ops->plan_free (plan);
  ops->buffer_free (backend, buffer);
  ops->close (backend);
  *ret_n = n;
  return values;
}

/* the erf form, not the tanh form (0.841192) */
static void
test_gelu (void)
{
  const float x[] = {1, -1, 0};
  gsize n;
  g_autofree float *y = run_plain (
    (UtNode){.op = UT_OP_ACTIVATE, .activation = UT_ACTIVATION_GELU}, UT_SHAPE (3), x, &n);
  g_assert_cmpfloat_with_epsilon (y[0], 0.841345, 1e-6);
  g_assert_cmpfloat_with_epsilon (y[1], -0.158655, 1e-6);
  g_assert_cmpfloat (y[2], ==, 0);
}

/* Row 19: patches of a volume of distinct values, checked by hand, and the way back. The rows
 * of patchify are (class, voxel), those of unpatchify (voxel, class). */
static void
test_patches (void)
{
  enum { N = 2, Z = 4, Y = 4, X = 6, PZ = 2, PY = 1, PX = 3, INSIDE = PZ * PY * PX };
  float volume[N * Z * Y * X];
  gsize n;
  for (int i = 0; i < N * Z * Y * X; i++)
    volume[i] = (float)i;
  g_autofree float *rows = run_plain (
    (UtNode){.op = UT_OP_PATCHIFY, .patch = {PZ, PY, PX}}, UT_SHAPE (N, Z, Y, X), volume, &n);
  g_assert_cmpuint (n, ==, N * Z * Y * X);
  /* patch (z 1, y 2, x 1) is row (1 * 4 + 2) * 2 + 1 = 13; class 1, dz 1, dx 2 is voxel
   * (1, 3, 2, 5) */
  g_assert_cmpfloat (
    rows[13 * N * INSIDE + INSIDE + 1 * PX + 2], ==, ((1 * Z + 3) * Y + 2) * X + 5);

  g_autofree float *turned = g_new (float, n);
  for (gsize i = 0; i < n; i++) {
    gsize row = i / (N * INSIDE), c = i / INSIDE % N, inside = i % INSIDE;
    turned[row * N * INSIDE + inside * N + c] = rows[i];
  }
  g_autofree float *back =
    run_plain ((UtNode){.op = UT_OP_UNPATCHIFY, .patch = {PZ, PY, PX}, .size = {Z, Y, X}},
               UT_SHAPE (Z / PZ * Y / PY * X / PX, N * INSIDE),
               turned,
               &n);
  g_assert_cmpmem (back, n * sizeof (float), volume, sizeof volume);
}

/* Equal logits leave the prior: softmax (ln p) = p. */
static void
test_prior (void)
{
  const float logits[6] = {0}, p[6] = {0.5f, 0.2f, 0.1f, 0.1f, 0.06f, 0.04f};
  float prior[6];
  g_autoptr (GError) error = NULL;
  for (int i = 0; i < 6; i++)
    prior[i] = logf (p[i]);
  const UtBackendOps *ops = ut_cpu_backend ();
  const UtBackendConfig config = {0};
  UtBackend *backend = ops->open (&config, &error);
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  UtValueId out =
    ut_graph_add (graph,
                  (UtNode){.op = UT_OP_CLASS_SOFTMAX,
                           .in = {ut_graph_constant (graph, UT_SHAPE (6, 1), logits),
                                  ut_graph_constant (graph, UT_SHAPE (6, 1), prior)}});
  UtBuffer *buffer = ops->buffer_new (backend, sizeof prior, &error);
  ut_graph_store (graph, out, buffer);
  UtPlan *plan = ops->plan_new (backend, graph, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ops->plan_run (plan, NULL, NULL, &error));
  ops->download (backend, buffer, prior, sizeof prior, &error);
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon (prior[i], p[i], 1e-6);
  ops->plan_free (plan);
  ops->buffer_free (backend, buffer);
  ops->close (backend);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/nn/op/%s", cases[i].name);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/nn/op-complete", test_complete);
  g_test_add_func ("/nn/known/gelu", test_gelu);
  g_test_add_func ("/nn/known/patches", test_patches);
  g_test_add_func ("/nn/known/prior", test_prior);
  return g_test_run ();
}
