/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/sentence.h"
#include "app/window-private.h"
#include "engine/study/study-file.h"

#include <glib/gi18n.h>

/* ---- studies that were open lately ------------------------------------------------------ */

static char *
recent_time (const UtRecent *recent)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (recent->time);
  return time != NULL ? g_date_time_format (time, "%x, %H:%M") : g_strdup ("");
}

static GtkWidget *
row_new (const char *title, const char *time, guint index)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), time);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open-recent");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "i", (int)index);
  return row;
}

void
ut_window_show_recent (UtWindow *self)
{
  GtkListBox *rows = GTK_LIST_BOX (self->recent_rows);
  for (GtkListBoxRow *row; (row = gtk_list_box_get_row_at_index (rows, 0)) != NULL;)
    gtk_list_box_remove (rows, GTK_WIDGET (row));
  g_autoptr (GMenu) menu = g_menu_new ();
  for (guint i = 0; i < self->settings->recent->len; i++) {
    const UtRecent *recent = g_ptr_array_index (self->settings->recent, i);
    if (!g_file_test (recent->folder, G_FILE_TEST_IS_DIR)) /* a drive that is not there today */
      continue;
    const char *title = ut_sentence_study (recent->label); /* folders may be named after patients */
    g_autofree char *time = recent_time (recent);
    g_autofree char *line = g_strdup_printf ("%s – %s", title, time);
    g_autoptr (GMenuItem) item = g_menu_item_new (line, NULL);
    g_menu_item_set_action_and_target (item, "win.open-recent", "i", (int)i);
    g_menu_append_item (menu, item);
    gtk_list_box_append (rows, row_new (title, time, i));
  }
  gboolean any = g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0;
  gtk_widget_set_visible (self->recent_group, any);
  adw_split_button_set_menu_model (ADW_SPLIT_BUTTON (self->open_button), G_MENU_MODEL (menu));
}

void
ut_window_remember_study (UtWindow *self)
{
  UtStudy *study = ut_document_get_study (self->document);
  const char *folder = study != NULL ? ut_study_get_folder (study) : NULL;
  if (folder == NULL)
    return;
  if (self->settings->remember)
    ut_recent_list_add (self->settings->recent,
                        folder,
                        ut_study_get_state (study)->label,
                        g_get_real_time () / G_USEC_PER_SEC);
  self->settings->running = TRUE;
  ut_settings_save (self->settings);
  ut_window_show_recent (self);
}

static void
open_recent_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  int index = g_variant_get_int32 (parameter);
  if (index < 0 || index >= (int)self->settings->recent->len)
    return;
  const UtRecent *recent = g_ptr_array_index (self->settings->recent, (guint)index);
  const char *paths[] = {recent->folder, NULL};
  ut_window_open (self, paths, -1);
}

/* ---- studies beside the open one -------------------------------------------------------- */

/* (transfer full) (nullable): the study that stands @step places on in the folder of this one */
static char *
neighbour (const char *folder, int step)
{
  g_autofree char *parent = g_path_get_dirname (folder), *own = g_path_get_basename (folder);
  g_autoptr (GPtrArray) names = ut_study_list (parent, NULL);
  guint at;
  if (names == NULL || !g_ptr_array_find_with_equal_func (names, own, g_str_equal, &at))
    return NULL;
  gint64 wanted = (gint64)at + step;
  return wanted >= 0 && wanted < names->len
           ? g_build_filename (parent, g_ptr_array_index (names, (guint)wanted), NULL)
           : NULL;
}

static void
next_case_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtWindow *self = user_data;
  int step = g_variant_get_int32 (parameter);
  UtStudy *study = ut_document_get_study (self->document);
  const char *folder = study != NULL ? ut_study_get_folder (study) : NULL;
  g_autofree char *path = folder != NULL ? neighbour (folder, step) : NULL;
  const char *paths[] = {path, NULL};
  if (path != NULL)
    ut_window_open (self, paths, -1);
  else if (folder != NULL)
    ut_window_toast (self,
                     step > 0 ? _ ("This is the last study in its folder.")
                              : _ ("This is the first study in its folder."));
}

void
ut_window_add_study_actions (UtWindow *self)
{
  static const GActionEntry actions[] = {{"open-recent", open_recent_action, "i"},
                                         {"next-case", next_case_action, "i"}};
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
}
