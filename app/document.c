/* SPDX-License-Identifier: Apache-2.0 */
#include "app/document.h"

#include "app/job.h"

#define AUTOSAVE_DELAY_MS 2000

typedef struct {
  UtStudySnapshot *snapshot;
  UtDocumentSavedFunc func; /* NULL: nobody waits for it */
  gpointer user_data;
} Save;

struct _UtDocument {
  GObject parent_instance;

  UtStudy *study;
  guint study_handler;
  guint autosave_id;
  char *reviewer;
  UtJob *save_job;
  GQueue saves; /* Save; the first is lent to save_job */
};

enum { CHANGED, SAVING, SAVE_FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtDocument, ut_document, G_TYPE_OBJECT)

static void start_save (UtDocument *self);

static void
save_free (Save *save)
{
  ut_study_snapshot_free (save->snapshot);
  g_free (save);
}

static gpointer
save_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  return ut_study_snapshot_save (input, cancel, error) ? input : NULL;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtDocument) self = user_data;
  g_autoptr (GError) error = NULL;
  Save *save = g_queue_pop_head (&self->saves);

  if (ut_job_run_finish (self->save_job, result, &error) != NULL && self->study != NULL)
    ut_study_saved (self->study, save->snapshot);
  if (save->func != NULL)
    save->func (error, save->user_data);
  else if (error != NULL)
    g_signal_emit (self, signals[SAVE_FAILED], 0, error->message);
  save_free (save);
  start_save (self);
}

static void
start_save (UtDocument *self)
{
  Save *save = g_queue_peek_head (&self->saves);
  if (save != NULL && !ut_job_get_busy (self->save_job))
    ut_job_run_async (
      self->save_job, save_in_thread, save->snapshot, NULL, NULL, saved_cb, g_object_ref (self));
}

void
ut_document_save (UtDocument *self, UtDocumentSavedFunc func, gpointer user_data)
{
  g_return_if_fail (UT_IS_DOCUMENT (self));
  g_clear_handle_id (&self->autosave_id, g_source_remove);
  if (self->study == NULL || ut_study_get_folder (self->study) == NULL) {
    if (func != NULL)
      func (NULL, user_data);
    return;
  }
  g_signal_emit (self, signals[SAVING], 0);
  Save *save = g_new0 (Save, 1);
  *save = (Save){ut_study_snapshot (self->study), func, user_data};
  g_queue_push_tail (&self->saves, save);
  start_save (self);
}

static gboolean
autosave_cb (gpointer user_data)
{
  UtDocument *self = user_data;
  self->autosave_id = 0;
  ut_document_save (self, NULL, NULL);
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

UtStudy *
ut_document_take_study (UtDocument *self)
{
  g_return_val_if_fail (UT_IS_DOCUMENT (self), NULL);
  g_clear_handle_id (&self->autosave_id, g_source_remove);
  if (self->study != NULL)
    ut_study_disconnect (self->study, self->study_handler);
  return g_steal_pointer (&self->study);
}

void
ut_document_set_reviewer (UtDocument *self, const char *name)
{
  g_return_if_fail (UT_IS_DOCUMENT (self));
  g_free (self->reviewer);
  self->reviewer = g_strdup (name);
  if (self->study != NULL)
    ut_study_set_reviewer (self->study, name);
}

void
ut_document_set_study (UtDocument *self, UtStudy *study)
{
  g_return_if_fail (UT_IS_DOCUMENT (self) && study != NULL);
  ut_study_free (ut_document_take_study (self));
  self->study = study;
  ut_study_set_reviewer (study, self->reviewer);
  self->study_handler = ut_study_connect (study, study_changed_cb, self);
  g_signal_emit (self, signals[CHANGED], 0, G_MAXUINT);
}

UtStudy *
ut_document_get_study (UtDocument *self)
{
  g_return_val_if_fail (UT_IS_DOCUMENT (self), NULL);
  return self->study;
}

guint64
ut_document_get_serial (UtDocument *self)
{
  g_return_val_if_fail (UT_IS_DOCUMENT (self), 0);
  return self->study != NULL ? ut_study_get_serial (self->study) : 0;
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

gboolean
ut_document_calibrated (const UtStudyState *state)
{
  gboolean any = FALSE;
  for (UtView view = 0; state != NULL && view < UT_N_VIEWS; view++)
    any = any || state->views[view].source != NULL;
  return any && ut_study_is_calibrated (state, NULL);
}

static void
ut_document_finalize (GObject *object)
{
  UtDocument *self = UT_DOCUMENT (object);
  ut_study_free (ut_document_take_study (self));
  g_queue_clear_full (&self->saves, (GDestroyNotify)save_free);
  g_clear_object (&self->save_job);
  g_free (self->reviewer);
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
  g_queue_init (&self->saves);
}

UtDocument *
ut_document_new (void)
{
  return g_object_new (UT_TYPE_DOCUMENT, NULL);
}
