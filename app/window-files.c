/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/choose-path.h"
#include "app/loop-places.h"
#include "app/mesh-export.h"
#include "app/sample.h"
#include "app/sentence.h"
#include "app/video-file.h"
#include "app/widgets.h"
#include "app/window-private.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"

#include <glib/gi18n.h>

/* One thing to open, and what became of it: a counted box, filled in the worker. */
typedef struct {
  GStrv paths;
  int view;           /* wanted for a single loop, -1 = find one */
  gboolean recovered; /* open since the program was cut off */
  gboolean sample;    /* make the sample study in paths[0] first, where it is not there */
  UtStudy *study;     /* one of the paths was a study: it goes before loops */
  GStrv notes;        /* what the user must know about that study */
  GPtrArray *loops;   /* Loop */
  GString *failures;  /* a line per path that could not be opened */
} OpenRequest;

typedef struct {
  UtCine *cine;
  char *path;
} Loop;

static void start_next (UtWindow *self);

static void
loop_free (gpointer data)
{
  Loop *loop = data;
  ut_cine_unref (loop->cine);
  g_free (loop->path);
  g_free (loop);
}

static void
open_request_clear (gpointer data)
{
  OpenRequest *request = data;
  g_strfreev (request->paths);
  g_strfreev (request->notes);
  g_clear_pointer (&request->study, ut_study_free);
  g_ptr_array_unref (request->loops);
  g_string_free (request->failures, TRUE);
}

static void
open_request_unref (gpointer request)
{
  g_atomic_rc_box_release_full (request, open_request_clear);
}

static OpenRequest *
open_request_new (const char *const *paths, int view)
{
  OpenRequest *request = g_atomic_rc_box_new0 (OpenRequest);
  request->paths = g_strdupv ((char **)paths);
  request->view = view;
  request->loops = g_ptr_array_new_with_free_func (loop_free);
  request->failures = g_string_new (NULL);
  return request;
}

G_GNUC_PRINTF (2, 3)
static void
add_failure (const OpenRequest *request, const char *format, ...)
{
  va_list args;
  if (request->failures->len > 0)
    g_string_append (request->failures, "\n\n");
  va_start (args, format);
  g_string_append_vprintf (request->failures, format, args);
  va_end (args);
}

/* ---- in the worker ------------------------------------------------------------------ */

static gboolean
is_study (const char *path)
{
  g_autofree char *inside = g_build_filename (path, UT_STUDY_FILE, NULL);
  return g_str_has_suffix (path, UT_STUDY_FILE) || g_file_test (inside, G_FILE_TEST_EXISTS);
}

static gboolean
open_loop (OpenRequest *request, const char *path, GError **error)
{
  UtCine *cine = ut_cine_open (path, error);
  if (cine == NULL)
    return FALSE;
  Loop *loop = g_new0 (Loop, 1);
  loop->cine = cine;
  loop->path = g_canonicalize_filename (path, NULL);
  g_ptr_array_add (request->loops, loop);
  return TRUE;
}

/* What lies in a folder, "10" after "9"; (element-type utf8) */
static GPtrArray *
list_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add (files, g_build_filename (path, name, NULL));
  g_ptr_array_sort (files, ut_folder_compare);
  return files;
}

/* A folder that is no loop may hold some: as many are opened as there are views. */
static gboolean
open_folder (OpenRequest *request, const char *path, GCancellable *cancel)
{
  g_autoptr (GPtrArray) files = list_folder (path);
  guint n = 0;
  for (guint i = 0; i < files->len && !g_cancellable_is_cancelled (cancel); i++) {
    if (n < UT_N_VIEWS) {
      n += open_loop (request, files->pdata[i], NULL);
      continue;
    }
    g_autoptr (UtCine) fourth = ut_cine_open (files->pdata[i], NULL);
    if (fourth != NULL) {
      g_autofree char *name = g_path_get_basename (path);
      add_failure (request, _ ("%s: only its first three loops were opened"), name);
      break;
    }
  }
  return n > 0;
}

static gboolean
open_one (OpenRequest *request, const char *path, GCancellable *cancel, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  if (is_study (path)) {
    g_clear_pointer (&request->study, ut_study_free);
    g_clear_pointer (&request->notes, g_strfreev);
    request->study = ut_study_open (path, cancel, &request->notes, error);
    return request->study != NULL;
  }
  if (open_loop (request, path, &local_error) ||
      (g_error_matches (local_error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED) &&
       open_folder (request, path, cancel)))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gpointer
open_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  OpenRequest *request = input;
  guint n = g_strv_length (request->paths);
  const UtSimulation sample = {.seed = UT_SAMPLE_SEED, .unprepared = TRUE};

  if (request->sample && !is_study (request->paths[0]) &&
      !ut_sample_study_make (&sample, request->paths[0], progress, cancel, error))
    return NULL;

  for (guint i = 0; i < n; i++) {
    g_autoptr (GError) local_error = NULL;
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return NULL;
    ut_progress_set (progress, (double)i / n, UT_STAGE_READ);
    if (open_one (request, request->paths[i], cancel, &local_error))
      continue;
    if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
    add_failure (request, "%s", local_error->message);
  }
  return g_atomic_rc_box_acquire (request);
}

/* ---- which slot -------------------------------------------------------------------- */

static int
view_from_file_name (const char *path)
{
  static const struct {
    const char *part;
    UtView view;
  } parts[] = {{"a4c", UT_VIEW_A4C},
               {"4ch", UT_VIEW_A4C},
               {"a2c", UT_VIEW_A2C},
               {"2ch", UT_VIEW_A2C},
               {"psax", UT_VIEW_PSAX},
               {"sax", UT_VIEW_PSAX}};
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_ascii_strdown (base, -1);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (strstr (name, parts[i].part) != NULL)
      return (int)parts[i].view;
  return -1;
}

/* The places of the loops: where the user dropped one, else as they say themselves. What has none
 * is a failure of the request. Returns: a view that more than one says, -1 = there is none */
static int
choose_views (UtWindow *self, const OpenRequest *request, int *ret_places)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  guint n = request->loops->len;
  g_autofree int *says = g_new (int, n);
  gboolean full[UT_N_VIEWS];
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    full[view] = state->views[view].source != NULL;
  for (guint i = 0; i < n; i++) {
    const Loop *loop = g_ptr_array_index (request->loops, i);
    says[i] = n == 1 && request->view >= 0 ? request->view
              : loop->cine->view_hint >= 0 ? loop->cine->view_hint
                                           : view_from_file_name (loop->path);
  }
  int twice = ut_loop_places (says, n, full, ret_places);
  for (guint i = 0; i < n; i++) {
    if (ret_places[i] >= 0)
      continue;
    const Loop *loop = g_ptr_array_index (request->loops, i);
    g_autofree char *name = g_path_get_basename (loop->path);
    add_failure (
      request, _ ("%s was not opened: no view is left for it. It can be dropped on one."), name);
  }
  return twice;
}

/* A place of its own for a study that the user did not put anywhere yet. */
static char *
new_study_folder (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "study-%Y%m%d-%H%M%S");
  return g_build_filename (g_get_user_data_dir (), "ultratwin", name, NULL);
}

gboolean
ut_window_ensure_study (UtWindow *self)
{
  g_autofree char *folder = new_study_folder ();
  g_autoptr (GError) error = NULL;
  if (ut_document_get_study (self->document) != NULL)
    return TRUE;

  UtStudy *study = ut_study_new_in_folder (folder, &error);
  if (study == NULL) {
    ut_window_error (self, _ ("No place to keep the study"), error->message);
    return FALSE;
  }
  ut_document_set_study (self->document, study);
  return TRUE;
}

/* A loop that does not say how large its pixels are is of no use until somebody does. */
static void
ask_for_line (UtWindow *self, UtView view)
{
  UtStudyIssue issue = {UT_STUDY_ISSUE_UNCALIBRATED, TRUE, (int)view, -1, -1};
  g_autofree char *text = ut_sentence_issue (&issue);
  ut_window_set_step (self, "calibrate");
  ut_window_toast (self, "%s", text);
}

/* @twice: view that more than one of the loops says, -1 = there is none */
static void
say_placed (UtWindow *self, const char *placed, int twice)
{
  g_autofree char *text =
    twice >= 0
      /* Translators: A4C, then views and files, "A4C: loop.dcm, A2C: other.dcm". */
      ? g_strdup_printf (_ ("More than one loop says %s: check each view. Placed %s."),
                         ut_view_name ((UtView)twice),
                         placed)
      /* Translators: %s lists views and files, "A4C: loop.dcm". */
      : g_strdup_printf (_ ("Placed %s. A view's menu swaps views."), placed);
  AdwToast *toast = ut_toast (self->toasts, text);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.undo");
}

static void
patients_answered_cb (AdwMessageDialog *dialog, const char *response, UtWindow *self)
{
  if (g_str_equal (response, "undo"))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.undo", NULL);
}

/* @places: [@n]: views that loops came into just now, -1 = into none. FALSE where nothing is wrong
 * with whom they are of, as far as it was not so before. */
static gboolean
ask_patients (UtWindow *self, const int *places, guint n)
{
  g_autoptr (GArray) issues = ut_study_issues (ut_document_get_state (self->document));
  const UtStudyIssue *found = NULL;
  for (guint i = 0; i < issues->len; i++) {
    const UtStudyIssue *issue = &g_array_index (issues, UtStudyIssue, i);
    for (guint k = 0; k < n && issue->kind == UT_STUDY_ISSUE_PATIENTS; k++)
      if (places[k] == issue->view || places[k] == issue->other)
        found = issue;
  }
  if (found == NULL)
    return FALSE;
  g_autofree char *text = ut_sentence_issue (found);
  GtkWidget *dialog =
    adw_message_dialog_new (GTK_WINDOW (self), _ ("Loops of two patients?"), text);
  adw_message_dialog_add_responses (
    ADW_MESSAGE_DIALOG (dialog), "keep", _ ("_Keep Both"), "undo", _ ("_Undo"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "undo");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  ut_window_ask (self, dialog, patients_answered_cb);
  return TRUE;
}

static void
take_loops (UtWindow *self, const OpenRequest *request)
{
  guint n = request->loops->len;
  if (n == 0 || !ut_window_ensure_study (self))
    return;

  UtStudy *study = ut_document_get_study (self->document);
  g_autoptr (GString) placed = g_string_new (NULL);
  g_autofree int *places = g_new (int, n);
  int uncalibrated = -1, twice = choose_views (self, request, places);
  ut_study_begin_group (study);
  for (guint i = 0; i < n; i++) {
    const Loop *loop = g_ptr_array_index (request->loops, i);
    if (places[i] < 0)
      continue;
    UtView view = (UtView)places[i];
    g_autofree char *name = g_path_get_basename (loop->path);
    ut_study_set_cine (study, view, loop->cine, loop->path);
    if (loop->cine->calibration == UT_CALIBRATION_NONE)
      uncalibrated = (int)view;
    g_string_append_printf (
      placed, "%s%s: %s", placed->len > 0 ? ", " : "", ut_view_name (view), name);
  }
  ut_study_end_group (study);
  ut_document_save (self->document, NULL, NULL);
  if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->pages)), "views") != 0)
    ut_window_set_step (self, "load");
  gboolean asked = ask_patients (self, places, n);
  if (!asked && (twice >= 0 || request->view < 0 || n > 1)) /* nobody said where it belongs */
    say_placed (self, placed->str, twice);
  if (!asked && uncalibrated >= 0)
    ask_for_line (self, (UtView)uncalibrated);
  ut_views_page_begin (UT_VIEWS_PAGE (self->views_page));
}

/* The open study was saved before this one was read. If it is the same, an edit of meanwhile counts
 * for more than what was read. */
static void
take_study (UtWindow *self, OpenRequest *request)
{
  UtStudy *before = ut_document_get_study (self->document);
  gboolean same = before != NULL && g_strcmp0 (ut_study_get_folder (before),
                                               ut_study_get_folder (request->study)) == 0;
  if (before != NULL && ut_study_is_modified (before) && self->save_failure == NULL) {
    if (same)
      return;
    ut_document_save (self->document, NULL, NULL);
  }
  ut_document_set_study (self->document, g_steal_pointer (&request->study));
  if (request->notes != NULL && request->notes[0] != NULL) {
    g_autofree char *notes = g_strjoinv ("\n\n", request->notes);
    ut_window_error (self, _ ("Parts of the study are missing"), notes);
  }
}

static void
say_failed (UtWindow *self, const OpenRequest *request, gboolean opened)
{
  if (request->recovered)
    g_string_append_printf (
      request->failures, "\n\n%s", _ ("Its files were left as they are. Its loops can be opened."));
  ut_window_error (self,
                   request->recovered ? _ ("The last study could not be brought back")
                   : opened           ? _ ("Could not open everything")
                                      : _ ("Could not open"),
                   request->failures->str);
}

static void
take (UtWindow *self, OpenRequest *request)
{
  gboolean opened = request->study != NULL || request->loops->len > 0;
  if (opened)
    ut_window_leave_lesson (self);
  if (request->study != NULL)
    take_study (self, request);
  take_loops (self, request);
  ut_window_remember_study (self);
  if (opened && gtk_stack_get_visible_child (GTK_STACK (self->pages)) == self->views_page)
    ut_window_focus_page (self);
  if (request->failures->len > 0)
    say_failed (self, request, opened);
  else if (request->recovered)
    ut_window_toast (self,
                     _ ("UltraTwin was cut off. The study is as it was last saved by itself."));
}

/* The open study was edited, and its last save failed. */
static gboolean
would_be_lost (UtWindow *self)
{
  UtStudy *study = ut_document_get_study (self->document);
  return study != NULL && self->save_failure != NULL && ut_study_is_modified (study);
}

static void
answered_cb (AdwMessageDialog *dialog, const char *response, UtWindow *self)
{
  if (g_str_equal (response, "discard"))
    take (self, g_object_get_data (G_OBJECT (dialog), "request"));
}

static void
ask_before (UtWindow *self, OpenRequest *request)
{
  GtkWidget *dialog =
    ut_window_unsaved_dialog (self, self->save_failure, _ ("_Open Without Saving"));
  g_object_set_data_full (
    G_OBJECT (dialog), "request", g_atomic_rc_box_acquire (request), open_request_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  OpenRequest *request = ut_job_run_finish (UT_JOB (source), result, &error);

  if (request == NULL) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      ut_window_error (self, _ ("Could not open"), error->message);
  } else {
    if (request->study != NULL && would_be_lost (self))
      ask_before (self, request);
    else
      take (self, request);
    open_request_unref (request);
  }
  start_next (self);
}

static void
saved_before_cb (const GError *error, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  UtStudy *study = self->document != NULL ? ut_document_get_study (self->document) : NULL;
  if (error != NULL && study != NULL && ut_study_is_modified (study))
    ut_window_save_failed (self, error->message);
  self->saving = FALSE;
  OpenRequest *request = g_queue_pop_head (&self->open_queue);
  if (request != NULL)
    ut_job_run_async (self->open_job,
                      open_in_thread,
                      request,
                      open_request_unref,
                      open_request_unref,
                      opened_cb,
                      g_object_ref (self));
}

/* What is open goes to disk first: it may be what is opened. */
static void
start_next (UtWindow *self)
{
  if (self->saving || ut_job_get_busy (self->open_job) || g_queue_is_empty (&self->open_queue))
    return;
  self->saving = TRUE;
  ut_document_save (self->document, saved_before_cb, g_object_ref (self));
}

/* No loop is kept as NRRD, PLY or STL: they are references. */
static gboolean
is_reference (const char *path)
{
  static const char *const endings[] = {".nrrd", ".nhdr", ".ply", ".stl"};
  g_autofree char *lower = g_ascii_strdown (path, -1);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;
  return FALSE;
}

void
ut_window_open (UtWindow *self, const char *const *paths, int view)
{
  g_return_if_fail (UT_IS_WINDOW (self));
  if (paths[0] == NULL)
    return;
  if (paths[1] == NULL && is_reference (paths[0])) {
    ut_window_open_reference (self, paths[0]);
    return;
  }
  g_queue_push_tail (&self->open_queue, open_request_new (paths, view));
  start_next (self);
}

void
ut_window_continue (UtWindow *self)
{
  if (self->settings->recent->len == 0)
    return;
  const UtRecent *last = g_ptr_array_index (self->settings->recent, 0);
  const char *paths[] = {last->folder, NULL};
  OpenRequest *request = open_request_new (paths, -1);
  request->recovered =
    self->settings->running; /* still set: the last run did not come to its end */
  g_queue_push_tail (&self->open_queue, request);
  start_next (self);
}

void
ut_window_open_sample (UtWindow *self)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "ultratwin", "sample", NULL);
  const char *paths[] = {folder, NULL};
  OpenRequest *request = open_request_new (paths, -1);
  request->sample = TRUE;
  g_queue_push_tail (&self->open_queue, request);
  start_next (self);
}

void
ut_window_files_clear (UtWindow *self)
{
  g_queue_clear_full (&self->open_queue, open_request_unref);
}

/* ---- choosing ---------------------------------------------------------------------- */

#define VIEW "ut-view" /* that the loops are for; -1: each says, or is asked for */

static void
chosen_cb (gpointer self, const char *const *paths, GtkFileChooser *chooser)
{
  ut_window_open (self, paths, GPOINTER_TO_INT (g_object_get_data (G_OBJECT (chooser), VIEW)));
}

static void
choose (UtWindow *self, const char *title, GtkFileChooserAction action, int view)
{
  GtkFileChooser *chooser = ut_path_chooser_new (GTK_WINDOW (self), title, action, _ ("_Open"));
  gtk_file_chooser_set_select_multiple (chooser, view < 0);
  g_object_set_data (G_OBJECT (chooser), VIEW, GINT_TO_POINTER (view));
  ut_path_chooser_show (chooser, chosen_cb, self);
}

void
ut_window_choose_files (UtWindow *self, int view)
{
  g_autofree char *title =
    view >= 0 ? g_strdup_printf (_ ("Open %s"), ut_view_name ((UtView)view)) : NULL;
  choose (
    self, title != NULL ? title : _ ("Open a Study or Files"), GTK_FILE_CHOOSER_ACTION_OPEN, view);
}

void
ut_window_choose_folder (UtWindow *self)
{
  choose (self,
          _ ("Open a Study Folder or Folders of Pictures"),
          GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
          -1);
}

static void
reference_chosen_cb (gpointer self, const char *const *paths, GtkFileChooser *chooser)
{
  ut_window_open_reference (self, paths[0]);
}

static void
second_chosen_cb (gpointer user_data, const char *const *paths, GtkFileChooser *chooser)
{
  UtWindow *self = user_data;
  ut_second_study_open (ut_inspect_page_get_second (UT_INSPECT_PAGE (self->inspect_page)),
                        paths[0]);
}

static void
export_chosen_cb (gpointer self, const char *const *paths, GtkFileChooser *chooser)
{
  guint formats = 1u << UT_MESH_FORMAT_PLY;
  const char *turn = gtk_file_chooser_get_choice (chooser, "turn");
  const char *list = gtk_file_chooser_get_choice (chooser, "meshes");
  if (list != NULL) /* a chooser that cannot ask leaves PLY */
    ut_mesh_formats_parse (list, &formats, NULL);
  ut_window_export (
    self, paths[0], formats, g_strcmp0 (turn, "pictures") == 0, g_strcmp0 (turn, "film") == 0);
}

/* ---- saving ------------------------------------------------------------------------- */

typedef struct {
  UtWindow *self;
  guint64 study; /* its serial */
  char *before;  /* the folder to go back to where the new one cannot be written; or NULL */
} Saving;

static void
saved_cb (const GError *error, gpointer user_data)
{
  g_autofree Saving *saving = user_data;
  g_autoptr (UtWindow) self = saving->self;
  g_autofree char *before = saving->before;
  if (self->document == NULL) /* closed meanwhile */
    return;
  UtStudy *study = ut_document_get_study (self->document);
  gboolean same = ut_document_get_serial (self->document) == saving->study;

  if (same && error == NULL) {
    g_autofree char *name = g_path_get_basename (ut_study_get_folder (study));
    ut_window_remember_study (self);
    ut_window_toast (self, _ ("Saved in “%s”"), name);
  } else if (error != NULL) {
    if (same && before != NULL)
      ut_study_set_folder (study, before);
    ut_window_error (self, _ ("The study could not be saved"), error->message);
  }
}

void
ut_window_save (UtWindow *self, const char *folder)
{
  UtStudy *study = ut_document_get_study (self->document);
  if (study == NULL)
    return;
  Saving *saving = g_new0 (Saving, 1);
  *saving = (Saving){.self = g_object_ref (self), .study = ut_study_get_serial (study)};
  if (folder != NULL) {
    saving->before = g_strdup (ut_study_get_folder (study));
    ut_study_set_folder (study, folder);
  }
  ut_document_save (self->document, saved_cb, saving);
}

static void
save_folder_chosen_cb (gpointer user_data, const char *const *paths, GtkFileChooser *chooser)
{
  UtWindow *self = user_data;
  UtStudy *study = ut_document_get_study (self->document);
  const char *folder = paths[0];

  if (study == NULL)
    return;
  if (is_study (folder) && g_strcmp0 (ut_study_get_folder (study), folder) != 0)
    ut_window_error (
      self,
      _ ("This folder holds another study"),
      _ ("Choose or make a folder without a study, so that nothing is overwritten."));
  else
    ut_window_save (self, folder);
}

void
ut_window_choose_save_folder (UtWindow *self)
{
  ut_choose_path (GTK_WINDOW (self),
                  _ ("Choose or Make a Folder for the Study"),
                  GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                  _ ("_Save"),
                  save_folder_chosen_cb,
                  self);
}

void
ut_window_choose_reference (UtWindow *self)
{
  ut_choose_path (GTK_WINDOW (self),
                  _ ("Open a Reference Label Map (NIfTI, NRRD) or Surface (PLY, STL)"),
                  GTK_FILE_CHOOSER_ACTION_OPEN,
                  _ ("_Open"),
                  reference_chosen_cb,
                  self);
}

void
ut_window_choose_second_study (UtWindow *self, gboolean folder)
{
  ut_choose_path (GTK_WINDOW (self),
                  folder ? _ ("Folder of the Study Beside This One")
                         : _ ("The study.json of the Study Beside This One"),
                  folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN,
                  _ ("_Open"),
                  second_chosen_cb,
                  self);
}

void
ut_window_choose_export_folder (UtWindow *self)
{
  const char *formats[] = {"ply", "stl", "obj", "glb", "ply,stl,obj,glb", NULL};
  const char *labels[] = {"PLY", "STL", "OBJ", _ ("glTF, one file"), _ ("All four"), NULL};
  const char *turns[] = {"none", "pictures", ut_video_file_possible () ? "film" : NULL, NULL};
  const char *turn_labels[] = {_ ("Nothing"), _ ("Pictures"), _ ("Film"), NULL};
  GtkFileChooser *chooser = ut_path_chooser_new (GTK_WINDOW (self),
                                                 _ ("Choose or Make a Folder for the Export"),
                                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                                                 _ ("_Export"));
  gtk_file_chooser_add_choice (chooser, "meshes", _ ("Meshes as"), formats, labels);
  gtk_file_chooser_set_choice (chooser, "meshes", "ply");
  gtk_file_chooser_add_choice (chooser, "turn", _ ("A full turn as"), turns, turn_labels);
  gtk_file_chooser_set_choice (chooser, "turn", "none");
  ut_path_chooser_show (chooser, export_chosen_cb, self);
}

/* ---- dropping ---------------------------------------------------------------------- */

static gboolean
drop_cb (UtWindow *self, const GValue *value, double x, double y)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  int view = ut_views_page_view_at (UT_VIEWS_PAGE (self->views_page), self->root_box, x, y);

  for (GSList *l = g_value_get_boxed (value); l != NULL; l = l->next)
    if (g_file_peek_path (l->data) != NULL)
      g_strv_builder_add (builder, g_file_peek_path (l->data));
  g_auto (GStrv) paths = g_strv_builder_end (builder);
  ut_views_page_highlight (UT_VIEWS_PAGE (self->views_page), -1);
  ut_window_open (self, (const char *const *)paths, view);
  return paths[0] != NULL;
}

static GdkDragAction
drop_motion_cb (UtWindow *self, double x, double y)
{
  int view = ut_views_page_view_at (UT_VIEWS_PAGE (self->views_page), self->root_box, x, y);
  ut_views_page_highlight (UT_VIEWS_PAGE (self->views_page), view);
  return GDK_ACTION_COPY;
}

static void
drop_leave_cb (UtWindow *self)
{
  ut_views_page_highlight (UT_VIEWS_PAGE (self->views_page), -1);
}

void
ut_window_add_drop_target (UtWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  g_signal_connect_swapped (target, "motion", G_CALLBACK (drop_motion_cb), self);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (drop_leave_cb), self);
  gtk_widget_add_controller (self->root_box, GTK_EVENT_CONTROLLER (target));
}
