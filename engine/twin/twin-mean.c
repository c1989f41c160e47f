/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-mean.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/twin/islands.h"

#include <math.h>
#include <string.h>

#define N_PROBABILITIES (UT_N_LABELS * UT_TWIN_N_VOXELS)
#define N_BRANCHES      (UT_TWIN_N_BRANCHES * UT_TWIN_N_VOXELS)

struct UtTwinMean {
  gboolean sinks_islands;
  UtTwin *first;
  guint n;
  double seconds;
  float *probabilities[UT_N_TWIN_STAGES]; /* running means */
  float *variance, *weight;
  float *squares; /* [N_PROBABILITIES] of the last stage: sum of squared deviations */
  guint32 seed_voxels[UT_TWIN_MAX_SEEDS][UT_N_LABELS];
};

UtTwinMean *
ut_twin_mean_new (gboolean sinks_islands)
{
  UtTwinMean *self = g_new0 (UtTwinMean, 1);
  self->sinks_islands = sinks_islands;
  return self;
}

void
ut_twin_mean_free (UtTwinMean *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->first, ut_twin_unref);
  for (int stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    g_free (self->probabilities[stage]);
  g_free (self->variance);
  g_free (self->weight);
  g_free (self->squares);
  g_free (self);
}

/* Moves the running mean of @n - 1 values to that of @n; @squares may be NULL. */
static void
add_values (float *mean, float *squares, const float *values, gsize n_values, guint n)
{
  float share = 1 / (float)n;
  for (gsize i = 0; i < n_values; i++) {
    float before = values[i] - mean[i];
    mean[i] += before * share;
    if (squares)
      squares[i] += before * (values[i] - mean[i]);
  }
}

static gboolean
out_of_memory (GError **error)
{
  g_set_error (
    error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_MEMORY, ut_words ("no memory for a mean of twins"));
  return FALSE;
}

static gboolean
copy_values (const float *values, gsize n, float **ret, GError **error)
{
  if (values == NULL)
    return TRUE;
  *ret = g_try_new (float, n);
  if (*ret == NULL)
    return out_of_memory (error);
  memcpy (*ret, values, n * sizeof **ret);
  return TRUE;
}

static gboolean
begin (UtTwinMean *self, const UtTwin *twin, GError **error)
{
  for (int stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    if (!copy_values (
          twin->probabilities[stage], N_PROBABILITIES, &self->probabilities[stage], error))
      return FALSE;
  if (!copy_values (twin->variance, N_BRANCHES, &self->variance, error) ||
      !copy_values (twin->weight, N_BRANCHES, &self->weight, error))
    return FALSE;
  self->squares = g_try_new0 (float, N_PROBABILITIES);
  if (self->squares == NULL)
    return out_of_memory (error);
  self->first = ut_twin_ref ((UtTwin *)twin);
  return TRUE;
}

static void
count_voxels (const UtTwin *twin, guint32 ret_voxels[UT_N_LABELS])
{
  const UtVolume *labels = twin->labels[ut_twin_final_stage (twin)];
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    ret_voxels[labels->u8[i]]++;
}

static gboolean
matches (const UtTwin *a, const UtTwin *b)
{
  gboolean same = a->phase == b->phase && !a->variance == !b->variance && !a->weight == !b->weight;
  for (int stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    same = same && !a->labels[stage] == !b->labels[stage] &&
           !a->probabilities[stage] == !b->probabilities[stage];
  return same;
}

gboolean
ut_twin_mean_add (UtTwinMean *self, const UtTwin *twin, GError **error)
{
  if (self->n == UT_TWIN_MAX_SEEDS || (self->first && !matches (self->first, twin))) {
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("twin %u cannot join the mean: want at most %d of one phase and the same stages"),
      self->n + 1,
      UT_TWIN_MAX_SEEDS);
    return FALSE;
  }
  if (self->n == 0 && !begin (self, twin, error))
    return FALSE;
  self->seconds += twin->provenance.seconds;
  count_voxels (twin, self->seed_voxels[self->n]);
  if (self->n++ == 0)
    return TRUE;
  UtTwinStage last = ut_twin_final_stage (twin);
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    if (twin->probabilities[stage])
      add_values (self->probabilities[stage],
                  stage == last ? self->squares : NULL,
                  twin->probabilities[stage],
                  N_PROBABILITIES,
                  self->n);
  if (twin->variance)
    add_values (self->variance, NULL, twin->variance, N_BRANCHES, self->n);
  if (twin->weight)
    add_values (self->weight, NULL, twin->weight, N_BRANCHES, self->n);
  return TRUE;
}

static float *
make_spread (const UtTwinMean *self)
{
  float *spread = g_try_new0 (float, UT_TWIN_N_VOXELS);
  for (gsize i = 0; spread && i < N_PROBABILITIES; i++)
    spread[i % UT_TWIN_N_VOXELS] += sqrtf (MAX (self->squares[i], 0) / (float)self->n);
  return spread;
}

static gboolean
finish_stage (UtTwinMean *self, UtTwin *ret, UtTwinStage stage, GError **error)
{
  if (!ut_twin_has_stage (self->first, stage))
    return TRUE;
  if (self->probabilities[stage] == NULL)
    return ut_twin_set_labels (ret, stage, self->first->labels[stage], error);
  if (stage == UT_TWIN_CORRECTED && self->sinks_islands)
    ut_twin_sink_islands (self->probabilities[stage]);
  return ut_twin_take_probabilities (
    ret, stage, g_steal_pointer (&self->probabilities[stage]), error);
}

UtTwin *
ut_twin_mean_finish (UtTwinMean *self, GError **error)
{
  g_return_val_if_fail (self->first != NULL && self->squares != NULL, NULL);
  g_autoptr (UtTwin) twin = ut_twin_new (self->first->phase, &self->first->provenance);
  twin->template_index = self->first->template_index;
  twin->provenance.n_seeds = self->n;
  twin->provenance.seconds = self->seconds;
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    if (!finish_stage (self, twin, stage, error))
      return NULL;
  if (self->variance &&
      !ut_twin_take_branches (
        twin, g_steal_pointer (&self->variance), g_steal_pointer (&self->weight), error))
    return NULL;
  float *spread = self->n > 1 ? make_spread (self) : NULL;
  if (self->n > 1 && spread == NULL) {
    out_of_memory (error);
    return NULL;
  }
  if (spread && (!ut_twin_take_spread (twin, spread, error) ||
                 !ut_twin_set_seed_voxels (twin, self->seed_voxels, error)))
    return NULL;
  g_clear_pointer (&self->squares, g_free);
  return g_steal_pointer (&twin);
}

float *
ut_twin_disagreement (const UtTwin *twin)
{
  if (twin->variance == NULL)
    return NULL;
  float *map = g_new (float, UT_TWIN_N_VOXELS);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++) {
    float sum = 0, squares = 0, sd[UT_TWIN_N_BRANCHES];
    for (gsize b = 0; b < UT_TWIN_N_BRANCHES; b++) {
      sd[b] = sqrtf (MAX (twin->variance[b * UT_TWIN_N_VOXELS + i], 0));
      sum += sd[b];
    }
    for (gsize b = 0; b < UT_TWIN_N_BRANCHES; b++) {
      float off = sd[b] - sum / UT_TWIN_N_BRANCHES;
      squares += off * off;
    }
    map[i] = sqrtf (squares / UT_TWIN_N_BRANCHES);
  }
  return map;
}
