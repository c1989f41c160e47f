/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/export.h"
#include "app/figures.h"
#include "app/film.h"
#include "app/reconstruct.h"
#include "app/sentence.h"
#include "app/widgets.h"
#include "app/window-private.h"

#include <glib/gi18n.h>

#define TURNTABLE 60 /* pictures: 6 degrees a step */

/* ---- reconstruct -------------------------------------------------------------------- */

/* A run and what came of it: a counted box, filled in the worker. */
typedef struct {
  UtWindow *window;
  guint64 study; /* its serial */
  UtStudyState *state;
  char *device;       /* as the settings say, or as answered after a failure; then resolved */
  UtTwinModel *model; /* as left by the last run there, or NULL */
  guint64 seed;
  guint n_seeds;
  UtStudyResult *results[UT_N_PHASES];
} Run;

static void
run_clear (gpointer data)
{
  Run *run = data;
  g_object_unref (run->window);
  ut_study_state_unref (run->state);
  g_free (run->device);
  g_clear_pointer (&run->model, ut_twin_model_unref);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    g_clear_pointer (&run->results[phase], ut_study_result_unref);
}

static void
run_unref (gpointer run)
{
  g_atomic_rc_box_release_full (run, run_clear);
}

static gboolean
open_model (Run *run, UtProgress *progress, GCancellable *cancel, GError **error)
{
  if (run->model != NULL)
    return TRUE;
  ut_progress_set (progress, 0, UT_STAGE_PREPARE);
  g_autofree char *wanted = g_steal_pointer (&run->device);
  run->device = ut_twin_device_resolve (wanted);
  g_autofree char *path = ut_twin_model_default_path (error);
  if (path == NULL)
    return FALSE;
  run->model = ut_twin_model_open (path, run->device, cancel, error);
  return run->model != NULL;
}

static gpointer
run_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  Run *run = input;
  UtTwinOptions options = {.seed = run->seed};
  if (!open_model (run, progress, cancel, error))
    return NULL;
  if (!ut_reconstruct_study (
        run->state, run->model, &options, run->n_seeds, run->results, progress, cancel, error))
    return NULL;
  return g_atomic_rc_box_acquire (run);
}

static void start_run (UtWindow *self, const char *device);

static void
fall_back_response_cb (AdwMessageDialog *dialog, const char *response, UtWindow *self)
{
  if (g_str_equal (response, "cpu") && !ut_job_get_busy (self->work_job))
    start_run (self, "cpu");
}

/* A run on another device than the one that was chosen is the user's decision. */
static void
ask_fall_back (UtWindow *self, const char *reason)
{
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (self), _ ("The graphics card cannot do it"), NULL);
  adw_message_dialog_format_body (
    ADW_MESSAGE_DIALOG (dialog),
    _ ("%s.\n\nThe processor can make the same heart; it takes longer."),
    reason);
  adw_message_dialog_add_responses (
    ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "cpu", _ ("Use the _Processor"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cpu");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  ut_window_ask (self, dialog, fall_back_response_cb);
}

/* For the forecast of the next run on the device that was chosen. */
static void
keep_speed (UtWindow *self, const Run *run)
{
  double seconds = 0;
  guint n_phases = 0;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (run->results[phase] != NULL) {
      seconds += run->results[phase]->twin->provenance.seconds;
      n_phases++;
    }
  if (n_phases == 0 || g_strcmp0 (self->model_device, self->settings->device) != 0)
    return;
  self->settings->seconds_per_heart = seconds / (n_phases * run->n_seeds);
  ut_reconstruct_page_set_device (UT_RECONSTRUCT_PAGE (self->reconstruct_page),
                                  self->settings->device,
                                  self->settings->seconds_per_heart);
}

static void
run_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Run *started = user_data;
  UtWindow *self = started->window;
  Run *run = ut_job_run_finish (self->work_job, result, &error);
  gboolean same = ut_document_get_serial (self->document) == started->study;

  if (run == NULL) {
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !same)
      ut_window_toast (self, _ ("Reconstruction cancelled; nothing was changed"));
    else if (ut_twin_may_fall_back (started->device, error))
      ask_fall_back (self, error->message);
    else
      ut_window_error (self, _ ("The heart could not be reconstructed"), error->message);
    run_unref (started);
    return;
  }
  run_unref (started); /* the same, counted twice */
  g_clear_pointer (&self->model, ut_twin_model_unref);
  self->model = ut_twin_model_ref (run->model);
  ut_reconstruct_page_set_model (UT_RECONSTRUCT_PAGE (self->reconstruct_page), self->model);
  keep_speed (self, run);
  if (!same) {
    ut_window_toast (self, _ ("The heart was of the study before and is not kept"));
    run_unref (run);
    return;
  }
  if (ut_widget_may_move (GTK_WIDGET (self)))
    ut_results_come_in_order (self->results);
  ut_study_add_results (ut_document_get_study (self->document), run->results);
  ut_window_set_step (self, "inspect");
  ut_inspect_page_grab_focus (UT_INSPECT_PAGE (self->inspect_page));
  ut_window_toast (
    self, _ ("The heart is reconstructed. 1 to 5: structures, Alt+1 to 5: stages, B: ED and ES"));
  run_unref (run);
}

/* a lost device stays lost: its model goes with the choice of another one */
static void
start_run (UtWindow *self, const char *device)
{
  UtStudy *study = ut_document_get_study (self->document);
  if (g_strcmp0 (self->model_device, device) != 0)
    g_clear_pointer (&self->model, ut_twin_model_unref);
  g_free (self->model_device);
  self->model_device = g_strdup (device);
  Run *run = g_atomic_rc_box_new0 (Run);
  run->window = g_object_ref (self);
  run->state = ut_study_dup_state (study);
  run->device = g_strdup (device);
  run->model = self->model != NULL ? ut_twin_model_ref (self->model) : NULL;
  run->seed = ut_reconstruct_page_get_seed (UT_RECONSTRUCT_PAGE (self->reconstruct_page));
  run->n_seeds = ut_reconstruct_page_get_n_seeds (UT_RECONSTRUCT_PAGE (self->reconstruct_page));
  run->study = ut_study_get_serial (study);
  ut_views_page_set_playing (UT_VIEWS_PAGE (self->views_page), FALSE);
  ut_job_run_async (self->work_job,
                    run_in_thread,
                    run,
                    run_unref,
                    run_unref,
                    run_done_cb,
                    g_atomic_rc_box_acquire (run));
}

void
ut_window_reconstruct (UtWindow *self)
{
  UtStudy *study = ut_document_get_study (self->document);
  g_autofree char *reason = ut_window_blocking_reason (ut_study_get_state (study));

  if (reason != NULL) {
    ut_window_set_step (self, "reconstruct");
    ut_window_toast (self, "%s", reason);
    return;
  }
  start_run (self, self->settings->device);
}

/* ---- export ------------------------------------------------------------------------------ */

typedef struct {
  guint64 study; /* its serial */
  UtStudyState *state;
  char *folder;
  UtExportOptions options;
  guint turntable; /* pictures of a full turn, or 0 */
  gboolean film;
} Export;

static void
export_clear (gpointer data)
{
  Export *job = data;
  ut_study_state_unref (job->state);
  g_free (job->folder);
}

static void
export_unref (gpointer job)
{
  g_atomic_rc_box_release_full (job, export_clear);
}

static gboolean
export_film (const Export *job, UtProgress *progress, GCancellable *cancel, GError **error)
{
  gboolean ed = ut_study_twin (job->state, UT_PHASE_ED) != NULL;
  gboolean es = ut_study_twin (job->state, UT_PHASE_ES) != NULL;
  const UtFilm film = {.kind = ed && es ? UT_FILM_TURN | UT_FILM_BEAT : UT_FILM_TURN,
                       .phase = ed ? UT_PHASE_ED : UT_PHASE_ES,
                       .width_px = UT_FIGURE_WIDTH_PX,
                       .height_px = UT_FIGURE_HEIGHT_PX};
  g_autofree char *path = g_build_filename (job->folder, "film.mp4", NULL);
  return ut_film_write (job->state, &film, path, progress, cancel, error);
}

static gpointer
export_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  Export *job = input;
  double share = job->film ? 0.1 : 0.5; /* a film takes by far the longest */
  UtProgress files = ut_progress_step (progress, share);
  UtProgress pictures = ut_progress_step (progress, share);
  UtProgress film = ut_progress_step (progress, 1 - 2 * share);
  if (!ut_export_results (job->state, job->folder, &job->options, NULL, &files, cancel, error) ||
      !ut_figures_write (job->state, job->folder, job->turntable, &pictures, cancel, error) ||
      (job->film && !export_film (job, &film, cancel, error)))
    return NULL;
  return g_atomic_rc_box_acquire (job);
}

static void
export_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  Export *job = ut_job_run_finish (self->work_job, result, &error);
  if (job == NULL) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      ut_window_error (self, _ ("The export is not complete"), error->message);
    return;
  }
  g_autofree char *name = g_path_get_basename (job->folder);
  ut_window_toast (self, _ ("Exported to “%s”"), name);
  self->exported = self->exported || job->study == ut_document_get_serial (self->document);
  ut_window_update (self);
  export_unref (job);
}

void
ut_window_export (
  UtWindow *self, const char *folder, guint mesh_formats, gboolean turntable, gboolean film)
{
  if (ut_job_get_busy (self->work_job) || ut_results_get_measurements (self->results) == NULL)
    return;
  Export *job = g_atomic_rc_box_new0 (Export);
  job->study = ut_document_get_serial (self->document);
  job->state = ut_study_dup_state (ut_document_get_study (self->document));
  job->folder = g_strdup (folder);
  job->options = (UtExportOptions){.stages = TRUE, .mesh_formats = mesh_formats};
  job->turntable = turntable ? TURNTABLE : 0;
  job->film = film;
  ut_job_run_async (self->work_job,
                    export_in_thread,
                    job,
                    export_unref,
                    export_unref,
                    export_done_cb,
                    g_object_ref (self));
}
