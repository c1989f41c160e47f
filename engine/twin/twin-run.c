/* SPDX-License-Identifier: Apache-2.0 */
/* One reconstruction: the plans in their order, and what the host decides between them. */
#include "config.h"

#include "engine/base/error.h"
#include "engine/base/random.h"
#include "engine/base/words.h"
#include "engine/twin/islands.h"
#include "engine/twin/sampler.h"
#include "engine/twin/twin-model-private.h"
#include "engine/twin/twin-seen.h"

#include <math.h>
#include <string.h>

#define N_VIEWS ((gsize)UT_N_VIEWS)

/* Arithmetic of the parts beside one pass of the coarse stage, for the progress bar. */
#define COST_ENCODE  0.5
#define COST_SELECT  0.2
#define COST_REFINE  1.5
#define COST_CORRECT 1.5

typedef struct Run {
  UtTwinModel *model;
  UtTwinPlans *plans;
  const UtTwinConfig *config;
  UtSampler sampler;
  guint64 seed;
  gboolean shaken;
  guint n_refined;   /* of the last steps */
  gboolean topology; /* the result goes through the autoencoder */
  UtProgress *progress;
  double cost; /* of everything, in passes of the coarse stage */
  GCancellable *cancel;
  UtTwinSeen seen;
} Run;

/* the part of the progress bar that costs @cost */
static UtProgress
take_progress (Run *run, double cost)
{
  return ut_progress_step (run->progress, cost / run->cost);
}

static gboolean
check_input (const UtTwinConfig *config, const UtTwinInput *input, GError **error)
{
  if (input->side != config->side) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("the pictures are %u pixels wide, the network wants %d"),
                 input->side,
                 (int)config->side);
    return FALSE;
  }
  for (int v = 0; v < UT_N_VIEWS; v++)
    if (!input->present[v] && !config->views_optional) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("%s is missing, and the network \"%s\" needs all three views"),
                   ut_view_name (v),
                   config->name);
      return FALSE;
    }
  return TRUE;
}

/* pictures [nv,C,side,side] as (grey - mean) / std, spacings as logarithms, absent rows */
static gboolean
upload_input (UtTwinPlans *self, const UtTwinInput *input, const UtTwinSeen *seen, GError **error)
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
          (seen->grey[v * n_pixels + i] - (float)config->mean[c]) / (float)config->std[c];
    for (int axis = 0; input->present[v] && axis < 2; axis++)
      log_spacing[v][axis] =
        (float)log (input->spacing_mm[v][axis] * seen->scale / config->spacing_ref_mm);
    if (!input->present[v])
      memcpy (absent + v * n_features, self->absent + v * n_features, n_features * sizeof (float));
  }
  return ut_twin_plans_upload (
           self, self->pictures, pictures, N_VIEWS * n_channels * n_pixels, error) &&
         ut_twin_plans_upload (self, self->log_spacing, &log_spacing[0][0], N_VIEWS * 2, error) &&
         ut_twin_plans_upload (self, self->absent_rows, absent, N_VIEWS * n_features, error);
}

/* fills x with stream @stream of the seed */
static gboolean
draw_noise (Run *run, guint32 stream, GError **error)
{
  float key[6];
  ut_philox_pack (run->seed, stream, key);
  return ut_twin_plans_upload (run->plans, run->plans->noise_key, key, 6, error) &&
         ut_twin_plans_run (run->plans, UT_TWIN_PLAN_NOISE, NULL, run->cancel, error);
}

/* the template that the latent or the mixture on the device points to */
static gboolean
read_choice (Run *run, int *ret_index, GError **error)
{
  UtTwinPlans *plans = run->plans;
  gboolean mixture = run->config->select.t_branch;
  gsize n = (gsize)(mixture ? run->config->ae.templates : run->config->ae.latent);
  g_autofree float *values = g_new (float, n);
  if (!ut_twin_plans_download (plans, mixture ? plans->mixture : plans->latent, values, n, error))
    return FALSE;
  *ret_index = (int)(mixture ? ut_template_bank_largest (values, (guint)n)
                             : ut_template_bank_nearest (plans->bank, values));
  return TRUE;
}

/* 1.7: the template of step @i, which begins at time @t */
static gboolean
choose_template (Run *run, guint i, guint t, int *ret_index, GError **error)
{
  const UtTwinSelector *select = &run->config->select;
  gboolean by_result = select->input == UT_TWIN_SELECT_X0_PREV;
  if (select->input == UT_TWIN_SELECT_PICTURES) {
    if (i == 0) /* once, before anything else uses the latent */
      return read_choice (run, ret_index, error);
    return TRUE;
  }
  *ret_index = 0;
  if (t >= select->t_max || (by_result && i == 0))
    return TRUE;
  UtProgress select_progress = take_progress (run, COST_SELECT);
  ut_progress_set (&select_progress, 0, UT_STAGE_DENOISE);
  return (!by_result ||
          ut_twin_plans_run (run->plans, UT_TWIN_PLAN_CENTRE, NULL, run->cancel, error)) &&
         ut_twin_plans_run (run->plans, UT_TWIN_PLAN_LATENT, NULL, run->cancel, error) &&
         read_choice (run, ret_index, error);
}

/* has the coarse blocks look at template @index */
static gboolean
load_template (Run *run, int index, GError **error)
{
  UtTwinPlans *plans = run->plans;
  if (run->model->template_index == index)
    return TRUE;
  if (g_cancellable_set_error_if_cancelled (run->cancel, error))
    return FALSE;
  run->model->template_index = UT_TWIN_NO_TEMPLATE;
  g_autofree float *volume = g_new (float, UT_TWIN_N_VOLUME);
  ut_template_bank_one_hot (plans->bank, (guint)index, volume);
  if (!ut_twin_plans_upload (plans, plans->one_hot, volume, UT_TWIN_N_VOLUME, error) ||
      !ut_twin_plans_run (plans, UT_TWIN_PLAN_TEMPLATE, NULL, run->cancel, error))
    return FALSE;
  run->model->template_index = index;
  return TRUE;
}

static gboolean
refines (const Run *run, guint i)
{
  return i + run->n_refined >= run->sampler.n_steps;
}

/* x_t -> V_f */
static gboolean
denoise (Run *run, guint i, guint t, GError **error)
{
  UtTwinPlans *plans = run->plans;
  gsize n_wave = (gsize)run->config->time_freq_dim;
  g_autofree float *wave = g_new (float, n_wave);
  ut_net_wave (run->config, t, wave);
  UtProgress coarse = take_progress (run, 1);
  if (!ut_twin_plans_upload (plans, plans->wave, wave, n_wave, error) ||
      !ut_twin_plans_run (plans, UT_TWIN_PLAN_DENOISE, &coarse, run->cancel, error))
    return FALSE;
  if (!run->config->refined)
    return TRUE;
  if (!refines (run, i))
    return ut_twin_plans_run (plans, UT_TWIN_PLAN_KEEP, NULL, run->cancel, error);
  UtProgress refine = take_progress (run, COST_REFINE);
  return ut_twin_plans_run (plans, UT_TWIN_PLAN_REFINE, &refine, run->cancel, error);
}

/* V_f -> x of the next step */
static gboolean
update (Run *run, guint i, GError **error)
{
  double coefficients[3];
  ut_sampler_coefficients (&run->sampler, i, coefficients);
  const float rounded[3] = {(float)coefficients[0], (float)coefficients[1], (float)coefficients[2]};
  return ut_twin_plans_upload (run->plans, run->plans->coefficients, rounded, 3, error) &&
         (!run->sampler.fresh_noise || draw_noise (run, i + 1, error)) &&
         ut_twin_plans_run (run->plans, UT_TWIN_PLAN_UPDATE, NULL, run->cancel, error);
}

/* V_f of the last step -> V_ae, V_out */
static gboolean
correct (Run *run, GError **error)
{
  UtProgress encode = take_progress (run, COST_SELECT);
  UtProgress decode = take_progress (run, COST_CORRECT);
  return ut_twin_plans_run (run->plans, UT_TWIN_PLAN_CENTRE, NULL, run->cancel, error) &&
         ut_twin_plans_run (run->plans, UT_TWIN_PLAN_LATENT, &encode, run->cancel, error) &&
         ut_twin_plans_run (run->plans, UT_TWIN_PLAN_DECODE, &decode, run->cancel, error);
}

static double
count_cost (const Run *run)
{
  guint n_selected = 0;
  if (ut_twin_config_selects_by_volume (run->config))
    for (guint i = 0; i < run->sampler.n_steps; i++)
      n_selected += ut_sampler_time (&run->sampler, i) < run->config->select.t_max;
  return COST_ENCODE + run->sampler.n_steps + COST_SELECT * n_selected +
         COST_REFINE * run->n_refined + (run->topology ? COST_SELECT + COST_CORRECT : 0);
}

/* the whole network; its results stay in the plans' buffers */
static gboolean
run_network (Run *run, const UtTwinInput *input, int *ret_template, GError **error)
{
  run->cost = count_cost (run);
  UtProgress encode = take_progress (run, COST_ENCODE);
  ut_progress_set (&encode, 0, UT_STAGE_ENCODE);
  if (!ut_twin_see (
        run->plans, input, run->shaken ? &run->seed : NULL, &run->seen, run->cancel, error) ||
      !upload_input (run->plans, input, &run->seen, error) ||
      !ut_twin_plans_run (run->plans, UT_TWIN_PLAN_ENCODE, &encode, run->cancel, error) ||
      !draw_noise (run, 0, error))
    return FALSE;
  for (guint i = 0; i < run->sampler.n_steps; i++) {
    guint t = ut_sampler_time (&run->sampler, i);
    if (run->config->dual && (!choose_template (run, i, t, ret_template, error) ||
                              !load_template (run, *ret_template, error)))
      return FALSE;
    if (!denoise (run, i, t, error))
      return FALSE;
    if (i + 1 < run->sampler.n_steps && !update (run, i, error))
      return FALSE;
  }
  if (run->topology && !correct (run, error))
    return FALSE;
  ut_progress_set (run->progress, 1, run->topology ? UT_STAGE_CORRECT : UT_STAGE_DENOISE);
  return TRUE;
}

/* ---- the result ---- */

static const char *
json_boolean (gboolean value)
{
  return value ? "true" : "false";
}

static char *
describe_options (const Run *run)
{
  return g_strdup_printf ("{\"sampler\":\"ddim\",\"steps\":%u,\"spacing\":\"trailing\",\"eta\":%d,"
                          "\"rng\":\"philox4x32-10/boxmuller\",\"template\":%s,"
                          "\"refine\":%u,\"topology\":%s,\"sink_islands\":%s}",
                          run->sampler.n_steps,
                          run->sampler.fresh_noise ? 1 : 0,
                          json_boolean (run->config->dual),
                          run->n_refined,
                          json_boolean (run->topology),
                          json_boolean (run->topology && run->config->sinks_islands));
}

static gboolean
add_stage (Run *run, UtTwin *twin, UtTwinStage stage, UtBuffer *buffer, GError **error)
{
  g_autofree float *probabilities = g_new (float, UT_TWIN_N_VOLUME);
  if (!ut_twin_plans_download (run->plans, buffer, probabilities, UT_TWIN_N_VOLUME, error))
    return FALSE;
  if (stage == UT_TWIN_CORRECTED && run->config->sinks_islands)
    ut_twin_sink_islands (probabilities);
  return ut_twin_take_probabilities (twin, stage, g_steal_pointer (&probabilities), error);
}

static gboolean
add_template (Run *run, UtTwin *twin, int index, GError **error)
{
  g_autoptr (UtVolume) labels = ut_template_bank_volume (run->plans->bank, (guint)index, error);
  twin->template_index = index;
  return labels && ut_twin_set_labels (twin, UT_TWIN_TEMPLATE, labels, error);
}

/* Local variances of the branches -> their means over the structures, and those of the weights
 * with which each class was fused. */
static gboolean
add_branches (Run *run, UtTwin *twin, GError **error)
{
  const gsize n_voxels = UT_TWIN_N_VOXELS;
  const float eps = (float)run->config->fusion_eps, share = 1.0f / (UT_N_LABELS - 1);
  g_autofree float *local = g_new (float, UT_TWIN_N_BRANCHES *UT_TWIN_N_VOLUME);
  g_autofree float *variance = g_new0 (float, UT_TWIN_N_BRANCHES *n_voxels);
  g_autofree float *weight = g_new0 (float, UT_TWIN_N_BRANCHES *n_voxels);
  for (gsize b = 0; b < UT_TWIN_N_BRANCHES; b++)
    if (!ut_twin_plans_download (run->plans,
                                 run->plans->variance[b],
                                 local + b * UT_TWIN_N_VOLUME,
                                 UT_TWIN_N_VOLUME,
                                 error))
      return FALSE;
  for (gsize i = n_voxels; i < UT_TWIN_N_VOLUME; i++) { /* without the background */
    float w[UT_TWIN_N_BRANCHES], total = 0;
    for (gsize b = 0; b < UT_TWIN_N_BRANCHES; b++)
      total += w[b] = 1 / (local[b * UT_TWIN_N_VOLUME + i] + eps);
    for (gsize b = 0; b < UT_TWIN_N_BRANCHES; b++) {
      variance[b * n_voxels + i % n_voxels] += share * local[b * UT_TWIN_N_VOLUME + i];
      weight[b * n_voxels + i % n_voxels] += share * w[b] / total;
    }
  }
  return ut_twin_take_branches (
    twin, g_steal_pointer (&variance), g_steal_pointer (&weight), error);
}

/* what the network saw of the input */
static void
describe_seen (const Run *run, const UtTwinInput *input, UtTwinProvenance *ret)
{
  const double half_mm = run->config->field_mm / 2;
  ret->upright = run->config->upright_mm > 0;
  for (int v = 0; v < UT_N_VIEWS; v++) {
    const UtHeartFrame *frame = &run->seen.frame[v];
    for (int axis = 0; axis < 2; axis++)
      ret->spacing_mm[v][axis] = input->spacing_mm[v][axis] * run->seen.scale;
    if (!ret->upright || !input->present[v])
      continue;
    ret->heart_mm[v][0] = (frame->y + 1) * half_mm;
    ret->heart_mm[v][1] = frame->x * half_mm;
    ret->heart_turn_deg[v] = remainder (frame->angle, 2 * G_PI) * 180 / G_PI;
  }
}

static UtTwin *
make_twin (Run *run,
           const UtTwinInput *input,
           const UtTwinOptions *options,
           int template_index,
           double seconds,
           GError **error)
{
  g_autofree char *resolved = describe_options (run);
  UtTwinProvenance provenance = {
    .model_name = run->config->name,
    .model_sha256 = run->model->sha256,
    .device = (char *)run->plans->ops->name,
    .version = (char *)UT_VERSION,
    .options = resolved,
    .seed = run->seed,
    .steps = run->sampler.n_steps,
    .seconds = seconds,
    .validation = run->model->validations[ut_twin_view_set (input->present)],
  };
  memcpy (provenance.present, input->present, sizeof provenance.present);
  memcpy (provenance.frame, input->frame, sizeof provenance.frame);
  memcpy (provenance.input_sha256, input->sha256, sizeof provenance.input_sha256);
  describe_seen (run, input, &provenance);
  const UtTwinPlans *plans = run->plans;
  g_autoptr (UtTwin) twin = ut_twin_new (options->phase, &provenance);
  if ((run->config->dual && !add_template (run, twin, template_index, error)) ||
      !add_stage (run, twin, UT_TWIN_COARSE, plans->coarse, error))
    return NULL;
  if (run->n_refined && (!add_stage (run, twin, UT_TWIN_REFINED, plans->result, error) ||
                         !add_branches (run, twin, error)))
    return NULL;
  if (run->topology && (!add_stage (run, twin, UT_TWIN_AUTOENCODER, plans->autoencoder, error) ||
                        !add_stage (run, twin, UT_TWIN_CORRECTED, plans->corrected, error)))
    return NULL;
  return g_steal_pointer (&twin);
}

static gboolean
check_steps (const UtTwinConfig *config, guint n_steps, GError **error)
{
  guint most = MIN (UT_TWIN_MAX_STEPS, (guint)config->n_times);
  if (n_steps <= most)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               ut_words ("%u steps wanted, the network takes 1 to %u"),
               n_steps,
               most);
  return FALSE;
}

/* how many of the last steps are refined */
static guint
count_refined (const UtTwinConfig *config, const UtTwinOptions *options, guint n_steps)
{
  if (!config->refined || (options->without & UT_TWIN_WITHOUT_REFINEMENT))
    return 0;
  guint last = (guint)config->refine.last;
  return last ? MIN (last, n_steps) : n_steps;
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
  if (!check_steps (config, n_steps, error) || !check_input (config, input, error))
    return NULL;
  gboolean fresh = options->noise == UT_TWIN_NOISE_DEFAULT ? config->fresh_noise
                                                           : options->noise == UT_TWIN_NOISE_FRESH;
  g_auto (UtSampler) sampler = {0};
  ut_sampler_init (
    &sampler, (guint)config->n_times, config->beta_start, config->beta_end, n_steps, fresh);
  Run run = {
    .model = self,
    .plans = self->plans,
    .config = config,
    .sampler = sampler,
    .seed = options->seed,
    .shaken = options->shaken,
    .n_refined = count_refined (config, options, n_steps),
    .topology = config->topology && !(options->without & UT_TWIN_WITHOUT_TOPOLOGY),
    .progress = progress,
    .cancel = cancel,
  };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 begin = g_get_monotonic_time ();
  int template_index = UT_TWIN_NO_TEMPLATE;
  float waited; /* a device works on by itself; what it has not finished is part of the time */
  gboolean done = run_network (&run, input, &template_index, error) &&
                  ut_twin_plans_download (self->plans, self->plans->coarse, &waited, 1, error);
  double seconds = (double)(g_get_monotonic_time () - begin) / G_USEC_PER_SEC;
  UtTwin *twin = done ? make_twin (&run, input, options, template_index, seconds, error) : NULL;
  if (twin == NULL) /* a template may have been put off and never been looked at */
    self->template_index = UT_TWIN_NO_TEMPLATE;
  ut_twin_seen_clear (&run.seen);
  return twin;
}

/* labels -> probabilities 0 and 1 */
static float *
one_hot (const UtVolume *labels, GError **error)
{
  gboolean sound = labels->type == UT_VOXEL_U8 && ut_volume_n_voxels (labels) == UT_TWIN_N_VOXELS;
  for (gsize i = 0; sound && i < UT_TWIN_N_VOXELS; i++)
    sound = labels->u8[i] < UT_N_LABELS;
  if (!sound) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("a heart to be mended must be 64 x 64 x 64 labels of the structures"));
    return NULL;
  }
  float *probabilities = g_new0 (float, UT_TWIN_N_VOLUME);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    probabilities[labels->u8[i] * UT_TWIN_N_VOXELS + i] = 1;
  return probabilities;
}

UtTwin *
ut_twin_model_mend (UtTwinModel *self,
                    UtPhase phase,
                    const UtVolume *labels,
                    UtProgress *progress,
                    GCancellable *cancel,
                    GError **error)
{
  if (!self->config->topology) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("the network \"%s\" has no topology stage"),
                 self->config->name);
    return NULL;
  }
  g_autofree float *broken = one_hot (labels, error);
  if (broken == NULL)
    return NULL;
  Run run = {
    .model = self,
    .plans = self->plans,
    .config = self->config,
    .topology = TRUE,
    .progress = progress,
    .cost = COST_SELECT + COST_CORRECT,
    .cancel = cancel,
  };
  UtTwinProvenance provenance = {
    .model_name = self->config->name,
    .model_sha256 = self->sha256,
    .device = (char *)self->plans->ops->name,
    .version = (char *)UT_VERSION,
  };
  g_autoptr (UtTwin) twin = ut_twin_new (phase, &provenance);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  return ut_twin_plans_upload (run.plans, run.plans->result, broken, UT_TWIN_N_VOLUME, error) &&
             correct (&run, error) &&
             add_stage (&run, twin, UT_TWIN_REFINED, run.plans->result, error) &&
             add_stage (&run, twin, UT_TWIN_AUTOENCODER, run.plans->autoencoder, error) &&
             add_stage (&run, twin, UT_TWIN_CORRECTED, run.plans->corrected, error)
           ? g_steal_pointer (&twin)
           : NULL;
}
