/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/app-id.h"
#include "app/keys.h"
#include "app/lesson/lesson-card.h"
#include "app/sentence.h"
#include "app/step-row.h"
#include "app/widgets.h"
#include "app/window-private.h"

#include <glib/gi18n.h>

G_DEFINE_FINAL_TYPE (UtWindow, ut_window, ADW_TYPE_APPLICATION_WINDOW)

static const struct {
  const char *step, *page, *title;
} steps[] = {
  {"load", "views", NC_ ("step", "Load")},
  {"calibrate", "views", NC_ ("step", "Calibrate")},
  {"mark", "views", NC_ ("step", "Mark")},
  {"reconstruct", "reconstruct", NC_ ("step", "Reconstruct")},
  {"inspect", "inspect", NC_ ("step", "Inspect")},
  {"report", "report", NC_ ("step", "Report")},
};

void
ut_window_toast (UtWindow *self, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  ut_toast (self->toasts, text);
}

void
ut_window_error (UtWindow *self, const char *heading, const char *body)
{
  ut_show_error (GTK_WINDOW (self), heading, body);
}

/* ---- steps ----------------------------------------------------------------------- */

static gboolean
all_marked (const UtStudyState *state)
{
  gboolean any = FALSE;
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    if (state->views[view].source == NULL)
      continue;
    any = TRUE;
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
      if (state->views[view].marks[phase] < 0)
        return FALSE;
  }
  return any;
}

static gboolean
any_loop (const UtStudyState *state)
{
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (state->views[view].source != NULL)
      return TRUE;
  return FALSE;
}

char *
ut_window_blocking_reason (const UtStudyState *state)
{
  g_autoptr (GArray) issues = ut_study_issues (state);
  for (guint i = 0; i < issues->len; i++) {
    const UtStudyIssue *issue = &g_array_index (issues, UtStudyIssue, i);
    if (issue->blocks)
      return ut_sentence_issue (issue);
  }
  return NULL;
}

static gboolean
step_state (UtWindow *self, const char *step, const UtStudyState *state, char **ret_reason)
{
  gboolean loop = any_loop (state);
  if (g_str_equal (step, "load"))
    return loop;
  if (!loop) {
    *ret_reason = g_strdup (_ ("Load a loop first"));
    return FALSE;
  }
  if (g_str_equal (step, "calibrate"))
    return ut_document_calibrated (state);
  if (g_str_equal (step, "mark"))
    return all_marked (state);
  if (g_str_equal (step, "reconstruct")) {
    *ret_reason = ut_window_blocking_reason (state);
    return ut_study_is_reconstructed (state);
  }
  gboolean heart = ut_study_has_heart (state);
  if (!heart)
    *ret_reason = g_strdup (_ ("Reconstruct first"));
  return heart && (g_str_equal (step, "inspect") ? self->inspected : self->exported);
}

static void
update_steps (UtWindow *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  for (int i = 0; state != NULL && i < (int)G_N_ELEMENTS (steps); i++) {
    g_autofree char *reason = NULL;
    GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->steps), i);
    gboolean done = step_state (self, steps[i].step, state, &reason);
    ut_step_row_set_state (UT_STEP_ROW (row), done, reason);
  }
}

void
ut_window_set_step (UtWindow *self, const char *step)
{
  for (int i = 0; i < (int)G_N_ELEMENTS (steps); i++) {
    if (!g_str_equal (steps[i].step, step))
      continue;
    g_free (self->step);
    self->step = g_strdup (step);
    gtk_stack_set_visible_child_name (GTK_STACK (self->pages), steps[i].page);
    ut_views_page_set_step (UT_VIEWS_PAGE (self->views_page), step);
    gtk_list_box_select_row (GTK_LIST_BOX (self->steps),
                             gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->steps), i));
    if (g_str_equal (step, "inspect")) {
      self->inspected = TRUE;
      gtk_widget_add_css_class (self->toasts, "over-stages");
    } else {
      gtk_widget_remove_css_class (self->toasts, "over-stages");
    }
    if (!g_str_equal (steps[i].page, "views"))
      ut_views_page_set_playing (UT_VIEWS_PAGE (self->views_page), FALSE);
    if (adw_flap_get_folded (ADW_FLAP (self->flap))) /* it lies over what was chosen */
      adw_flap_set_reveal_flap (ADW_FLAP (self->flap), FALSE);
    ut_window_update (self);
  }
}

void
ut_window_focus_page (UtWindow *self)
{
  static const UtView order[] = {UT_VIEW_A2C, UT_VIEW_A4C, UT_VIEW_PSAX}; /* on the screen */
  GtkWidget *page = gtk_stack_get_visible_child (GTK_STACK (self->pages));
  for (guint i = 0; page == self->views_page && i < G_N_ELEMENTS (order); i++)
    if (ut_document_get_view (self->document, order[i])->cine != NULL) {
      ut_view_slot_grab_focus (ut_views_page_get_slot (UT_VIEWS_PAGE (page), order[i]));
      return;
    }
  if (page == self->inspect_page)
    ut_inspect_page_grab_focus (UT_INSPECT_PAGE (page));
  else
    gtk_widget_child_focus (page, GTK_DIR_TAB_FORWARD);
}

/* Arrows through the list choose too, and stay in it. */
static void
step_selected_cb (UtWindow *self, GtkListBoxRow *row)
{
  if (row == NULL)
    return;
  const char *step = ut_step_row_get_step (UT_STEP_ROW (row));
  if (g_strcmp0 (step, self->step) != 0)
    ut_window_set_step (self, step);
}

/* ---- state ------------------------------------------------------------------------ */

static void
update_title (UtWindow *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->window_title),
                                 state != NULL ? ut_sentence_study (state->label) : "");
}

void
ut_window_update (UtWindow *self)
{
  gboolean open = ut_document_get_study (self->document) != NULL;
  gtk_stack_set_visible_child_name (GTK_STACK (self->main_stack), open ? "study" : "empty");
  gtk_widget_set_visible (self->side_button, open);
  update_title (self);
  update_steps (self);
  ut_window_update_actions (self);
  ut_window_update_lesson (self);
}

static void
changed_cb (UtWindow *self, guint changes)
{
  if (changes == G_MAXUINT) { /* another study */
    self->inspected = self->exported = FALSE;
    ut_window_restore_place (self);
  } else if (changes & UT_STUDY_CHANGE_LABEL) {
    ut_window_remember_study (self);
  }
  UtStudy *study = ut_document_get_study (self->document);
  if (study == NULL || !ut_study_is_modified (study))
    g_clear_pointer (&self->save_failure, g_free);
  ut_window_update (self);
}

void
ut_window_save_failed (UtWindow *self, const char *message)
{
  g_free (self->save_failure);
  self->save_failure = g_strdup (message);
  ut_window_toast (self, _ ("The study could not be saved: %s"), message);
}

static void
job_busy_cb (UtWindow *self)
{
  gboolean busy = ut_job_get_busy (self->open_job) || ut_job_get_busy (self->work_job);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->job_revealer), busy);
  ut_window_update_actions (self);
}

static void
job_progress_cb (UtWindow *self, GParamSpec *pspec, UtJob *job)
{
  if (!ut_job_get_busy (job))
    return;
  gtk_label_set_text (GTK_LABEL (self->stage_label), ut_sentence_stage (ut_job_get_stage (job)));
  gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress_bar), ut_job_get_fraction (job));
}

static void
watch_job (UtWindow *self, UtJob *job)
{
  g_signal_connect_object (job, "notify::busy", G_CALLBACK (job_busy_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    job, "notify::fraction", G_CALLBACK (job_progress_cb), self, G_CONNECT_SWAPPED);
}

static void
open_view_cb (UtWindow *self, int view)
{
  ut_window_choose_files (self, view);
}

static void
message_cb (UtWindow *self, const char *message)
{
  ut_window_toast (self, "%s", message);
}

/* ---- life ------------------------------------------------------------------------- */

static void
remember_window (UtWindow *self)
{
  UtSettings *settings = self->settings;
  settings->maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  if (!settings->maximized)
    gtk_window_get_default_size (GTK_WINDOW (self), &settings->width, &settings->height);
  settings->running = FALSE;
  ut_settings_save (settings);
}

typedef struct {
  guint64 study; /* its serial */
  UtWindowAnswered answered;
} Asked;

static void
asked_response_cb (AdwMessageDialog *dialog, const char *response, UtWindow *self)
{
  const Asked *asked = g_object_get_data (G_OBJECT (dialog), "asked");
  if (ut_document_get_serial (self->document) == asked->study)
    asked->answered (dialog, response, self);
}

void
ut_window_ask (UtWindow *self, GtkWidget *dialog, UtWindowAnswered answered)
{
  Asked *asked = g_new (Asked, 1);
  *asked = (Asked){ut_document_get_serial (self->document), answered};
  g_object_set_data_full (G_OBJECT (dialog), "asked", asked, g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (asked_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

GtkWidget *
ut_window_unsaved_dialog (UtWindow *self, const char *reason, const char *discard)
{
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (self), _ ("The study could not be saved"), reason);
  adw_message_dialog_add_responses (
    ADW_MESSAGE_DIALOG (dialog), "stay", _ ("_Keep Open"), "discard", discard, NULL);
  adw_message_dialog_set_response_appearance (
    ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  return dialog;
}

static void
close_anyway_cb (UtWindow *self, const char *response)
{
  if (!g_str_equal (response, "discard"))
    return;
  self->closing = TRUE;
  gtk_window_close (GTK_WINDOW (self));
}

static void
saved_for_closing_cb (const GError *error, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  if (self->document == NULL) /* closed by another save that was waited for */
    return;
  if (error == NULL) { /* closed, unless something was changed while it was saved */
    UtStudy *study = ut_document_get_study (self->document);
    self->closing = study == NULL || !ut_study_is_modified (study);
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  GtkWidget *dialog = ut_window_unsaved_dialog (self, error->message, _ ("_Close Without Saving"));
  g_signal_connect_object (
    dialog, "response", G_CALLBACK (close_anyway_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
ut_window_close_request (GtkWindow *window)
{
  UtWindow *self = UT_WINDOW (window);

  ut_job_cancel (self->open_job);
  ut_job_cancel (self->work_job);
  ut_window_leave_lesson (self);
  if (!self->closing) {
    ut_document_save (self->document, saved_for_closing_cb, g_object_ref (self));
    return TRUE;
  }
  remember_window (self);
  return GTK_WINDOW_CLASS (ut_window_parent_class)->close_request (window);
}

static void
ut_window_dispose (GObject *object)
{
  UtWindow *self = UT_WINDOW (object);
  g_clear_handle_id (&self->lesson.advance_id, g_source_remove);
  ut_window_files_clear (self);
  g_clear_object (&self->results);
  g_clear_object (&self->document);
  g_clear_pointer (&self->model, ut_twin_model_unref);
  g_clear_pointer (&self->model_device, g_free);
  g_clear_object (&self->open_job);
  g_clear_object (&self->work_job);
  g_clear_pointer (&self->step, g_free);
  g_clear_pointer (&self->save_failure, g_free);
  G_OBJECT_CLASS (ut_window_parent_class)->dispose (object);
}

#define BIND(widget_class, name) gtk_widget_class_bind_template_child (widget_class, UtWindow, name)

static void
ut_window_class_init (UtWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ut_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = ut_window_close_request;
  g_type_ensure (UT_TYPE_VIEWS_PAGE);
  g_type_ensure (UT_TYPE_RECONSTRUCT_PAGE);
  g_type_ensure (UT_TYPE_INSPECT_PAGE);
  g_type_ensure (UT_TYPE_REPORT_PAGE);
  g_type_ensure (UT_TYPE_LESSON_CARD);

  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/window.ui");
  BIND (widget_class, toasts);
  BIND (widget_class, root_box);
  BIND (widget_class, window_title);
  BIND (widget_class, undo_button);
  BIND (widget_class, redo_button);
  BIND (widget_class, side_button);
  BIND (widget_class, main_stack);
  BIND (widget_class, continue_button);
  BIND (widget_class, open_button);
  BIND (widget_class, recent_group);
  BIND (widget_class, recent_rows);
  BIND (widget_class, sample_button);
  BIND (widget_class, flap);
  BIND (widget_class, steps);
  BIND (widget_class, pages);
  BIND (widget_class, views_page);
  BIND (widget_class, reconstruct_page);
  BIND (widget_class, inspect_page);
  BIND (widget_class, report_page);
  BIND (widget_class, lesson_card);
  BIND (widget_class, job_revealer);
  BIND (widget_class, stage_label);
  BIND (widget_class, progress_bar);
  gtk_widget_class_bind_template_callback (widget_class, step_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, ut_window_focus_page);
  gtk_widget_class_bind_template_callback (widget_class, open_view_cb);
  gtk_widget_class_bind_template_callback (widget_class, message_cb);
}

static void
ut_window_init (UtWindow *self)
{
  self->document = ut_document_new ();
  self->results = ut_results_new (self->document);
  self->open_job = ut_job_new ();
  self->work_job = ut_job_new ();
  g_queue_init (&self->open_queue);
  gtk_widget_init_template (GTK_WIDGET (self));
  ut_keys_add_positions (GTK_WIDGET (self), UT_KEYS_WINDOW);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    gtk_list_box_append (
      GTK_LIST_BOX (self->steps),
      ut_step_row_new (i + 1, steps[i].step, g_dpgettext2 (NULL, "step", steps[i].title)));
  ut_window_add_actions (self);
  ut_window_add_drop_target (self);
  ut_views_page_set_document (UT_VIEWS_PAGE (self->views_page), self->document);
  ut_reconstruct_page_set_document (UT_RECONSTRUCT_PAGE (self->reconstruct_page), self->document);
  ut_inspect_page_set_up (UT_INSPECT_PAGE (self->inspect_page), self->document, self->results);
  g_signal_connect_object (ut_inspect_page_get_second (UT_INSPECT_PAGE (self->inspect_page)),
                           "message",
                           G_CALLBACK (ut_window_error),
                           self,
                           G_CONNECT_SWAPPED);
  ut_report_page_set_up (UT_REPORT_PAGE (self->report_page), self->document, self->results);
  ut_window_add_lesson_actions (self);
  ut_window_add_study_actions (self);

  g_signal_connect_object (
    self->document, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    self->document, "save-failed", G_CALLBACK (ut_window_save_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    self->document, "saving", G_CALLBACK (ut_window_save_place), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    self->results, "changed", G_CALLBACK (ut_window_update_actions), self, G_CONNECT_SWAPPED);
  ut_widget_name_inside (self->open_button, _ ("Recent studies"));
  watch_job (self, self->open_job);
  watch_job (self, self->work_job);
  ut_window_set_step (self, "load");
}

void
ut_window_take_settings (UtWindow *self)
{
  g_return_if_fail (UT_IS_WINDOW (self));
  ut_reconstruct_page_begin_with_seeds (UT_RECONSTRUCT_PAGE (self->reconstruct_page),
                                        (guint)self->settings->n_seeds);
  ut_reconstruct_page_set_device (UT_RECONSTRUCT_PAGE (self->reconstruct_page),
                                  self->settings->device,
                                  self->settings->seconds_per_heart);
  ut_document_set_reviewer (self->document, ut_settings_reviewer (self->settings));
  ut_window_show_recent (self);
  const GPtrArray *recent = self->settings->recent;
  const UtRecent *last = recent->len > 0 ? g_ptr_array_index (recent, 0) : NULL;
  gtk_widget_set_visible (self->continue_button,
                          last != NULL && g_file_test (last->folder, G_FILE_TEST_IS_DIR));
}

UtWindow *
ut_window_new (AdwApplication *app, UtSettings *settings)
{
  UtWindow *self = g_object_new (UT_TYPE_WINDOW, "application", app, NULL);
  self->settings = settings;
  if (settings->width > 0 && settings->height > 0)
    gtk_window_set_default_size (GTK_WINDOW (self), settings->width, settings->height);
  if (settings->maximized)
    gtk_window_maximize (GTK_WINDOW (self));
  ut_window_take_settings (self);
  if (!gtk_widget_get_visible (self->continue_button))
    gtk_widget_add_css_class (self->sample_button, "suggested-action");
  gtk_widget_grab_focus (gtk_widget_get_visible (self->continue_button) ? self->continue_button
                                                                        : self->sample_button);
  return self;
}
