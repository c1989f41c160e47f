/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/findings.h"

#include "app/job.h"

/* Handed to the worker and back. */
typedef struct {
  UtStudyState *state;
  UtPhaseFindings *phases[UT_N_PHASES]; /* known; replaced where out of date */
} Work;

struct _UtFindings {
  GObject parent_instance;
  UtDocument *document;
  UtJob *job;
  gboolean again; /* the document changed while the job ran */
  UtPhaseFindings *phases[UT_N_PHASES];
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtFindings, ut_findings, G_TYPE_OBJECT)

static void
phase_clear (gpointer data)
{
  UtPhaseFindings *self = data;
  g_clear_pointer (&self->result, ut_study_result_unref);
  g_clear_pointer (&self->reference, ut_study_reference_unref);
  for (guint i = 0; i < self->n_stages; i++)
    g_clear_pointer (&self->topology[i], ut_topology_report_free);
}

static void
phase_unref (UtPhaseFindings *self)
{
  g_atomic_rc_box_release_full (self, phase_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtPhaseFindings, phase_unref)

static void
work_clear (gpointer data)
{
  Work *work = data;
  ut_study_state_unref (work->state);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    g_clear_pointer (&work->phases[phase], phase_unref);
}

static void
work_unref (gpointer work)
{
  g_atomic_rc_box_release_full (work, work_clear);
}

guint
ut_phase_findings_find (const UtPhaseFindings *self, int stage)
{
  guint i = 0;
  while (i < self->n_stages && (int)self->stages[i] != stage &&
         !(stage < 0 && i + 1 == self->n_stages))
    i++;
  return i;
}

const UtTopologyReport *
ut_phase_findings_topology (const UtPhaseFindings *self, int stage)
{
  guint i = ut_phase_findings_find (self, stage);
  return i < self->n_stages ? self->topology[i] : NULL;
}

const UtStageChange *
ut_phase_findings_changes (const UtPhaseFindings *self, int stage)
{
  guint i = ut_phase_findings_find (self, stage);
  return i < self->n_stages ? self->changes[i] : NULL;
}

/* ---- in the worker ------------------------------------------------------------------ */

static UtPhaseFindings *
look_at (UtStudyResult *result, UtStudyReference *reference, GCancellable *cancel, GError **error)
{
  g_autoptr (UtPhaseFindings) self = g_atomic_rc_box_new0 (UtPhaseFindings);
  const UtVolume *labels[UT_N_TWIN_STAGES];
  self->result = ut_study_result_ref (result);
  self->reference = reference != NULL ? ut_study_reference_ref (reference) : NULL;
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return NULL;
    if (!ut_twin_has_stage (result->twin, stage))
      continue;
    guint i = self->n_stages++;
    self->stages[i] = stage;
    labels[i] = result->twin->labels[stage];
    self->topology[i] = ut_topology_report_new (labels[i], error);
    if (self->topology[i] == NULL)
      return NULL;
  }
  return ut_stage_changes (labels,
                           self->n_stages,
                           reference != NULL ? reference->labels : NULL,
                           UT_N_LABELS,
                           &self->changes[0][0],
                           error)
           ? g_steal_pointer (&self)
           : NULL;
}

static gpointer
work_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  Work *work = input;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    UtPhaseFindings *known = work->phases[phase];
    UtStudyResult *result =
      ut_study_twin (work->state, phase) != NULL ? ut_study_result (work->state, phase) : NULL;
    UtStudyReference *reference = work->state->references[phase];
    if (known != NULL && known->result == result && known->reference == reference)
      continue;
    g_clear_pointer (&work->phases[phase], phase_unref);
    if (result == NULL)
      continue;
    work->phases[phase] = look_at (result, reference, cancel, error);
    if (work->phases[phase] == NULL)
      return NULL;
  }
  return g_atomic_rc_box_acquire (work);
}

/* ---- in the main thread -------------------------------------------------------------- */

static void start (UtFindings *self);

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtFindings) self = user_data;
  g_autoptr (GError) error = NULL;
  Work *work = ut_job_run_finish (self->job, result, &error);
  if (work != NULL && !self->again)
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
      g_clear_pointer (&self->phases[phase], phase_unref);
      self->phases[phase] = g_steal_pointer (&work->phases[phase]);
    }
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("%s", error->message);
  g_clear_pointer (&work, work_unref);
  if (self->again)
    start (self);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
start (UtFindings *self)
{
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
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (self->phases[phase] != NULL)
      work->phases[phase] = g_atomic_rc_box_acquire (self->phases[phase]);
  ut_job_run_async (
    self->job, work_in_thread, work, work_unref, work_unref, done_cb, g_object_ref (self));
}

static void
document_changed_cb (UtFindings *self, guint changes)
{
  if (changes & (UT_STUDY_CHANGE_RESULTS | UT_STUDY_CHANGE_REFERENCE))
    start (self);
}

const UtPhaseFindings *
ut_findings_get (UtFindings *self, UtPhase phase)
{
  g_return_val_if_fail (UT_IS_FINDINGS (self) && phase < UT_N_PHASES, NULL);
  const UtPhaseFindings *found = self->phases[phase];
  const UtStudyState *state = ut_document_get_state (self->document);
  return found != NULL && state != NULL && ut_study_result (state, phase) == found->result ? found
                                                                                           : NULL;
}

static void
ut_findings_dispose (GObject *object)
{
  UtFindings *self = UT_FINDINGS (object);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    g_clear_pointer (&self->phases[phase], phase_unref);
  g_clear_object (&self->job);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_findings_parent_class)->dispose (object);
}

static void
ut_findings_class_init (UtFindingsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_findings_dispose;
  signals[CHANGED] = g_signal_new (
    "changed", UT_TYPE_FINDINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_findings_init (UtFindings *self)
{
  self->job = ut_job_new ();
}

UtFindings *
ut_findings_new (UtDocument *document)
{
  UtFindings *self = g_object_new (UT_TYPE_FINDINGS, NULL);
  self->document = g_object_ref (document);
  g_signal_connect_object (
    document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}
