/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/app-id.h"
#include "app/card-window.h"
#include "app/keys.h"
#include "app/model-card.h"
#include "app/sentence.h"
#include "app/window-private.h"

#include <glib/gi18n.h>

static void
open_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_choose_files (user_data, -1);
}

static void
open_folder_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_choose_folder (user_data);
}

static void
sample_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_open_sample (user_data);
}

static void
continue_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_continue (user_data);
}

static void
save_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_save (user_data, NULL);
}

static void
save_as_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_choose_save_folder (user_data);
}

static void
deidentify_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_choose_deidentified_folder (user_data);
}

static void
rename_response_cb (AdwMessageDialog *dialog, const char *response, UtWindow *self)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);
  if (g_str_equal (response, "rename"))
    ut_study_set_label (ut_document_get_study (self->document),
                        gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
rename_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  GtkWidget *dialog = adw_message_dialog_new (
    GTK_WINDOW (self),
    _ ("Name of the Study"),
    _ ("Choose a label that says nothing about who the patient is: it stands in the title, in the "
       "report and in exported files."));
  GtkWidget *entry = gtk_entry_new ();
  const char *label = ut_document_get_state (self->document)->label;
  gtk_editable_set_text (GTK_EDITABLE (entry), label[0] != '\0' ? ut_sentence_study (label) : "");
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Name of the study"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (
    ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"), "rename", _ ("_Rename"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  adw_message_dialog_set_response_appearance (
    ADW_MESSAGE_DIALOG (dialog), "rename", ADW_RESPONSE_SUGGESTED);
  ut_window_ask (self, dialog, rename_response_cb);
}

static void
undo_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  ut_study_undo (ut_document_get_study (self->document));
}

static void
redo_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  ut_study_redo (ut_document_get_study (self->document));
}

static void
cancel_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  ut_job_cancel (self->work_job);
  ut_job_cancel (self->open_job);
}

static void
reconstruct_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_reconstruct (user_data);
}

static void
open_reference_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_choose_reference (user_data);
}

static void
second_study_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_choose_second_study (user_data, FALSE);
}

static void
second_study_folder_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_choose_second_study (user_data, TRUE);
}

static void
close_second_study_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  ut_inspect_page_close_second (UT_INSPECT_PAGE (self->inspect_page));
}

static void
cohort_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_choose_cohort (user_data);
}

static void
export_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_choose_export_folder (user_data);
}

static void
report_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_report (user_data);
}

static void
reproduce_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_reproduce (user_data);
}

static void
step_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_set_step (user_data, g_variant_get_string (parameter, NULL));
}

static void
focus_view_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  UtView view;
  if (g_str_equal (g_variant_get_string (parameter, NULL), "twin")) {
    ut_window_set_step (self, "inspect");
    ut_inspect_page_grab_focus (UT_INSPECT_PAGE (self->inspect_page));
    return;
  }
  if (!ut_view_from_name (g_variant_get_string (parameter, NULL), &view))
    return;
  if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->pages)), "views") != 0)
    ut_window_set_step (self, "mark");
  ut_view_slot_grab_focus (ut_views_page_get_slot (UT_VIEWS_PAGE (self->views_page), view));
}

static void
fullscreen_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = user_data;
  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWidget *window = ut_keys_window_new ();
  gtk_window_set_transient_for (GTK_WINDOW (window), user_data);
  gtk_window_present (GTK_WINDOW (window));
  g_object_unref (window);
}

static void
help_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_error (
    user_data,
    _ ("From Three Loops to a Heart"),
    _ ("1. Load: drop an apical four-chamber, an apical two-chamber and a short-axis loop on their "
       "places. One view is enough to begin with.\n"
       "2. Calibrate: where a file does not say how large its pixels are, press K, draw a line "
       "along the depth scale and give its length.\n"
       "3. Mark: look at the frames that are proposed and press Y, or at others and press D for "
       "end-diastole, S for end-systole.\n"
       "4. Reconstruct: press Ctrl+Return.\n"
       "5. Inspect: turn the heart, compare it with a reference (Ctrl+Shift+O), press N for the "
       "distance map.\n"
       "6. Report: every number with its unit and definition; Ctrl+E exports.\n\n"
       "The network was trained on simulated echo. Research use only – not for diagnosis. Ctrl+? "
       "lists all keys."));
}

static void
self_test_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  ut_window_self_test (user_data);
}

static void
model_card_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ut_twin_model_default_path (&error);
  g_autofree char *text =
    path != NULL ? ut_model_card_read (path, g_get_language_names (), &error) : NULL;
  if (text == NULL)
    ut_window_error (user_data, _ ("There is no model card"), error->message);
  else
    gtk_window_present (GTK_WINDOW (ut_card_window_new (user_data, text)));
}

/* Where the network and the pictures can run, for whoever asks for help. */
static char *
device_text (UtWindow *self)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GPtrArray) devices = ut_twin_devices ();
  const char *driver = ut_inspect_page_device (UT_INSPECT_PAGE (self->inspect_page));

  for (guint i = 0; i < devices->len; i++) {
    const UtTwinDevice *device = g_ptr_array_index (devices, i);
    g_string_append_printf (
      text, "%s: %s\n", device->name, device->usable ? device->description : device->reason);
  }
  g_string_append_printf (text, "OpenGL: %s\n", driver != NULL ? driver : _ ("not opened yet"));
  return g_string_free (text, FALSE);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree char *devices = device_text (user_data);
  adw_show_about_window (user_data,
                         "application-name",
                         "UltraTwin",
                         "application-icon",
                         UT_APP_ID,
                         "version",
                         UT_VERSION,
                         "debug-info",
                         devices,
                         "developer-name",
                         _ ("The UltraTwin developers"),
                         "license-type",
                         GTK_LICENSE_APACHE_2_0,
                         "comments",
                         _ ("Reconstructs the heart from three echocardiographic views.\n"
                            "Research use only – not for diagnosis."),
                         NULL);
}

static const GActionEntry actions[] = {
  {"open", open_action},
  {"open-folder", open_folder_action},
  {"sample", sample_action},
  {"continue", continue_action},
  {"save", save_action},
  {"save-as", save_as_action},
  {"deidentify", deidentify_action},
  {"rename", rename_action},
  {"undo", undo_action},
  {"redo", redo_action},
  {"cancel", cancel_action},
  {"reconstruct", reconstruct_action},
  {"open-reference", open_reference_action},
  {"second-study", second_study_action},
  {"second-study-folder", second_study_folder_action},
  {"close-second-study", close_second_study_action},
  {"cohort", cohort_action},
  {"export", export_action},
  {"report", report_action},
  {"reproduce", reproduce_action},
  {"step", step_action, "s"},
  {"focus-view", focus_view_action, "s"},
  {"fullscreen", fullscreen_action},
  {"shortcuts", shortcuts_action},
  {"help", help_action},
  {"model-card", model_card_action},
  {"self-test", self_test_action},
  {"about", about_action},
};

void
ut_window_add_actions (UtWindow *self)
{
  g_autoptr (GPropertyAction) side =
    g_property_action_new ("side-panel", self->flap, "reveal-flap");
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (side));
}

static void
enable (UtWindow *self, const char *name, gboolean enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);
  if (action != NULL)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
ut_window_update_actions (UtWindow *self)
{
  UtStudy *study = ut_document_get_study (self->document);
  gboolean open = study != NULL;
  gboolean working = ut_job_get_busy (self->work_job);
  UtStudyEdit undo = open ? ut_study_undo_edit (study) : UT_STUDY_EDIT_NONE;
  UtStudyEdit redo = open ? ut_study_redo_edit (study) : UT_STUDY_EDIT_NONE;

  gboolean lesson = self->lesson.lesson != NULL;
  enable (self, "save", open && !lesson);
  enable (self, "save-as", open && !lesson);
  enable (self, "deidentify", open && !lesson && !working);
  enable (self, "rename", open);
  enable (self, "next-case", open && !lesson);
  enable (self, "step", open);
  enable (self, "report", open);
  enable (self, "focus-view", open);
  enable (self, "undo", undo != UT_STUDY_EDIT_NONE);
  enable (self, "redo", redo != UT_STUDY_EDIT_NONE);
  enable (self, "sample", !ut_job_get_busy (self->open_job));
  enable (self, "cancel", working || ut_job_get_busy (self->open_job));
  enable (self, "reconstruct", open && !working);
  enable (self, "open-reference", !working);
  enable (self, "self-test", !working);
  enable (self, "lesson", !working);
  enable (self, "open-lesson", !working);
  enable (self, "lesson-next", lesson);
  enable (self, "lesson-back", lesson && self->lesson.at > 0);
  enable (self, "lesson-leave", lesson);
  enable (self, "reproduce", ut_results_get_measurements (self->results) != NULL);
  enable (self, "cohort", !working);
  enable (self, "export", !working && ut_results_get_measurements (self->results) != NULL);

  /* Translators: tooltip of the undo button, "Undo Set Mark (Ctrl+Z)" */
  g_autofree char *undo_text = g_strdup_printf (_ ("Undo %s (Ctrl+Z)"), ut_sentence_edit (undo));
  g_autofree char *redo_text =
    g_strdup_printf (_ ("Redo %s (Ctrl+Shift+Z)"), ut_sentence_edit (redo));
  gtk_widget_set_tooltip_text (self->undo_button, undo_text);
  gtk_widget_set_tooltip_text (self->redo_button, redo_text);
}
