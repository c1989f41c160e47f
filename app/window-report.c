/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/preview-window.h"
#include "app/reproduce.h"
#include "app/selftest-window.h"
#include "app/window-private.h"

#include <glib/gi18n.h>

static gpointer
report_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  const UtStudyState *state = input;
  UtProgress measuring = ut_progress_step (progress, 0.3);
  UtProgress drawing = ut_progress_step (progress, 0.7);
  ut_progress_set (&measuring, 0, UT_STAGE_MEASURE);
  g_autoptr (UtMeasurements) measurements = ut_study_measure (state, cancel, error);
  return measurements ? ut_report_new (state, measurements, &drawing, cancel, error) : NULL;
}

static void
report_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  UtReport *report = ut_job_run_finish (self->work_job, result, &error);
  if (report != NULL)
    gtk_window_present (GTK_WINDOW (ut_preview_window_new (GTK_WINDOW (self), report)));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ut_window_error (self, _ ("The report could not be made"), error->message);
}

void
ut_window_report (UtWindow *self)
{
  ut_window_set_step (self, "report");
  if (ut_job_get_busy (self->work_job) || ut_results_get_measurements (self->results) == NULL)
    return;
  ut_job_run_async (self->work_job,
                    report_in_thread,
                    ut_study_dup_state (ut_document_get_study (self->document)),
                    (GDestroyNotify)ut_study_state_unref,
                    (GDestroyNotify)ut_report_unref,
                    report_done_cb,
                    g_object_ref (self));
}

void
ut_window_reproduce (UtWindow *self)
{
  g_autoptr (GError) error = NULL;
  const char *folder = ut_study_get_folder (ut_document_get_study (self->document));
  g_autofree char *command =
    ut_reproduce_command (ut_document_get_state (self->document), folder, &error);
  if (command == NULL) {
    ut_window_error (self, _ ("There is no command for this heart"), error->message);
    return;
  }
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), command);
  ut_window_toast (self, _ ("The command that makes this heart again is in the clipboard"));
}

/* ---- self-test --------------------------------------------------------------------------- */

static gpointer
self_test_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  g_autoptr (UtSelfTest) test = ut_self_test_run (progress, cancel, error);
  return test != NULL && ut_self_test_remember (test, error) ? g_steal_pointer (&test) : NULL;
}

static void
self_test_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (UtSelfTest) test = ut_job_run_finish (self->work_job, result, &error);
  if (test != NULL)
    gtk_window_present (GTK_WINDOW (ut_self_test_window_new (GTK_WINDOW (self), test)));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ut_window_error (self, _ ("The self-test could not be kept"), error->message);
}

void
ut_window_self_test (UtWindow *self)
{
  if (ut_job_get_busy (self->work_job))
    return;
  ut_job_run_async (self->work_job,
                    self_test_in_thread,
                    NULL,
                    NULL,
                    (GDestroyNotify)ut_self_test_free,
                    self_test_done_cb,
                    g_object_ref (self));
}
