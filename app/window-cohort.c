/* SPDX-License-Identifier: Apache-2.0 */
/* The sheet about a folder of studies, written beside them. */
#include "config.h"

#include "app/choose-path.h"
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
folder_chosen_cb (gpointer self, const char *const *paths, GtkFileChooser *chooser)
{
  ut_window_make_cohort_sheet (self, paths[0]);
}

void
ut_window_choose_cohort (UtWindow *self)
{
  GtkFileChooser *chooser = ut_path_chooser_new (GTK_WINDOW (self),
                                                 _ ("Folder That Holds the Studies"),
                                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                 _ ("_Make Sheet"));
  UtStudy *study = ut_document_get_study (self->document);
  const char *folder = study != NULL ? ut_study_get_folder (study) : NULL;
  if (folder != NULL) {
    g_autofree char *parent = g_path_get_dirname (folder);
    g_autoptr (GFile) place = g_file_new_for_path (parent);
    gtk_file_chooser_set_file (chooser, place, NULL);
  }
  ut_path_chooser_show (chooser, folder_chosen_cb, self);
}
