/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/choose-path.h"

#include "app/widgets.h"

#include <glib/gi18n.h>

#define CHOSEN "ut-chosen" /* UtPathsChosen */

/* NULL where one of them is no place of this computer */
static GStrv
dup_paths (GListModel *files)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 0; i < g_list_model_get_n_items (files); i++) {
    g_autoptr (GFile) file = g_list_model_get_item (files, i);
    if (g_file_peek_path (file) == NULL)
      return NULL;
    g_strv_builder_add (builder, g_file_peek_path (file));
  }
  return g_strv_builder_end (builder);
}

static void
response_cb (GObject *object, int response, GtkNativeDialog *dialog)
{
  UtPathsChosen chosen = g_object_get_data (G_OBJECT (dialog), CHOSEN);
  if (response != GTK_RESPONSE_ACCEPT)
    return;
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));
  g_auto (GStrv) paths = dup_paths (files);
  if (paths == NULL)
    ut_show_error (gtk_native_dialog_get_transient_for (dialog),
                   _ ("This place is not on this computer"),
                   _ ("Choose a folder or file of this computer. What is to be opened from a "
                      "device or a server has to be copied to it first."));
  else if (paths[0] != NULL)
    chosen (object, (const char *const *)paths, GTK_FILE_CHOOSER (dialog));
}

GtkFileChooser *
ut_path_chooser_new (GtkWindow *window,
                     const char *title,
                     GtkFileChooserAction action,
                     const char *accept)
{
  GtkFileChooserNative *self = gtk_file_chooser_native_new (title, window, action, accept, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self), TRUE);
  return GTK_FILE_CHOOSER (self);
}

void
ut_path_chooser_show (GtkFileChooser *self, UtPathsChosen chosen, gpointer object)
{
  g_object_set_data (G_OBJECT (self), CHOSEN, chosen);
  g_signal_connect_object (self, "response", G_CALLBACK (response_cb), object, G_CONNECT_SWAPPED);
  g_signal_connect_after (self, "response", G_CALLBACK (g_object_unref), NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self));
}

void
ut_choose_path (GtkWindow *window,
                const char *title,
                GtkFileChooserAction action,
                const char *accept,
                UtPathsChosen chosen,
                gpointer object)
{
  ut_path_chooser_show (ut_path_chooser_new (window, title, action, accept), chosen, object);
}
