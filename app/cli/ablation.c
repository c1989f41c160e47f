/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/ablation.h"

#include "app/reconstruct.h"
#include "engine/base/error.h"
#include "engine/measure/ef-interval.h"
#include "engine/measure/statistics.h"
#include "engine/measure/uncertainty.h"
#include "engine/measure/volumes.h"
#include "engine/study/measurements.h"
#include "engine/study/study-file.h"
#include "engine/study/twin-mesh.h"

#include <math.h>

#define MIN_VALIDATION_HEARTS 3

static const char *const rank_scalars[2] = {UT_SPREAD_SCALAR, UT_DISAGREEMENT_SCALAR};

static void
heart_free (gpointer data)
{
  UtAblationHeart *self = data;
  g_free (self->name);
  g_free (self);
}

void
ut_ablation_free (UtAblation *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->full, ut_twin_model_unref);
  g_clear_pointer (&self->baseline, ut_twin_model_unref);
  g_ptr_array_unref (self->hearts);
  g_free (self);
}

/* ---- one heart -------------------------------------------------------------------- */

/* Means over the structures that have one; NAN elsewhere. */
static gboolean
find_ranks (const UtTwin *twin,
            UtTwinStage stage,
            const UtStudyReference *reference,
            double *ret,
            GError **error)
{
  double sum[2] = {0};
  guint n[2] = {0};
  if (twin->spread == NULL && twin->variance == NULL)
    return TRUE;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    g_autoptr (UtMesh) mesh = ut_twin_mesh (twin, stage, s, error);
    g_autoptr (UtMesh) truth = mesh ? ut_study_reference_mesh (reference, s, error) : NULL;
    if (truth == NULL)
      return FALSE;
    if (truth->n_triangles == 0)
      continue;
    g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (mesh, truth, error);
    if (distance == NULL)
      return FALSE;
    for (int i = 0; i < 2; i++) {
      double rho;
      gboolean known = ut_uncertainty_rank (mesh, rank_scalars[i], distance, &rho);
      sum[i] += known ? rho : 0;
      n[i] += known;
    }
  }
  for (int i = 0; i < 2; i++)
    ret[i] = n[i] > 0 ? sum[i] / n[i] : NAN;
  return TRUE;
}

static gboolean
score (const UtTwin *twin,
       UtTwinStage stage,
       const UtStudyReference *reference,
       UtAblationScore *ret,
       GError **error)
{
  const UtVolume *labels = twin->labels[stage];
  UtLabelVolume volumes[UT_N_LABELS];
  ret->rank[0] = ret->rank[1] = NAN;
  ret->seconds = twin->provenance.seconds;
  if (!ut_overlap_all (labels, reference->labels, UT_N_LABELS, ret->overlaps, &ret->mean, error) ||
      !ut_topology_check (labels, &ret->topology, error) ||
      !ut_label_volumes (labels, UT_N_LABELS, volumes, error))
    return FALSE;
  ret->lv_ml = volumes[UT_LV].ml;
  return stage != ut_twin_final_stage (twin) ||
         find_ranks (twin, stage, reference, ret->rank, error);
}

/* One run of a network, scored at two of its stages. */
typedef struct Run {
  UtTwinModel *model;
  UtTwinWithout without;
  UtAblationRow rows[2];
  UtTwinStage stages[2];
} Run;

static gboolean
run_heart (UtAblation *self,
           const Run *run,
           const UtStudyState *state,
           UtPhase phase,
           UtAblationHeart *heart,
           GError **error)
{
  const UtAblationOptions *options = &self->options;
  const UtTwinRaster raster = ut_twin_model_get_raster (run->model);
  UtTwinOptions how = {
    .phase = phase, .seed = options->seed, .steps = options->steps, .without = run->without};
  g_autoptr (UtTwinInput) input = ut_study_twin_input (state, phase, &raster, error);
  g_autoptr (UtTwin) twin =
    input ? ut_reconstruct_phase (run->model, input, &how, options->n_seeds, NULL, NULL, error)
          : NULL;
  if (twin == NULL)
    return FALSE;
  for (int i = 0; i < 2; i++) {
    UtTwinStage stage =
      run->rows[i] == UT_ABLATION_FULL ? ut_twin_final_stage (twin) : run->stages[i];
    if (!ut_twin_has_stage (twin, stage))
      continue;
    self->present[run->rows[i]] = TRUE;
    if (!score (twin, stage, state->references[phase], &heart->scores[run->rows[i]][phase], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
score_phase (UtAblation *self,
             const UtStudyState *state,
             UtPhase phase,
             UtAblationHeart *heart,
             GError **error)
{
  const Run runs[2] = {
    {self->baseline ? self->baseline : self->full,
     UT_TWIN_WITHOUT_REFINEMENT,
     {UT_ABLATION_BASELINE, UT_ABLATION_AUTOENCODER},
     {UT_TWIN_COARSE, UT_TWIN_CORRECTED}},
    {self->full,
     UT_TWIN_WITHOUT_NOTHING,
     {UT_ABLATION_COARSE_TO_FINE, UT_ABLATION_FULL},
     {UT_TWIN_REFINED, UT_TWIN_CORRECTED}},
  };
  const UtStudyReference *reference = state->references[phase];
  UtLabelVolume volumes[UT_N_LABELS];
  if (reference == NULL || reference->labels == NULL || !ut_study_is_ready (state, phase))
    return TRUE;
  if (!ut_label_volumes (reference->labels, UT_N_LABELS, volumes, error))
    return FALSE;
  heart->reference_lv_ml[phase] = volumes[UT_LV].ml;
  for (int i = self->options.only_full ? 1 : 0; i < 2; i++)
    if (!run_heart (self, &runs[i], state, phase, heart, error))
      return FALSE;
  heart->scored[phase] = TRUE;
  return TRUE;
}

static gboolean
add_heart (UtAblation *self, const char *folder, GError **error)
{
  g_autoptr (UtStudy) study = ut_study_open (folder, NULL, NULL, error);
  if (study == NULL)
    return FALSE;
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (!self->options.use_view[view])
      ut_study_clear_view (study, view);
  UtAblationHeart *heart = g_new0 (UtAblationHeart, 1);
  heart->name = g_path_get_basename (folder);
  g_ptr_array_add (self->hearts, heart);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (!score_phase (self, ut_study_get_state (study), phase, heart, error)) {
      g_prefix_error (error, "%s: ", heart->name);
      return FALSE;
    }
  if (!heart->scored[UT_PHASE_ED] && !heart->scored[UT_PHASE_ES])
    g_ptr_array_remove (self->hearts, heart);
  return TRUE;
}

/* ---- all hearts ------------------------------------------------------------------- */

static gboolean
holds_study (const char *folder)
{
  g_autofree char *file = g_build_filename (folder, UT_STUDY_FILE, NULL);
  return g_file_test (file, G_FILE_TEST_EXISTS);
}

static gint
compare_paths (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

/* (transfer full): study folders, by name */
static GPtrArray *
list_studies (const char *cases, GError **error)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (cases, 0, error);
  const char *name;
  if (dir == NULL)
    return NULL;
  if (holds_study (cases))
    g_ptr_array_add (folders, g_strdup (cases));
  gboolean alone = folders->len > 0;
  while (!alone && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *folder = g_build_filename (cases, name, NULL);
    if (holds_study (folder))
      g_ptr_array_add (folders, g_steal_pointer (&folder));
  }
  g_ptr_array_sort (folders, compare_paths);
  return g_steal_pointer (&folders);
}

UtAblation *
ut_ablation_run (const UtAblationOptions *options, GError **error)
{
  g_autoptr (UtAblation) self = g_new0 (UtAblation, 1);
  self->options = *options;
  self->hearts = g_ptr_array_new_with_free_func (heart_free);
  g_autoptr (GPtrArray) folders = list_studies (options->cases, error);
  if (folders == NULL)
    return NULL;
  self->full = ut_twin_model_open (options->weights, options->device, NULL, error);
  if (self->full == NULL)
    return NULL;
  if (options->baseline) {
    self->baseline = ut_twin_model_open (options->baseline, options->device, NULL, error);
    if (self->baseline == NULL)
      return NULL;
  }
  for (guint i = 0; i < folders->len; i++) {
    g_printerr ("\r%u of %u", i + 1, folders->len);
    if (!add_heart (self, g_ptr_array_index (folders, i), error))
      return NULL;
  }
  g_printerr ("\n");
  if (self->hearts->len > 0)
    return g_steal_pointer (&self);
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               "no study with marks and a reference is there to score, see simulate --help");
  return NULL;
}

/* ---- a row ------------------------------------------------------------------------ */

static void
divide_overlap (UtOverlap *sum, guint n)
{
  for (gsize i = 0; i < UT_OVERLAP_N_NUMBERS; i++)
    G_STRUCT_MEMBER (double, sum, ut_overlap_numbers[i].offset) /= n;
}

static void
add_volume (UtAblationSummary *sum, const UtAblationScore *one, guint n_ranks[2])
{
  for (int s = UT_MYO; s < UT_N_LABELS; s++) {
    ut_overlap_add (&sum->overlaps[s], &one->overlaps[s], 1);
    sum->n_one_empty[s] += ut_overlap_one_empty (&one->overlaps[s]);
    sum->mean_parts[s] += one->topology.n_parts[s];
  }
  ut_overlap_add (&sum->mean, &one->mean.mean, 1);
  sum->share_one_part += one->topology.one_part;
  sum->share_no_leak += one->topology.no_leak;
  sum->share_sound += one->topology.one_part && one->topology.no_leak;
  sum->seconds += one->seconds;
  for (int i = 0; i < 2; i++)
    if (!isnan (one->rank[i])) {
      sum->rank[i] += one->rank[i];
      n_ranks[i]++;
    }
  sum->n_volumes++;
}

/* EF error in points; FALSE where the heart was not scored at ED and ES */
static gboolean
ef_error (const UtAblationHeart *heart, UtAblationRow row, double *ret_points)
{
  const UtAblationScore *scores = heart->scores[row];
  double truth, found;
  if (!heart->scored[UT_PHASE_ED] || !heart->scored[UT_PHASE_ES] ||
      !ut_ejection_fraction (
        heart->reference_lv_ml[UT_PHASE_ED], heart->reference_lv_ml[UT_PHASE_ES], &truth) ||
      !ut_ejection_fraction (scores[UT_PHASE_ED].lv_ml, scores[UT_PHASE_ES].lv_ml, &found))
    return FALSE;
  *ret_points = 100 * (found - truth);
  return TRUE;
}

static double
heart_dsc (const UtAblationHeart *heart, UtAblationRow row)
{
  double sum = 0;
  guint n = 0;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (heart->scored[phase]) {
      sum += heart->scores[row][phase].mean.mean.dsc;
      n++;
    }
  return sum / n;
}

static void
compare_with_full (const UtAblation *self, UtAblationRow row, UtAblationSummary *ret)
{
  guint n = self->hearts->len;
  g_autofree double *one = g_new (double, n);
  g_autofree double *full = g_new (double, n);
  for (guint i = 0; i < n; i++) {
    one[i] = heart_dsc (g_ptr_array_index (self->hearts, i), row);
    full[i] = heart_dsc (g_ptr_array_index (self->hearts, i), UT_ABLATION_FULL);
  }
  ret->has_p = ut_wilcoxon_signed_rank (one, full, n, &ret->p_against_full);
}

static void
finish_summary (UtAblationSummary *sum, const guint n_ranks[2])
{
  double *const shares[] = {
    &sum->share_one_part, &sum->share_no_leak, &sum->share_sound, &sum->seconds};
  for (int s = UT_MYO; s < UT_N_LABELS; s++) {
    divide_overlap (&sum->overlaps[s], sum->n_volumes);
    sum->mean_parts[s] /= sum->n_volumes;
  }
  divide_overlap (&sum->mean, sum->n_volumes);
  for (gsize i = 0; i < G_N_ELEMENTS (shares); i++)
    *shares[i] /= sum->n_volumes;
  for (int i = 0; i < 2; i++)
    sum->rank[i] = n_ranks[i] > 0 ? sum->rank[i] / n_ranks[i] : NAN;
  sum->ef_error_mean /= sum->n_ef; /* not a number where there is none */
  sum->ef_error_mean_absolute /= sum->n_ef;
  sum->ef_share_within_5 /= sum->n_ef;
}

void
ut_ablation_summarise (const UtAblation *self, UtAblationRow row, UtAblationSummary *ret_summary)
{
  UtAblationSummary sum = {.n_hearts = self->hearts->len};
  guint n_ranks[2] = {0};
  for (guint i = 0; i < self->hearts->len; i++) {
    const UtAblationHeart *heart = g_ptr_array_index (self->hearts, i);
    double points;
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
      if (heart->scored[phase])
        add_volume (&sum, &heart->scores[row][phase], n_ranks);
    if (!ef_error (heart, row, &points))
      continue;
    sum.n_ef++;
    sum.ef_error_mean += points;
    sum.ef_error_mean_absolute += fabs (points);
    sum.ef_share_within_5 += fabs (points) <= 5;
  }
  finish_summary (&sum, n_ranks);
  if (row != UT_ABLATION_FULL && self->present[UT_ABLATION_FULL])
    compare_with_full (self, row, &sum);
  *ret_summary = sum;
}

gboolean
ut_ablation_validation (const UtAblation *self, UtTwinValidation *ret_table, GError **error)
{
  UtAblationSummary sum;
  g_autofree double *ed_ml = g_new (double, self->hearts->len);
  g_autofree double *es_ml = g_new (double, self->hearts->len);
  guint n = 0;
  for (guint i = 0; i < self->hearts->len; i++) {
    const UtAblationHeart *heart = g_ptr_array_index (self->hearts, i);
    const UtAblationScore *scores = heart->scores[UT_ABLATION_FULL];
    if (!heart->scored[UT_PHASE_ED] || !heart->scored[UT_PHASE_ES])
      continue;
    ed_ml[n] = scores[UT_PHASE_ED].lv_ml - heart->reference_lv_ml[UT_PHASE_ED];
    es_ml[n++] = scores[UT_PHASE_ES].lv_ml - heart->reference_lv_ml[UT_PHASE_ES];
  }
  if (n < MIN_VALIDATION_HEARTS) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "%u hearts with ED and ES are too few for a table of errors, want %d",
                 n,
                 MIN_VALIDATION_HEARTS);
    return FALSE;
  }
  UtVolumeErrors errors = ut_volume_errors_from_pairs (ed_ml, es_ml, n);
  ut_ablation_summarise (self, UT_ABLATION_FULL, &sum);
  *ret_table = (UtTwinValidation){
    .n_hearts = n,
    .views = ut_twin_view_set (self->options.use_view),
    .edv_error_mean_ml = errors.mean_ml[UT_PHASE_ED],
    .edv_error_sd_ml = errors.sd_ml[UT_PHASE_ED],
    .esv_error_mean_ml = errors.mean_ml[UT_PHASE_ES],
    .esv_error_sd_ml = errors.sd_ml[UT_PHASE_ES],
    .error_correlation = errors.correlation,
    .ef_error_mean_absolute_points = sum.ef_error_mean_absolute,
    .ef_error_mean_points = sum.ef_error_mean,
  };
  return TRUE;
}
