/* SPDX-License-Identifier: Apache-2.0 */
/* The network against PyTorch, module by module and from pictures to labels, on every
 * backend that is usable here. The expected numbers are made by engine/train/golden.py. */
#include "engine/base/json.h"
#include "engine/base/random.h"
#include "engine/nn/backend.h"
#include "engine/twin/net.h"
#include "engine/twin/twin-model.h"

#include <math.h>
#include <string.h>

#define STRIDE 5
#define KEPT   13 /* indices 0, 5, ... 60 of each axis */

/* of probabilities; other values relative to their largest */
#define MAX_ERROR     1e-4
#define MIN_AGREEMENT 0.9995

static UtWeights *
open_file (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("UT_TEST_GOLDEN"), name, NULL);
  g_autoptr (GError) error = NULL;
  UtWeights *weights = ut_weights_open (path, &error);
  g_assert_no_error (error);
  return weights;
}

/* array CASE.WHAT */
static const float *
expected (UtWeights *file, const char *name, const char *what, UtShape shape)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", name, what);
  g_autoptr (GError) error = NULL;
  const float *data = ut_weights_take (file, full, &shape, &error);
  g_assert_no_error (error);
  return data;
}

static const guint8 *
expected_u8 (UtWeights *file, const char *name, const char *what, UtShape shape)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", name, what);
  g_autoptr (GError) error = NULL;
  const guint8 *data = ut_weights_take_u8 (file, full, &shape, &error);
  g_assert_no_error (error);
  return data;
}

static void
assert_close (const char *what, const float *is, const float *want, gsize n, double tolerance)
{
  double worst = 0, largest = 0;
  for (gsize i = 0; i < n; i++) {
    g_assert_true (isfinite (is[i]));
    worst = MAX (worst, fabs ((double)is[i] - want[i]));
    largest = MAX (largest, fabs (want[i]));
  }
  g_test_message ("%s: max abs error %.2g of values up to %.3g", what, worst, largest);
  g_assert_cmpfloat (worst, <=, tolerance * MAX (1, largest));
}

static float *
keep (const float *volume)
{
  float *kept = g_new (float, UT_N_LABELS *KEPT *KEPT *KEPT);
  gsize n = 0;
  for (gsize c = 0; c < UT_N_LABELS; c++)
    for (gsize z = 0; z < 64; z += STRIDE)
      for (gsize y = 0; y < 64; y += STRIDE)
        for (gsize x = 0; x < 64; x += STRIDE)
          kept[n++] = volume[((c * 64 + z) * 64 + y) * 64 + x];
  return kept;
}

static UtTwinInput *
make_input (UtWeights *file, const char *name)
{
  const guint8 *images = expected_u8 (file, name, "images", UT_SHAPE (3, 224, 224));
  const guint8 *present = expected_u8 (file, name, "present", UT_SHAPE (3));
  const float *spacing = expected (file, name, "spacing", UT_SHAPE (3, 2));
  UtCine *cines[UT_N_VIEWS] = {NULL};
  guint frames[UT_N_VIEWS] = {0};
  g_autoptr (GError) error = NULL;
  for (int v = 0; v < UT_N_VIEWS; v++) {
    if (!present[v])
      continue;
    cines[v] = ut_cine_new (1, 224, 224, &error);
    g_assert_no_error (error);
    memcpy (cines[v]->pixels, images + v * 224 * 224, 224 * 224);
    cines[v]->calibration = UT_CALIBRATION_MANUAL;
    cines[v]->spacing_mm[0] = spacing[2 * v];
    cines[v]->spacing_mm[1] = spacing[2 * v + 1];
  }
  UtTwinInput *input = ut_twin_input_new (cines, frames, &(UtTwinRaster){.side = 224}, &error);
  g_assert_no_error (error);
  for (int v = 0; v < UT_N_VIEWS; v++)
    g_clear_pointer (&cines[v], ut_cine_unref);
  return input;
}

/* the weight file @path against NAME-expected.safetensors */
static void
check_whole (const char *device, const char *path, const char *model_name)
{
  g_autofree char *expected_name = g_strconcat (model_name, "-expected.safetensors", NULL);
  g_autoptr (UtWeights) file = open_file (expected_name);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwinModel) model = ut_twin_model_open (path, device, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ut_twin_model_get_name (model), ==, model_name);
  g_assert_cmpstr (ut_twin_model_get_device (model), ==, device);

  const char *text = ut_weights_get_metadata (file, "cases");
  g_autoptr (JsonNode) cases = ut_json_parse (text, strlen (text), "cases", &error);
  g_assert_no_error (error);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  json_object_iter_init (&iter, json_node_get_object (cases));
  while (json_object_iter_next (&iter, &name, &node)) {
    JsonObject *values = json_node_get_object (node);
    UtTwinOptions options = {
      .seed = (guint64)json_object_get_int_member (values, "seed"),
      .steps = (guint)json_object_get_int_member (values, "steps"),
      .noise =
        json_object_get_int_member (values, "eta") ? UT_TWIN_NOISE_FRESH : UT_TWIN_NOISE_IMPLIED,
    };
    gboolean slow = strcmp (device, "ref") == 0;
    if (slow && options.steps > 1)
      continue;
    g_autoptr (UtTwinInput) input = make_input (file, name);
    g_autoptr (UtTwin) twin =
      ut_twin_model_reconstruct (model, input, &options, NULL, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (ut_twin_final_stage (twin), ==, UT_TWIN_COARSE);

    const float *p = twin->probabilities[UT_TWIN_COARSE];
    g_autofree float *kept = keep (p);
    UtShape shape = UT_SHAPE (UT_N_LABELS, KEPT, KEPT, KEPT);
    assert_close (name, kept, expected (file, name, "prob", shape), ut_shape_count (&shape), 1e-4);

    const guint8 *labels = expected_u8 (file, name, "labels", UT_SHAPE (64, 64, 64));
    gsize same = 0;
    for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
      same += twin->labels[UT_TWIN_COARSE]->u8[i] == labels[i];
    g_test_message ("%s: labels agree in %.4f %%", name, 100.0 * same / UT_TWIN_N_VOXELS);
    g_assert_cmpfloat ((double)same / UT_TWIN_N_VOXELS, >=, MIN_AGREEMENT);

    if (slow)
      continue;
    g_autoptr (UtTwin) again =
      ut_twin_model_reconstruct (model, input, &options, NULL, NULL, &error);
    g_assert_no_error (error);
    gsize bytes = UT_N_LABELS * UT_TWIN_N_VOXELS * sizeof (float);
    g_assert_cmpmem (p, bytes, again->probabilities[UT_TWIN_COARSE], bytes);
  }
}

static void
test_whole (gconstpointer device)
{
  g_autofree char *path = g_build_filename (g_getenv ("UT_TEST_GOLDEN"), "tiny.safetensors", NULL);
  check_whole (device, path, "tiny");
}

/* the weights that come with the program, on pictures of a heart */
static void
test_shipped (gconstpointer device)
{
  check_whole (device, g_getenv ("UT_TEST_SHIPPED"), "small");
}

/* One plan that stores what every module gives. */
typedef struct Bench {
  const UtBackendOps *ops;
  UtBackend *backend;
  UtNet net;
  GPtrArray *buffers;
  UtWeights *file; /* expected numbers */
} Bench;

static UtBuffer *
new_buffer (Bench *bench, gsize count, const float *values)
{
  g_autoptr (GError) error = NULL;
  UtBuffer *buffer = bench->ops->buffer_new (bench->backend, count * sizeof (float), &error);
  g_assert_no_error (error);
  if (values)
    g_assert_true (
      bench->ops->upload (bench->backend, buffer, values, count * sizeof (float), &error));
  g_ptr_array_add (bench->buffers, buffer);
  return buffer;
}

static UtValueId
given (Bench *bench, UtShape shape, const float *values)
{
  return ut_graph_buffer (
    bench->net.graph, shape, new_buffer (bench, ut_shape_count (&shape), values));
}

static void
compare (Bench *bench, const char *what, UtBuffer *buffer, UtShape shape)
{
  g_autoptr (GError) error = NULL;
  gsize n = ut_shape_count (&shape);
  gboolean volume = strcmp (what, "logits") == 0;
  g_autofree float *values = g_new (float, n);
  bench->ops->download (bench->backend, buffer, values, n * sizeof (float), &error);
  g_assert_no_error (error);
  g_autofree float *kept = volume ? keep (values) : NULL;
  UtShape want = volume ? UT_SHAPE (UT_N_LABELS, KEPT, KEPT, KEPT) : shape;
  assert_close (what,
                volume ? kept : values,
                expected (bench->file, "a", what, want),
                ut_shape_count (&want),
                MAX_ERROR);
}

/* pictures and spacings of case a, all views present */
static UtValueId
first_part (Bench *bench, UtValueId *ret_encoded)
{
  const UtTwinConfig *config = bench->net.config;
  const guint8 *images = expected_u8 (bench->file, "a", "images", UT_SHAPE (3, 224, 224));
  const float *spacing = expected (bench->file, "a", "spacing", UT_SHAPE (3, 2));
  g_autofree float *pictures = g_new (float, 3 * 224 * 224);
  float log_spacing[6];
  for (gsize i = 0; i < 3 * 224 * 224; i++)
    pictures[i] = (float)((images[i] / 255.0 - config->mean[0]) / config->std[0]);
  for (int i = 0; i < 6; i++)
    log_spacing[i] = (float)log (spacing[i] / config->spacing_ref_mm);
  *ret_encoded = ut_net_encoder (&bench->net, given (bench, UT_SHAPE (3, 1, 224, 224), pictures));
  return ut_net_space (&bench->net, *ret_encoded, given (bench, UT_SHAPE (3, 2), log_spacing), 0);
}

static UtValueId
add_up (UtGraph *graph, UtValueId a, UtValueId b)
{
  return ut_graph_add (graph, (UtNode){.op = UT_OP_ADD, .in = {a, b}});
}

/* A value of the graph may be a view or already stored, so each is copied out. */
static UtBuffer *
copy_out (Bench *bench, UtValueId value)
{
  UtGraph *graph = bench->net.graph;
  g_assert_cmpuint (value, >, 0);
  UtShape shape = graph->value[value].shape;
  UtBuffer *buffer = new_buffer (bench, ut_shape_count (&shape), NULL);
  ut_graph_store (
    graph, ut_graph_add (graph, (UtNode){.op = UT_OP_ACTIVATE, .in = {value}}), buffer);
  return buffer;
}

static void
run_modules (Bench *bench, UtWeights *weights)
{
  UtNet *net = &bench->net;
  gsize dim = (gsize)net->config->dim, n_features = ut_twin_config_features (net->config);
  UtShape volume = UT_SHAPE (UT_N_LABELS, 64, 64, 64);
  g_autofree float *noise = g_new (float, ut_shape_count (&volume));
  ut_philox_normals (42, 0, 0, ut_shape_count (&volume), noise);
  float wave[256];
  ut_net_wave (net->config, 999, wave);

  UtValueId encoded, features = first_part (bench, &encoded);
  UtValueId condition = ut_net_condition (net, features), pooled = ut_net_global (net, features);
  UtValueId c = ut_net_time (net, given (bench, UT_SHAPE (1, 256), wave), pooled);
  UtValueId silu_c = ut_graph_add (
    net->graph, (UtNode){.op = UT_OP_ACTIVATE, .in = {c}, .activation = UT_ACTIVATION_SILU});
  UtValueId embed = ut_net_embed (net, given (bench, volume, noise)), h = embed, block0 = 0;
  for (guint i = 0; i < net->config->depth; i++) {
    h = ut_net_block (net, i, h, silu_c, ut_net_block_kv (net, i, condition), condition);
    block0 = i == 0 ? h : block0;
  }
  UtValueId logits = add_up (net->graph, ut_net_final (net, h, silu_c), ut_net_prior (net));

  const struct {
    const char *name;
    UtBuffer *buffer;
    UtShape shape;
  } outputs[] = {
    {"enc", copy_out (bench, encoded), UT_SHAPE (3, n_features, 196)},
    {"space", copy_out (bench, features), UT_SHAPE (3, n_features, 196)},
    {"cond", copy_out (bench, condition), UT_SHAPE (512, dim)},
    {"pooled", copy_out (bench, pooled), UT_SHAPE (dim)},
    {"c", copy_out (bench, c), UT_SHAPE (dim)},
    {"embed", copy_out (bench, embed), UT_SHAPE (512, dim)},
    {"block0", copy_out (bench, block0), UT_SHAPE (512, dim)},
    {"logits", copy_out (bench, logits), volume},
  };
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_net_finish (net, &error));
  UtPlan *plan = bench->ops->plan_new (bench->backend, net->graph, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bench->ops->plan_run (plan, NULL, NULL, &error));
  for (gsize i = 0; i < G_N_ELEMENTS (outputs); i++)
    compare (bench, outputs[i].name, outputs[i].buffer, outputs[i].shape);
  bench->ops->plan_free (plan);
}

static void
test_modules (gconstpointer device)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtWeights) weights = open_file ("tiny.safetensors");
  g_autoptr (UtWeights) file = open_file ("tiny-expected.safetensors");
  g_autoptr (UtTwinConfig) config = ut_twin_config_new (weights, &error);
  g_assert_no_error (error);
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  Bench bench = {.ops = ut_backend_find (device, NULL, &error), .file = file};
  g_assert_no_error (error);
  const UtBackendConfig exact = {.exact = TRUE};
  bench.backend = bench.ops->open (&exact, &error);
  g_assert_no_error (error);
  bench.buffers = g_ptr_array_new ();
  bench.net = (UtNet){.config = config, .weights = weights, .graph = graph};
  run_modules (&bench, weights);
  for (guint i = 0; i < bench.buffers->len; i++)
    bench.ops->buffer_free (bench.backend, g_ptr_array_index (bench.buffers, i));
  g_ptr_array_unref (bench.buffers);
  bench.ops->close (bench.backend);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (const char *const *name = ut_backend_names (); *name; name++) {
    g_autofree char *modules = g_strdup_printf ("/golden/modules/%s", *name);
    g_autofree char *whole = g_strdup_printf ("/golden/whole/%s", *name);
    g_autoptr (GError) reason = NULL;
    if (ut_backend_find (*name, NULL, &reason) == NULL) {
      g_printerr ("# %s skipped: %s\n", *name, reason->message);
      continue;
    }
    g_test_add_data_func (modules, *name, test_modules);
    g_test_add_data_func (whole, *name, test_whole);
    g_autofree char *shipped = g_strdup_printf ("/golden/shipped/%s", *name);
    if (strcmp (*name, "ref") != 0) /* minutes of plain loops */
      g_test_add_data_func (shipped, *name, test_shipped);
  }
  return g_test_run ();
}
