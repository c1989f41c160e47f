/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/second-study.h"

#include "app/job.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"

#include <glib/gi18n.h>

/* What the worker read. */
typedef struct {
  UtStudy *study;
  GStrv notes; /* what the user must know about it */
} Read;

struct _UtSecondStudy {
  GObject parent_instance;

  UtDocument *open;
  UtJob *job;
  char *wanted;   /* folder that is being read, NULL = none */
  gboolean quiet; /* of it: say nothing where it cannot be read */
  gboolean again; /* the job that runs is no longer wanted */

  char *folder; /* of the study that is here; NULL with all below: none is */
  UtDocument *document;
  UtResults *results;
  UtBeat *beat;
};

enum { CHANGED, MESSAGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtSecondStudy, ut_second_study, G_TYPE_OBJECT)

/* ---- in the worker ------------------------------------------------------------------ */

static void
read_free (gpointer data)
{
  Read *read = data;
  g_clear_pointer (&read->study, ut_study_free);
  g_strfreev (read->notes);
  g_free (read);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Read, read_free)

static gboolean
has_heart (const UtStudyState *state)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (ut_study_twin (state, phase) != NULL ||
        (state->references[phase] != NULL && state->references[phase]->labels != NULL))
      return TRUE;
  return FALSE;
}

static gpointer
read_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  g_autoptr (Read) read = g_new0 (Read, 1);
  read->study = ut_study_open (input, cancel, &read->notes, error);
  if (read->study == NULL)
    return NULL;
  if (!has_heart (ut_study_get_state (read->study))) {
    g_set_error_literal (error,
                         UT_ENGINE_ERROR,
                         UT_ENGINE_ERROR_FORMAT,
                         _ ("This study has no heart yet: open it and reconstruct it first."));
    return NULL;
  }
  return g_steal_pointer (&read);
}

/* ---- in the main thread --------------------------------------------------------------- */

static void
say (UtSecondStudy *self, const char *heading, const char *body)
{
  g_signal_emit (self, signals[MESSAGE], 0, heading, body);
}

static void
emit_changed (UtSecondStudy *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
drop (UtSecondStudy *self)
{
  if (self->results != NULL)
    g_signal_handlers_disconnect_by_data (self->results, self);
  g_clear_object (&self->beat);
  g_clear_object (&self->results);
  g_clear_object (&self->document);
  g_clear_pointer (&self->folder, g_free);
}

static void
take (UtSecondStudy *self, Read *read)
{
  drop (self);
  self->folder = g_strdup (ut_study_get_folder (read->study));
  ut_study_set_folder (read->study, NULL); /* it is not ours to save */
  self->document = ut_document_new ();
  self->results = ut_results_new (self->document);
  self->beat = ut_beat_new (self->document);
  g_signal_connect_object (
    self->results, "changed", G_CALLBACK (emit_changed), self, G_CONNECT_SWAPPED);
  ut_document_set_study (self->document, g_steal_pointer (&read->study));
  if (read->notes == NULL || read->notes[0] == NULL)
    return;
  g_autofree char *notes = g_strjoinv ("\n\n", read->notes);
  say (self, _ ("Parts of the second study are missing"), notes);
}

static void start (UtSecondStudy *self);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtSecondStudy) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (Read) read = ut_job_run_finish (self->job, result, &error);
  if (self->again) {
    self->again = FALSE;
    if (self->wanted != NULL)
      start (self);
    return;
  }
  g_clear_pointer (&self->wanted, g_free);
  if (read != NULL)
    take (self, read);
  else if (!self->quiet)
    say (self, _ ("The second study could not be opened"), error->message);
  emit_changed (self);
}

static void
start (UtSecondStudy *self)
{
  ut_job_run_async (self->job,
                    read_in_thread,
                    g_strdup (self->wanted),
                    g_free,
                    read_free,
                    read_cb,
                    g_object_ref (self));
}

/* What the job is at is no longer wanted. */
static void
stop (UtSecondStudy *self)
{
  g_clear_pointer (&self->wanted, g_free);
  self->again = ut_job_get_busy (self->job);
  ut_job_cancel (self->job);
}

/* of the study that is open; NULL where it has none */
static const char *
open_folder (UtSecondStudy *self)
{
  UtStudy *study = ut_document_get_study (self->open);
  return study != NULL ? ut_study_get_folder (study) : NULL;
}

static gboolean
is_open (UtSecondStudy *self, const char *folder)
{
  const char *open = open_folder (self);
  g_autofree char *way = open != NULL ? ut_folder_relative (open, folder) : NULL;
  return g_strcmp0 (way, ".") == 0;
}

static void
begin (UtSecondStudy *self, const char *path, gboolean quiet)
{
  gboolean file = g_str_has_suffix (path, G_DIR_SEPARATOR_S UT_STUDY_FILE);
  g_autofree char *folder = file ? g_path_get_dirname (path) : g_strdup (path);
  if (is_open (self, folder)) {
    if (!quiet)
      say (self, _ ("This study is open already"), _ ("Choose another one to stand beside it."));
    return;
  }
  stop (self);
  self->wanted = g_steal_pointer (&folder);
  self->quiet = quiet;
  if (!self->again)
    start (self);
  emit_changed (self);
}

void
ut_second_study_open (UtSecondStudy *self, const char *path)
{
  g_return_if_fail (UT_IS_SECOND_STUDY (self) && path != NULL);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  begin (self, absolute, FALSE);
}

void
ut_second_study_reopen (UtSecondStudy *self, const char *place)
{
  g_return_if_fail (UT_IS_SECOND_STUDY (self) && place != NULL);
  const char *open = open_folder (self);
  if (open == NULL)
    return;
  g_autofree char *absolute = g_canonicalize_filename (place, open);
  begin (self, absolute, TRUE);
}

char *
ut_second_study_dup_place (UtSecondStudy *self)
{
  g_return_val_if_fail (UT_IS_SECOND_STUDY (self), NULL);
  const char *open = open_folder (self);
  const char *here = self->wanted != NULL ? self->wanted : self->folder;
  return open != NULL && here != NULL ? ut_folder_relative (open, here) : NULL;
}

void
ut_second_study_close (UtSecondStudy *self)
{
  g_return_if_fail (UT_IS_SECOND_STUDY (self));
  stop (self);
  drop (self);
  emit_changed (self);
}

static gboolean
has_surfaces (UtSecondStudy *self)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (ut_results_get_surfaces (self->results, phase, -1) != NULL)
      return TRUE;
  return FALSE;
}

gboolean
ut_second_study_get_busy (UtSecondStudy *self)
{
  g_return_val_if_fail (UT_IS_SECOND_STUDY (self), FALSE);
  return self->wanted != NULL ||
         (self->results != NULL && ut_results_get_busy (self->results) && !has_surfaces (self));
}

UtDocument *
ut_second_study_get_document (UtSecondStudy *self)
{
  g_return_val_if_fail (UT_IS_SECOND_STUDY (self), NULL);
  return self->document;
}

UtResults *
ut_second_study_get_results (UtSecondStudy *self)
{
  g_return_val_if_fail (UT_IS_SECOND_STUDY (self), NULL);
  return self->results;
}

UtBeat *
ut_second_study_get_beat (UtSecondStudy *self)
{
  g_return_val_if_fail (UT_IS_SECOND_STUDY (self), NULL);
  return self->beat;
}

static void
open_changed_cb (UtSecondStudy *self, guint changes)
{
  if (changes == G_MAXUINT) /* another study */
    ut_second_study_close (self);
}

static void
ut_second_study_dispose (GObject *object)
{
  UtSecondStudy *self = UT_SECOND_STUDY (object);
  drop (self);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_object (&self->job);
  g_clear_object (&self->open);
  G_OBJECT_CLASS (ut_second_study_parent_class)->dispose (object);
}

static void
ut_second_study_class_init (UtSecondStudyClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_second_study_dispose;
  GType type = UT_TYPE_SECOND_STUDY;
  signals[CHANGED] =
    g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MESSAGE] = g_signal_new ("message",
                                   type,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   2,
                                   G_TYPE_STRING,
                                   G_TYPE_STRING);
}

static void
ut_second_study_init (UtSecondStudy *self)
{
  self->job = ut_job_new ();
}

UtSecondStudy *
ut_second_study_new (UtDocument *open)
{
  UtSecondStudy *self = g_object_new (UT_TYPE_SECOND_STUDY, NULL);
  self->open = g_object_ref (open);
  g_signal_connect_object (open, "changed", G_CALLBACK (open_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}
