/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/codes-dialog.h"
#include "app/window-private.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/study/reference-meshes.h"

#include <glib/gi18n.h>

/* A reference on its way in: a counted box, filled in the worker. */
typedef struct {
  UtWindow *window;
  guint64 study; /* its serial */
  char *path;
  UtLabelFile *file;
  UtHeartCodes codes; /* the best guess until they are known */
  gboolean known;
  char *doubt; /* why they have to be asked for */
  UtStudyReference *reference;
} Opening;

static void read_or_pose (Opening *opening);

static void
opening_clear (gpointer data)
{
  Opening *self = data;
  g_object_unref (self->window);
  g_free (self->path);
  g_clear_pointer (&self->file, ut_label_file_free);
  g_free (self->doubt);
  g_clear_pointer (&self->reference, ut_study_reference_unref);
}

static void
opening_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, opening_clear);
}

/* ---- in the worker ----------------------------------------------------------------------- */

/* Certain, or asked for: codes that a map without all structures may share with others are. */
static void
find_codes (Opening *self)
{
  g_autoptr (GError) doubt = NULL;
  self->known = ut_heart_codes_find (self->file, &self->codes, &doubt);
  if (self->known && self->codes.origin == UT_HEART_CODES_UNCHECKED) {
    self->known = FALSE;
    self->doubt = g_strdup (_ ("holds codes like ours, but not all five, so that nothing tells "
                               "whether they mean the same"));
  } else if (!self->known) {
    self->doubt = g_strdup (doubt->message);
  }
}

static gpointer
open_in_thread (gpointer input, UtProgress *progress, GCancellable *cancel, GError **error)
{
  Opening *self = input;
  ut_progress_set (progress, 0, UT_STAGE_READ);
  if (ut_reference_meshes_is (self->path)) {
    self->reference = ut_study_reference_read (self->path, NULL, error);
    return self->reference != NULL ? g_atomic_rc_box_acquire (self) : NULL;
  }
  if (self->file == NULL) {
    g_autoptr (GError) cause = NULL;
    self->file = ut_label_file_read (self->path, &cause);
    ut_folder_hide (cause, self->path);
    if (self->file == NULL) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
    find_codes (self);
  }
  if (self->known) {
    self->reference = ut_study_reference_new (self->path, self->file, &self->codes, error);
    if (self->reference == NULL)
      return NULL;
  }
  return g_atomic_rc_box_acquire (self);
}

/* ---- in the window --------------------------------------------------------------------- */

/* FALSE where another study was opened since this reference was asked for. */
static gboolean
is_for_open_study (const Opening *self)
{
  return ut_document_get_serial (self->window->document) == self->study;
}

static void
moment_cb (AdwMessageDialog *dialog, const char *response, UtWindow *self)
{
  const Opening *opening = g_object_get_data (G_OBJECT (dialog), "opening");
  if (g_str_equal (response, "cancel"))
    return;
  UtPhase phase = g_str_equal (response, "ed") ? UT_PHASE_ED : UT_PHASE_ES;
  ut_study_set_reference (ut_document_get_study (self->document), phase, opening->reference);
  ut_window_set_step (self, "inspect");
  ut_inspect_page_show_phase (UT_INSPECT_PAGE (self->inspect_page), phase);
}

/* What the codes were taken for, where the file says it; "" where they are ours or were just told
 */
static const char *
known_by (UtHeartCodesOrigin origin)
{
  if (origin == UT_HEART_CODES_NAMES)
    return _ ("\n\nIts structures are taken by the names of its segments.");
  if (origin == UT_HEART_CODES_MM_WHS)
    return _ ("\n\nIts codes are those of MM-WHS, and are taken as such.");
  return "";
}

/* Neither a label map nor surfaces say when in the beat they were drawn: the user does. */
static void
ask_moment (UtWindow *self, Opening *opening)
{
  const UtStudyReference *reference = opening->reference;
  g_autofree char *name = g_path_get_basename (reference->source);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), NULL, NULL);
  adw_message_dialog_format_heading (
    ADW_MESSAGE_DIALOG (dialog), _ ("Which moment does “%s” show?"), name);
  g_autofree char *body =
    g_strconcat (_ ("The reference is brought to the pose of the reconstruction by its own "
                    "landmarks, and compared with the heart of that moment."),
                 known_by (reference->codes.origin),
                 NULL);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "cancel",
                                    _ ("_Cancel"),
                                    "ed",
                                    _ ("End-Diastole"),
                                    "es",
                                    _ ("End-Systole"),
                                    NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "ed");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (
    G_OBJECT (dialog), "opening", g_atomic_rc_box_acquire (opening), opening_unref);
  ut_window_ask (self, dialog, moment_cb);
}

static void
codes_chosen_cb (const UtHeartCodes *codes, gpointer user_data)
{
  Opening *opening = user_data;
  if (ut_job_get_busy (opening->window->work_job) || !is_for_open_study (opening))
    return;
  opening->codes = *codes;
  opening->known = TRUE;
  read_or_pose (opening);
}

/* A sentence of the engine as one of its own */
static char *
as_sentence (const char *text)
{
  gunichar first = g_unichar_toupper (g_utf8_get_char (text));
  char start[7] = "";
  g_unichar_to_utf8 (first, start);
  return g_strconcat (start, g_utf8_next_char (text), NULL);
}

/* Never assumed: what the codes mean, a person says who has the file. */
static void
ask_codes (Opening *opening)
{
  g_autofree char *name = g_path_get_basename (opening->path);
  g_autofree char *doubt = as_sentence (opening->doubt);
  /* Translators: why it is asked, a sentence without its full stop */
  g_autofree char *why =
    g_strdup_printf (_ ("%s.\n\nWhat fits best is chosen already. Please check it."), doubt);
  GtkWidget *dialog = ut_codes_dialog_new (GTK_WINDOW (opening->window),
                                           name,
                                           opening->file,
                                           &opening->codes,
                                           why,
                                           codes_chosen_cb,
                                           g_atomic_rc_box_acquire (opening),
                                           opening_unref);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (UtWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  Opening *opening = ut_job_run_finish (self->work_job, result, &error);
  if (opening == NULL) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      ut_window_error (self, _ ("The reference could not be used"), error->message);
    return;
  }
  if (!is_for_open_study (opening))
    ut_window_toast (self, _ ("The reference was for the study before and is not used"));
  else if (opening->reference != NULL)
    ask_moment (self, opening);
  else
    ask_codes (opening);
  opening_unref (opening);
}

static void
read_or_pose (Opening *opening)
{
  UtWindow *self = opening->window;
  ut_job_run_async (self->work_job,
                    open_in_thread,
                    g_atomic_rc_box_acquire (opening),
                    opening_unref,
                    opening_unref,
                    opened_cb,
                    g_object_ref (self));
}

void
ut_window_open_reference (UtWindow *self, const char *path)
{
  if (ut_job_get_busy (self->work_job) || !ut_window_ensure_study (self))
    return;
  Opening *opening = g_atomic_rc_box_new0 (Opening);
  opening->window = g_object_ref (self);
  opening->study = ut_document_get_serial (self->document);
  opening->path = g_canonicalize_filename (path, NULL);
  read_or_pose (opening);
  opening_unref (opening);
}
