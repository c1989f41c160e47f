/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/beat.h"

#include "app/job.h"
#include "engine/study/twin-morph.h"

#include <math.h>

#define N_MOMENTS 9    /* from ED to ES, both ends included */
#define BEAT_MS   1600 /* slower than a heart, to see more */
#define TICK_MS   60

/* Surfaces of every moment, and what they were made from. */
typedef struct Moments {
  UtStudyResult *results[UT_N_PHASES];
  UtMesh *meshes[N_MOMENTS][UT_N_LABELS];
} Moments;

struct _UtBeat {
  GObject parent_instance;
  UtDocument *document;
  UtJob *job;
  Moments *moments;
  gboolean wanted;
  guint tick_id;
  guint moment;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtBeat, ut_beat, G_TYPE_OBJECT)

static void
moments_clear (gpointer data)
{
  Moments *moments = data;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    ut_study_result_unref (moments->results[phase]);
  for (guint i = 0; i < N_MOMENTS; i++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
      g_clear_pointer (&moments->meshes[i][s], ut_mesh_unref);
}

static void
moments_unref (gpointer moments)
{
  g_atomic_rc_box_release_full (moments, moments_clear);
}

static gpointer
make_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  Moments *moments = input;
  g_autoptr (UtTwinMorph) morph = ut_twin_morph_new (
    moments->results[UT_PHASE_ED]->twin, moments->results[UT_PHASE_ES]->twin, error);
  if (morph == NULL)
    return NULL;
  for (guint i = 0; i < N_MOMENTS; i++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
      if (g_cancellable_set_error_if_cancelled (cancel, error))
        return NULL;
      moments->meshes[i][s] = ut_twin_morph_mesh (morph, s, (double)i / (N_MOMENTS - 1), error);
      if (moments->meshes[i][s] == NULL)
        return NULL;
    }
  return g_atomic_rc_box_acquire (moments);
}

/* By one clock for all hearts. */
static guint
moment_now (void)
{
  double beats = (double)g_get_monotonic_time () / (BEAT_MS * 1000.0);
  double contraction = 0.5 - 0.5 * cos (2 * G_PI * beats);
  return (guint)lround (contraction * (N_MOMENTS - 1));
}

static gboolean
tick_cb (gpointer user_data)
{
  UtBeat *self = user_data;
  guint moment = moment_now ();
  if (moment != self->moment) {
    self->moment = moment;
    g_signal_emit (self, signals[CHANGED], 0);
  }
  return G_SOURCE_CONTINUE;
}

static void
begin (UtBeat *self)
{
  self->moment = moment_now ();
  self->tick_id = g_timeout_add (TICK_MS, tick_cb, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtBeat) self = user_data;
  g_autoptr (GError) error = NULL;
  Moments *moments = ut_job_run_finish (self->job, result, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("%s", error->message);
  if (moments == NULL)
    return;
  g_clear_pointer (&self->moments, moments_unref);
  self->moments = moments;
  if (self->wanted && self->tick_id == 0)
    begin (self);
}

static void
make (UtBeat *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  Moments *moments = g_atomic_rc_box_new0 (Moments);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    moments->results[phase] = ut_study_result_ref (ut_study_result (state, phase));
  ut_job_run_async (
    self->job, make_in_thread, moments, moments_unref, moments_unref, made_cb, g_object_ref (self));
}

gboolean
ut_beat_can_play (UtBeat *self)
{
  g_return_val_if_fail (UT_IS_BEAT (self), FALSE);
  const UtStudyState *state = ut_document_get_state (self->document);
  return state != NULL && ut_study_twin (state, UT_PHASE_ED) != NULL &&
         ut_study_twin (state, UT_PHASE_ES) != NULL;
}

gboolean
ut_beat_get_playing (UtBeat *self)
{
  g_return_val_if_fail (UT_IS_BEAT (self), FALSE);
  return self->tick_id != 0;
}

void
ut_beat_set_playing (UtBeat *self, gboolean playing)
{
  g_return_if_fail (UT_IS_BEAT (self));
  self->wanted = playing && ut_beat_can_play (self);
  if (self->wanted && self->moments == NULL && !ut_job_get_busy (self->job))
    make (self);
  else if (self->wanted && self->moments != NULL && self->tick_id == 0)
    begin (self);
  else if (!self->wanted && self->tick_id != 0) {
    g_clear_handle_id (&self->tick_id, g_source_remove);
    g_signal_emit (self, signals[CHANGED], 0);
  }
}

UtMesh *
ut_beat_get_mesh (UtBeat *self, UtStructure structure)
{
  g_return_val_if_fail (UT_IS_BEAT (self) && self->tick_id != 0, NULL);
  return self->moments->meshes[self->moment][structure];
}

static void
document_changed_cb (UtBeat *self, guint changes)
{
  if (!(changes & UT_STUDY_CHANGE_RESULTS))
    return;
  ut_job_cancel (self->job);
  ut_beat_set_playing (self, FALSE);
  g_clear_pointer (&self->moments, moments_unref);
}

static void
ut_beat_dispose (GObject *object)
{
  UtBeat *self = UT_BEAT (object);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_pointer (&self->moments, moments_unref);
  g_clear_object (&self->job);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_beat_parent_class)->dispose (object);
}

static void
ut_beat_class_init (UtBeatClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_beat_dispose;
  signals[CHANGED] =
    g_signal_new ("changed", UT_TYPE_BEAT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_beat_init (UtBeat *self)
{
  self->job = ut_job_new ();
}

UtBeat *
ut_beat_new (UtDocument *document)
{
  UtBeat *self = g_object_new (UT_TYPE_BEAT, NULL);
  self->document = g_object_ref (document);
  g_signal_connect_object (
    document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}
