/* SPDX-License-Identifier: Apache-2.0 */
/* Every operator on a device (UT_TEST_DEVICE, by default cpu) against the plain loops of
 * ref-ops.c, and both against values that are known without them. */
#include "tests/unit/nn/test-ops.h"

#include "engine/base/random.h"

#include <math.h>
#include <string.h>

const UtBackendOps *tested;
UtBackendConfig tested_config;

/* Float rounding gives at most 1e-13; factors rounded to 10 or to 7 bits are off by up to 2^-11 or
 * 2^-8 each. */
static double
max_nmse (UtOp op)
{
  static const double of_products[] = {
    [UT_PRECISION_DEFAULT] = 1e-12,
    [UT_PRECISION_F32] = 1e-12,
    [UT_PRECISION_TF32] = 1e-6,
    [UT_PRECISION_BF16] = 5e-5,
  };
  const double limit = of_products[tested_config.precision];
  switch (op) {
  case UT_OP_LINEAR:
  case UT_OP_ATTENTION:
  case UT_OP_CONV2D:
  case UT_OP_CONV3D:
    return limit;
  default: /* float everywhere */
    return 1e-12;
  }
}

typedef struct Case {
  const char *name;
  UtNode node;
  UtShape in[UT_NODE_MAX_INPUTS]; /* no dimensions: absent */
  gboolean positive;              /* the numbers in them */
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
  {"normals", {.op = UT_OP_NORMALS, .groups = 3, .size = {5, 7, 9}}, {S (6)}, .positive = TRUE},
  {"conv without bias",
   {.op = UT_OP_CONV2D, .stride = 1, .pad = {1, 1}},
   {S (1, 3, 8, 8), S (4, 3, 3, 3)}},
  {"linear tanh with gate and residual",
   {.op = UT_OP_LINEAR, .activation = UT_ACTIVATION_TANH},
   {S (1000, 16), S (3, 16), S (3), S (3), S (1000, 3)}},
  {"linear leaky",
   {.op = UT_OP_LINEAR, .activation = UT_ACTIVATION_LEAKY_RELU},
   {S (64, 32), S (16, 32), S (16)}},
  {"group norm leaky",
   {.op = UT_OP_GROUP_NORM, .activation = UT_ACTIVATION_LEAKY_RELU, .groups = 8, .eps = 1e-5f},
   {S (24, 343), S (24), S (24)}},
  {"group norm tanh, one position",
   {.op = UT_OP_GROUP_NORM, .activation = UT_ACTIVATION_TANH, .groups = 2, .eps = 1e-5f},
   {S (16, 1), S (16), S (16)}},
  {"leaky", {.op = UT_OP_ACTIVATE, .activation = UT_ACTIVATION_LEAKY_RELU}, {S (5, 77)}},
  {"tanh", {.op = UT_OP_ACTIVATE, .activation = UT_ACTIVATION_TANH}, {S (5, 77)}},
  {"class softmax with a prior of probabilities",
   {.op = UT_OP_CLASS_SOFTMAX, .eps = 1e-3f},
   {S (6, 9, 7, 11), S (6, 9, 7, 11)},
   .positive = TRUE},
  {"class softmax with a squared prior",
   {.op = UT_OP_CLASS_SOFTMAX, .eps = 1e-3f, .squared = TRUE},
   {S (6, 9, 7, 11), S (6, 9, 7, 11)},
   .positive = TRUE},
  {"patchify 8x8x4", {.op = UT_OP_PATCHIFY, .patch = {8, 8, 4}}, {S (6, 16, 16, 8)}},
  {"patchify 4x8x8", {.op = UT_OP_PATCHIFY, .patch = {4, 8, 8}}, {S (6, 16, 16, 8)}},
  {"unpatchify 8x4x8",
   {.op = UT_OP_UNPATCHIFY, .patch = {8, 4, 8}, .size = {16, 8, 24}},
   {S (12, 1536)}},
  {"conv3d 3x3x3",
   {.op = UT_OP_CONV3D, .stride = 1, .pad = {1, 1, 1}},
   {S (1, 16, 8, 8, 8), S (8, 16, 3, 3, 3), S (8)}},
  {"conv3d stride 2, all of it, odd",
   {.op = UT_OP_CONV3D, .activation = UT_ACTIVATION_LEAKY_RELU, .stride = 2, .pad = {1, 1, 1}},
   {S (2, 6, 7, 5, 9), S (5, 6, 3, 3, 3), S (5), S (2, 5, 4, 3, 5)}},
  {"conv3d 1x1x1 without bias",
   {.op = UT_OP_CONV3D, .stride = 1},
   {S (1, 24, 4, 5, 6), S (32, 24, 1, 1, 1)}},
  {"conv3d of unequal sides",
   {.op = UT_OP_CONV3D, .activation = UT_ACTIVATION_TANH, .stride = 1, .pad = {0, 1, 2}},
   {S (1, 3, 2, 4, 5), S (4, 3, 1, 3, 5), S (4)}},
  {"conv3d of one voxel",
   {.op = UT_OP_CONV3D, .stride = 1, .pad = {1, 1, 1}},
   {S (1, 8, 1, 1, 1), S (8, 8, 3, 3, 3), S (8)}},
  {"upsample x2", {.op = UT_OP_UPSAMPLE, .size = {8, 8, 8}}, {S (1, 16, 4, 4, 4)}},
  {"upsample, odd", {.op = UT_OP_UPSAMPLE, .size = {9, 5, 31}}, {S (3, 4, 7, 3)}},
  {"upsample from and to one voxel", {.op = UT_OP_UPSAMPLE, .size = {1, 6, 1}}, {S (2, 3, 1, 5)}},
  {"sample", {.op = UT_OP_SAMPLE}, {S (32, 7, 8, 9), S (1000, 3)}},
  {"sample, odd", {.op = UT_OP_SAMPLE}, {S (1, 5, 1, 4, 3), S (77, 3), S (77, 5)}},
  {"sample four maps with residual",
   {.op = UT_OP_SAMPLE, .activation = UT_ACTIVATION_LEAKY_RELU},
   {S (32, 2, 2, 2),
    S (500, 3),
    S (500, 32),
    S (1, 32, 4, 4, 4),
    S (32, 8, 8, 8),
    S (32, 5, 6, 7)}},
  {"sample a grid",
   {.op = UT_OP_SAMPLE, .activation = UT_ACTIVATION_LEAKY_RELU, .size = {7, 9, 16}},
   {S (16, 4, 4, 4), S (0), S (0), S (1, 16, 6, 5, 7), S (16, 1, 1, 1)}},
  {"sample a grid, odd, with residual",
   {.op = UT_OP_SAMPLE, .size = {1, 5, 3}},
   {S (7, 2, 3, 4), S (0), S (15, 7)}},
  {"local variance", {.op = UT_OP_LOCAL_VARIANCE}, {S (6, 9, 7, 17)}},
  {"local variance, thin", {.op = UT_OP_LOCAL_VARIANCE}, {S (2, 1, 2, 5)}},
  {"local variance, two columns", {.op = UT_OP_LOCAL_VARIANCE}, {S (4, 3, 2)}},
  {"local variance, one column", {.op = UT_OP_LOCAL_VARIANCE}, {S (2, 4, 3, 1)}},
  {"fuse two",
   {.op = UT_OP_FUSE, .eps = 1e-3f},
   {S (6, 700), S (6, 700), S (6, 700), S (6, 700)},
   .positive = TRUE},
  {"fuse three",
   {.op = UT_OP_FUSE, .eps = 1e-3f},
   {S (6, 5, 7, 9), S (6, 5, 7, 9), S (6, 5, 7, 9), S (6, 5, 7, 9), S (6, 5, 7, 9), S (6, 5, 7, 9)},
   .positive = TRUE},
  {"fuse weight of two",
   {.op = UT_OP_FUSE_WEIGHT, .eps = 1e-3f},
   {S (6, 31), S (6, 31)},
   .positive = TRUE},
  {"fuse weight of three",
   {.op = UT_OP_FUSE_WEIGHT, .eps = 1e-3f},
   {S (6, 2, 3, 5), S (6, 2, 3, 5), S (6, 2, 3, 5)},
   .positive = TRUE},
};

/* An input of a node; no dimensions: absent. */
typedef struct Array {
  UtShape shape;
  const float *data;
} Array;

/* A node with its inputs on one backend. Weights are constants, the rest buffers. */
static float *
run (const UtBackendOps *ops, UtNode node, const Array *in, guint n_in, gsize *ret_n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  g_autoptr (GPtrArray) buffers = g_ptr_array_new ();
  UtBackend *backend = ops->open (&tested_config, &error);
  g_assert_no_error (error);
  gboolean has_weights =
    node.op == UT_OP_CONV2D || node.op == UT_OP_CONV3D || node.op == UT_OP_LINEAR;
  for (guint i = 0; i < n_in; i++) {
    gsize size = ut_shape_count (&in[i].shape) * sizeof (float);
    if (in[i].shape.n_dims == 0)
      continue;
    if (has_weights && (i == 1 || i == 2)) {
      node.in[i] = ut_graph_constant (graph, in[i].shape, in[i].data);
      continue;
    }
    UtBuffer *buffer = ops->buffer_new (backend, size, &error);
    g_assert_no_error (error);
    g_assert_true (ops->upload (backend, buffer, in[i].data, size, &error));
    g_ptr_array_add (buffers, buffer);
    node.in[i] = ut_graph_buffer (graph, in[i].shape, buffer);
  }
  UtValueId out = ut_graph_add (graph, node);
  ut_graph_finish (graph, &error);
  g_assert_no_error (error);
  gsize n = ut_shape_count (&graph->value[out].shape);
  UtBuffer *result = ops->buffer_new (backend, n * sizeof (float), &error);
  g_ptr_array_add (buffers, result);
  ut_graph_store (graph, out, result);

  g_assert_true (ops->supports (backend, &graph->node[0]));
  UtPlan *plan = ops->plan_new (backend, graph, NULL, &error);
  g_assert_no_error (error);
  float *values = g_new (float, n);
  for (int again = 0; again < 2; again++) { /* a device may do the second in another way */
    memset (values, 0, n * sizeof (float));
    g_assert_true (ops->upload (backend, result, values, n * sizeof (float), &error));
    g_assert_true (ops->plan_run (plan, NULL, NULL, &error));
    g_assert_true (ops->download (backend, result, values, n * sizeof (float), &error));
  }
  ops->plan_free (plan);
  for (guint i = 0; i < buffers->len; i++)
    ops->buffer_free (backend, g_ptr_array_index (buffers, i));
  ops->close (backend);
  *ret_n = n;
  return values;
}

/* the case on random numbers */
static float *
run_case (const UtBackendOps *ops, const Case *test, gsize *ret_n)
{
  Array in[UT_NODE_MAX_INPUTS] = {0};
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < UT_NODE_MAX_INPUTS; i++) {
    gsize n = ut_shape_count (&test->in[i]);
    if (test->in[i].n_dims == 0 || n == 0)
      continue;
    float *values = g_new (float, n);
    ut_philox_normals (7, i, 0, n, values);
    for (gsize j = 0; test->positive && j < n; j++)
      values[j] = fabsf (values[j]);
    g_ptr_array_add (owned, values);
    in[i] = (Array){test->in[i], values};
  }
  return run (ops, test->node, in, UT_NODE_MAX_INPUTS, ret_n);
}

void
assert_close_after (int n_products, UtOp op, const float *is, const float *want, gsize n)
{
  const double limit = n_products * n_products * max_nmse (op);
  double error = 0, power = 0;
  for (gsize i = 0; i < n; i++) {
    error += ((double)is[i] - want[i]) * ((double)is[i] - want[i]);
    power += (double)want[i] * want[i];
  }
  g_assert_cmpfloat (power, >, 0);
  g_test_message ("NMSE %.2g, at most %.2g", error / power, limit);
  g_assert_cmpfloat (error / power, <=, limit);
}

void
assert_close (UtOp op, const float *is, const float *want, gsize n)
{
  assert_close_after (1, op, is, want, n);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  gsize n, n_other;
  g_autofree float *want = run_case (ut_ref_backend (), test, &n);
  g_autofree float *is = run_case (tested, test, &n_other);
  g_assert_cmpuint (n, ==, n_other);
  assert_close (test->node.op, is, want, n);
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
  return run (ut_ref_backend (), node, &(const Array){shape, x}, 1, ret_n);
}

/* all bits of seed and stream count */
static void
test_normals (void)
{
  const guint64 seed = 0x8123456789abcdef;
  const guint32 stream = 0xfedcba98;
  float packed[6], want[27];
  gsize n;
  ut_philox_pack (seed, stream, packed);
  ut_philox_normals (seed, stream, 0, 27, want);
  const UtNode node = {.op = UT_OP_NORMALS, .groups = 1, .size = {3, 3, 3}};
  g_autofree float *plain = run_plain (node, UT_SHAPE (6), packed, &n);
  g_assert_cmpmem (plain, n * sizeof (float), want, sizeof want);
  g_autofree float *is = run (tested, node, &(const Array){UT_SHAPE (6), packed}, 1, &n);
  for (int i = 0; i < 27; i++)
    g_assert_cmpfloat_with_epsilon (is[i], want[i], 1e-6);
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

/* what is known without the loops holds for them and on the device */
static void
check (
  const UtBackendOps *ops, UtNode node, const Array *in, guint n_in, const float *want, gsize n)
{
  gsize n_is;
  g_autofree float *is = run (ops, node, in, n_in, &n_is);
  g_assert_cmpuint (n_is, ==, n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (
      is[i], want[i], 1e-5 + sqrt (max_nmse (node.op)) * fabs ((double)want[i]));
}

static void
check_all (UtNode node, const Array *in, guint n_in, const float *want, gsize n)
{
  check (ut_ref_backend (), node, in, n_in, want, n);
  check (tested, node, in, n_in, want, n);
}

/* Equal logits leave the prior: softmax (ln p) = p, given in logs or as it is. */
static void
test_prior (void)
{
  const float logits[6] = {0}, p[6] = {0.5f, 0.2f, 0.1f, 0.1f, 0.06f, 0.04f};
  float logs[6], less_sure[6], twice[6], total = 0;
  for (int i = 0; i < 6; i++) {
    logs[i] = logf (p[i]);
    less_sure[i] = (p[i] + 0.1f) / 1.6f;
    total += less_sure[i] * less_sure[i];
  }
  for (int i = 0; i < 6; i++)
    twice[i] = less_sure[i] * less_sure[i] / total;
  const UtShape shape = UT_SHAPE (6, 1);
  check_all (
    (UtNode){.op = UT_OP_CLASS_SOFTMAX}, (const Array[]){{shape, logits}, {shape, logs}}, 2, p, 6);
  check_all ((UtNode){.op = UT_OP_CLASS_SOFTMAX, .eps = 0.1f},
             (const Array[]){{shape, logits}, {shape, p}},
             2,
             less_sure,
             6);
  check_all ((UtNode){.op = UT_OP_CLASS_SOFTMAX, .eps = 0.1f, .squared = TRUE},
             (const Array[]){{shape, logits}, {shape, p}},
             2,
             twice,
             6);
}

/* one-hot priors and logits far apart: both stay finite, and the prior is worth ln 1001 */
static void
test_prior_far (void)
{
  const float logits[4] = {0, 95, 300, -300}, p[4] = {1, 0, 0, 1}; /* [class, voxel] */
  const float odds = 1001 * expf (-300);
  const float want[4] = {odds, 1, 1, odds};
  const UtShape shape = UT_SHAPE (2, 2);
  check_all ((UtNode){.op = UT_OP_CLASS_SOFTMAX, .eps = 1e-3f},
             (const Array[]){{shape, logits}, {shape, p}},
             2,
             want,
             4);
}

static void
test_leaky_tanh (void)
{
  const float x[] = {2, -2, 0}, leaky[] = {2, -0.02f, 0}, bent[] = {0.964028f, -0.964028f, 0};
  const Array in = {UT_SHAPE (3), x};
  check_all (
    (UtNode){.op = UT_OP_ACTIVATE, .activation = UT_ACTIVATION_LEAKY_RELU}, &in, 1, leaky, 3);
  check_all ((UtNode){.op = UT_OP_ACTIVATE, .activation = UT_ACTIVATION_TANH}, &in, 1, bent, 3);
}

/* ones under ones count the voxels that the window meets */
static void
test_conv3d_counts (void)
{
  float ones[27], want[27];
  for (int i = 0; i < 27; i++) {
    ones[i] = 1;
    want[i] = (float)((i / 9 == 1 ? 3 : 2) * (i / 3 % 3 == 1 ? 3 : 2) * (i % 3 == 1 ? 3 : 2));
  }
  const Array in[] = {{UT_SHAPE (1, 1, 3, 3, 3), ones}, {UT_SHAPE (1, 1, 3, 3, 3), ones}};
  check_all ((UtNode){.op = UT_OP_CONV3D, .stride = 1, .pad = {1, 1, 1}}, in, 2, want, 27);
  const float corners[] = {8, 8, 8, 8, 8, 8, 8, 8};
  check_all ((UtNode){.op = UT_OP_CONV3D, .stride = 2, .pad = {1, 1, 1}}, in, 2, corners, 8);
}

/* a kernel of a single 1 at (0, 1, 2) brings the voxel before in z and after in x */
static void
test_conv3d_axes (void)
{
  enum { Z = 2, Y = 3, X = 4 };
  float x[Z * Y * X], kernel[27] = {0}, want[Z * Y * X] = {0};
  kernel[0 * 9 + 1 * 3 + 2] = 1;
  for (int i = 0; i < Z * Y * X; i++)
    x[i] = (float)(i + 1);
  for (int i = Y * X; i < Z * Y * X; i++)
    want[i] = i % X + 1 < X ? x[i - Y * X + 1] : 0;
  const Array in[] = {{UT_SHAPE (1, 1, Z, Y, X), x}, {UT_SHAPE (1, 1, 3, 3, 3), kernel}};
  check_all ((UtNode){.op = UT_OP_CONV3D, .stride = 1, .pad = {1, 1, 1}}, in, 2, want, Z * Y * X);
}

/* Row 18: a ramp stays exactly linear from end to end; an axis of one voxel is repeated. */
static void
test_upsample_ramp (void)
{
  enum { Z = 2, Y = 3, X = 4, N = 5 };
  float ramp[Z * Y * X], want[N * N * N], flat[X], line[N * N];
  for (int i = 0; i < Z * Y * X; i++)
    ramp[i] = 1 + 2 * (float)(i / (Y * X)) - 3 * (float)(i / X % Y) + 0.5f * (float)(i % X);
  for (int i = 0; i < N * N * N; i++)
    want[i] = 1 + 2 * (float)(i / (N * N)) / (N - 1) * (Z - 1) -
              3 * (float)(i / N % N) / (N - 1) * (Y - 1) +
              0.5f * (float)(i % N) / (N - 1) * (X - 1);
  const Array in = {UT_SHAPE (Z, Y, X), ramp};
  check_all ((UtNode){.op = UT_OP_UPSAMPLE, .size = {N, N, N}}, &in, 1, want, N * N * N);
  for (int i = 0; i < X; i++)
    flat[i] = (float)i;
  for (int i = 0; i < N * N; i++)
    line[i] = (float)(i % N) * (X - 1) / (N - 1);
  const Array thin = {UT_SHAPE (1, 1, X), flat};
  check_all ((UtNode){.op = UT_OP_UPSAMPLE, .size = {1, N, N}}, &thin, 1, line, N * N);
}

/* Row 17: x comes first in a point and last in a map; beyond the border the border goes on. */
static void
test_sample_axes (void)
{
  enum { C = 2, Z = 5, Y = 3, X = 9, N = 7 };
  float map[C * Z * Y * X];
  for (int i = 0; i < C * Z * Y * X; i++)
    map[i] =
      (float)(i % X + 10 * (i / X % Y) + 100 * (i / (X * Y) % Z)) * (i < Z * Y * X ? 1.0f : -1.0f);
  const float points[N * 3] = {
    -1,    -1,   -1, /* first voxel */
    1,     1,    1,  /* last one, on the border */
    -0.5f, 0,    1,  /* voxel (4, 1, 2) */
    0.25f, 0,    0,  /* voxel (2, 1, 5) */
    0,     0.5f, 0,  /* between rows */
    7,     -3,   0,  /* beyond two borders */
    NAN,   0,    INFINITY,
  };
  const float want[] = {0, 428, 412, 215, 219, 208, 410};
  float both[N * C];
  for (int i = 0; i < N; i++) {
    both[2 * i] = want[i];
    both[2 * i + 1] = -want[i];
  }
  const Array in[] = {{UT_SHAPE (C, Z, Y, X), map}, {UT_SHAPE (N, 3), points}};
  const gsize n_exact = N - 1; /* what is no number may be anywhere, but must be read inside */
  for (int cpu = 0; cpu < 2; cpu++) {
    gsize n;
    g_autofree float *is =
      run (cpu ? tested : ut_ref_backend (), (UtNode){.op = UT_OP_SAMPLE}, in, 2, &n);
    g_assert_cmpuint (n, ==, N * C);
    for (gsize i = 0; i < n_exact * C; i++)
      g_assert_cmpfloat_with_epsilon (is[i], both[i], 1e-3f);
    for (gsize i = n_exact * C; i < n; i++)
      g_assert_cmpfloat (fabsf (is[i]), <=, 428);
  }
}

/* the points of a regular grid without points: the upsampled map, turned */
static void
test_sample_grid (void)
{
  enum { C = 3, Z = 2, Y = 3, X = 4, PZ = 4, PY = 6, PX = 5, P = PZ * PY * PX };
  float map[C * Z * Y * X], want[P * C];
  gsize n;
  ut_philox_normals (5, 0, 0, C * Z * Y * X, map);
  g_autofree float *up = run_plain (
    (UtNode){.op = UT_OP_UPSAMPLE, .size = {PZ, PY, PX}}, UT_SHAPE (C, Z, Y, X), map, &n);
  for (gsize i = 0; i < n; i++)
    want[i % P * C + i / P] = up[i];
  const Array in = {UT_SHAPE (1, C, Z, Y, X), map};
  check_all ((UtNode){.op = UT_OP_SAMPLE, .size = {PZ, PY, PX}}, &in, 1, want, P * C);
}

/* 0 1 1 along x: windows of 2, 3 and 2 voxels, counted by hand. A constant has none anywhere,
 * so voxels outside are not counted. */
static void
test_variance (void)
{
  enum { N = 4 };
  const float step[] = {0, 1, 1}, want[] = {0.25f, 2 / 9.0f, 0}, none[N * N * N] = {0};
  const Array line = {UT_SHAPE (1, 1, 3), step};
  check_all ((UtNode){.op = UT_OP_LOCAL_VARIANCE}, &line, 1, want, 3);
  float constant[N * N * N];
  for (int i = 0; i < N * N * N; i++)
    constant[i] = 0.7f;
  const Array flat = {UT_SHAPE (1, N, N, N), constant};
  check_all ((UtNode){.op = UT_OP_LOCAL_VARIANCE}, &flat, 1, none, N * N * N);
}

/* weights 1000 and 100 by hand; the same volume three times is itself, whatever the variances */
static void
test_fuse (void)
{
  const UtNode node = {.op = UT_OP_FUSE, .eps = 1e-3f};
  const UtShape shape = UT_SHAPE (2, 1, 1, 1);
  const float a[] = {0.5f, 0.5f}, b[] = {1, 0}, s_a[] = {0, 0}, s_b[] = {0.009f, 0.009f};
  const float want[] = {600 / 1100.0f, 500 / 1100.0f};
  check_all (node, (const Array[]){{shape, a}, {shape, s_a}, {shape, b}, {shape, s_b}}, 4, want, 2);
  const float c[] = {0.3f, 0.7f}, s_c[] = {0.2f, 0.001f};
  check_all (
    node,
    (const Array[]){{shape, c}, {shape, s_a}, {shape, c}, {shape, s_b}, {shape, c}, {shape, s_c}},
    6,
    c,
    2);
  const float weights[] = {10 / 11.0f, 10 / 11.0f, 1 / 11.0f, 1 / 11.0f};
  check_all ((UtNode){.op = UT_OP_FUSE_WEIGHT, .eps = 1e-3f},
             (const Array[]){{shape, s_a}, {shape, s_b}},
             2,
             weights,
             4);
}

/* Row 10: a flat volume of 0.5 against a one-hot one. Where both are flat they weigh the same;
 * at the boundary of the other the flat one, of lower variance, decides. */
static void
test_fuse_flat (void)
{
  enum { N = 6, M = N * N * N };
  float flat[2 * M], hot[2 * M];
  gsize n;
  for (int i = 0; i < 2 * M; i++) {
    flat[i] = 0.5f;
    hot[i] = (i % N < N / 2) == (i < M) ? 1 : 0;
  }
  const UtShape shape = UT_SHAPE (2, N, N, N);
  const UtNode variance = {.op = UT_OP_LOCAL_VARIANCE};
  g_autofree float *s_flat = run_plain (variance, shape, flat, &n);
  g_autofree float *s_hot = run_plain (variance, shape, hot, &n);
  const Array in[] = {{shape, flat}, {shape, s_flat}, {shape, hot}, {shape, s_hot}};
  float want[2 * M];
  double far = 1 / (2 / 9.0 + 1e-3), near = 1000; /* weights at the boundary */
  for (int i = 0; i < 2 * M; i++) {
    gboolean boundary = i % N == N / 2 - 1 || i % N == N / 2;
    double w_hot = boundary ? far : near;
    want[i] = (float)((near * 0.5 + w_hot * (double)hot[i]) / (near + w_hot));
  }
  check_all ((UtNode){.op = UT_OP_FUSE, .eps = 1e-3f}, in, 4, want, 2 * M);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GError) error = NULL;
  const char *device = g_getenv ("UT_TEST_DEVICE") ? g_getenv ("UT_TEST_DEVICE") : "cpu";
  tested = ut_backend_find (device, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (ut_backend_parse (device, NULL, &tested_config, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/nn/op/%s", cases[i].name);
    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/nn/op-complete", test_complete);
  add_chain_tests ();
  g_test_add_func ("/nn/known/normals", test_normals);
  g_test_add_func ("/nn/known/gelu", test_gelu);
  g_test_add_func ("/nn/known/patches", test_patches);
  g_test_add_func ("/nn/known/prior", test_prior);
  g_test_add_func ("/nn/known/prior-far", test_prior_far);
  g_test_add_func ("/nn/known/leaky-tanh", test_leaky_tanh);
  g_test_add_func ("/nn/known/conv3d-counts", test_conv3d_counts);
  g_test_add_func ("/nn/known/conv3d-axes", test_conv3d_axes);
  g_test_add_func ("/nn/known/upsample-ramp", test_upsample_ramp);
  g_test_add_func ("/nn/known/sample-axes", test_sample_axes);
  g_test_add_func ("/nn/known/sample-grid", test_sample_grid);
  g_test_add_func ("/nn/known/variance", test_variance);
  g_test_add_func ("/nn/known/fuse", test_fuse);
  g_test_add_func ("/nn/known/fuse-flat", test_fuse_flat);
  return g_test_run ();
}
