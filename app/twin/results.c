/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/results.h"

#include "app/job.h"
#include "engine/study/twin-mesh.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/mesh-motion.h"
#include "engine/surface/mesh-transfer.h"
#include "engine/surface/smoothing.h"
#include "engine/twin/twin.h"

#include <string.h>

#define PAUSE_MS 200 /* in which a stage is seen */

/* Handed to the worker and back: a state and what is known of it. A counted box, since the
 * task keeps it as its input while it is the result too. */
typedef struct {
  UtStudyState *state;
  UtPhaseSurfaces *surfaces[UT_N_PHASES][UT_N_TWIN_STAGES]; /* known; replaced where out of date */
  gboolean more;                                            /* others are not known yet */
  gboolean in_order;                                        /* the first stage first */
  gboolean measure;                                         /* the numbers too */
  UtMeasurements *measurements;
} Work;

struct _UtResults {
  GObject parent_instance;

  UtDocument *document;
  UtJob *job;
  gboolean again;   /* the document changed while the job ran */
  gboolean measure; /* the numbers are not those of the document */
  gboolean in_order;
  guint pause_id; /* until the next stage is begun, so that the one before is seen */
  UtPhaseSurfaces *surfaces[UT_N_PHASES][UT_N_TWIN_STAGES];
  UtMeasurements *measurements;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtResults, ut_results, G_TYPE_OBJECT)

static UtPhaseSurfaces *
surfaces_ref (UtPhaseSurfaces *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
surfaces_unref (UtPhaseSurfaces *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->result, ut_study_result_unref);
  g_clear_pointer (&self->reference, ut_study_reference_unref);
  g_clear_pointer (&self->other, ut_study_result_unref);
  for (UtStructure s = 0; s < UT_N_LABELS; s++) {
    g_clear_pointer (&self->meshes[s], ut_mesh_unref);
    g_clear_pointer (&self->shown[s], ut_mesh_unref);
    g_clear_pointer (&self->references[s], ut_mesh_unref);
    g_clear_pointer (&self->voxels[s], ut_mesh_unref);
    g_clear_pointer (&self->reference_voxels[s], ut_mesh_unref);
  }
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtPhaseSurfaces, surfaces_unref)

static void
clear_phase (UtPhaseSurfaces *surfaces[UT_N_TWIN_STAGES])
{
  for (int stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    g_clear_pointer (&surfaces[stage], surfaces_unref);
}

static void
work_clear (gpointer data)
{
  Work *work = data;
  ut_study_state_unref (work->state);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    clear_phase (work->surfaces[phase]);
  g_clear_pointer (&work->measurements, ut_measurements_free);
}

static void
work_unref (gpointer work)
{
  g_atomic_rc_box_release_full (work, work_clear);
}

/* ---- in the worker ------------------------------------------------------------------ */

/* Gives the twin's mesh the distance to the reference, where both have the structure. */
static gboolean
measure_distance (UtPhaseSurfaces *self, UtStructure s, const UtMesh *reference, GError **error)
{
  if (self->meshes[s] == NULL || self->meshes[s]->n_vertices == 0 || reference->n_triangles == 0)
    return TRUE;
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (self->meshes[s], reference, error);
  if (distance == NULL)
    return FALSE;
  UtMesh *mapped = ut_mesh_with_distance (self->meshes[s], distance, error);
  if (mapped == NULL)
    return FALSE;
  ut_mesh_unref (self->meshes[s]);
  self->meshes[s] = mapped;
  self->measured[s] = ut_distance_stats (mapped, distance->signed_mm, &self->stats[s]);
  return TRUE;
}

/* Gives the twin's mesh the way to the surface of the other phase. */
static gboolean
measure_motion (UtPhaseSurfaces *self, UtStructure s, UtPhase phase, GError **error)
{
  const UtTwin *twin = self->other->twin;
  g_autoptr (UtMesh) other = ut_twin_mesh (twin, ut_twin_final_stage (twin), s, error);
  if (other == NULL)
    return FALSE;
  if (self->meshes[s]->n_vertices == 0 || other->n_triangles == 0)
    return TRUE;
  UtMesh *moved = ut_mesh_with_motion (self->meshes[s], other, phase, error);
  if (moved == NULL)
    return FALSE;
  ut_mesh_unref (self->meshes[s]);
  self->meshes[s] = moved;
  return TRUE;
}

static gboolean
add_shown (UtPhaseSurfaces *self, UtStructure s, GError **error)
{
  self->shown[s] = ut_twin_shown_mesh (self->result->twin, self->stage, s, self->meshes[s], error);
  return self->shown[s] != NULL;
}

/* Of the label map, in the colours that the smooth surface has there. */
static gboolean
add_voxels (UtPhaseSurfaces *self, UtStructure s, GError **error)
{
  const UtVolume *labels = self->result->twin->labels[self->stage];
  g_autoptr (UtMesh) bare = ut_mesh_from_labels (labels, (guint8)s, UT_MESH_FRAME_CANONICAL, error);
  if (bare == NULL)
    return FALSE;
  gboolean coloured = self->meshes[s]->n_triangles > 0 && self->meshes[s]->n_scalars > 0;
  self->voxels[s] =
    coloured ? ut_mesh_with_scalars_of (bare, self->meshes[s], error) : g_steal_pointer (&bare);
  return self->voxels[s] != NULL;
}

static gboolean
add_structure (UtPhaseSurfaces *self, UtStructure s, UtPhase phase, GError **error)
{
  if (self->result != NULL) {
    self->meshes[s] = ut_twin_mesh (self->result->twin, self->stage, s, error);
    if (self->meshes[s] == NULL || (self->other != NULL && !measure_motion (self, s, phase, error)))
      return FALSE;
  }
  if (self->reference != NULL && self->reference->labels != NULL) {
    UtMesh *reference = self->reference_voxels[s] =
      ut_study_reference_mesh (self->reference, s, error);
    if (reference == NULL || !measure_distance (self, s, reference, error))
      return FALSE;
    self->references[s] = ut_mesh_smooth (reference, UT_SMOOTHING_DEFAULT_STEPS, error);
    if (self->references[s] == NULL)
      return FALSE;
  }
  return self->result == NULL || (add_shown (self, s, error) && add_voxels (self, s, error));
}

/* Where the heart's own echo planes lie. A heart too odd to have them keeps the usual ones. */
static void
find_planes (UtPhaseSurfaces *self)
{
  const UtVolume *labels = NULL;
  UtLandmarks landmarks;
  if (self->result != NULL)
    labels = self->result->twin->labels[self->stage];
  else if (self->reference != NULL)
    labels = self->reference->labels;
  if (labels == NULL || !ut_landmarks_find (labels, &landmarks, NULL))
    return;
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    self->has_plane[view] =
      ut_view_plane_standard (view, labels, &landmarks, &self->planes[view], NULL);
}

/* The result of the other phase, where @stage is the last one and both come as far through the
 * network. */
static UtStudyResult *
find_other (const UtStudyState *state, UtPhase phase, UtTwinStage stage)
{
  UtPhase other = phase == UT_PHASE_ED ? UT_PHASE_ES : UT_PHASE_ED;
  const UtTwin *twin = ut_study_twin (state, phase), *other_twin = ut_study_twin (state, other);
  return twin != NULL && other_twin != NULL && ut_twin_final_stage (twin) == stage &&
             ut_twin_network_stage (other_twin) == ut_twin_network_stage (twin)
           ? ut_study_result (state, other)
           : NULL;
}

static UtStudyResult *
find_result (const UtStudyState *state, UtPhase phase)
{
  return ut_study_twin (state, phase) != NULL ? ut_study_result (state, phase) : NULL;
}

static UtPhaseSurfaces *
make_surfaces (const UtStudyState *state,
               UtPhase phase,
               UtTwinStage stage,
               UtProgress *progress,
               GCancellable *cancel,
               GError **error)
{
  g_autoptr (UtPhaseSurfaces) self = g_new0 (UtPhaseSurfaces, 1);
  UtStudyResult *result = find_result (state, phase), *other = find_other (state, phase, stage);
  UtStudyReference *reference = state->references[phase];
  g_atomic_ref_count_init (&self->ref_count);
  self->result = result != NULL ? ut_study_result_ref (result) : NULL;
  self->other = other != NULL ? ut_study_result_ref (other) : NULL;
  self->stage = stage;
  self->reference = reference != NULL ? ut_study_reference_ref (reference) : NULL;

  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    ut_progress_set (progress, (s - 1.0) / (UT_N_LABELS - 1), UT_STAGE_SURFACE);
    if (g_cancellable_set_error_if_cancelled (cancel, error) ||
        !add_structure (self, s, phase, error))
      return NULL;
  }
  find_planes (self);
  return g_steal_pointer (&self);
}

/* What is known but not of @state goes. */
static void
drop_old (const UtStudyState *state, UtPhase phase, UtPhaseSurfaces *known[UT_N_TWIN_STAGES])
{
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++)
    if (known[stage] != NULL && (known[stage]->result != find_result (state, phase) ||
                                 known[stage]->other != find_other (state, phase, stage) ||
                                 known[stage]->reference != state->references[phase]))
      g_clear_pointer (&known[stage], surfaces_unref);
}

/* The next stage to make surfaces of; -1 = all are there. */
static int
next_stage (const Work *work, UtPhase phase)
{
  const UtStudyState *state = work->state;
  UtPhaseSurfaces *const *known = work->surfaces[phase];
  const UtTwin *twin = ut_study_twin (state, phase);
  if (twin == NULL)
    return state->references[phase] != NULL && known[0] == NULL ? 0 : -1;
  UtTwinStage last = ut_twin_final_stage (twin);
  if (known[last] == NULL && !work->in_order)
    return (int)last;
  for (UtTwinStage stage = 0; stage <= last; stage++)
    if (known[stage] == NULL && ut_twin_has_stage (twin, stage))
      return (int)stage;
  return -1;
}

/* Surfaces of one more stage of each phase, so that what is looked at first comes first. */
static gpointer
work_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  Work *work = input;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    UtProgress part = ut_progress_step (progress, 0.4);
    UtPhaseSurfaces **known = work->surfaces[phase];
    drop_old (work->state, phase, known);
    int stage = next_stage (work, phase);
    if (stage >= 0) {
      known[stage] = make_surfaces (work->state, phase, (UtTwinStage)stage, &part, cancel, error);
      if (known[stage] == NULL)
        return NULL;
      work->more |= next_stage (work, phase) >= 0;
    }
  }
  if (work->measure)
    work->measurements = ut_study_measure (work->state, cancel, error);
  return work->measurements != NULL || !work->measure ? g_atomic_rc_box_acquire (work) : NULL;
}

/* ---- in the main thread -------------------------------------------------------------- */

static void start (UtResults *self);

/* What follows from the numbers takes no time; TRUE where it differs from before. */
static gboolean
follow (UtResults *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  return self->measurements != NULL && state != NULL &&
         ut_measurements_follow (self->measurements, state);
}

static void
take (UtResults *self, Work *work)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    clear_phase (self->surfaces[phase]);
    memcpy (self->surfaces[phase], work->surfaces[phase], sizeof self->surfaces[phase]);
    memset (work->surfaces[phase], 0, sizeof work->surfaces[phase]);
  }
  if (!work->measure)
    return;
  self->measure = FALSE;
  g_clear_pointer (&self->measurements, ut_measurements_free);
  self->measurements = g_steal_pointer (&work->measurements);
  follow (self); /* contours and body may have changed since the work began */
}

/* Nothing of one study, or of results that have gone, is shown with others. */
static void
forget (UtResults *self)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    clear_phase (self->surfaces[phase]);
  g_clear_pointer (&self->measurements, ut_measurements_free);
}

static gboolean
pause_over_cb (gpointer user_data)
{
  UtResults *self = user_data;
  self->pause_id = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtResults) self = user_data;
  g_autoptr (GError) error = NULL;
  Work *work = ut_job_run_finish (self->job, result, &error);
  gboolean more = self->again || (work != NULL && work->more);

  if (work != NULL && !self->again)
    take (self, work);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_warning ("%s", error->message);
    forget (self);
  }
  g_clear_pointer (&work, work_unref);
  self->in_order = self->in_order && more;
  if (self->in_order) {
    g_clear_handle_id (&self->pause_id, g_source_remove);
    self->pause_id = g_timeout_add (PAUSE_MS, pause_over_cb, self);
  } else if (more) {
    start (self);
    return;
  }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
start (UtResults *self)
{
  g_clear_handle_id (&self->pause_id, g_source_remove);
  self->again = ut_job_get_busy (self->job);
  if (self->again) {
    ut_job_cancel (self->job);
    return;
  }
  UtStudy *study = ut_document_get_study (self->document);
  if (study == NULL)
    return;
  Work *work = g_atomic_rc_box_new0 (Work);
  work->state = ut_study_dup_state (study);
  work->measure = self->measure;
  work->in_order = self->in_order;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    for (int stage = 0; stage < UT_N_TWIN_STAGES; stage++)
      if (self->surfaces[phase][stage] != NULL)
        work->surfaces[phase][stage] = surfaces_ref (self->surfaces[phase][stage]);
  ut_job_run_async (
    self->job, work_in_thread, work, work_unref, work_unref, done_cb, g_object_ref (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
changed_cb (UtResults *self, guint changes)
{
  if (changes == G_MAXUINT) /* another study */
    forget (self);
  gboolean other_numbers =
    changes & (UT_STUDY_CHANGE_CONTOUR | UT_STUDY_CHANGE_MARKS | UT_STUDY_CHANGE_CALIBRATION |
               UT_STUDY_CHANGE_CINE | UT_STUDY_CHANGE_BODY) &&
    follow (self);
  if (changes & (UT_STUDY_CHANGE_RESULTS | UT_STUDY_CHANGE_REFERENCE)) {
    self->measure = TRUE;
    start (self);
  } else if (other_numbers || changes & (UT_STUDY_CHANGE_CALIBRATION | UT_STUDY_CHANGE_CINE)) {
    g_signal_emit (self, signals[CHANGED], 0);
  }
}

gboolean
ut_results_get_busy (UtResults *self)
{
  g_return_val_if_fail (UT_IS_RESULTS (self), FALSE);
  return ut_job_get_busy (self->job) || self->pause_id != 0;
}

void
ut_results_come_in_order (UtResults *self)
{
  g_return_if_fail (UT_IS_RESULTS (self));
  self->in_order = TRUE;
}

const UtPhaseSurfaces *
ut_results_get_surfaces (UtResults *self, UtPhase phase, int stage)
{
  g_return_val_if_fail (UT_IS_RESULTS (self) && phase < UT_N_PHASES, NULL);
  UtPhaseSurfaces **known = self->surfaces[phase];
  if (stage >= 0 && stage < UT_N_TWIN_STAGES && known[stage] != NULL)
    return known[stage];
  for (int last = UT_N_TWIN_STAGES - 1; last >= 0; last--)
    if (known[last] != NULL)
      return known[last];
  return NULL;
}

const UtMeasurements *
ut_results_get_measurements (UtResults *self)
{
  g_return_val_if_fail (UT_IS_RESULTS (self), NULL);
  const UtStudyState *state = ut_document_get_state (self->document);
  if (self->measurements == NULL || self->measurements->items->len == 0 ||
      !ut_document_calibrated (state))
    return NULL;
  return self->measurements;
}

static void
ut_results_dispose (GObject *object)
{
  UtResults *self = UT_RESULTS (object);
  forget (self);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_clear_object (&self->job);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_results_parent_class)->dispose (object);
}

static void
ut_results_class_init (UtResultsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_results_dispose;
  signals[CHANGED] = g_signal_new (
    "changed", UT_TYPE_RESULTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_results_init (UtResults *self)
{
  self->job = ut_job_new ();
}

UtResults *
ut_results_new (UtDocument *document)
{
  UtResults *self = g_object_new (UT_TYPE_RESULTS, NULL);
  self->document = g_object_ref (document);
  g_signal_connect_object (document, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}
