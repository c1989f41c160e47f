/* SPDX-License-Identifier: Apache-2.0 */
#include "app/document.h"

#include "app/job.h"

#define AUTOSAVE_DELAY_MS 2000

struct _UtDocument {
  GObject parent_instance;

  UtStudy *study;
  guint study_handler;
  guint autosave_id;
  UtJob *save_job;
  UtStudySnapshot *saving; /* lent to the running save */
  gboolean save_again;
};

enum { CHANGED, SAVING, SAVE_FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtDocument, ut_document, G_TYPE_OBJECT)

static void start_save (UtDocument *self);

static gpointer
save_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  return ut_study_snapshot_save (input, cancel, error) ? input : NULL;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtDocument) self = user_data;
  g_autoptr (UtStudySnapshot) snapshot = g_steal_pointer (&self->saving);
  g_autoptr (GError) error = NULL;

  if (ut_job_run_finish (self->save_job, result, &error) == NULL)
    g_signal_emit (self, signals[SAVE_FAILED], 0, error->message);
  else if (self->study != NULL)
    ut_study_saved (self->study, snapshot);

  if (self->save_again && self->study != NULL)
    start_save (self);
}

static void
start_save (UtDocument *self)
{
  if (ut_job_get_busy (self->save_job)) {
    self->save_again = TRUE;
    return;
  }
  self->save_again = FALSE;
  if (self->study == NULL || ut_study_get_folder (self->study) == NULL)
    return;
  g_signal_emit (self, signals[SAVING], 0);
  self->saving = ut_study_snapshot (self->study);
  ut_job_run_async (
    self->save_job, save_in_thread, self->saving, NULL, NULL, saved_cb, g_object_ref (self));
}

static gboolean
autosave_cb (gpointer user_data)
{
  UtDocument *self = user_data;
  self->autosave_id = 0;
  start_save (self);
  return G_SOURCE_REMOVE;
}

static void
study_changed_cb (UtStudy *study, UtStudyChange changes, gpointer user_data)
{
  UtDocument *self = user_data;
  if (ut_study_is_modified (study)) {
    g_clear_handle_id (&self->autosave_id, g_source_remove);
    self->autosave_id = g_timeout_add (AUTOSAVE_DELAY_MS, autosave_cb, self);
  }
  g_signal_emit (self, signals[CHANGED], 0, (guint)changes);
}

static void
drop_study (UtDocument *self)
{
  g_clear_handle_id (&self->autosave_id, g_source_remove);
  if (self->study != NULL)
    ut_study_disconnect (self->study, self->study_handler);
  g_clear_pointer (&self->study, ut_study_free);
}

void
ut_document_set_study (UtDocument *self, UtStudy *study)
{
  g_return_if_fail (UT_IS_DOCUMENT (self) && study != NULL);
  drop_study (self);
  self->study = study;
  self->study_handler = ut_study_connect (study, study_changed_cb, self);
  g_signal_emit (self, signals[CHANGED], 0, G_MAXUINT);
}

UtStudy *
ut_document_get_study (UtDocument *self)
{
  g_return_val_if_fail (UT_IS_DOCUMENT (self), NULL);
  return self->study;
}

const UtStudyState *
ut_document_get_state (UtDocument *self)
{
  g_return_val_if_fail (UT_IS_DOCUMENT (self), NULL);
  return self->study != NULL ? ut_study_get_state (self->study) : NULL;
}

const UtStudyView *
ut_document_get_view (UtDocument *self, UtView view)
{
  static const UtStudyView empty = {.marks = {-1, -1}};
  const UtStudyState *state = ut_document_get_state (self);
  return state != NULL ? &state->views[view] : &empty;
}

void
ut_document_save (UtDocument *self)
{
  g_return_if_fail (UT_IS_DOCUMENT (self));
  g_clear_handle_id (&self->autosave_id, g_source_remove);
  start_save (self);
}

gboolean
ut_document_flush (UtDocument *self, gboolean force, GError **error)
{
  g_return_val_if_fail (UT_IS_DOCUMENT (self), FALSE);
  g_clear_handle_id (&self->autosave_id, g_source_remove);
  while (ut_job_get_busy (self->save_job))
    g_main_context_iteration (NULL, TRUE);
  if (self->study == NULL || ut_study_get_folder (self->study) == NULL)
    return TRUE;
  if (!force && !ut_study_is_modified (self->study))
    return TRUE;
  g_signal_emit (self, signals[SAVING], 0);
  return ut_study_save (self->study, error);
}

gboolean
ut_document_calibrated (const UtStudyState *state)
{
  gboolean any = FALSE;
  for (UtView view = 0; state != NULL && view < UT_N_VIEWS; view++) {
    if (state->views[view].source == NULL)
      continue;
    any = TRUE;
    if (ut_study_view_spacing (&state->views[view], NULL) == UT_CALIBRATION_NONE)
      return FALSE;
  }
  return any;
}

static void
ut_document_finalize (GObject *object)
{
  UtDocument *self = UT_DOCUMENT (object);
  drop_study (self);
  g_clear_object (&self->save_job);
  G_OBJECT_CLASS (ut_document_parent_class)->finalize (object);
}

static void
ut_document_class_init (UtDocumentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ut_document_finalize;

  GType type = UT_TYPE_DOCUMENT;
  signals[CHANGED] = g_signal_new (
    "changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SAVING] =
    g_signal_new ("saving", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SAVE_FAILED] = g_signal_new (
    "save-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
ut_document_init (UtDocument *self)
{
  self->save_job = ut_job_new ();
}

UtDocument *
ut_document_new (void)
{
  return g_object_new (UT_TYPE_DOCUMENT, NULL);
}
