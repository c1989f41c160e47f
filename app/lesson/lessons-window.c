/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/lesson/lessons-window.h"

#include "app/app-id.h"
#include "app/lesson/lesson.h"
#include "app/widgets.h"

#include <glib/gi18n.h>
#include <string.h>

#define WIDTH 560 /* pixels */

/* The window stays until its row has asked the parent for the lesson. */
static void
row_activated_cb (GtkWidget *row, GtkWindow *window)
{
  GtkWidget *parent = GTK_WIDGET (gtk_window_get_transient_for (window));
  const char *name = g_object_get_data (G_OBJECT (row), "lesson");
  if (name != NULL)
    gtk_widget_activate_action (parent, "win.lesson", "s", name);
  else
    gtk_widget_activate_action (parent, "win.open-lesson", NULL);
  gtk_window_close (window);
}

static void
add_row (
  GtkWidget *window, GtkListBox *list, const char *title, const char *summary, const char *lesson)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *markup = g_markup_escape_text (title, -1);
  g_autofree char *subtitle = g_markup_escape_text (summary, -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), markup);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "lesson", g_strdup (lesson), g_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (row_activated_cb), window, 0);
  gtk_list_box_append (list, row);
}

/* their order is in their names */
static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static void
add_lessons (GtkWidget *window, GtkListBox *list)
{
  g_auto (GStrv) names =
    g_resources_enumerate_children (UT_LESSONS_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  qsort (names, g_strv_length (names), sizeof *names, compare_names);
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *path = g_build_path ("/", UT_LESSONS_RESOURCE, names[i], NULL);
    g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (UtLesson) lesson = ut_lesson_parse (
      g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), names[i], "/", &error);
    if (lesson == NULL)
      g_error ("%s", error->message); /* ours */
    add_row (
      window, list, ut_lesson_text (lesson->title), ut_lesson_text (lesson->summary), names[i]);
  }
}

GtkWidget *
ut_lessons_window_new (GtkWindow *parent)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *window = ut_side_window_new (parent, _ ("Lessons"), list, WIDTH, -1);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_add_css_class (list, "lessons");
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Lessons"), -1);
  add_lessons (window, GTK_LIST_BOX (list));
  add_row (window,
           GTK_LIST_BOX (list),
           _ ("Open a Lesson File…"),
           _ ("Of your own, with your own study"),
           NULL);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  return window;
}
