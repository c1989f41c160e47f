/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "engine/twin/twin-model.h"

#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/random.h"
#include "engine/nn/backend.h"
#include "engine/twin/net.h"
#include "engine/twin/sampler.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define N_VIEWS  ((gsize)UT_N_VIEWS)
#define N_VOLUME ((gsize)UT_N_LABELS * UT_TWIN_N_VOXELS) /* numbers in a probability volume */

struct UtTwinModel {
  gatomicrefcount ref_count;
  GMutex lock; /* one reconstruction at a time */
  UtTwinConfig *config;
  GHashTable *metadata;
  char *sha256;
  guint64 n_parameters;
  float *absent; /* [nv,dI], NULL where every view is needed */
  const UtBackendOps *ops;
  UtBackend *backend;
  GPtrArray *buffers;                                                  /* all those below */
  UtBuffer *pictures, *log_spacing, *absent_rows, *condition, *pooled; /* once */
  UtBuffer **kv;                                                       /* once, per block */
  UtBuffer *wave, *x, *probabilities, *coefficients;                   /* per step */
  UtPlan *encode, *denoise, *update;
};

/* ---- devices ---- */

void
ut_twin_device_free (UtTwinDevice *self)
{
  g_free (self->name);
  g_free (self->description);
  g_free (self->reason);
  g_free (self);
}

/* in order of preference */
static const char *const device_order[] = {"cuda", "cpu", "ref"};

GPtrArray *
ut_twin_devices (void)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_twin_device_free);
  guint n_usable = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (device_order); i++) {
    g_autoptr (GError) error = NULL;
    UtDeviceInfo info = {0};
    UtTwinDevice *device = g_new0 (UtTwinDevice, 1);
    device->name = g_strdup (device_order[i]);
    device->usable = ut_backend_find (device_order[i], &info, &error) != NULL;
    if (device->usable)
      device->description = g_strdup (info.description);
    else
      device->reason = g_strdup (error->message);
    gboolean last = strcmp (device->name, "ref") == 0;
    g_ptr_array_insert (devices, device->usable && !last ? (int)n_usable++ : -1, device);
  }
  return devices;
}

/* ---- opening ---- */

char *
ut_twin_model_default_path (GError **error)
{
  const char *const candidates[] = {
    g_getenv ("UT_MODEL"),
    UT_DATA_DIR "/models/ultratwin-small.safetensors",
    UT_BUILD_DIR "/resources/models/ultratwin-small.safetensors",
    UT_SOURCE_DIR "/resources/models/ultratwin-small.safetensors",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (candidates[i] && g_file_test (candidates[i], G_FILE_TEST_IS_REGULAR))
      return g_strdup (candidates[i]);
  g_set_error (error,
               G_FILE_ERROR,
               G_FILE_ERROR_NOENT,
               "the weight file ultratwin-small.safetensors is not installed in %s/models",
               UT_DATA_DIR);
  return NULL;
}

static UtBuffer *
buffer (UtTwinModel *self, gsize count, GError **error)
{
  UtBuffer *made = self->ops->buffer_new (self->backend, count * sizeof (float), error);
  if (made)
    g_ptr_array_add (self->buffers, made);
  return made;
}

static gboolean
make_buffers (UtTwinModel *self, GError **error)
{
  const UtTwinConfig *config = self->config;
  gsize n_tokens = ut_twin_config_tokens (config), dim = (gsize)config->dim;
  gsize n_pixels = (gsize)(config->side * config->side);
  gsize n_features = N_VIEWS * ut_twin_config_features (config);
  const struct {
    UtBuffer **place;
    gsize count;
  } wanted[] = {
    {&self->pictures, N_VIEWS * (gsize)config->channels * n_pixels},
    {&self->log_spacing, N_VIEWS * 2},
    {&self->absent_rows, n_features},
    {&self->condition, n_tokens * dim},
    {&self->pooled, dim},
    {&self->wave, (gsize)config->time_freq_dim},
    {&self->x, N_VOLUME},
    {&self->probabilities, N_VOLUME},
    {&self->coefficients, 3},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++)
    if ((*wanted[i].place = buffer (self, wanted[i].count, error)) == NULL)
      return FALSE;
  self->kv = g_new0 (UtBuffer *, config->depth);
  for (gint64 i = 0; i < config->depth; i++)
    if ((self->kv[i] = buffer (self, n_tokens * 2 * dim, error)) == NULL)
      return FALSE;
  return TRUE;
}

/* what depends on the pictures only */
static void
build_encode (UtTwinModel *self, UtNet *net)
{
  const UtTwinConfig *config = self->config;
  UtGraph *graph = net->graph;
  gsize side = (gsize)config->side;
  UtValueId pictures = ut_graph_buffer (
    graph, UT_SHAPE (N_VIEWS, (gsize)config->channels, side, side), self->pictures);
  UtValueId spacing = ut_graph_buffer (graph, UT_SHAPE (N_VIEWS, 2), self->log_spacing);
  UtValueId absent = ut_graph_buffer (
    graph, UT_SHAPE (N_VIEWS, ut_twin_config_features (config)), self->absent_rows);
  UtValueId features = ut_net_encoder (net, pictures);
  features = ut_net_space (net, features, spacing, config->views_optional ? absent : 0);
  UtValueId condition = ut_net_condition (net, features);
  ut_graph_store (graph, condition, self->condition);
  if (config->global)
    ut_graph_store (graph, ut_net_global (net, features), self->pooled);
  for (guint i = 0; i < config->depth; i++)
    ut_graph_store (graph, ut_net_block_kv (net, i, condition), self->kv[i]);
}

/* one step: x and the step's wave in, probabilities of x_0 out */
static void
build_denoise (UtTwinModel *self, UtNet *net)
{
  const UtTwinConfig *config = self->config;
  UtGraph *graph = net->graph;
  gsize n_tokens = ut_twin_config_tokens (config), dim = (gsize)config->dim;
  UtShape volume = UT_SHAPE (UT_N_LABELS, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE);
  UtValueId wave = ut_graph_buffer (graph, UT_SHAPE (1, (gsize)config->time_freq_dim), self->wave);
  UtValueId pooled = config->global ? ut_graph_buffer (graph, UT_SHAPE (1, dim), self->pooled) : 0;
  UtValueId condition = ut_graph_buffer (graph, UT_SHAPE (n_tokens, dim), self->condition);
  UtValueId c = ut_net_time (net, wave, pooled);
  c = ut_graph_add (graph,
                    (UtNode){.op = UT_OP_ACTIVATE, .in = {c}, .activation = UT_ACTIVATION_SILU});
  UtValueId h = ut_net_embed (net, ut_graph_buffer (graph, volume, self->x));
  for (guint i = 0; i < config->depth; i++) {
    UtValueId kv = ut_graph_buffer (graph, UT_SHAPE (n_tokens, 2 * dim), self->kv[i]);
    h = ut_net_block (net, i, h, c, kv, condition);
  }
  h = ut_net_final (net, h, c);
  UtValueId p =
    ut_graph_add (graph, (UtNode){.op = UT_OP_CLASS_SOFTMAX, .in = {h, ut_net_prior (net)}});
  ut_graph_store (graph, p, self->probabilities);
}

/* x of the next step, in place of that of this one */
static void
build_update (UtTwinModel *self, UtNet *net)
{
  UtShape volume = UT_SHAPE (N_VOLUME);
  UtValueId c = ut_graph_buffer (net->graph, UT_SHAPE (3), self->coefficients);
  UtValueId p = ut_graph_buffer (net->graph, volume, self->probabilities);
  UtValueId x = ut_graph_buffer (net->graph, volume, self->x);
  UtValueId next = ut_graph_add (net->graph, (UtNode){.op = UT_OP_COMBINE, .in = {c, p, x}});
  ut_graph_store (net->graph, next, self->x);
}

static gboolean
keep_absent (UtTwinModel *self, UtWeights *weights, GError **error)
{
  if (!self->config->views_optional)
    return TRUE;
  UtNet net = {.config = self->config, .weights = weights};
  const float *absent = ut_net_absent (&net);
  if (absent == NULL) {
    g_propagate_error (error, net.error);
    return FALSE;
  }
  gsize bytes = N_VIEWS * ut_twin_config_features (self->config) * sizeof (float);
  self->absent = g_memdup2 (absent, bytes);
  return TRUE;
}

static gboolean
make_plans (UtTwinModel *self, UtWeights *weights, GCancellable *cancel, GError **error)
{
  const struct {
    UtPlan **plan;
    void (*build) (UtTwinModel *self, UtNet *net);
    UtStage stage;
  } parts[] = {
    {&self->encode, build_encode, UT_STAGE_ENCODE},
    {&self->denoise, build_denoise, UT_STAGE_DENOISE},
    {&self->update, build_update, UT_STAGE_DENOISE},
  };
  g_autoptr (GPtrArray) graphs = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_graph_free);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    UtGraph *graph = ut_graph_new (parts[i].stage);
    g_ptr_array_add (graphs, graph);
    UtNet net = {.config = self->config, .weights = weights, .graph = graph};
    parts[i].build (self, &net);
    if (!ut_net_finish (&net, error) || g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
  }
  /* only now is it known that every tensor of the file has its place */
  if (!keep_absent (self, weights, error) || !ut_weights_check_all_taken (weights, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    *parts[i].plan =
      self->ops->plan_new (self->backend, g_ptr_array_index (graphs, i), cancel, error);
    if (*parts[i].plan == NULL)
      return FALSE;
  }
  return TRUE;
}

/* on one device */
static UtTwinModel *
open_on (const char *path, const char *device, GCancellable *cancel, GError **error)
{
  g_autoptr (UtTwinModel) self = g_new0 (UtTwinModel, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->buffers = g_ptr_array_new ();
  self->ops = ut_backend_find (device, NULL, error);
  if (self->ops == NULL)
    return NULL;
  g_autoptr (UtWeights) weights = ut_weights_open (path, error);
  if (weights == NULL)
    return NULL;
  self->config = ut_twin_config_new (weights, error);
  if (self->config == NULL)
    return NULL;
  const UtBackendConfig backend_config = {0};
  self->backend = self->ops->open (&backend_config, error);
  if (self->backend == NULL || !make_buffers (self, error) ||
      !make_plans (self, weights, cancel, error))
    return NULL;
  self->sha256 = ut_weights_dup_sha256 (weights);
  self->n_parameters = ut_weights_get_n_elements (weights);
  self->metadata = ut_weights_steal_metadata (weights);
  return g_steal_pointer (&self);
}

UtTwinModel *
ut_twin_model_open (const char *path, const char *device, GCancellable *cancel, GError **error)
{
  g_return_val_if_fail (path != NULL && device != NULL, NULL);
  if (strcmp (device, "auto") != 0)
    return open_on (path, device, cancel, error);
  g_autoptr (GError) reason = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (device_order); i++) {
    g_clear_error (&reason);
    UtTwinModel *self = open_on (path, device_order[i], cancel, &reason);
    if (self)
      return self;
    /* a fault of the file is the same on every device */
    if (!g_error_matches (reason, UT_ENGINE_ERROR, UT_ENGINE_ERROR_DEVICE) &&
        !g_error_matches (reason, UT_ENGINE_ERROR, UT_ENGINE_ERROR_MEMORY))
      break;
    g_debug ("device %s: %s", device_order[i], reason->message);
  }
  g_propagate_error (error, g_steal_pointer (&reason));
  return NULL;
}

UtTwinModel *
ut_twin_model_ref (UtTwinModel *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_twin_model_unref (UtTwinModel *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  UtPlan *plans[] = {self->encode, self->denoise, self->update};
  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    if (plans[i])
      self->ops->plan_free (plans[i]);
  for (guint i = 0; i < self->buffers->len; i++)
    self->ops->buffer_free (self->backend, g_ptr_array_index (self->buffers, i));
  if (self->backend)
    self->ops->close (self->backend);
  g_ptr_array_unref (self->buffers);
  g_clear_pointer (&self->metadata, g_hash_table_unref);
  g_clear_pointer (&self->config, ut_twin_config_free);
  g_free (self->kv);
  g_free (self->absent);
  g_free (self->sha256);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const char *
ut_twin_model_get_name (const UtTwinModel *self)
{
  return self->config->name;
}

const char *
ut_twin_model_get_sha256 (const UtTwinModel *self)
{
  return self->sha256;
}

const char *
ut_twin_model_get_device (const UtTwinModel *self)
{
  return self->ops->name;
}

UtTwinRaster
ut_twin_model_get_raster (const UtTwinModel *self)
{
  return (UtTwinRaster){.side = (guint)self->config->side, .field_mm = self->config->field_mm};
}

guint
ut_twin_model_get_default_steps (const UtTwinModel *self)
{
  return (guint)self->config->steps;
}

gboolean
ut_twin_model_get_views_optional (const UtTwinModel *self)
{
  return self->config->views_optional;
}

gboolean
ut_twin_model_has_stage (const UtTwinModel *self, UtTwinStage stage)
{
  return stage == UT_TWIN_COARSE;
}

guint
ut_twin_model_get_n_templates (const UtTwinModel *self)
{
  return 0;
}

guint64
ut_twin_model_get_n_parameters (const UtTwinModel *self)
{
  return self->n_parameters;
}

const char *
ut_twin_model_get_metadata (const UtTwinModel *self, const char *key)
{
  return g_hash_table_lookup (self->metadata, key);
}

/* ---- reconstruction ---- */

static gboolean
upload (UtTwinModel *self, UtBuffer *dst, const float *src, gsize count, GError **error)
{
  return self->ops->upload (self->backend, dst, src, count * sizeof (float), error);
}

static gboolean
check_input (const UtTwinModel *self, const UtTwinInput *input, GError **error)
{
  const UtTwinConfig *config = self->config;
  if (input->side != config->side) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "the pictures are %u pixels wide, the network wants %d",
                 input->side,
                 (int)config->side);
    return FALSE;
  }
  for (int v = 0; v < UT_N_VIEWS; v++)
    if (!input->present[v] && !config->views_optional) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   "%s is missing, and the network \"%s\" needs all three views",
                   ut_view_name (v),
                   config->name);
      return FALSE;
    }
  return TRUE;
}

/* pictures [nv,C,side,side] as (grey - mean) / std, spacings as logarithms, absent rows */
static gboolean
upload_input (UtTwinModel *self, const UtTwinInput *input, GError **error)
{
  const UtTwinConfig *config = self->config;
  gsize n_pixels = (gsize)(config->side * config->side), n_channels = (gsize)config->channels;
  gsize n_features = ut_twin_config_features (config);
  g_autofree float *pictures = g_new (float, N_VIEWS *n_channels *n_pixels);
  g_autofree float *absent = g_new0 (float, N_VIEWS *n_features);
  float log_spacing[UT_N_VIEWS][2] = {{0}};
  for (gsize v = 0; v < N_VIEWS; v++) {
    for (gsize c = 0; c < n_channels; c++)
      for (gsize i = 0; i < n_pixels; i++)
        pictures[(v * n_channels + c) * n_pixels + i] =
          (input->grey[v * n_pixels + i] - (float)config->mean[c]) / (float)config->std[c];
    for (int axis = 0; input->present[v] && axis < 2; axis++)
      log_spacing[v][axis] = (float)log (input->spacing_mm[v][axis] / config->spacing_ref_mm);
    if (!input->present[v])
      memcpy (absent + v * n_features, self->absent + v * n_features, n_features * sizeof (float));
  }
  return upload (self, self->pictures, pictures, N_VIEWS * n_channels * n_pixels, error) &&
         upload (self, self->log_spacing, &log_spacing[0][0], N_VIEWS * 2, error) &&
         upload (self, self->absent_rows, absent, N_VIEWS * n_features, error);
}

typedef struct Noise {
  guint64 seed;
  guint32 stream;
  float *values;
} Noise;

static void
draw_blocks (gsize begin, gsize end, gpointer data)
{
  const Noise *noise = data;
  ut_philox_normals (
    noise->seed, noise->stream, 4 * begin, 4 * (end - begin), noise->values + 4 * begin);
}

/* fills x with stream @stream of @seed */
static gboolean
upload_noise (UtTwinModel *self, guint64 seed, guint32 stream, GError **error)
{
  g_autofree float *values = g_new (float, N_VOLUME);
  Noise noise = {.seed = seed, .stream = stream, .values = values};
  ut_parallel_for (N_VOLUME / 4, 4096, draw_blocks, &noise);
  return upload (self, self->x, values, N_VOLUME, error);
}

static gboolean
denoise_step (UtTwinModel *self,
              const UtSampler *sampler,
              guint64 seed,
              guint i,
              UtProgress *progress,
              GCancellable *cancel,
              GError **error)
{
  g_autofree float *wave = g_new (float, self->config->time_freq_dim);
  ut_net_wave (self->config, ut_sampler_time (sampler, i), wave);
  if (!upload (self, self->wave, wave, (gsize)self->config->time_freq_dim, error) ||
      !self->ops->plan_run (self->denoise, progress, cancel, error))
    return FALSE;
  if (i + 1 == sampler->n_steps)
    return TRUE;
  double coefficients[3];
  ut_sampler_coefficients (sampler, i, coefficients);
  const float rounded[3] = {(float)coefficients[0], (float)coefficients[1], (float)coefficients[2]};
  return upload (self, self->coefficients, rounded, 3, error) &&
         (!sampler->fresh_noise || upload_noise (self, seed, i + 1, error)) &&
         self->ops->plan_run (self->update, NULL, cancel, error);
}

/* the whole network; leaves its result in self->probabilities */
static gboolean
run_network (UtTwinModel *self,
             const UtTwinInput *input,
             const UtSampler *sampler,
             guint64 seed,
             UtProgress *progress,
             GCancellable *cancel,
             GError **error)
{
  /* the encoder costs about as much as half a step */
  double part = 1 / (0.5 + sampler->n_steps);
  UtProgress encode = ut_progress_step (progress, 0.5 * part);
  ut_progress_set (&encode, 0, UT_STAGE_ENCODE);
  if (!upload_input (self, input, error) ||
      !self->ops->plan_run (self->encode, &encode, cancel, error) ||
      !upload_noise (self, seed, 0, error))
    return FALSE;
  for (guint i = 0; i < sampler->n_steps; i++) {
    UtProgress step = ut_progress_step (progress, part);
    if (!denoise_step (self, sampler, seed, i, &step, cancel, error))
      return FALSE;
  }
  return TRUE;
}

static char *
describe_options (const UtSampler *sampler)
{
  return g_strdup_printf ("{\"sampler\":\"ddim\",\"steps\":%u,\"spacing\":\"trailing\",\"eta\":%d,"
                          "\"rng\":\"philox4x32-10/boxmuller\",\"template\":false,"
                          "\"refine\":0,\"topology\":false}",
                          sampler->n_steps,
                          sampler->fresh_noise ? 1 : 0);
}

static UtTwin *
make_twin (UtTwinModel *self,
           const UtTwinInput *input,
           const UtTwinOptions *options,
           const UtSampler *sampler,
           double seconds,
           GError **error)
{
  g_autofree char *resolved = describe_options (sampler);
  UtTwinProvenance provenance = {
    .model_name = self->config->name,
    .model_sha256 = self->sha256,
    .device = (char *)self->ops->name,
    .version = (char *)UT_VERSION,
    .options = resolved,
    .seed = options->seed,
    .steps = sampler->n_steps,
    .seconds = seconds,
  };
  memcpy (provenance.present, input->present, sizeof provenance.present);
  memcpy (provenance.frame, input->frame, sizeof provenance.frame);
  memcpy (provenance.input_sha256, input->sha256, sizeof provenance.input_sha256);
  memcpy (provenance.spacing_mm, input->spacing_mm, sizeof provenance.spacing_mm);
  g_autoptr (UtTwin) twin = ut_twin_new (options->phase, &provenance);
  g_autofree float *probabilities = g_new (float, N_VOLUME);
  if (!self->ops->download (
        self->backend, self->probabilities, probabilities, N_VOLUME * sizeof (float), error) ||
      !ut_twin_take_probabilities (twin, UT_TWIN_COARSE, g_steal_pointer (&probabilities), error))
    return NULL;
  return g_steal_pointer (&twin);
}

UtTwin *
ut_twin_model_reconstruct (UtTwinModel *self,
                           UtTwinInput *input,
                           const UtTwinOptions *options,
                           UtProgress *progress,
                           GCancellable *cancel,
                           GError **error)
{
  const UtTwinOptions defaults = {0};
  const UtTwinConfig *config = self->config;
  options = options ? options : &defaults;
  guint n_steps = options->steps ? options->steps : (guint)config->steps;
  guint most = MIN (UT_TWIN_MAX_STEPS, (guint)config->n_times);
  if (n_steps > most) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "%u steps wanted, the network takes 1 to %u",
                 n_steps,
                 most);
    return NULL;
  }
  gboolean fresh = options->noise == UT_TWIN_NOISE_DEFAULT ? config->fresh_noise
                                                           : options->noise == UT_TWIN_NOISE_FRESH;
  g_auto (UtSampler) sampler = {0};
  ut_sampler_init (
    &sampler, (guint)config->n_times, config->beta_start, config->beta_end, n_steps, fresh);
  if (!check_input (self, input, error))
    return NULL;

  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 begin = g_get_monotonic_time ();
  if (!run_network (self, input, &sampler, options->seed, progress, cancel, error))
    return NULL;
  double seconds = (double)(g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  return make_twin (self, input, options, &sampler, seconds, error);
}
