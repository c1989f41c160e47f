/* SPDX-License-Identifier: Apache-2.0 */
/* What cuda/ asks of cuDNN, asked of cuDNN itself: it chooses an engine and builds a plan for a
 * device of which it knows the properties. What the plans compute, nobody runs here. */
#include "engine/base/error.h"
#include "engine/nn/backend.h"
#include "engine/twin/twin-model.h"
#include "tests/unit/cudnn/deviceless.h"

#include <gmodule.h>

static const UtBackendOps *ops;
static Deviceless *deviceless;

/* ---- devices: one of each compute capability that is compiled for ---- */

typedef struct Device {
  const char *name;
  int compute, n_processors, shared, l2, n_blocks, n_threads, clock, memory_clock;
  gint64 memory;
} Device;

static const Device devices[] = {
  {"NVIDIA A100-SXM4-80GB", 800, 108, 166912, 41943040, 32, 2048, 1410000, 1593000, 85028765696},
  {"NVIDIA H100 80GB HBM3", 900, 132, 232448, 52428800, 32, 2048, 1980000, 2619000, 85028765696},
  {"NVIDIA GeForce RTX 5090",
   1200,
   170,
   101376,
   100663296,
   24,
   1536,
   2407000,
   14001000,
   34190917632},
};

/* as cuDNN writes them (free it): that CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION wants each */
static char *
properties_of (const Device *self)
{
  return g_strdup_printf (
    "{\"cudaDeviceId\":0,\"deviceVer\":%d,\"driverVer\":13000,\"totalGlobalMem\":%" G_GINT64_FORMAT
    ",\"maxGridSize\":[2147483647,65535,65535],\"maxBlockSize\":[1024,1024,64],"
    "\"regsPerBlock\":65536,\"multiProcessorCount\":%d,\"warpSize\":32,"
    "\"maxSharedMemoryPerBlock\":49152,\"maxSharedMemoryPerBlockOptin\":%d,"
    "\"reservedSharedMemoryPerBlock\":1024,\"maxRegistersPerSM\":65536,\"maxCtasPerSM\":%d,"
    "\"maxThreadsPerBlock\":1024,\"maxThreadsPerSM\":%d,\"pciDeviceId\":0,\"isTccDriver\":0,"
    "\"supportCoopLaunch\":1,\"smClockRateKHz\":%d,\"memClockRateKHz\":%d,\"l2CacheSize\":%d,"
    "\"deviceName\":\"%s\"}",
    self->compute,
    self->memory,
    self->n_processors,
    self->shared,
    self->n_blocks,
    self->n_threads,
    self->clock,
    self->memory_clock,
    self->l2,
    self->name);
}

/* ---- the network that ships ---- */

typedef struct Case {
  const Device *device;
  const char *precision;
} Case;

static void
begin (const Case *test)
{
  g_free ((char *)deviceless->properties);
  *deviceless = (Deviceless){.properties = properties_of (test->device)};
}

static void
test_shipped (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strconcat ("cuda/", test->precision, NULL);
  begin (test);
  g_autoptr (UtTwinModel) model =
    ut_twin_model_open (g_getenv ("UT_TEST_SHIPPED"), name, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s, %s: plans of %d convolutions, of %d shapes of attention",
                  test->device->name,
                  test->precision,
                  deviceless->n_convolutions,
                  deviceless->n_attentions);
  g_assert_cmpint (deviceless->n_convolutions, >, 40);
  /* coarse blocks and branches, each to themselves and to what they are conditioned on */
  g_assert_cmpint (deviceless->n_attentions, ==, strcmp (test->precision, "bf16") ? 0 : 4);
}

/* ---- what the larger network has beside it (NETWORK.md, "base") ---- */

#define CONV(side, from, to, window, step)                                                         \
  {                                                                                                \
    .node = {.op = UT_OP_CONV2D,                                                                   \
             .activation = UT_ACTIVATION_RELU,                                                     \
             .stride = step,                                                                       \
             .pad = {window / 2, window / 2}},                                                     \
    .in = {                                                                                        \
      {.n_dims = 4, .dim = {3, from, side, side}},                                                 \
      {.n_dims = 4, .dim = {to, from, window, window}},                                            \
      {.n_dims = 1, .dim = {to}},                                                                  \
    },                                                                                             \
  }
#define CONV3(side, from, to, step)                                                                \
  {                                                                                                \
    .node = {.op = UT_OP_CONV3D, .stride = step, .pad = {1, 1, 1}},                                \
    .in = {                                                                                        \
      {.n_dims = 5, .dim = {1, from, side, side, side}},                                           \
      {.n_dims = 5, .dim = {to, from, 3, 3, 3}},                                                   \
      {.n_dims = 1, .dim = {to}},                                                                  \
    },                                                                                             \
  }
#define ATTENTION(n_queries, width, n_keys, key_width)                                             \
  {                                                                                                \
    .node = {.op = UT_OP_ATTENTION, .heads = 6, .head_size = 64},                                  \
    .in = {                                                                                        \
      {.n_dims = 2, .dim = {n_queries, width}},                                                    \
      {.n_dims = 2, .dim = {n_keys, key_width}},                                                   \
      {.n_dims = 2, .dim = {n_keys, key_width}},                                                   \
    },                                                                                             \
  }

static const struct {
  UtNode node;
  UtShape in[3];
} base[] = {
  CONV (224, 3, 64, 7, 2),
  CONV (56, 64, 64, 1, 1),
  CONV (56, 64, 64, 3, 1),
  CONV (56, 64, 256, 1, 1),
  CONV (56, 256, 64, 1, 1),
  CONV (56, 256, 128, 1, 1),
  CONV (56, 128, 128, 3, 2),
  CONV (28, 128, 512, 1, 1),
  CONV (56, 256, 512, 1, 2),
  CONV (28, 512, 128, 1, 1),
  CONV (28, 128, 128, 3, 1),
  CONV (28, 512, 256, 1, 1),
  CONV (28, 256, 256, 3, 2),
  CONV (14, 256, 1024, 1, 1),
  CONV (28, 512, 1024, 1, 2),
  CONV (14, 1024, 256, 1, 1),
  CONV (14, 256, 256, 3, 1),
  CONV (14, 1024, 512, 1, 1),
  CONV (14, 512, 512, 3, 2),
  CONV (7, 512, 2048, 1, 1),
  CONV (14, 1024, 2048, 1, 2),
  CONV (7, 2048, 512, 1, 1),
  CONV (7, 512, 512, 3, 1),
  CONV3 (64, 6, 32, 2),
  CONV3 (32, 32, 32, 1),
  CONV3 (32, 32, 64, 2),
  CONV3 (16, 64, 64, 1),
  CONV3 (16, 64, 128, 2),
  CONV3 (8, 128, 256, 2),
  CONV3 (4, 256, 256, 2),
  CONV3 (4, 128, 64, 1),
  CONV3 (32, 32, 16, 1),
  ATTENTION (512, 1152, 512, 1152),
  ATTENTION (512, 384, 512, 768),
  ATTENTION (1024, 1152, 1024, 1152),
  ATTENTION (1024, 384, 512, 768),
};

/* a linear layer of ones behind an attention, which then is wanted as bfloat16 */
static UtValueId
add_reader (UtGraph *graph, UtValueId rows)
{
  const gsize width = graph->value[rows].shape.dim[1];
  UtValueId weight = ut_graph_constant_take (graph, UT_SHAPE (8, width), g_new0 (float, 8 * width));
  return ut_graph_add (graph, (UtNode){.op = UT_OP_LINEAR, .in = {rows, weight}});
}

static UtPlan *
plan_base (UtBackend *backend, gsize i, UtBuffer *memory, GError **error)
{
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_ENCODE);
  UtNode node = base[i].node;
  const gboolean attends = node.op == UT_OP_ATTENTION;
  for (int j = 0; j < 3; j++)
    node.in[j] = attends || j == 0
                   ? ut_graph_buffer (graph, base[i].in[j], memory)
                   : ut_graph_constant_take (
                       graph, base[i].in[j], g_new0 (float, ut_shape_count (&base[i].in[j])));
  UtValueId out = ut_graph_add (graph, node);
  ut_graph_store (graph, attends ? add_reader (graph, out) : out, memory);
  return ut_graph_finish (graph, error) ? ops->plan_new (backend, graph, NULL, error) : NULL;
}

static void
test_base (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strconcat ("cuda/", test->precision, NULL);
  UtBackendConfig config;
  begin (test);
  g_assert_true (ut_backend_parse (name, NULL, &config, &error));
  UtBackend *backend = ops->open (&config, &error);
  g_assert_no_error (error);
  UtBuffer *memory = ops->buffer_new (backend, sizeof (float) << 22, &error);
  for (gsize i = 0; i < G_N_ELEMENTS (base); i++) {
    UtPlan *plan = plan_base (backend, i, memory, &error);
    g_assert_no_error (error);
    ops->plan_free (plan);
  }
  g_assert_cmpint (deviceless->n_convolutions, ==, 32);
  g_assert_cmpint (deviceless->n_attentions, ==, strcmp (test->precision, "bf16") ? 0 : 4);
  ops->buffer_free (backend, memory);
  ops->close (backend);
}

int
main (int argc, char **argv)
{
  static const char *const precisions[] = {"f32", "tf32", "bf16"};
  static Case cases[G_N_ELEMENTS (devices) * G_N_ELEMENTS (precisions)];
  g_autoptr (GError) error = NULL;
  g_test_init (&argc, &argv, NULL);
  ops = ut_backend_find ("cuda", NULL, &error);
  g_assert_no_error (error);
  g_autofree char *path =
    g_build_filename (g_getenv ("UT_MODULES"), "libultratwin-cuda." G_MODULE_SUFFIX, NULL);
  GModule *module = g_module_open (path, G_MODULE_BIND_LAZY);
  g_assert_true (g_module_symbol (module, "deviceless", (gpointer *)&deviceless));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    Case *test = &cases[i];
    *test =
      (Case){&devices[i / G_N_ELEMENTS (precisions)], precisions[i % G_N_ELEMENTS (precisions)]};
    g_autofree char *shipped =
      g_strdup_printf ("/cudnn/shipped/sm_%d/%s", test->device->compute / 10, test->precision);
    g_autofree char *larger =
      g_strdup_printf ("/cudnn/base/sm_%d/%s", test->device->compute / 10, test->precision);
    g_test_add_data_func (shipped, test, test_shipped);
    g_test_add_data_func (larger, test, test_base);
  }
  return g_test_run ();
}
