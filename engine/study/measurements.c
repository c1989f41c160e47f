/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/measurements.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/landmarks.h"
#include "engine/measure/ef-interval.h"
#include "engine/measure/long-axis.h"
#include "engine/measure/overlap.h"
#include "engine/measure/sphericity.h"
#include "engine/measure/uncertainty.h"
#include "engine/study/twin-mesh.h"
#include "engine/surface/marching-cubes.h"

#include <math.h>
#include <string.h>

void
ut_measurements_free (UtMeasurements *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->items);
  g_free (self);
}

const UtMeasurement *
ut_measurements_find (const UtMeasurements *self, UtQuantity quantity, int phase, int structure)
{
  for (guint i = 0; i < self->items->len; i++) {
    const UtMeasurement *item = &g_array_index (self->items, UtMeasurement, i);
    if (item->quantity == quantity && item->phase == phase && item->structure == structure)
      return item;
  }
  return NULL;
}

UtMesh *
ut_study_reference_mesh (const UtStudyReference *reference, UtStructure structure, GError **error)
{
  g_return_val_if_fail (reference->labels != NULL, NULL);
  return ut_mesh_from_labels (reference->labels, (guint8)structure, UT_MESH_FRAME_CANONICAL, error);
}

/* ---- measuring ------------------------------------------------------------------ */

/* One phase on its way into the list. */
typedef struct Phase {
  UtPhase phase;
  const UtTwin *twin;
  UtTwinStage stage;
  gboolean stale;
  gboolean edited[UT_N_LABELS]; /* of the background: of any */
  UtLabelVolume volumes[UT_N_LABELS];
  gboolean has_reference;
  UtOverlap overlaps[UT_N_LABELS];
  UtOverlapMean mean;
} Phase;

static void
add (UtMeasurements *self, const Phase *phase, UtQuantity quantity, int structure, double value)
{
  UtMeasurement item = {
    .quantity = quantity,
    .phase = (int)phase->phase,
    .structure = structure,
    .value = value,
    .cut_off = structure >= 0 && phase->volumes[structure].touches_edge,
    .stale = phase->stale,
    .edited = phase->edited[structure >= 0 ? structure : UT_BACKGROUND],
  };
  g_array_append_val (self->items, item);
}

static void
add_mesh_volume (UtMeasurements *self,
                 const Phase *phase,
                 UtStructure structure,
                 const UtMesh *mesh)
{
  add (self, phase, UT_QUANTITY_MESH_VOLUME, (int)structure, ut_mesh_volume_ml (mesh));
  UtMeasurement *item = &g_array_index (self->items, UtMeasurement, self->items->len - 1);
  item->cause = ut_volumes_compare (&phase->volumes[structure], mesh);
}

#define N_RANKS 2
static const struct {
  UtQuantity quantity;
  const char *scalar;
} ranks[N_RANKS] = {{UT_QUANTITY_SPREAD_RANK, UT_SPREAD_SCALAR},
                    {UT_QUANTITY_DISAGREEMENT_RANK, UT_DISAGREEMENT_SCALAR}};

/* What the mean over the structures is made of. */
typedef struct Ranks {
  double sum[N_RANKS];
  guint n[N_RANKS];
} Ranks;

static void
add_overlap (UtMeasurements *self, const Phase *phase, int structure, const UtOverlap *overlap)
{
  add (self, phase, UT_QUANTITY_DSC, structure, overlap->dsc);
  add (self, phase, UT_QUANTITY_HD_MM, structure, overlap->hd_mm);
  add (self, phase, UT_QUANTITY_HD_VOXELS, structure, overlap->hd_voxels);
  add (self, phase, UT_QUANTITY_HD95_MM, structure, overlap->hd95_mm);
  add (self, phase, UT_QUANTITY_HD95_VOXELS, structure, overlap->hd95_voxels);
  add (self, phase, UT_QUANTITY_ASSD_MM, structure, overlap->assd_mm);
  add (self, phase, UT_QUANTITY_ASSD_VOXELS, structure, overlap->assd_voxels);
  add (self, phase, UT_QUANTITY_VOLUME_ERROR, structure, overlap->volume_error_ml);
  add (self, phase, UT_QUANTITY_VOLUME_DIFFERENCE, structure, overlap->volume_difference_ml);
}

/* Whether the surface says itself where it is wrong. */
static gboolean
add_ranks (UtMeasurements *self,
           const Phase *phase,
           int structure,
           const UtMesh *mesh,
           const UtStudyReference *reference,
           Ranks *sums,
           GError **error)
{
  if (!phase->has_reference || mesh->n_scalars == 0)
    return TRUE;
  g_autoptr (UtMesh) truth = ut_study_reference_mesh (reference, (UtStructure)structure, error);
  if (truth == NULL)
    return FALSE;
  if (truth->n_triangles == 0)
    return TRUE;
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (mesh, truth, error);
  if (distance == NULL)
    return FALSE;
  for (int i = 0; i < N_RANKS; i++) {
    double rho;
    if (!ut_uncertainty_rank (mesh, ranks[i].scalar, distance, &rho))
      continue;
    add (self, phase, ranks[i].quantity, structure, rho);
    sums->sum[i] += rho;
    sums->n[i]++;
  }
  return TRUE;
}

/* Length, roundness and wall of the left ventricle; a heart too odd for its axes has none. */
static void
add_shape (UtMeasurements *self, const Phase *phase, const UtMesh *wall, const UtMesh *cavity)
{
  UtLandmarks landmarks;
  double long_axis_mm;
  UtWallThickness *thickness = &self->wall[phase->phase];
  if (phase->volumes[UT_LV].touches_edge || phase->volumes[UT_MYO].touches_edge ||
      !ut_landmarks_find (phase->twin->labels[phase->stage], &landmarks, NULL))
    return;
  const UtLvFrame frame = {.mitral = landmarks.mitral,
                           .apex = landmarks.apex,
                           .centroid = landmarks.centroid[UT_LV],
                           .axis = landmarks.long_axis,
                           .septal = landmarks.septal};
  if (ut_lv_long_axis (cavity, &frame, &long_axis_mm)) {
    add (self, phase, UT_QUANTITY_LONG_AXIS, UT_LV, long_axis_mm);
    add (self,
         phase,
         UT_QUANTITY_SPHERICITY,
         UT_LV,
         ut_lv_sphericity (phase->volumes[UT_LV].ml, long_axis_mm));
  }
  self->has_wall[phase->phase] = ut_wall_thickness (wall, cavity, &frame, thickness, NULL);
  if (self->has_wall[phase->phase])
    add (self, phase, UT_QUANTITY_WALL_THICKNESS, UT_MYO, thickness->mean_mm);
}

static gboolean
measure_structure (const UtStudyState *state,
                   const Phase *phase,
                   UtStructure structure,
                   const UtMesh *mesh,
                   Ranks *sums,
                   UtMeasurements *ret,
                   GError **error)
{
  double ml = phase->volumes[structure].ml;
  add (ret, phase, UT_QUANTITY_VOLUME, (int)structure, ml);
  add_mesh_volume (ret, phase, structure, mesh);
  if (structure == UT_MYO)
    add (ret, phase, UT_QUANTITY_MASS, UT_MYO, ut_lv_mass_g (ml));
  if (phase->has_reference)
    add_overlap (ret, phase, (int)structure, &phase->overlaps[structure]);
  return add_ranks (ret, phase, (int)structure, mesh, state->references[phase->phase], sums, error);
}

static gboolean
measure_phase (const UtStudyState *state,
               Phase *phase,
               UtMeasurements *ret,
               GCancellable *cancel,
               GError **error)
{
  const UtStudyReference *reference = state->references[phase->phase];
  const UtVolume *labels = phase->twin->labels[phase->stage];
  if (!ut_label_volumes (labels, UT_N_LABELS, phase->volumes, error))
    return FALSE;
  phase->has_reference = reference && reference->labels;
  if (phase->has_reference &&
      !ut_overlap_all (
        labels, reference->labels, UT_N_LABELS, phase->overlaps, &phase->mean, error))
    return FALSE;
  Ranks sums = {0};
  g_autoptr (UtMesh) wall = NULL; /* measured together with the LV, which follows it */
  for (UtStructure structure = UT_MYO; structure < UT_N_LABELS; structure++) {
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
    g_autoptr (UtMesh) mesh = ut_twin_mesh (phase->twin, phase->stage, structure, error);
    if (mesh == NULL || !measure_structure (state, phase, structure, mesh, &sums, ret, error))
      return FALSE;
    if (structure == UT_MYO)
      wall = ut_mesh_ref (mesh);
    else if (structure == UT_LV)
      add_shape (ret, phase, wall, mesh);
  }
  if (phase->has_reference)
    add_overlap (ret, phase, -1, &phase->mean.mean);
  for (int i = 0; i < N_RANKS; i++)
    if (sums.n[i] > 0)
      add (ret, phase, ranks[i].quantity, -1, sums.sum[i] / sums.n[i]);
  return TRUE;
}

/* How far the seeds' volumes of the LV lie from those of their mean. Seeds with the same numbers
 * err alike about where the heart lies, so that they are paired. */
static UtVolumeErrors
seed_errors (const UtTwin *const twins[UT_N_PHASES], guint ret_n_seeds[UT_N_PHASES])
{
  double ml[UT_N_PHASES][UT_TWIN_MAX_SEEDS];
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    const UtTwin *twin = twins[phase];
    double voxel_ml = ut_volume_voxel_ml (twin->labels[ut_twin_final_stage (twin)]);
    ret_n_seeds[phase] = twin->seed_voxels != NULL ? twin->provenance.n_seeds : 0;
    for (guint i = 0; i < ret_n_seeds[phase]; i++)
      ml[phase][i] = voxel_ml * twin->seed_voxels[i][UT_LV];
  }
  const double *ed = ml[UT_PHASE_ED], *es = ml[UT_PHASE_ES];
  guint n_ed = ret_n_seeds[UT_PHASE_ED], n_es = ret_n_seeds[UT_PHASE_ES];
  UtVolumeErrors errors = {0};
  if (n_ed == n_es && twins[0]->provenance.seed == twins[1]->provenance.seed) {
    errors = ut_volume_errors_from_pairs (ed, es, n_ed);
  } else {
    errors.sd_ml[0] = ut_volume_errors_from_pairs (ed, ed, n_ed).sd_ml[0];
    errors.sd_ml[1] = ut_volume_errors_from_pairs (es, es, n_es).sd_ml[1];
  }
  errors.mean_ml[0] = errors.mean_ml[1] = 0;
  return errors;
}

static gboolean
from_echo (const UtTwinProvenance *provenance)
{
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (provenance->present[view])
      return TRUE;
  return FALSE;
}

/* FALSE where the EF has no interval; @basis says why. */
static gboolean
find_interval (const UtTwin *const twins[UT_N_PHASES],
               double edv_ml,
               double esv_ml,
               UtEfBasis *basis,
               UtMeasurement *ret)
{
  const UtTwinProvenance *ed = &twins[0]->provenance, *es = &twins[1]->provenance;
  const UtTwinValidation *table = &ed->validation;
  basis->state = from_echo (ed) && from_echo (es) ? UT_EF_NO_TABLE : UT_EF_NO_ECHO;
  if (table->n_hearts == 0 || es->validation.n_hearts == 0 ||
      g_strcmp0 (ed->model_sha256, es->model_sha256) != 0)
    return FALSE;
  basis->state = UT_EF_OTHER_VIEWS;
  if (table->views != ut_twin_view_set (ed->present) || table->views != es->validation.views ||
      table->views != ut_twin_view_set (es->present))
    return FALSE;
  basis->validation = *table;
  UtVolumeErrors known = {{table->edv_error_mean_ml, table->esv_error_mean_ml},
                          {table->edv_error_sd_ml, table->esv_error_sd_ml},
                          table->error_correlation};
  UtVolumeErrors seeds = seed_errors (twins, basis->n_seeds);
  UtVolumeErrors both = ut_volume_errors_add (&known, &seeds);
  basis->state = UT_EF_UNSURE;
  if (!ut_ef_interval (edv_ml, esv_ml, &both, &ret->low, &ret->high))
    return FALSE;
  basis->state = UT_EF_GIVEN;
  ret->low *= 100;
  ret->high *= 100;
  ret->has_interval = TRUE;
  return TRUE;
}

static void
add_function (UtMeasurements *self, const Phase *ed, const Phase *es)
{
  self->ef.state = ed->twin == NULL || es->twin == NULL ? UT_EF_NOT_BOTH : UT_EF_CUT_OFF;
  if (self->ef.state == UT_EF_NOT_BOTH || ed->volumes[UT_LV].touches_edge ||
      es->volumes[UT_LV].touches_edge)
    return;
  double edv_ml = ed->volumes[UT_LV].ml, esv_ml = es->volumes[UT_LV].ml, fraction;
  const UtTwin *const twins[UT_N_PHASES] = {ed->twin, es->twin};
  UtMeasurement item = {
    .quantity = UT_QUANTITY_SV,
    .phase = -1,
    .structure = UT_LV,
    .value = ut_stroke_volume_ml (edv_ml, esv_ml),
    .stale = ed->stale || es->stale,
    .edited = ed->edited[UT_LV] || es->edited[UT_LV],
  };
  g_array_append_val (self->items, item);
  self->ef.edited = item.edited;
  self->ef.state = UT_EF_UNSURE;
  if (!ut_ejection_fraction (edv_ml, esv_ml, &fraction) ||
      !find_interval (twins, edv_ml, esv_ml, &self->ef, &item))
    return;
  item.quantity = UT_QUANTITY_EF;
  item.value = 100 * fraction;
  g_array_append_val (self->items, item);
}

/* ---- all of it ------------------------------------------------------------------ */

UtMeasurements *
ut_study_measure (const UtStudyState *state, GCancellable *cancel, GError **error)
{
  g_autoptr (UtMeasurements) self = g_new0 (UtMeasurements, 1);
  self->items = g_array_new (FALSE, FALSE, sizeof (UtMeasurement));
  Phase phases[UT_N_PHASES] = {0};
  for (UtPhase i = 0; i < UT_N_PHASES; i++) {
    Phase *phase = &phases[i];
    phase->phase = i;
    phase->twin = ut_study_twin (state, i);
    if (phase->twin == NULL)
      continue;
    phase->stage = ut_twin_final_stage (phase->twin);
    phase->stale = ut_study_is_stale (state, i);
    for (int s = UT_BACKGROUND; s < UT_N_LABELS; s++)
      phase->edited[s] = ut_study_is_edited (state, i, s == UT_BACKGROUND ? -1 : s);
    if (!measure_phase (state, phase, self, cancel, error))
      return NULL;
  }
  add_function (self, &phases[UT_PHASE_ED], &phases[UT_PHASE_ES]);
  ut_measurements_follow (self, state);
  return g_steal_pointer (&self);
}
