/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-plans.h"

#include "engine/base/error.h"

#define N_VIEWS ((gsize)UT_N_VIEWS)
#define VOLUME  UT_SHAPE (UT_N_LABELS, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE)

/* ---- buffers ---- */

static gboolean
add_buffer (UtTwinPlans *self, UtBuffer **place, gsize count, GError **error)
{
  *place = self->ops->buffer_new (self->backend, count * sizeof (float), error);
  if (*place)
    g_ptr_array_add (self->buffers, *place);
  return *place != NULL;
}

static gboolean
add_kv (UtTwinPlans *self, UtBuffer ***place, guint n_blocks, gsize width, GError **error)
{
  gsize n_tokens = ut_twin_config_tokens (self->config);
  *place = g_new0 (UtBuffer *, n_blocks);
  for (guint i = 0; i < n_blocks; i++)
    if (!add_buffer (self, &(*place)[i], n_tokens * 2 * width, error))
      return FALSE;
  return TRUE;
}

static gboolean
make_buffers (UtTwinPlans *self, GError **error)
{
  const UtTwinConfig *config = self->config;
  const gsize dim = (gsize)config->dim, n_pixels = (gsize)(config->side * config->side);
  const gboolean refined = config->refined, topology = config->topology;
  const gboolean by_volume = ut_twin_config_selects_by_volume (config);
  const gboolean own_u = by_volume && config->select.input == UT_TWIN_SELECT_X0_PREV;
  const struct {
    UtBuffer **place;
    gboolean wanted;
    gsize count;
  } buffers[] = {
    {&self->grey, config->upright_mm > 0, N_VIEWS * n_pixels},
    {&self->located, config->upright_mm > 0, N_VIEWS * UT_NET_LOCATED},
    {&self->pictures, TRUE, N_VIEWS * (gsize)config->channels * n_pixels},
    {&self->log_spacing, TRUE, N_VIEWS * 2},
    {&self->absent_rows, TRUE, N_VIEWS * ut_twin_config_features (config)},
    {&self->condition, TRUE, ut_twin_config_tokens (config) * dim},
    {&self->pooled, config->global, dim},
    {&self->one_hot, config->dual, UT_TWIN_N_VOLUME},
    {&self->prior, config->prior >= UT_TWIN_PRIOR_TEMPLATE, UT_TWIN_N_VOLUME},
    {&self->noise_key, TRUE, 6},
    {&self->wave, TRUE, (gsize)config->time_freq_dim},
    {&self->silu_c, TRUE, dim},
    {&self->x, TRUE, UT_TWIN_N_VOLUME},
    {&self->coarse, TRUE, UT_TWIN_N_VOLUME},
    {&self->result, refined, UT_TWIN_N_VOLUME},
    {&self->variance[0], refined, UT_TWIN_N_VOLUME},
    {&self->variance[1], refined, UT_TWIN_N_VOLUME},
    {&self->variance[2], refined, UT_TWIN_N_VOLUME},
    {&self->coefficients, TRUE, 3},
    {&self->u, own_u, UT_TWIN_N_VOLUME},
    {&self->latent, config->dual || topology, (gsize)config->ae.latent},
    {&self->mixture, config->dual && config->select.t_branch, (gsize)config->ae.templates},
    {&self->autoencoder, topology, UT_TWIN_N_VOLUME},
    {&self->corrected, topology, UT_TWIN_N_VOLUME},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (buffers); i++)
    if (buffers[i].wanted && !add_buffer (self, buffers[i].place, buffers[i].count, error))
      return FALSE;
  self->result = refined ? self->result : self->coarse;
  self->u = own_u ? self->u : self->x;
  return add_kv (self, &self->kv, (guint)config->depth, dim, error) &&
         (!refined || add_kv (self,
                              &self->refine_kv,
                              ut_net_refine_n_blocks (config),
                              (gsize)config->refine.dim,
                              error));
}

/* ---- graphs ---- */

static UtValueId
kv_value (UtTwinPlans *self, UtNet *net, UtBuffer *kv, gsize width)
{
  return ut_graph_buffer (
    net->graph, UT_SHAPE (ut_twin_config_tokens (self->config), 2 * width), kv);
}

static UtValueId
row (UtNet *net, gsize count, UtBuffer *buffer)
{
  return ut_graph_buffer (net->graph, UT_SHAPE (1, count), buffer);
}

/* keys and values of what every coarse block looks at */
static void
store_kv (UtTwinPlans *self, UtNet *net, UtValueId source)
{
  const UtNetPart coarse = ut_net_coarse (self->config);
  for (guint i = 0; i < self->config->depth; i++) {
    g_autofree char *name = g_strdup_printf ("block.%u", i);
    ut_graph_store (net->graph, ut_net_block_kv (net, &coarse, name, source), self->kv[i]);
  }
}

static void
build_locate (UtTwinPlans *self, UtNet *net)
{
  gsize side = (gsize)self->config->side;
  UtValueId grey = ut_graph_buffer (net->graph, UT_SHAPE (N_VIEWS, 1, side, side), self->grey);
  ut_graph_store (net->graph, ut_net_locate (net, grey), self->located);
}

static void
build_encode (UtTwinPlans *self, UtNet *net)
{
  const UtTwinConfig *config = self->config;
  UtGraph *graph = net->graph;
  gsize side = (gsize)config->side;
  UtValueId pictures = ut_graph_buffer (
    graph, UT_SHAPE (N_VIEWS, (gsize)config->channels, side, side), self->pictures);
  UtValueId spacing = ut_graph_buffer (graph, UT_SHAPE (N_VIEWS, 2), self->log_spacing);
  UtValueId absent = ut_graph_buffer (
    graph, UT_SHAPE (N_VIEWS, ut_twin_config_features (config)), self->absent_rows);
  UtNetFeatures seen = ut_net_encoder (net, pictures);
  UtValueId features = ut_net_space (net, seen.last, spacing, config->views_optional ? absent : 0);
  UtValueId condition = ut_net_condition (net, features);
  ut_graph_store (graph, condition, self->condition);
  gboolean pictures_choose = config->dual && config->select.input == UT_TWIN_SELECT_PICTURES;
  UtValueId pooled = config->global || pictures_choose ? ut_net_pool (net, features) : 0;
  if (config->global)
    ut_graph_store (graph, ut_net_global (net, pooled), self->pooled);
  if (pictures_choose)
    ut_graph_store (graph, ut_net_latent_of_pictures (net, pooled), self->latent);
  if (!config->dual)
    store_kv (self, net, condition);
  if (config->prior == UT_TWIN_PRIOR_SHAPE) {
    UtValueId modes = ut_net_modes (net, ut_net_segment (net, seen));
    ut_graph_store (graph, ut_net_shape_prior (net, modes), self->prior);
  }
  for (guint i = 0; config->refined && i < ut_net_refine_n_blocks (config); i++)
    ut_graph_store (graph, ut_net_refine_kv (net, i, condition), self->refine_kv[i]);
}

static void
build_noise (UtTwinPlans *self, UtNet *net)
{
  const gsize side = UT_CANONICAL_SIDE;
  UtValueId key = ut_graph_buffer (net->graph, UT_SHAPE (6), self->noise_key);
  const UtNode node = {
    .op = UT_OP_NORMALS, .in = {key}, .groups = UT_N_LABELS, .size = {side, side, side}};
  ut_graph_store (net->graph, ut_graph_add (net->graph, node), self->x);
}

static void
build_template (UtTwinPlans *self, UtNet *net)
{
  UtValueId one_hot = ut_graph_buffer (net->graph, VOLUME, self->one_hot);
  store_kv (self, net, ut_net_layer_norm (net, ut_net_template (net, one_hot)));
  if (self->config->prior == UT_TWIN_PRIOR_TEMPLATE)
    ut_graph_store (net->graph, ut_net_template_prior (net, one_hot), self->prior);
}

static UtValueId
centre (UtNet *net, UtValueId volume)
{
  static const float coefficients[3] = {-1, 2, 0};
  UtValueId c = ut_graph_constant (net->graph, UT_SHAPE (3), coefficients);
  return ut_graph_add (net->graph, (UtNode){.op = UT_OP_COMBINE, .in = {c, volume, volume}});
}

static void
build_centre (UtTwinPlans *self, UtNet *net)
{
  UtValueId v = ut_graph_buffer (net->graph, VOLUME, self->result);
  ut_graph_store (net->graph, centre (net, v), self->u);
}

static void
build_latent (UtTwinPlans *self, UtNet *net)
{
  UtValueId z = ut_net_latent (net, ut_graph_buffer (net->graph, VOLUME, self->u));
  ut_graph_store (net->graph, z, self->latent);
  if (self->mixture)
    ut_graph_store (net->graph, ut_net_mixture (net, z), self->mixture);
}

static void
build_denoise (UtTwinPlans *self, UtNet *net)
{
  const UtTwinConfig *config = self->config;
  UtGraph *graph = net->graph;
  gsize dim = (gsize)config->dim;
  UtValueId pooled = config->global ? row (net, dim, self->pooled) : 0;
  UtValueId wave = row (net, (gsize)config->time_freq_dim, self->wave);
  UtValueId silu_c = ut_net_silu (net, ut_net_time (net, wave, pooled));
  ut_graph_store (graph, silu_c, self->silu_c);
  UtValueId condition =
    ut_graph_buffer (graph, UT_SHAPE (ut_twin_config_tokens (config), dim), self->condition);
  g_autofree UtValueId *kv = g_new (UtValueId, config->depth);
  for (guint i = 0; i < config->depth; i++)
    kv[i] = kv_value (self, net, self->kv[i], dim);
  UtValueId prior =
    self->prior ? ut_graph_buffer (graph, VOLUME, self->prior) : ut_net_mean_prior (net);
  UtValueId x = ut_graph_buffer (graph, VOLUME, self->x);
  UtValueId v_c = ut_net_coarse_stage (net, x, silu_c, kv, condition, prior);
  ut_graph_store (graph, v_c, self->coarse);
}

static void
build_refine (UtTwinPlans *self, UtNet *net)
{
  const UtTwinConfig *config = self->config;
  guint n_blocks = ut_net_refine_n_blocks (config);
  g_autofree UtValueId *kv = g_new (UtValueId, n_blocks);
  for (guint i = 0; i < n_blocks; i++)
    kv[i] = kv_value (self, net, self->refine_kv[i], (gsize)config->refine.dim);
  UtValueId v_c = ut_graph_buffer (net->graph, VOLUME, self->coarse);
  UtValueId silu_c = row (net, (gsize)config->dim, self->silu_c);
  const UtNetRefined made = ut_net_refine (net, v_c, silu_c, kv);
  ut_graph_store (net->graph, made.result, self->result);
  for (int b = 0; b < UT_TWIN_N_BRANCHES; b++)
    ut_graph_store (net->graph, made.variance[b], self->variance[b]);
}

static void
build_keep (UtTwinPlans *self, UtNet *net)
{
  UtValueId v = ut_graph_buffer (net->graph, VOLUME, self->coarse);
  v = ut_graph_add (net->graph, (UtNode){.op = UT_OP_ACTIVATE, .in = {v}});
  ut_graph_store (net->graph, v, self->result);
}

static void
build_update (UtTwinPlans *self, UtNet *net)
{
  UtValueId c = ut_graph_buffer (net->graph, UT_SHAPE (3), self->coefficients);
  UtValueId p = ut_graph_buffer (net->graph, VOLUME, self->result);
  UtValueId x = ut_graph_buffer (net->graph, VOLUME, self->x);
  UtValueId next = ut_graph_add (net->graph, (UtNode){.op = UT_OP_COMBINE, .in = {c, p, x}});
  ut_graph_store (net->graph, next, self->x);
}

static void
build_decode (UtTwinPlans *self, UtNet *net)
{
  UtValueId v_dit = ut_graph_buffer (net->graph, VOLUME, self->result);
  UtValueId z = row (net, (gsize)self->config->ae.latent, self->latent);
  UtValueId v_ae = ut_net_decode (net, z).result;
  UtValueId v_out = ut_net_fuse (net, 2, (const UtValueId[]){v_dit, v_ae}, NULL);
  ut_graph_store (net->graph, v_ae, self->autoencoder);
  ut_graph_store (net->graph, v_out, self->corrected);
}

/* ---- plans ---- */

typedef struct Part {
  gboolean wanted;
  void (*build) (UtTwinPlans *self, UtNet *net);
  UtStage stage;
} Part;

static void
list_parts (const UtTwinConfig *config, Part ret[UT_N_TWIN_PLANS])
{
  const gboolean by_volume = ut_twin_config_selects_by_volume (config);
  const gboolean by_result = by_volume && config->select.input == UT_TWIN_SELECT_X0_PREV;
  const Part parts[UT_N_TWIN_PLANS] = {
    [UT_TWIN_PLAN_LOCATE] = {config->upright_mm > 0, build_locate, UT_STAGE_ENCODE},
    [UT_TWIN_PLAN_ENCODE] = {TRUE, build_encode, UT_STAGE_ENCODE},
    [UT_TWIN_PLAN_NOISE] = {TRUE, build_noise, UT_STAGE_DENOISE},
    [UT_TWIN_PLAN_TEMPLATE] = {config->dual, build_template, UT_STAGE_DENOISE},
    [UT_TWIN_PLAN_CENTRE] = {config->topology || by_result, build_centre, UT_STAGE_CORRECT},
    [UT_TWIN_PLAN_LATENT] = {config->topology || by_volume, build_latent, UT_STAGE_CORRECT},
    [UT_TWIN_PLAN_DENOISE] = {TRUE, build_denoise, UT_STAGE_DENOISE},
    [UT_TWIN_PLAN_REFINE] = {config->refined, build_refine, UT_STAGE_REFINE},
    [UT_TWIN_PLAN_KEEP] = {config->refined, build_keep, UT_STAGE_DENOISE},
    [UT_TWIN_PLAN_UPDATE] = {TRUE, build_update, UT_STAGE_DENOISE},
    [UT_TWIN_PLAN_DECODE] = {config->topology, build_decode, UT_STAGE_CORRECT},
  };
  for (int i = 0; i < UT_N_TWIN_PLANS; i++)
    ret[i] = parts[i];
}

/* Takes the tensors of an autoencoder that the file has though no plan runs all of it. */
static gboolean
pass_over_autoencoder (UtTwinPlans *self, UtWeights *weights, GError **error)
{
  const UtTwinConfig *config = self->config;
  if (config->topology || !config->has_ae || !ut_weights_has (weights, "ae.t.codes"))
    return TRUE;
  g_autoptr (UtGraph) graph = ut_graph_new (UT_STAGE_PREPARE);
  UtNet net = {.config = config, .weights = weights, .graph = graph};
  UtValueId u = ut_graph_constant_take (graph, VOLUME, g_new0 (float, UT_TWIN_N_VOLUME));
  ut_net_decode (&net, ut_net_latent (&net, u));
  return ut_net_finish (&net, error);
}

static gboolean
keep_host_part (UtTwinPlans *self, UtWeights *weights, GError **error)
{
  const UtTwinConfig *config = self->config;
  if (config->dual && (self->bank = ut_template_bank_new (config, weights, error)) == NULL)
    return FALSE;
  if (!config->views_optional)
    return TRUE;
  UtNet net = {.config = config, .weights = weights};
  const float *absent = ut_net_absent (&net);
  if (absent == NULL) {
    g_propagate_error (error, net.error);
    return FALSE;
  }
  self->absent = g_memdup2 (absent, N_VIEWS * ut_twin_config_features (config) * sizeof (float));
  return TRUE;
}

static gboolean
make_plans (UtTwinPlans *self, UtWeights *weights, GCancellable *cancel, GError **error)
{
  Part parts[UT_N_TWIN_PLANS];
  list_parts (self->config, parts);
  g_autoptr (GPtrArray) graphs = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_graph_free);
  for (int i = 0; i < UT_N_TWIN_PLANS; i++) {
    UtGraph *graph = ut_graph_new (parts[i].stage);
    g_ptr_array_add (graphs, graph);
    UtNet net = {.config = self->config, .weights = weights, .graph = graph};
    if (parts[i].wanted)
      parts[i].build (self, &net);
    if (!ut_net_finish (&net, error) || g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
  }
  /* only now is it known that every tensor of the file has its place */
  if (!keep_host_part (self, weights, error) || !pass_over_autoencoder (self, weights, error) ||
      !ut_weights_check_all_taken (weights, error))
    return FALSE;
  for (guint i = 0; i < UT_N_TWIN_PLANS; i++) {
    if (!parts[i].wanted)
      continue;
    self->plan[i] =
      self->ops->plan_new (self->backend, g_ptr_array_index (graphs, i), cancel, error);
    if (self->plan[i] == NULL)
      return FALSE;
  }
  return TRUE;
}

UtTwinPlans *
ut_twin_plans_new (const UtTwinConfig *config,
                   UtWeights *weights,
                   const char *device,
                   GCancellable *cancel,
                   GError **error)
{
  g_autoptr (UtTwinPlans) self = g_new0 (UtTwinPlans, 1);
  UtBackendConfig backend_config;
  self->config = config;
  self->buffers = g_ptr_array_new ();
  self->ops = ut_backend_find (device, NULL, error);
  if (self->ops == NULL || !ut_backend_parse (device, NULL, &backend_config, error))
    return NULL;
  self->backend = self->ops->open (&backend_config, error);
  if (self->backend == NULL || !make_buffers (self, error) ||
      !make_plans (self, weights, cancel, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
ut_twin_plans_free (UtTwinPlans *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < UT_N_TWIN_PLANS; i++)
    if (self->plan[i])
      self->ops->plan_free (self->plan[i]);
  for (guint i = 0; i < self->buffers->len; i++)
    self->ops->buffer_free (self->backend, g_ptr_array_index (self->buffers, i));
  if (self->backend)
    self->ops->close (self->backend);
  g_ptr_array_unref (self->buffers);
  g_clear_pointer (&self->bank, ut_template_bank_free);
  g_free (self->absent);
  g_free (self->kv);
  g_free (self->refine_kv);
  g_free (self);
}

gboolean
ut_twin_plans_upload (
  UtTwinPlans *self, UtBuffer *dst, const float *src, gsize count, GError **error)
{
  return self->ops->upload (self->backend, dst, src, count * sizeof (float), error);
}

gboolean
ut_twin_plans_download (UtTwinPlans *self, UtBuffer *src, float *ret, gsize count, GError **error)
{
  return self->ops->download (self->backend, src, ret, count * sizeof (float), error);
}

gboolean
ut_twin_plans_run (
  UtTwinPlans *self, UtTwinPlan plan, UtProgress *progress, GCancellable *cancel, GError **error)
{
  return self->ops->plan_run (self->plan[plan], progress, cancel, error);
}
