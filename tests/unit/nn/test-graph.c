/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/random.h"
#include "engine/nn/arena.h"
#include "engine/nn/backend.h"

#include <string.h>

static const float zeros[4096];

static UtValueId
constant (UtGraph *graph, UtShape shape)
{
  return ut_graph_constant (graph, shape, zeros);
}

/* the first mistake stays, says where, and nothing after it is added */
static void
test_sticky_error (void)
{
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  g_autoptr (GError) error = NULL;
  UtValueId x = constant (graph, UT_SHAPE (4, 8)), w = constant (graph, UT_SHAPE (5, 9));
  UtValueId y = ut_graph_add (graph, (UtNode){.op = UT_OP_LINEAR, .in = {x, w}});
  g_assert_cmpuint (y, ==, 0);
  g_assert_cmpuint (ut_graph_add (graph, (UtNode){.op = UT_OP_TRANSPOSE, .in = {x}}), ==, 0);
  g_assert_cmpuint (graph->n_nodes, ==, 0);
  g_assert_false (ut_graph_finish (graph, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_cmpstr (error->message,
                   ==,
                   "node 0, linear, does not fit its inputs: [4, 8], [5, 9], none, none, none");
}

static void
test_refusals (void)
{
  const struct {
    UtNode node;
    UtShape in[UT_NODE_MAX_INPUTS];
  } wrong[] = {
    {{.op = UT_OP_CONV2D, .stride = 1}, {UT_SHAPE (1, 2, 4, 4), UT_SHAPE (3, 1, 3, 3)}},
    {{.op = UT_OP_CONV2D, .stride = 0},
     {UT_SHAPE (1, 2, 4, 4), UT_SHAPE (3, 2, 3, 3), UT_SHAPE (3)}},
    {{.op = UT_OP_CONV2D, .stride = 1},
     {UT_SHAPE (1, 2, 2, 2), UT_SHAPE (3, 2, 3, 3), UT_SHAPE (3)}},
    {{.op = UT_OP_MAX_POOL, .kernel = {2, 2}, .stride = 1, .pad = {2, 2}}, {UT_SHAPE (1, 2, 4, 4)}},
    {{.op = UT_OP_LAYER_NORM}, {UT_SHAPE (4, 8)}},
    {{.op = UT_OP_LAYER_NORM, .eps = 1}, {UT_SHAPE (4, 8), UT_SHAPE (7)}},
    {{.op = UT_OP_GROUP_NORM, .groups = 3, .eps = 1},
     {UT_SHAPE (8, 4), UT_SHAPE (8), UT_SHAPE (8)}},
    {{.op = UT_OP_ADD}, {UT_SHAPE (4, 8), UT_SHAPE (4, 7)}},
    {{.op = UT_OP_MEAN}, {UT_SHAPE (8)}},
    {{.op = UT_OP_ATTENTION, .heads = 2, .head_size = 4, .column = {0, 1, 0}},
     {UT_SHAPE (4, 8), UT_SHAPE (4, 8), UT_SHAPE (4, 8)}},
    {{.op = UT_OP_ATTENTION, .heads = 1, .head_size = 8},
     {UT_SHAPE (4, 8), UT_SHAPE (4, 8), UT_SHAPE (5, 8)}},
    {{.op = UT_OP_PATCHIFY, .patch = {2, 2, 3}}, {UT_SHAPE (2, 4, 4, 4)}},
    {{.op = UT_OP_UNPATCHIFY, .patch = {2, 2, 2}, .size = {4, 4, 4}}, {UT_SHAPE (8, 12)}},
    {{.op = UT_OP_COMBINE}, {UT_SHAPE (2), UT_SHAPE (4), UT_SHAPE (4)}},
    {{.op = UT_OP_TRANSPOSE}, {UT_SHAPE (4, 4), UT_SHAPE (4, 4)}},
    {{.op = UT_OP_CONV3D, .stride = 1}, {UT_SHAPE (1, 2, 4, 4), UT_SHAPE (3, 2, 3, 3)}},
    {{.op = UT_OP_CONV3D, .stride = 1}, {UT_SHAPE (1, 2, 2, 4, 4), UT_SHAPE (3, 2, 3, 3, 3)}},
    {{.op = UT_OP_CONV3D, .stride = 1, .pad = {1, 1, 1}},
     {UT_SHAPE (1, 2, 2, 4, 4), UT_SHAPE (3, 2, 3, 3, 3), UT_SHAPE (2)}},
    {{.op = UT_OP_UPSAMPLE, .size = {4, 4, 0}}, {UT_SHAPE (2, 2, 2, 2)}},
    {{.op = UT_OP_UPSAMPLE, .size = {4, 4, 4}}, {UT_SHAPE (2, 2)}},
    {{.op = UT_OP_SAMPLE}, {UT_SHAPE (2, 2, 2, 2)}},
    {{.op = UT_OP_SAMPLE, .size = {G_MAXSIZE, 2, 1}}, {UT_SHAPE (2, 2, 2, 2)}},
    {{.op = UT_OP_SAMPLE}, {UT_SHAPE (2, 2, 2), UT_SHAPE (5, 3)}},
    {{.op = UT_OP_SAMPLE}, {UT_SHAPE (2, 2, 2, 2, 2), UT_SHAPE (5, 3)}},
    {{.op = UT_OP_SAMPLE}, {UT_SHAPE (2, 2, 2, 2), UT_SHAPE (5, 2)}},
    {{.op = UT_OP_SAMPLE}, {UT_SHAPE (2, 2, 2, 2), UT_SHAPE (5, 3), UT_SHAPE (5, 3)}},
    {{.op = UT_OP_SAMPLE},
     {UT_SHAPE (2, 2, 2, 2), UT_SHAPE (5, 3), UT_SHAPE (5, 2), UT_SHAPE (3, 2, 2, 2)}},
    {{.op = UT_OP_LOCAL_VARIANCE}, {UT_SHAPE (4, 4)}},
    {{.op = UT_OP_FUSE}, {UT_SHAPE (2, 4), UT_SHAPE (2, 4), UT_SHAPE (2, 4), UT_SHAPE (2, 4)}},
    {{.op = UT_OP_FUSE, .eps = 1},
     {UT_SHAPE (2, 4), UT_SHAPE (2, 4), UT_SHAPE (2, 4), UT_SHAPE (2, 3)}},
    {{.op = UT_OP_FUSE, .eps = 1},
     {UT_SHAPE (2, 4), UT_SHAPE (2, 4), UT_SHAPE (2, 4), UT_SHAPE (2, 4), UT_SHAPE (2, 4)}},
    {{.op = UT_OP_FUSE_WEIGHT, .eps = 1}, {UT_SHAPE (2, 4), UT_SHAPE (2, 3)}},
    {{.op = UT_OP_FUSE_WEIGHT, .eps = 1}, {UT_SHAPE (1, 1, 1, 2, 4), UT_SHAPE (1, 1, 1, 2, 4)}},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
    UtNode node = wrong[i].node;
    for (int j = 0; j < UT_NODE_MAX_INPUTS; j++)
      if (wrong[i].in[j].n_dims)
        node.in[j] = constant (graph, wrong[i].in[j]);
    g_test_message ("%" G_GSIZE_FORMAT " %s", i, ut_op_name (node.op));
    g_assert_cmpuint (ut_graph_add (graph, node), ==, 0);
    g_assert_error (graph->error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
    g_autofree char *start =
      g_strdup_printf ("node 0, %s, does not fit its inputs: [", ut_op_name (node.op));
    g_assert_true (g_str_has_prefix (graph->error->message, start));
  }
}

static void
test_impossible_size (void)
{
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  gsize half = (gsize)1 << 32;
  g_assert_cmpuint (constant (graph, UT_SHAPE (half, half)), ==, 0);
  g_assert_error (graph->error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

static void
test_views (void)
{
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  UtValueId x = constant (graph, UT_SHAPE (4, 8));
  UtValueId part = ut_graph_view (graph, x, 8, UT_SHAPE (3, 8));
  UtValueId inner = ut_graph_view (graph, part, 4, UT_SHAPE (5));
  g_assert_cmpuint (ut_graph_root (graph, inner), ==, x);
  g_assert_cmpuint (graph->value[inner].offset, ==, 12);
}

/* no two that live at once overlap, and memory is used again */
static void
test_arena (void)
{
  enum { N = 60 };
  UtArenaItem items[N];
  UtRandom random;
  gsize sum = 0;
  ut_random_init (&random, 3, 0);
  for (int i = 0; i < N; i++) {
    guint first = ut_random_index (&random, 40);
    items[i] = (UtArenaItem){
      ut_random_index (&random, 5000), first, first + ut_random_index (&random, 6), 0};
    sum += items[i].size;
  }
  gsize total = ut_arena_plan (items, N);
  for (int i = 0; i < N; i++) {
    g_assert_cmpuint (items[i].offset % 64, ==, 0);
    g_assert_cmpuint (items[i].offset + items[i].size, <=, total);
    for (int j = 0; j < i; j++) {
      gboolean together = items[i].first <= items[j].last && items[j].first <= items[i].last;
      gboolean overlap = items[i].offset < items[j].offset + items[j].size &&
                         items[j].offset < items[i].offset + items[i].size;
      g_assert_false (together && overlap);
    }
  }
  g_assert_cmpuint (total, <, sum / 2);
}

static void
assert_refused (const char *path, const char *pattern)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_backend_load (path, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE);
  g_test_message ("%s", error->message);
  g_assert_true (g_regex_match_simple (pattern, error->message, 0, 0));
}

static const char *
in_german (const char *english)
{
  return g_str_equal (english, "there is one device") ? "es gibt ein Gerät" : english;
}

static void
test_modules (void)
{
  const char *folder = g_getenv ("UT_TEST_MODULES");
  g_autofree char *old = g_build_filename (folder, "libbackend-old.so", NULL);
  g_autofree char *empty = g_build_filename (folder, "libbackend-empty.so", NULL);
  g_autofree char *partial = g_build_filename (folder, "libbackend-partial.so", NULL);
  g_autofree char *good = g_build_filename (folder, "libbackend-good.so", NULL);
  assert_refused ("/nonexistent/libnothing.so", "^libnothing.so cannot be loaded: ");
  assert_refused (empty, "^libbackend-empty.so has no ut_backend_get$");
  assert_refused (old,
                  "^libbackend-old.so was built for version 0 of the interface, want " G_STRINGIFY (
                    UT_BACKEND_ABI) "$");
  assert_refused (partial, "^libbackend-partial.so lacks a call$");
  g_autoptr (GError) error = NULL;
  const UtBackendOps *ops = ut_backend_load (good, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ops->name, ==, "good");

  /* a module speaks its program's language */
  ut_words_translate_by (in_german);
  g_assert_false (ops->probe (1, NULL, &error));
  ut_words_translate_by (NULL);
  g_assert_cmpstr (error->message, ==, "es gibt ein Gerät");
}

static void
test_find (void)
{
  g_autoptr (GError) error = NULL;
  UtDeviceInfo info;
  static const char *const unknown[] = {"abacus",
                                        "",
                                        ":1",
                                        "cpux",
                                        "cpu:0",
                                        "ref/f32",
                                        "cuda:",
                                        "cuda:x",
                                        "cuda:-1",
                                        "cuda:1/f16",
                                        "cuda/"};
  for (gsize i = 0; i < G_N_ELEMENTS (unknown); i++) {
    g_assert_null (ut_backend_find (unknown[i], &info, &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE);
    g_assert_true (g_str_has_prefix (error->message, "there is no device "));
    g_clear_error (&error);
  }
  const UtBackendOps *cpu = ut_backend_find ("cpu", &info, &error);
  g_assert_no_error (error);
  g_assert_true (cpu == ut_cpu_backend ());
  g_assert_true (g_str_has_prefix (info.description, "oneDNN 2."));
}

static void
test_parse (void)
{
  static const struct {
    const char *device, *name;
    guint number;
    UtPrecision precision;
  } cases[] = {{"cpu", "cpu", 0, UT_PRECISION_DEFAULT},
               {"cuda", "cuda", 0, UT_PRECISION_DEFAULT},
               {"cuda:3", "cuda", 3, UT_PRECISION_DEFAULT},
               {"cuda/f32", "cuda", 0, UT_PRECISION_F32},
               {"cuda:1/tf32", "cuda", 1, UT_PRECISION_TF32},
               {"cuda:0/bf16", "cuda", 0, UT_PRECISION_BF16}};
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *name;
    UtBackendConfig config;
    g_assert_true (ut_backend_parse (cases[i].device, &name, &config, NULL));
    g_assert_cmpstr (name, ==, cases[i].name);
    g_assert_cmpuint (config.device, ==, cases[i].number);
    g_assert_cmpint (config.precision, ==, cases[i].precision);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nn/backend/parse", test_parse);
  g_test_add_func ("/nn/graph/sticky-error", test_sticky_error);
  g_test_add_func ("/nn/graph/refusals", test_refusals);
  g_test_add_func ("/nn/graph/impossible-size", test_impossible_size);
  g_test_add_func ("/nn/graph/views", test_views);
  g_test_add_func ("/nn/arena", test_arena);
  g_test_add_func ("/nn/backend/modules", test_modules);
  g_test_add_func ("/nn/backend/find", test_find);
  return g_test_run ();
}
