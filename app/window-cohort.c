/* SPDX-License-Identifier: Apache-2.0 */
/* The sheet about a folder of studies, written beside them. */
#include "config.h"

#include "app/cohort-window.h"
#include "app/report/cohort-files.h"
#include "app/window-private.h"

#include <glib/gi18n.h>

static gpointer
cohort_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  const char *folder = input;
  g_autoptr (UtCohort) cohort = ut_cohort_new (folder, progress, cancel, error);
  return cohort != NULL && ut_cohort_write (cohort, folder, error) ? g_steal_pointer (&cohort)
                                                                   : NULL;
}

static void
open_study (const char *folder, gpointer user_data)
{
  ut_window_open (user_data, (const char *const[]){folder, NULL}, -1);
}

static void
cohort_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCohort) cohort = ut_job_run_finish (self->work_job, result, &error);
  if (cohort != NULL) {
    const guint n = cohort->studies->len;
    ut_window_toast (
      self,
      ngettext ("Cohort sheet of %u study: cohort.pdf, .csv and .json lie beside it",
                "Cohort sheet of %u studies: cohort.pdf, .csv and .json lie beside them",
                n),
      n);
    gtk_window_present (
      GTK_WINDOW (ut_cohort_window_new (GTK_WINDOW (self), cohort, open_study, self)));
  } else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    ut_window_error (self, _ ("There is no cohort sheet"), error->message);
  }
  ut_window_update (self);
}

void
ut_window_make_cohort_sheet (UtWindow *self, const char *folder)
{
  if (!ut_job_get_busy (self->work_job))
    ut_job_run_async (self->work_job,
                      cohort_in_thread,
                      g_strdup (folder),
                      g_free,
                      (GDestroyNotify)ut_cohort_free,
                      cohort_done_cb,
                      g_object_ref (self));
}

static void
folder_chosen_cb (GtkNativeDialog *dialog, int response, UtWindow *self)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    ut_window_make_cohort_sheet (self, g_file_peek_path (file));
  g_object_unref (dialog);
}

void
ut_window_choose_cohort (UtWindow *self)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (_ ("Folder That Holds the Studies"),
                                                              GTK_WINDOW (self),
                                                              GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                              _ ("_Make Sheet"),
                                                              NULL);
  UtStudy *study = ut_document_get_study (self->document);
  const char *folder = study != NULL ? ut_study_get_folder (study) : NULL;
  if (folder != NULL) {
    g_autofree char *parent = g_path_get_dirname (folder);
    g_autoptr (GFile) place = g_file_new_for_path (parent);
    gtk_file_chooser_set_file (GTK_FILE_CHOOSER (dialog), place, NULL);
  }
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (folder_chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
