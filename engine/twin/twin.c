/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin.h"

#include "engine/anatomy/canonical.h"
#include "engine/base/error.h"
#include "engine/base/words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *const stage_names[UT_N_TWIN_STAGES] = {
  "template", "coarse", "refined", "autoencoder", "corrected", "edited"};

const char *
ut_twin_stage_name (UtTwinStage stage)
{
  g_return_val_if_fail (stage < UT_N_TWIN_STAGES, "?");
  return stage_names[stage];
}

gboolean
ut_twin_stage_from_name (const char *name, UtTwinStage *ret_stage)
{
  for (int i = 0; i < UT_N_TWIN_STAGES; i++)
    if (g_strcmp0 (name, stage_names[i]) == 0) {
      *ret_stage = i;
      return TRUE;
    }
  return FALSE;
}

void
ut_twin_provenance_copy (const UtTwinProvenance *src, UtTwinProvenance *ret)
{
  *ret = *src;
  ret->model_name = g_strdup (src->model_name);
  ret->model_sha256 = g_strdup (src->model_sha256);
  ret->device = g_strdup (src->device);
  ret->version = g_strdup (src->version);
  ret->options = g_strdup (src->options);
  for (int v = 0; v < UT_N_VIEWS; v++)
    ret->input_sha256[v] = g_strdup (src->input_sha256[v]);
}

void
ut_twin_provenance_clear (UtTwinProvenance *self)
{
  g_free (self->model_name);
  g_free (self->model_sha256);
  g_free (self->device);
  g_free (self->version);
  g_free (self->options);
  for (int v = 0; v < UT_N_VIEWS; v++)
    g_free (self->input_sha256[v]);
  memset (self, 0, sizeof *self);
}

UtTwin *
ut_twin_new (UtPhase phase, const UtTwinProvenance *provenance)
{
  UtTwin *self = g_new0 (UtTwin, 1);
  self->phase = phase;
  self->template_index = UT_TWIN_NO_TEMPLATE;
  if (provenance)
    ut_twin_provenance_copy (provenance, &self->provenance);
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

UtTwin *
ut_twin_new_edited (UtTwin *base, UtVolume *labels, GError **error)
{
  g_return_val_if_fail (base->base == NULL, NULL);
  UtTwin *self = ut_twin_new (base->phase, &base->provenance);
  self->base = ut_twin_ref (base);
  self->template_index = base->template_index;
  memcpy (self->probabilities, base->probabilities, sizeof self->probabilities);
  for (int s = 0; s < UT_N_TWIN_STAGES; s++)
    self->labels[s] = base->labels[s] ? ut_volume_ref (base->labels[s]) : NULL;
  self->variance = base->variance;
  self->weight = base->weight;
  self->spread = base->spread;
  self->seed_voxels = base->seed_voxels;
  if (ut_twin_set_labels (self, UT_TWIN_EDITED, labels, error))
    return self;
  ut_twin_unref (self);
  return NULL;
}

UtTwin *
ut_twin_ref (UtTwin *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_twin_unref (UtTwin *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  gboolean owns = self->base == NULL;
  for (int s = 0; s < UT_N_TWIN_STAGES; s++) {
    if (owns)
      g_free (self->probabilities[s]);
    g_clear_pointer (&self->labels[s], ut_volume_unref);
  }
  if (owns) {
    g_free (self->variance);
    g_free (self->weight);
    g_free (self->spread);
    g_free (self->seed_voxels);
  }
  g_clear_pointer (&self->base, ut_twin_unref);
  ut_twin_provenance_clear (&self->provenance);
  g_free (self);
}

static void
refuse_voxel (gsize voxel, GError **error)
{
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("the network gave a value that is not finite at voxel %zu"),
               voxel);
}

static gboolean
arg_max (const float *probabilities, guint8 *ret_labels, GError **error)
{
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++) {
    guint8 best = 0;
    gboolean finite = TRUE;
    for (guint8 c = 0; c < UT_N_LABELS; c++) {
      float p = probabilities[c * UT_TWIN_N_VOXELS + i];
      finite = finite && isfinite (p);
      if (p > probabilities[best * UT_TWIN_N_VOXELS + i])
        best = c;
    }
    if (!finite) {
      refuse_voxel (i, error);
      return FALSE;
    }
    ret_labels[i] = best;
  }
  return TRUE;
}

gboolean
ut_twin_take_probabilities (UtTwin *self, UtTwinStage stage, float *probabilities, GError **error)
{
  g_autofree float *taken = probabilities;
  g_return_val_if_fail (stage < UT_N_TWIN_STAGES && self->labels[stage] == NULL, FALSE);
  const gsize dims[3] = {UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE};
  UtAffine grid = ut_canonical_grid ();
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &grid, error);
  if (labels == NULL || !arg_max (taken, labels->u8, error))
    return FALSE;
  self->labels[stage] = g_steal_pointer (&labels);
  self->probabilities[stage] = g_steal_pointer (&taken);
  return TRUE;
}

gboolean
ut_twin_set_labels (UtTwin *self, UtTwinStage stage, UtVolume *labels, GError **error)
{
  g_return_val_if_fail (stage < UT_N_TWIN_STAGES && self->labels[stage] == NULL, FALSE);
  const gsize dims[3] = {UT_CANONICAL_SIDE, UT_CANONICAL_SIDE, UT_CANONICAL_SIDE};
  UtVolume want = {.type = UT_VOXEL_U8, .m_patient_from_voxel = ut_canonical_grid ()};
  memcpy (want.dims, dims, sizeof dims);
  gboolean good =
    labels->type == UT_VOXEL_U8 && ut_volume_same_grid (labels, &want, UT_VOLUME_GRID_TOLERANCE_MM);
  for (gsize i = 0; good && i < UT_TWIN_N_VOXELS; i++)
    good = labels->u8[i] < UT_N_LABELS;
  if (!good) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("the labels of stage \"%s\" are not heart labels on the canonical grid"),
                 ut_twin_stage_name (stage));
    return FALSE;
  }
  self->labels[stage] = ut_volume_ref (labels);
  return TRUE;
}

gboolean
ut_twin_take_branches (UtTwin *self, float *variance, float *weight, GError **error)
{
  g_autofree float *taken_variance = variance, *taken_weight = weight;
  g_return_val_if_fail (self->variance == NULL && self->weight == NULL, FALSE);
  for (gsize i = 0; i < UT_TWIN_N_BRANCHES * UT_TWIN_N_VOXELS; i++)
    if (!isfinite (variance[i]) || !isfinite (weight[i])) {
      refuse_voxel (i % UT_TWIN_N_VOXELS, error);
      return FALSE;
    }
  self->variance = g_steal_pointer (&taken_variance);
  self->weight = g_steal_pointer (&taken_weight);
  return TRUE;
}

gboolean
ut_twin_take_spread (UtTwin *self, float *spread, GError **error)
{
  g_autofree float *taken = spread;
  g_return_val_if_fail (self->spread == NULL, FALSE);
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    if (!isfinite (spread[i])) {
      refuse_voxel (i, error);
      return FALSE;
    }
  self->spread = g_steal_pointer (&taken);
  return TRUE;
}

gboolean
ut_twin_set_seed_voxels (UtTwin *self, const guint32 (*voxels)[UT_N_LABELS], GError **error)
{
  guint n = self->provenance.n_seeds;
  g_return_val_if_fail (n > 0 && n <= UT_TWIN_MAX_SEEDS && self->seed_voxels == NULL, FALSE);
  for (guint i = 0; i < n; i++) {
    guint64 sum = 0;
    for (guint c = 0; c < UT_N_LABELS; c++)
      sum += voxels[i][c];
    if (sum == UT_TWIN_N_VOXELS)
      continue;
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("voxels of seed %u add up to %" PRIu64 ", want %zu"),
                 i + 1,
                 sum,
                 UT_TWIN_N_VOXELS);
    return FALSE;
  }
  self->seed_voxels = g_memdup2 (voxels, n * sizeof *voxels);
  return TRUE;
}

gboolean
ut_twin_has_stage (const UtTwin *self, UtTwinStage stage)
{
  return stage < UT_N_TWIN_STAGES && self->labels[stage] != NULL;
}

UtTwinStage
ut_twin_final_stage (const UtTwin *self)
{
  int last = UT_TWIN_TEMPLATE;
  for (int s = 0; s < UT_N_TWIN_STAGES; s++)
    last = self->labels[s] ? s : last;
  return (UtTwinStage)last;
}

UtTwinStage
ut_twin_network_stage (const UtTwin *self)
{
  return ut_twin_final_stage (self->base != NULL ? self->base : self);
}

gboolean
ut_twin_is_edited (const UtTwin *self, UtStructure structure)
{
  if (self->base == NULL)
    return FALSE;
  const guint8 *before = self->labels[ut_twin_network_stage (self)]->u8;
  const guint8 *after = self->labels[UT_TWIN_EDITED]->u8;
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    if ((before[i] == structure) != (after[i] == structure))
      return TRUE;
  return FALSE;
}
