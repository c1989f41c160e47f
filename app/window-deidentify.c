/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of the study to hand on: its place is chosen, its pictures are looked at, then it is
 * written. */
#include "config.h"

#include "app/choose-path.h"
#include "app/deidentify-window.h"
#include "app/window-private.h"
#include "engine/base/folder.h"

#include <glib/gi18n.h>

/* The copy on its way: a counted box, filled in the worker. */
typedef struct Copy {
  UtWindow *window;
  UtStudyState *state;
  JsonObject *ui;
  char *folder;
  UtDeidentification *looked_at; /* NULL: not yet */
  gboolean stale[UT_N_PHASES];
} Copy;

static void
copy_clear (gpointer data)
{
  Copy *copy = data;
  g_object_unref (copy->window);
  ut_study_state_unref (copy->state);
  g_clear_pointer (&copy->ui, json_object_unref);
  g_free (copy->folder);
  g_clear_pointer (&copy->looked_at, ut_deidentification_free);
}

static void
copy_unref (gpointer copy)
{
  g_atomic_rc_box_release_full (copy, copy_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Copy, copy_unref)

/* Hands @copy to the worker; what comes back is the same, counted once more. */
static void
start (Copy *copy, UtJobFunc func, GAsyncReadyCallback callback)
{
  if (!ut_job_get_busy (copy->window->work_job))
    ut_job_run_async (copy->window->work_job,
                      func,
                      g_atomic_rc_box_acquire (copy),
                      copy_unref,
                      copy_unref,
                      callback,
                      g_object_ref (copy->window));
}

/* Returns: (transfer full) (nullable): NULL where it was said why there is none */
static Copy *
finish (UtWindow *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  Copy *copy = ut_job_run_finish (self->work_job, result, &error);
  if (copy == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ut_window_error (self, _ ("There is no copy"), error->message);
  return copy;
}

/* ---- writing ---------------------------------------------------------------------------- */

static gpointer
write_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  Copy *copy = input;
  return ut_deidentification_write (
           copy->looked_at, copy->ui, copy->folder, TRUE, copy->stale, progress, cancel, error)
           ? g_atomic_rc_box_acquire (copy)
           : NULL;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  g_autoptr (Copy) copy = finish (self, result);
  if (copy == NULL)
    return;
  g_autofree char *name = g_path_get_basename (copy->folder);
  ut_window_toast (self, _ ("De-identified copy in “%s”"), name);
  if (copy->stale[UT_PHASE_ED] || copy->stale[UT_PHASE_ES])
    ut_window_error (self,
                     _ ("In the copy the heart is out of date"),
                     _ ("The network saw something that is black in the copy, outside of the echo "
                        "picture or blacked out, or the loops had changed since. The heart, its "
                        "numbers and what was said of it are in the copy, marked as out of "
                        "date."));
}

/* ---- looking ---------------------------------------------------------------------------- */

static void
agreed (gpointer copy)
{
  start (copy, write_in_thread, written_cb);
}

static gpointer
look_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  Copy *copy = input;
  copy->looked_at = ut_deidentification_new (copy->state, progress, cancel, error);
  return copy->looked_at != NULL ? g_atomic_rc_box_acquire (copy) : NULL;
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  Copy *copy = finish (self, result);
  if (copy != NULL)
    gtk_window_present (GTK_WINDOW (
      ut_deidentify_window_new (GTK_WINDOW (self), copy->looked_at, agreed, copy, copy_unref)));
}

/* ---- its place -------------------------------------------------------------------------- */

static void
folder_chosen_cb (gpointer user_data, const char *const *paths, GtkFileChooser *chooser)
{
  UtWindow *self = user_data;
  UtStudy *study = ut_document_get_study (self->document);
  const char *folder = paths[0];
  if (study == NULL)
    return;
  if (!ut_folder_is_free (folder)) {
    ut_window_error (
      self, _ ("This folder holds something already"), _ ("Choose or make an empty folder."));
    return;
  }
  ut_window_save_place (self);
  g_autoptr (Copy) copy = g_atomic_rc_box_new0 (Copy);
  copy->window = g_object_ref (self);
  copy->state = ut_study_dup_state (study);
  copy->ui = ut_deidentified_ui (ut_study_get_ui (study));
  copy->folder = g_strdup (folder);
  start (copy, look_in_thread, looked_cb);
}

void
ut_window_choose_deidentified_folder (UtWindow *self)
{
  ut_choose_path (GTK_WINDOW (self),
                  _ ("Make an Empty Folder for the Copy; Its Name Goes With It"),
                  GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                  _ ("_Look at It"),
                  folder_chosen_cb,
                  self);
}
