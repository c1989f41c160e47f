/* SPDX-License-Identifier: Apache-2.0 */
/* The network against PyTorch module by module, on every backend that is usable here: case a of
 * each golden file, its first step with template 0. */
#include "engine/base/random.h"
#include "engine/nn/backend.h"
#include "engine/twin/net.h"
#include "engine/twin/template-bank.h"
#include "engine/twin/upright.h"
#include "tests/golden/golden.h"

#include <math.h>
#include <string.h>

#define MAX_ERROR 1e-4 /* of probabilities; other values relative to their largest */
#define N_PIXELS  ((gsize)224 * 224)
#define VOLUME    UT_SHAPE (UT_N_LABELS, 64, 64, 64)
#define N_VOLUME  (UT_N_LABELS * UT_TWIN_N_VOXELS)

/* A value that a plan stores, to be compared with the expected array of that name. */
typedef struct Output {
  char *what;
  UtBuffer *buffer;
  UtShape shape;
  gboolean logarithm; /* of it with the floor of a prior is what is expected */
} Output;

typedef struct Bench {
  const UtBackendOps *ops;
  UtBackend *backend;
  UtNet net;
  GPtrArray *buffers;
  GArray *outputs;
  UtWeights *file; /* expected numbers */
} Bench;

typedef struct Case {
  const char *device, *model;
} Case;

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

/* Has @value compared later. It may be a view or already stored, so it is copied out. */
static void watch (Bench *bench, UtValueId value, const char *format, ...) G_GNUC_PRINTF (3, 4);

static void
watch (Bench *bench, UtValueId value, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  UtGraph *graph = bench->net.graph;
  g_assert_cmpuint (value, >, 0);
  Output output = {.what = g_strdup_vprintf (format, args), .shape = graph->value[value].shape};
  va_end (args);
  output.buffer = new_buffer (bench, ut_shape_count (&output.shape), NULL);
  ut_graph_store (
    graph, ut_graph_add (graph, (UtNode){.op = UT_OP_ACTIVATE, .in = {value}}), output.buffer);
  g_array_append_val (bench->outputs, output);
}

static void
compare (Bench *bench, const Output *output)
{
  g_autoptr (GError) error = NULL;
  gsize n = ut_shape_count (&output->shape), rows = output->shape.dim[0];
  g_autofree float *values = g_new (float, n);
  bench->ops->download (bench->backend, output->buffer, values, n * sizeof (float), &error);
  g_assert_no_error (error);
  for (gsize i = 0; output->logarithm && i < n; i++)
    values[i] = logf (values[i] + UT_NET_PRIOR_FLOOR);
  if (output->shape.n_dims == 4 || rows == UT_TWIN_N_VOXELS) {
    gboolean last = rows == UT_TWIN_N_VOXELS;
    gsize n_channels = last ? output->shape.dim[1] : rows;
    golden_assert_volume (bench->file, "a", output->what, values, n_channels, last, MAX_ERROR);
    return;
  }
  UtShape want = rows == 1 ? UT_SHAPE (n) : output->shape;
  const float *expected = golden_expected (bench->file, "a", output->what, want);
  golden_assert_close (output->what, values, expected, n, MAX_ERROR);
}

static void
run (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  ut_net_finish (&bench->net, &error);
  g_assert_no_error (error);
  UtPlan *plan = bench->ops->plan_new (bench->backend, bench->net.graph, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bench->ops->plan_run (plan, NULL, NULL, &error));
  for (guint i = 0; i < bench->outputs->len; i++)
    compare (bench, &g_array_index (bench->outputs, Output, i));
  bench->ops->plan_free (plan);
}

/* [n,C,h,w] -> [n,C,h w], as the expected values have it */
static UtValueId
flat (UtNet *net, UtValueId x)
{
  UtShape s = net->graph->value[x].shape;
  return ut_graph_view (net->graph, x, 0, UT_SHAPE (s.dim[0], s.dim[1], s.dim[2] * s.dim[3]));
}

/* what the locator makes of pictures [3,1,224,224], which then are turned upright in their place
 * as they are after its second look */
static double
turn (Bench *bench, float *pictures)
{
  UtNet *net = &bench->net;
  const UtTwinConfig *config = net->config;
  const float (*frames)[3] =
    (const float (*)[3])golden_expected (bench->file, "a", "frames", UT_SHAPE (3, 3));
  UtValueId given_pictures = given (bench, UT_SHAPE (3, 1, 224, 224), pictures);
  watch (bench, ut_net_locate (net, given_pictures), "located");
  g_autofree float *original = g_memdup2 (pictures, 3 * N_PIXELS * sizeof (float));
  double scale = config->upright_mm / config->field_mm;
  for (gsize v = 0; v < 3; v++) {
    const UtHeartFrame frame = {frames[v][0], frames[v][1], frames[v][2]};
    const UtUpright upright = {scale, 2 * config->ahead_mm[v] / config->field_mm};
    for (gsize i = 0; i < N_PIXELS; i++) /* what lies beyond the border is black */
      original[v * N_PIXELS + i] += (float)(config->mean[0] / config->std[0]);
    ut_upright_turn (
      original + v * N_PIXELS, 224, (UtView)v, frame, upright, pictures + v * N_PIXELS);
    for (gsize i = 0; i < N_PIXELS; i++)
      pictures[v * N_PIXELS + i] -= (float)(config->mean[0] / config->std[0]);
  }
  return scale;
}

/* pictures and spacings of case a, all views present -> features; those of the encoder */
static UtValueId
encode (Bench *bench, UtNetFeatures *ret_seen)
{
  UtNet *net = &bench->net;
  const UtTwinConfig *config = net->config;
  const guint8 *images = golden_expected_u8 (bench->file, "a", "images", UT_SHAPE (3, 224, 224));
  const float *spacing = golden_expected (bench->file, "a", "spacing", UT_SHAPE (3, 2));
  g_autofree float *pictures = g_new (float, 3 * N_PIXELS);
  float log_spacing[6];
  for (gsize i = 0; i < 3 * N_PIXELS; i++)
    pictures[i] = (float)((images[i] / 255.0 - config->mean[0]) / config->std[0]);
  double scale = config->upright_mm > 0 ? turn (bench, pictures) : 1;
  for (int i = 0; i < 6; i++)
    log_spacing[i] = (float)log (spacing[i] * scale / config->spacing_ref_mm);
  *ret_seen = ut_net_encoder (net, given (bench, UT_SHAPE (3, 1, 224, 224), pictures));
  UtValueId features =
    ut_net_space (net, ret_seen->last, given (bench, UT_SHAPE (3, 2), log_spacing), 0);
  if (golden_has (bench->file, "a", "enc")) {
    watch (bench, flat (net, ret_seen->last), "enc");
    watch (bench, features, "space");
  }
  return features;
}

/* template 0 -> what the blocks look at; its prior on the way */
static UtValueId
look_at_template (Bench *bench, UtValueId *ret_prior)
{
  UtNet *net = &bench->net;
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTemplateBank) bank = ut_template_bank_new (net->config, net->weights, &error);
  g_assert_no_error (error);
  g_autofree float *volume = g_new (float, N_VOLUME);
  ut_template_bank_one_hot (bank, 0, volume);
  UtValueId one_hot = given (bench, VOLUME, volume), e_t = ut_net_template (net, one_hot);
  if (net->config->prior == UT_TWIN_PRIOR_TEMPLATE) {
    *ret_prior = ut_graph_view (net->graph, ut_net_template_prior (net, one_hot), 0, VOLUME);
    watch (bench, *ret_prior, "prior");
    g_array_index (bench->outputs, Output, bench->outputs->len - 1).logarithm = TRUE;
  }
  watch (bench, e_t, "e_t");
  return ut_net_layer_norm (net, e_t);
}

/* the coarse stage piece by piece -> V_c */
static UtValueId
denoise (Bench *bench, UtNetFeatures seen, UtValueId condition, UtValueId silu_c)
{
  UtNet *net = &bench->net;
  const UtNetPart coarse = ut_net_coarse (net->config);
  g_autofree float *noise = g_new (float, N_VOLUME);
  ut_philox_normals (42, 0, 0, N_VOLUME, noise);
  UtValueId prior = ut_net_mean_prior (net);
  UtValueId source = net->config->dual ? look_at_template (bench, &prior) : condition;
  UtValueId h = ut_net_embed (net, &coarse, "x_embed", given (bench, VOLUME, noise), FALSE, 0);
  watch (bench, h, "embed");
  for (guint i = 0; i < net->config->depth; i++) {
    g_autofree char *name = g_strdup_printf ("block.%u", i);
    UtValueId kv = ut_net_block_kv (net, &coarse, name, source);
    h = ut_net_block (net, &coarse, name, h, silu_c, kv, condition);
    g_autofree char *what = g_strdup_printf ("block%u", i);
    if (golden_has (bench->file, "a", what))
      watch (bench, h, "%s", what);
  }
  UtValueId logits = ut_net_final (net, &coarse, "final", h, silu_c);
  if (net->config->prior == UT_TWIN_PRIOR_SHAPE) {
    UtValueId maps = ut_net_segment (net, seen), modes = ut_net_modes (net, maps);
    UtValueId shape = ut_net_shape_prior (net, modes);
    watch (bench, flat (net, maps), "maps");
    watch (bench, modes, "modes");
    watch (bench, shape, "prior");
    prior = shape;
  }
  if (prior == 0)
    watch (bench, logits, "logits");
  return ut_net_with_prior (net, logits, prior);
}

static void
refine (Bench *bench, UtValueId v_c, UtValueId condition, UtValueId silu_c)
{
  UtNet *net = &bench->net;
  guint n = ut_net_refine_n_blocks (net->config);
  g_autofree UtValueId *kv = g_new (UtValueId, n);
  for (guint i = 0; i < n; i++)
    kv[i] = ut_net_refine_kv (net, i, condition);
  const UtNetRefined made = ut_net_refine (net, v_c, silu_c, kv);
  for (guint b = 0; b < UT_TWIN_N_BRANCHES; b++) {
    watch (bench, made.first[b], "refine.%c1", "xyz"[b]);
    watch (bench, made.second[b], "refine.%c2", "xyz"[b]);
  }
  g_assert_true ((made.fused != 0) == golden_has (bench->file, "a", "fused1"));
  if (made.fused)
    watch (bench, made.fused, "fused1");
  watch (bench, made.result, "fused2");
}

/* V_dit of case a; on the processor where it is there, as the reference takes minutes */
static float *
reconstruct (Bench *bench, const char *model_name)
{
  g_autofree char *name = g_strconcat (model_name, ".safetensors", NULL);
  g_autofree char *path = golden_path (name);
  g_autoptr (GError) error = NULL;
  const char *device = ut_backend_find ("cpu", NULL, NULL) ? "cpu" : "ref";
  g_autoptr (UtTwinModel) model = ut_twin_model_open (path, device, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (UtTwinInput) input = golden_input (bench->file, "a");
  const UtTwinOptions options = {.seed = 42, .steps = 4, .without = UT_TWIN_WITHOUT_TOPOLOGY};
  g_autoptr (UtTwin) twin = ut_twin_model_reconstruct (model, input, &options, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&twin->probabilities[UT_TWIN_REFINED]);
}

static UtValueId
weighted_sum (Bench *bench, const float coefficients[3], UtValueId a, UtValueId b)
{
  UtValueId c = given (bench, UT_SHAPE (3), coefficients);
  return ut_graph_add (bench->net.graph, (UtNode){.op = UT_OP_COMBINE, .in = {c, a, b}});
}

static void
autoencode (Bench *bench, const char *model_name)
{
  static const float centre[3] = {-1, 2, 0}, difference[3] = {0, 1, -1};
  UtNet *net = &bench->net;
  g_autofree float *v = reconstruct (bench, model_name);
  g_autofree float *grid = g_new (float, UT_TWIN_N_VOXELS * 3);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    for (gsize axis = 0, n = i; axis < 3; axis++, n /= 64)
      grid[3 * i + axis] = (float)(-1 + 2 * (double)(n % 64) / 63);
  UtValueId volume = given (bench, VOLUME, v);
  UtValueId z = ut_net_latent (net, weighted_sum (bench, centre, volume, volume));
  watch (bench, z, "ae.z");
  gsize n = (gsize)net->config->ae.templates;
  UtValueId mixture = ut_graph_view (net->graph, ut_net_mixture (net, z), 0, UT_SHAPE (n, 1));
  mixture = ut_graph_add (net->graph, (UtNode){.op = UT_OP_CLASS_SOFTMAX, .in = {mixture}});
  watch (bench, ut_graph_view (net->graph, mixture, 0, UT_SHAPE (n)), "ae.mix");
  const UtNetDecoded made = ut_net_decode (net, z);
  UtValueId points = given (bench, UT_SHAPE (UT_TWIN_N_VOXELS, 3), grid);
  watch (bench, weighted_sum (bench, difference, made.displaced, points), "ae.delta");
  watch (bench, weighted_sum (bench, difference, made.logits, made.correction), "ae.t");
  watch (bench, made.correction, "ae.r");
}

static void
test_modules (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *weights_name = g_strconcat (test->model, ".safetensors", NULL);
  g_autofree char *expected_name = g_strconcat (test->model, "-expected.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (UtWeights) weights = golden_open (weights_name);
  g_autoptr (UtWeights) file = golden_open (expected_name);
  g_autoptr (UtTwinConfig) config = ut_twin_config_new (weights, &error);
  g_assert_no_error (error);
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_DENOISE);
  Bench bench = {.ops = ut_backend_find (test->device, NULL, &error), .file = file};
  g_assert_no_error (error);
  const UtBackendConfig exact = {.precision = UT_PRECISION_F32};
  bench.backend = bench.ops->open (&exact, &error);
  g_assert_no_error (error);
  bench.buffers = g_ptr_array_new ();
  bench.outputs = g_array_new (FALSE, FALSE, sizeof (Output));
  bench.net = (UtNet){.config = config, .weights = weights, .graph = graph};

  UtNet *net = &bench.net;
  float wave[256];
  g_assert_cmpint (config->time_freq_dim, ==, G_N_ELEMENTS (wave));
  ut_net_wave (config, 999, wave);
  UtNetFeatures seen;
  UtValueId features = encode (&bench, &seen), pool = ut_net_pool (net, features);
  UtValueId condition = ut_net_condition (net, features), pooled = ut_net_global (net, pool);
  UtValueId c = ut_net_time (net, given (&bench, UT_SHAPE (1, 256), wave), pooled);
  watch (&bench, condition, "cond");
  watch (&bench, pooled, "pooled");
  watch (&bench, c, "c");
  if (config->dual && config->select.input == UT_TWIN_SELECT_PICTURES)
    watch (&bench, ut_net_latent_of_pictures (net, pool), "ts.z");
  UtValueId silu_c = ut_net_silu (net, c), v_c = denoise (&bench, seen, condition, silu_c);
  if (config->refined)
    refine (&bench, v_c, condition, silu_c);
  if (config->topology)
    autoencode (&bench, test->model);
  run (&bench);

  for (guint i = 0; i < bench.outputs->len; i++)
    g_free (g_array_index (bench.outputs, Output, i).what);
  g_array_unref (bench.outputs);
  for (guint i = 0; i < bench.buffers->len; i++)
    bench.ops->buffer_free (bench.backend, g_ptr_array_index (bench.buffers, i));
  g_ptr_array_unref (bench.buffers);
  bench.ops->close (bench.backend);
}

int
main (int argc, char **argv)
{
  static const char *const models[] = {"tiny", "whole", "pictures", "branch"};
  g_autoptr (GPtrArray) tests = g_ptr_array_new_with_free_func (g_free);
  g_test_init (&argc, &argv, NULL);
  for (const char *const *device = ut_backend_names (); *device; device++) {
    g_autoptr (GError) reason = NULL;
    if (ut_backend_find (*device, NULL, &reason) == NULL) {
      g_printerr ("# %s skipped: %s\n", *device, reason->message);
      continue;
    }
    for (gsize i = 0; i < G_N_ELEMENTS (models); i++) {
      if (i > 1 && strcmp (*device, "ref") == 0) /* slow, and all operators are in the first two */
        continue;
      Case *test = g_new (Case, 1);
      *test = (Case){*device, models[i]};
      g_ptr_array_add (tests, test);
      g_autofree char *path = g_strdup_printf ("/modules/%s/%s", test->model, *device);
      g_test_add_data_func (path, test, test_modules);
    }
  }
  return g_test_run ();
}
