/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/beat.h"

#include "app/job.h"
#include "app/moments.h"

#include <math.h>

#define N_MOMENTS 9 /* from ED to ES, both ends included */
#define TICK_MS   60

struct _UtBeat {
  GObject parent_instance;
  UtDocument *document;
  UtJob *job;
  GPtrArray *moments;
  gboolean wanted;
  guint tick_id;
  guint moment;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtBeat, ut_beat, G_TYPE_OBJECT)

static gpointer
make_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  const UtStudyState *state = input;
  double t[N_MOMENTS];
  for (guint i = 0; i < N_MOMENTS; i++)
    t[i] = (double)i / (N_MOMENTS - 1);
  return ut_moments_new (ut_study_twin (state, UT_PHASE_ED),
                         ut_study_twin (state, UT_PHASE_ES),
                         t,
                         N_MOMENTS,
                         progress,
                         cancel,
                         error);
}

/* By one clock for all hearts. */
static guint
moment_now (void)
{
  double beats = (double)g_get_monotonic_time () / (UT_BEAT_MS * 1000.0);
  return (guint)lround (ut_beat_contraction (beats) * (N_MOMENTS - 1));
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

static void make (UtBeat *self);

static void
made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtBeat) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *moments = ut_job_run_finish (self->job, result, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("%s", error->message);
  if (moments == NULL) {
    if (self->wanted && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      make (self); /* wanted again while the cancelled work went to its end */
    return;
  }
  g_clear_pointer (&self->moments, g_ptr_array_unref);
  self->moments = moments;
  if (self->wanted && self->tick_id == 0)
    begin (self);
}

static void
make (UtBeat *self)
{
  ut_job_run_async (self->job,
                    make_in_thread,
                    ut_study_dup_state (ut_document_get_study (self->document)),
                    (GDestroyNotify)ut_study_state_unref,
                    (GDestroyNotify)g_ptr_array_unref,
                    made_cb,
                    g_object_ref (self));
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
  return ut_moments_mesh (self->moments, self->moment, structure);
}

static void
document_changed_cb (UtBeat *self, guint changes)
{
  if (!(changes & UT_STUDY_CHANGE_RESULTS))
    return;
  ut_job_cancel (self->job);
  ut_beat_set_playing (self, FALSE);
  g_clear_pointer (&self->moments, g_ptr_array_unref);
}

static void
ut_beat_dispose (GObject *object)
{
  UtBeat *self = UT_BEAT (object);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_pointer (&self->moments, g_ptr_array_unref);
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
