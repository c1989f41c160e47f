/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/application.h"

#include "app/app-id.h"
#include "app/keys.h"
#include "app/preferences.h"
#include "app/window.h"

#include <glib/gi18n.h>

struct _UtApplication {
  AdwApplication parent_instance;
  UtSettings *settings;
  gboolean sample; /* --sample: open the sample study, made if need be */
};

G_DEFINE_FINAL_TYPE (UtApplication, ut_application, ADW_TYPE_APPLICATION)

static UtWindow *
ensure_window (UtApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  if (window == NULL)
    window = GTK_WINDOW (ut_window_new (ADW_APPLICATION (self), self->settings));
  gtk_window_present (window);
  return UT_WINDOW (window);
}

/* A study that was open when the program was cut off comes back by itself. */
static void
ut_application_activate (GApplication *application)
{
  UtApplication *self = UT_APPLICATION (application);
  gboolean recover = self->settings->running && self->settings->recent->len > 0 &&
                     gtk_application_get_active_window (GTK_APPLICATION (self)) == NULL;
  UtWindow *window = ensure_window (self);
  if (self->sample)
    g_action_group_activate_action (G_ACTION_GROUP (window), "sample", NULL);
  else if (recover)
    g_action_group_activate_action (G_ACTION_GROUP (window), "continue", NULL);
}

static void
ut_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  UtWindow *window = ensure_window (UT_APPLICATION (application));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (int i = 0; i < n_files; i++)
    if (g_file_peek_path (files[i]) != NULL)
      g_strv_builder_add (builder, g_file_peek_path (files[i]));
  g_auto (GStrv) paths = g_strv_builder_end (builder);
  ut_window_open (window, (const char *const *)paths, -1);
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GtkWindow *window = gtk_application_get_active_window (user_data);
  if (window != NULL)
    gtk_window_close (window);
  else
    g_application_quit (user_data);
}

/* What the settings say, wherever it is not asked for when it is needed. */
static void
apply_settings (gpointer data)
{
  static const AdwColorScheme schemes[] = {[UT_STYLE_SYSTEM] = ADW_COLOR_SCHEME_DEFAULT,
                                           [UT_STYLE_DARK] = ADW_COLOR_SCHEME_PREFER_DARK,
                                           [UT_STYLE_LIGHT] = ADW_COLOR_SCHEME_PREFER_LIGHT};
  UtApplication *self = data;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[self->settings->style]);
  ut_keys_set_letters (self->settings->letters);
  if (!self->settings->remember)
    g_ptr_array_set_size (self->settings->recent, 0);
  if (window != NULL)
    ut_window_take_settings (UT_WINDOW (window));
  ut_settings_save (self->settings);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  UtApplication *self = user_data;
  GtkWidget *preferences = ut_preferences_window_new (self->settings, apply_settings, self);
  gtk_window_set_transient_for (GTK_WINDOW (preferences), GTK_WINDOW (ensure_window (self)));
  gtk_window_present (GTK_WINDOW (preferences));
}

static void
ut_application_startup (GApplication *application)
{
  UtApplication *self = UT_APPLICATION (application);
  const GActionEntry actions[] = {{"quit", quit_action}, {"preferences", preferences_action}};

  G_APPLICATION_CLASS (ut_application_parent_class)->startup (application);
  self->settings = ut_settings_load ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  apply_settings (self);
  ut_keys_install_accels (GTK_APPLICATION (self));
  gtk_window_set_default_icon_name (UT_APP_ID);
}

static void
ut_application_finalize (GObject *object)
{
  UtApplication *self = UT_APPLICATION (object);
  g_clear_pointer (&self->settings, ut_settings_free);
  G_OBJECT_CLASS (ut_application_parent_class)->finalize (object);
}

static void
ut_application_class_init (UtApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = ut_application_finalize;
  application_class->startup = ut_application_startup;
  application_class->activate = ut_application_activate;
  application_class->open = ut_application_open;
}

static void
ut_application_init (UtApplication *self)
{
}

UtApplication *
ut_application_new (void)
{
  UtApplication *self = g_object_new (UT_TYPE_APPLICATION,
                                      "application-id",
                                      UT_APP_ID,
                                      "resource-base-path",
                                      UT_RESOURCE_PATH,
                                      "flags",
                                      G_APPLICATION_HANDLES_OPEN,
                                      NULL);
  const GOptionEntry options[] = {{"sample",
                                   0,
                                   G_OPTION_FLAG_NONE,
                                   G_OPTION_ARG_NONE,
                                   &self->sample,
                                   N_ ("Open the sample study"),
                                   NULL},
                                  G_OPTION_ENTRY_NULL};
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _ ("[PATH…]"));
  g_application_set_option_context_summary (
    G_APPLICATION (self),
    _ ("Reconstructs the heart from three echocardiographic views.\n"
       "PATH is a study folder, a loop (DICOM, NIfTI, video, PNG, JPEG) or a folder of pictures.\n"
       "Research use only – not for diagnosis."));
  return self;
}
