/* SPDX-License-Identifier: Apache-2.0 */
/* The host code of cuda/ on a device made of loops: what it says where something is missing, what
 * it keeps, and how a plan runs the first, the second and the third time. */
#include "engine/base/error.h"
#include "engine/nn/backend.h"

#include <cuda_runtime_api.h>

#include <gmodule.h>
#include <string.h>

enum { R = 40, I = 16, O = 24 };

static const UtBackendOps *ops;
static FakeCuda *fake, as_it_was;

static void
expect (const GError *error, UtEngineError code, const char *words)
{
  g_assert_error (error, UT_ENGINE_ERROR, (int)code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
}

/* ---- devices ---- */

static void
refuse_probe (guint device, const char *words)
{
  g_autoptr (GError) error = NULL;
  UtDeviceInfo info = {0};
  g_assert_false (ops->probe (device, &info, &error));
  expect (error, UT_ENGINE_ERROR_DEVICE, words);
  *fake = as_it_was;
}

static void
test_probe (void)
{
  UtDeviceInfo info = {0};
  fake->n_devices = 2;
  g_assert_true (ops->probe (1, &info, NULL));
  g_assert_cmpuint (info.n_devices, ==, 2);
  g_assert_cmpstr (info.description, ==, "fake device, 8 GiB, compute capability 9.0, cuDNN 9.13");
  refuse_probe (2, "there is no GPU number 2");
  fake->driver = 0;
  refuse_probe (0, "no NVIDIA driver");
  fake->driver = 11040;
  refuse_probe (0, "is for CUDA 11.4");
  fake->n_devices = 0;
  refuse_probe (0, "no NVIDIA GPU is visible");
  fake->compute = 7;
  refuse_probe (0, "has compute capability 7.0, want 8.0");
}

/* ---- a plan ---- */

typedef struct Work {
  UtBackend *backend;
  UtBuffer *x, *y;
  UtPlan *plan;
} Work;

/* y = gelu (x W^T + b), x as a small convolution of itself before */
static UtPlan *
plan_work (Work *work, GCancellable *cancel, GError **error)
{
  static float weight[O * I], bias[O], window[9];
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  for (int i = 0; i < O * I; i++)
    weight[i] = (float)(i % 7 - 3) / 8;
  for (int i = 0; i < O; i++)
    bias[i] = (float)i / O;
  window[4] = 1; /* changes nothing */
  UtValueId x = ut_graph_buffer (graph, UT_SHAPE (1, 1, R, I), work->x);
  UtValueId same =
    ut_graph_add (graph,
                  (UtNode){.op = UT_OP_CONV2D,
                           .in = {x, ut_graph_constant (graph, UT_SHAPE (1, 1, 3, 3), window)},
                           .stride = 1,
                           .pad = {1, 1}});
  UtValueId y = ut_graph_add (graph,
                              (UtNode){.op = UT_OP_LINEAR,
                                       .in = {ut_graph_view (graph, same, 0, UT_SHAPE (R, I)),
                                              ut_graph_constant (graph, UT_SHAPE (O, I), weight),
                                              ut_graph_constant (graph, UT_SHAPE (O), bias)},
                                       .activation = UT_ACTIVATION_GELU});
  ut_graph_store (graph, y, work->y);
  g_assert_true (ut_graph_finish (graph, error));
  return ops->plan_new (work->backend, graph, cancel, error);
}

static Work
open_work (UtPrecision precision)
{
  const UtBackendConfig config = {.precision = precision};
  float x[R * I];
  Work work = {.backend = ops->open (&config, NULL)};
  g_assert_nonnull (work.backend);
  for (int i = 0; i < R * I; i++)
    x[i] = (float)(i % 11 - 5) / 4;
  work.x = ops->buffer_new (work.backend, sizeof x, NULL);
  work.y = ops->buffer_new (work.backend, R * O * sizeof (float), NULL);
  g_assert_true (ops->upload (work.backend, work.x, x, sizeof x, NULL));
  return work;
}

/* nothing is left of it on the device */
static void
close_work (Work *work)
{
  if (work->plan)
    ops->plan_free (work->plan);
  ops->buffer_free (work->backend, work->x);
  ops->buffer_free (work->backend, work->y);
  ops->close (work->backend);
  g_assert_cmpint (fake->n_allocations, ==, 0);
  g_assert_cmpuint (fake->used, ==, 0);
  *fake = as_it_was;
}

static void
run_thrice (gboolean may_capture, int n_graph_launches)
{
  g_autoptr (GError) error = NULL;
  float first[R * O], again[R * O];
  fake->may_capture = may_capture;
  Work work = open_work (UT_PRECISION_F32);
  work.plan = plan_work (&work, NULL, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 3; i++) {
    g_assert_true (ops->plan_run (work.plan, NULL, NULL, &error));
    g_assert_true (ops->download (work.backend, work.y, again, sizeof again, &error));
    if (i == 0)
      memcpy (first, again, sizeof first);
    g_assert_cmpmem (first, sizeof first, again, sizeof again);
    memset (again, 0, sizeof again);
    g_assert_true (ops->upload (work.backend, work.y, again, sizeof again, &error));
  }
  g_assert_cmpfloat (first[0], !=, 0);
  g_assert_cmpint (fake->n_graph_launches, ==, n_graph_launches);
  close_work (&work);
}

static void
test_graph (void)
{
  run_thrice (TRUE, 2);
  run_thrice (FALSE, 0); /* what cannot be captured runs step by step */
}

/* ---- what is put off ---- */

/* y = 1 + y, R * O times over */
static UtPlan *
plan_count (Work *work)
{
  static const float coefficients[] = {1, 1, 0};
  g_autoptr (GError) error = NULL;
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  UtValueId c = ut_graph_constant (graph, UT_SHAPE (3), coefficients);
  UtValueId y = ut_graph_buffer (graph, UT_SHAPE (R * O), work->y);
  ut_graph_store (
    graph, ut_graph_add (graph, (UtNode){.op = UT_OP_COMBINE, .in = {c, y, y}}), work->y);
  UtPlan *plan = ops->plan_new (work->backend, graph, NULL, &error);
  g_assert_no_error (error);
  return plan;
}

static float
see (Work *work, GError **error)
{
  float y = -1;
  return ops->download (work->backend, work->y, &y, sizeof y, error) ? y : -1;
}

/* counts from @from, by @n */
static float
count (Work *work, float from, int n, GCancellable *cancel, GError **error)
{
  g_assert_true (ops->upload (work->backend, work->y, &from, sizeof from, NULL));
  for (int i = 0; i < n; i++)
    g_assert_true (ops->plan_run (work->plan, NULL, cancel, NULL));
  return see (work, error);
}

static Work
open_count (void)
{
  Work work = open_work (UT_PRECISION_F32);
  work.plan = plan_count (&work);
  g_assert_cmpfloat (count (&work, 10, 3, NULL, NULL), ==, 13); /* one by one */
  g_assert_cmpint (fake->n_graph_launches, ==, 0);
  return work;
}

/* uploads and runs up to a question are one graph; another number of them is another one */
static void
test_queue (void)
{
  Work work = open_count ();
  g_assert_cmpfloat (count (&work, 20, 3, NULL, NULL), ==, 23);
  g_assert_cmpfloat (count (&work, 30, 3, NULL, NULL), ==, 33);
  g_assert_cmpfloat (count (&work, 40, 2, NULL, NULL), ==, 42);
  g_assert_cmpint (fake->n_graph_launches, ==, 3);
  for (int i = 0; i < 40; i++) /* more kinds than are kept */
    g_assert_cmpfloat (count (&work, 0, i, NULL, NULL), ==, i);
  g_assert_cmpfloat (see (&work, NULL), ==, 39); /* nothing waits */
  close_work (&work);
}

/* where graphs have no conditions, plans are graphs of their own */
static void
test_no_conditions (void)
{
  Work work = open_count ();
  fake->may_branch = FALSE;
  for (int i = 0; i < 3; i++)
    g_assert_cmpfloat (count (&work, 20, 3, NULL, NULL), ==, 23);
  g_assert_cmpint (fake->n_graph_launches, ==, 6);
  close_work (&work);
}

static GCancellable *running;

static void
cancel_running (void)
{
  g_cancellable_cancel (running);
}

/* cancelled while its graph runs: what is left of it is passed over, and the next run is whole */
static void
test_cancel_running (void)
{
  g_autoptr (GError) error = NULL;
  Work work = open_count ();
  running = g_cancellable_new ();
  fake->after_branch = cancel_running;
  g_assert_cmpfloat (count (&work, 20, 3, running, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  fake->after_branch = NULL;
  g_assert_cmpfloat (see (&work, &error), ==, 21);
  g_assert_cmpfloat (count (&work, 30, 3, NULL, &error), ==, 33);
  g_assert_no_error (error);
  g_clear_object (&running);
  close_work (&work);
}

/* cancelled before its graph runs: nothing of it is left to the next run */
static void
test_cancel_waiting (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  const float from = 20;
  Work work = open_count ();
  g_assert_true (ops->upload (work.backend, work.y, &from, sizeof from, NULL));
  g_assert_true (ops->plan_run (work.plan, NULL, cancel, NULL));
  g_cancellable_cancel (cancel);
  g_assert_false (ops->plan_run (work.plan, NULL, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpfloat (see (&work, NULL), ==, 20);
  g_assert_cmpfloat (count (&work, 30, 3, NULL, NULL), ==, 33);
  close_work (&work);
}

/* lost while its graph runs: whoever looks is told */
static void
test_lost_running (void)
{
  g_autoptr (GError) error = NULL;
  Work work = open_count ();
  g_assert_cmpfloat (count (&work, 20, 3, NULL, NULL), ==, 23);
  fake->fails_at = 1;
  g_assert_cmpfloat (count (&work, 20, 3, NULL, &error), ==, -1);
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE);
  close_work (&work);
}

/* what waits is done before a buffer or a plan goes */
static void
test_queue_and_others (void)
{
  Work work = open_count ();
  const float from = 50;
  UtBuffer *other = ops->buffer_new (work.backend, 4, NULL);
  g_assert_true (ops->upload (work.backend, work.y, &from, sizeof from, NULL));
  g_assert_true (ops->plan_run (work.plan, NULL, NULL, NULL));
  ops->buffer_free (work.backend, other);
  g_assert_cmpfloat (see (&work, NULL), ==, 51);
  g_assert_true (ops->plan_run (work.plan, NULL, NULL, NULL));
  ops->plan_free (g_steal_pointer (&work.plan));
  g_assert_cmpfloat (see (&work, NULL), ==, 52);
  close_work (&work);
}

/* what runs is waited for before a buffer goes */
static void
test_buffer_of_running (void)
{
  g_autoptr (GError) error = NULL;
  Work work = open_work (UT_PRECISION_F32);
  UtBuffer *other = ops->buffer_new (work.backend, 4, NULL);
  work.plan = plan_count (&work);
  g_assert_true (ops->plan_run (work.plan, NULL, NULL, &error)); /* started, not waited for */
  int n_allocations = fake->n_allocations;
  ops->buffer_free (work.backend, other);
  g_assert_cmpint (fake->n_allocations, ==, n_allocations - 1);
  close_work (&work);
}

static void
test_memory (void)
{
  g_autoptr (GError) error = NULL;
  guint64 n_free, total;
  Work work = open_work (UT_PRECISION_F32);
  ops->memory (work.backend, &n_free, &total);
  g_assert_cmpuint (total, ==, fake->total);
  g_assert_cmpuint (n_free, ==, fake->total - fake->used);
  g_assert_null (ops->buffer_new (work.backend, n_free + 1, &error));
  expect (error, UT_ENGINE_ERROR_MEMORY, "MiB free, want");
  g_clear_error (&error);
  fake->total = fake->used + 1000; /* not enough for the constants */
  g_assert_null (plan_work (&work, NULL, &error));
  expect (error, UT_ENGINE_ERROR_MEMORY, "the GPU has 0 MiB free");
  close_work (&work);
}

static void
test_lost (void)
{
  g_autoptr (GError) error = NULL;
  Work work = open_work (UT_PRECISION_F32);
  work.plan = plan_work (&work, NULL, &error);
  g_assert_no_error (error);
  fake->fails_at = 2;
  g_assert_false (ops->plan_run (work.plan, NULL, NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE);
  g_test_message ("%s", error->message);
  close_work (&work);
}

/* launches of: softmax over classes, local variance, fusion of the two of them; with @watched
 * somebody else reads the softmax, which then is a launch of its own */
static int
count_fusion (gboolean watched)
{
  enum { N = 3, SIDE = 5 };
  g_autoptr (GError) error = NULL;
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_REFINE);
  const UtShape shape = UT_SHAPE (N, SIDE, SIDE, SIDE);
  Work work = open_work (UT_PRECISION_F32);
  UtBuffer *result = ops->buffer_new (work.backend, ut_shape_count (&shape) * sizeof (float), NULL);
  UtNode fuse = {.op = UT_OP_FUSE, .eps = 1e-3f};
  for (int j = 0; j < 2; j++) {
    UtValueId logits =
      ut_graph_constant_take (graph, shape, g_new0 (float, ut_shape_count (&shape)));
    fuse.in[2 * j] = ut_graph_add (graph, (UtNode){.op = UT_OP_CLASS_SOFTMAX, .in = {logits}});
    fuse.in[2 * j + 1] =
      ut_graph_add (graph, (UtNode){.op = UT_OP_LOCAL_VARIANCE, .in = {fuse.in[2 * j]}});
  }
  UtValueId fused = ut_graph_add (graph, fuse);
  if (watched)
    fused = ut_graph_add (graph, (UtNode){.op = UT_OP_ADD, .in = {fused, fuse.in[0]}});
  ut_graph_store (graph, fused, result);
  work.plan = ops->plan_new (work.backend, graph, NULL, &error);
  g_assert_no_error (error);
  fake->fails_at = G_MAXINT; /* has launches counted */
  fake->n_launches = 0;
  g_assert_true (ops->plan_run (work.plan, NULL, NULL, &error));
  int n = fake->n_launches;
  ops->plan_free (g_steal_pointer (&work.plan));
  ops->buffer_free (work.backend, result);
  close_work (&work);
  return n;
}

static void
test_fusion (void)
{
  g_assert_cmpint (count_fusion (FALSE), ==, 1);
  g_assert_cmpint (count_fusion (TRUE), ==, 3); /* softmax, fusion, sum */
}

/* launches of a plan of bfloat16 that makes @value of @graph */
static int
count_launches (Work *work, UtGraph *graph, UtValueId value)
{
  g_autoptr (GError) error = NULL;
  ut_graph_store (graph, value, work->y);
  work->plan = ops->plan_new (work->backend, graph, NULL, &error);
  g_assert_no_error (error);
  fake->fails_at = G_MAXINT; /* has launches counted */
  fake->n_launches = 0;
  g_assert_true (ops->plan_run (work->plan, NULL, NULL, &error));
  return fake->n_launches;
}

static UtValueId
weights (UtGraph *graph, UtShape shape)
{
  return ut_graph_constant_take (graph, shape, g_new0 (float, ut_shape_count (&shape)));
}

/* between convolutions nothing is turned */
static void
test_maps (void)
{
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_ENCODE);
  Work work = open_work (UT_PRECISION_BF16);
  UtNode conv = {.op = UT_OP_CONV2D, .stride = 1, .pad = {1, 1}};
  conv.in[0] = ut_graph_buffer (graph, UT_SHAPE (1, 8, 5, I), work.x);
  for (int i = 0; i < 3; i++) {
    conv.in[1] = weights (graph, UT_SHAPE (8, 8, 3, 3));
    conv.in[3] = i ? conv.in[0] : 0;
    conv.in[0] = ut_graph_add (graph, conv);
  }
  /* the first is turned; then each is a convolution and what follows it */
  g_assert_cmpint (count_launches (&work, graph, conv.in[0]), ==, 1 + 3 * 2);
  close_work (&work);
}

/* attention whose result a product reads is one kernel; what is read as floats is three */
static void
test_attention (void)
{
  for (int by_product = 0; by_product < 2; by_product++) {
    g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
    Work work = open_work (UT_PRECISION_BF16);
    UtValueId x = ut_graph_buffer (graph, UT_SHAPE (R, I), work.x);
    UtValueId y = ut_graph_add (
      graph, (UtNode){.op = UT_OP_ATTENTION, .in = {x, x, x}, .heads = 2, .head_size = 8});
    if (by_product)
      y = ut_graph_add (graph,
                        (UtNode){.op = UT_OP_LINEAR, .in = {y, weights (graph, UT_SHAPE (O, I))}});
    /* three operands are rounded */
    g_assert_cmpint (count_launches (&work, graph, y), ==, 3 + (by_product ? 1 + 1 : 3));
    close_work (&work);
  }
}

static void
test_cancel (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  Work work = open_work (UT_PRECISION_F32);
  work.plan = plan_work (&work, cancel, &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancel);
  g_assert_false (ops->plan_run (work.plan, NULL, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (plan_work (&work, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  close_work (&work);
}

/* the table's promise: buffers start zeroed */
static void
test_zeroed (void)
{
  float y[R * O];
  Work work = open_work (UT_PRECISION_F32);
  g_assert_true (ops->download (work.backend, work.y, y, sizeof y, NULL));
  for (int i = 0; i < R * O; i++)
    g_assert_cmpfloat (y[i], ==, 0);
  close_work (&work);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_test_init (&argc, &argv, NULL);
  g_autofree char *path =
    g_build_filename (g_getenv ("UT_MODULES"), "libultratwin-cuda." G_MODULE_SUFFIX, NULL);
  ops = ut_backend_load (path, &error);
  g_assert_no_error (error);
  GModule *module = g_module_open (path, G_MODULE_BIND_LAZY);
  g_assert_true (g_module_symbol (module, "fake_cuda", (gpointer *)&fake));
  as_it_was = *fake;
  g_test_add_func ("/cuda/probe", test_probe);
  g_test_add_func ("/cuda/graph", test_graph);
  g_test_add_func ("/cuda/buffer-of-running", test_buffer_of_running);
  g_test_add_func ("/cuda/memory", test_memory);
  g_test_add_func ("/cuda/lost", test_lost);
  g_test_add_func ("/cuda/fusion", test_fusion);
  g_test_add_func ("/cuda/maps", test_maps);
  g_test_add_func ("/cuda/attention", test_attention);
  g_test_add_func ("/cuda/cancel", test_cancel);
  g_test_add_func ("/cuda/queue/one-graph", test_queue);
  g_test_add_func ("/cuda/queue/no-conditions", test_no_conditions);
  g_test_add_func ("/cuda/queue/cancel", test_cancel_running);
  g_test_add_func ("/cuda/queue/cancel-waiting", test_cancel_waiting);
  g_test_add_func ("/cuda/queue/lost", test_lost_running);
  g_test_add_func ("/cuda/queue/others", test_queue_and_others);
  g_test_add_func ("/cuda/zeroed", test_zeroed);
  return g_test_run ();
}
