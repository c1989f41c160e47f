/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/measurements.h"

#include "engine/anatomy/canonical.h"
#include "engine/measure/overlap.h"
#include "engine/measure/uncertainty.h"
#include "engine/measure/volumes.h"
#include "engine/study/twin-mesh.h"
#include "engine/surface/marching-cubes.h"

#include <math.h>

#define EMPTY_RULE "One set empty: the diagonal of the cube, 63 sqrt 3 voxels; both empty: 0. "

#define RANK_RULE                                                                                  \
  "Below 0.2 it says nothing about this heart. Mean: over the structures that have one."

static const UtQuantityInfo infos[UT_N_QUANTITIES] = {
  [UT_QUANTITY_VOLUME] = {"volume_ml",
                          "Volume",
                          "ml",
                          0,
                          "Voxels of the structure in the last stage of the twin times 0.027 ml. "
                          "A structure that touches the border of the 192 mm cube is cut off: its "
                          "volume is at least this."},
  [UT_QUANTITY_MESH_VOLUME] = {"volume_mesh_ml",
                               "Volume (mesh)",
                               "ml",
                               0,
                               "Volume enclosed by the structure's surface (divergence theorem), "
                               "which is cut from the probabilities of the last stage. Nothing is "
                               "smoothed."},
  [UT_QUANTITY_MASS] =
    {"lv_mass_g", "LV mass", "g", 0, "Myocardial volume by voxels times 1.05 g/ml."},
  [UT_QUANTITY_SV] = {"stroke_volume_ml",
                      "Stroke volume",
                      "ml",
                      0,
                      "LV volume at ED minus LV volume at ES, both by voxels. Left out where the "
                      "LV is cut off."},
  [UT_QUANTITY_EF] = {"ejection_fraction_percent",
                      "EF",
                      "%",
                      0,
                      "LV stroke volume divided by LV volume at ED, both by voxels. Left out where "
                      "the LV is cut off."},
  [UT_QUANTITY_DSC] = {"dsc",
                       "DSC",
                       "",
                       3,
                       "Dice: 2 |A and B| / (|A| + |B|), A the twin's last stage, B the reference, "
                       "0 to 1, higher is better. One set empty: 0; both empty: 1. Mean: over the "
                       "five structures."},
  [UT_QUANTITY_HD_MM] = {"hd_mm",
                         "HD",
                         "mm",
                         1,
                         "Hausdorff distance: the largest distance from a surface voxel of one set "
                         "to the nearest of the other, either way, between voxel centres; lower is "
                         "better. " EMPTY_RULE "Mean: over the five structures."},
  [UT_QUANTITY_HD_VOXELS] =
    {"hd_voxels", "HD", "voxels", 1, "The Hausdorff distance in voxels of 3 mm. " EMPTY_RULE},
  [UT_QUANTITY_HD95_MM] =
    {"hd95_mm",
     "HD95",
     "mm",
     1,
     "The larger of the two directed 95th percentiles of surface voxel "
     "distances, linear between order statistics; lower is better. " EMPTY_RULE
     "Mean: over the five structures."},
  [UT_QUANTITY_HD95_VOXELS] =
    {"hd95_voxels", "HD95", "voxels", 1, "HD95 in voxels of 3 mm. " EMPTY_RULE},
  [UT_QUANTITY_ASSD_MM] =
    {"assd_mm",
     "ASSD",
     "mm",
     1,
     "Average symmetric surface distance: mean of the pooled directed surface "
     "voxel distances; lower is better. " EMPTY_RULE "Mean: over the five structures."},
  [UT_QUANTITY_ASSD_VOXELS] =
    {"assd_voxels", "ASSD", "voxels", 1, "ASSD in voxels of 3 mm. " EMPTY_RULE},
  [UT_QUANTITY_VOLUME_ERROR] = {"volume_error_ml",
                                "E_vol",
                                "ml",
                                0,
                                "Absolute difference of the volumes of twin and reference, by "
                                "voxels; lower is better. Mean: over the five structures."},
  [UT_QUANTITY_VOLUME_DIFFERENCE] = {"volume_difference_ml",
                                     "Volume difference",
                                     "ml",
                                     0,
                                     "Volume of the twin minus volume of the reference, by voxels. "
                                     "Mean: over the five structures."},
  [UT_QUANTITY_SPREAD_RANK] =
    {"seed_spread_error_rank_correlation",
     "Spread against error",
     "",
     2,
     "Spearman's rank correlation, over the vertices of the twin's surface, of the seeds' spread "
     "(standard deviation of the class probabilities, summed over the classes) with the distance "
     "to the reference's surface; 1 where the surface is the worse the less certain it "
     "is. " RANK_RULE},
  [UT_QUANTITY_DISAGREEMENT_RANK] =
    {"branch_disagreement_error_rank_correlation",
     "Disagreement against error",
     "",
     2,
     "Spearman's rank correlation, over the vertices of the twin's surface, of the branches' "
     "disagreement (standard deviation over x, y and z of their local standard deviation) with "
     "the distance to the reference's surface. " RANK_RULE},
};

const UtQuantityInfo *
ut_quantity_info (UtQuantity quantity)
{
  g_return_val_if_fail ((guint)quantity < UT_N_QUANTITIES, &infos[UT_QUANTITY_VOLUME]);
  return &infos[quantity];
}

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
  };
  g_array_append_val (self->items, item);
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
  for (UtStructure structure = UT_MYO; structure < UT_N_LABELS; structure++) {
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
    g_autoptr (UtMesh) mesh = ut_twin_mesh (phase->twin, phase->stage, structure, error);
    if (mesh == NULL)
      return FALSE;
    double ml = phase->volumes[structure].ml;
    add (ret, phase, UT_QUANTITY_VOLUME, (int)structure, ml);
    add (ret, phase, UT_QUANTITY_MESH_VOLUME, (int)structure, ut_mesh_volume_ml (mesh));
    if (structure == UT_MYO)
      add (ret, phase, UT_QUANTITY_MASS, UT_MYO, ut_lv_mass_g (ml));
    if (phase->has_reference)
      add_overlap (ret, phase, (int)structure, &phase->overlaps[structure]);
    if (!add_ranks (ret, phase, (int)structure, mesh, reference, &sums, error))
      return FALSE;
  }
  if (phase->has_reference)
    add_overlap (ret, phase, -1, &phase->mean.mean);
  for (int i = 0; i < N_RANKS; i++)
    if (sums.n[i] > 0)
      add (ret, phase, ranks[i].quantity, -1, sums.sum[i] / sums.n[i]);
  return TRUE;
}

static void
add_function (UtMeasurements *self, const Phase *ed, const Phase *es)
{
  if (ed->twin == NULL || es->twin == NULL || ed->volumes[UT_LV].touches_edge ||
      es->volumes[UT_LV].touches_edge)
    return;
  double edv_ml = ed->volumes[UT_LV].ml, esv_ml = es->volumes[UT_LV].ml, fraction;
  UtMeasurement item = {
    .quantity = UT_QUANTITY_SV,
    .phase = -1,
    .structure = UT_LV,
    .value = ut_stroke_volume_ml (edv_ml, esv_ml),
    .stale = ed->stale || es->stale,
  };
  g_array_append_val (self->items, item);
  if (!ut_ejection_fraction (edv_ml, esv_ml, &fraction))
    return;
  item.quantity = UT_QUANTITY_EF;
  item.value = 100 * fraction;
  g_array_append_val (self->items, item);
}

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
    if (!measure_phase (state, phase, self, cancel, error))
      return NULL;
  }
  add_function (self, &phases[UT_PHASE_ED], &phases[UT_PHASE_ES]);
  return g_steal_pointer (&self);
}
