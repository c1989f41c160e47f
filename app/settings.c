/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings.h"

#include <gio/gio.h>

#define MAX_SIDE 16384 /* pixels; a larger stored value is damage */
#define GROUP    "window"

static char *
settings_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "ultratwin", "window.ini", NULL);
}

UtSettings *
ut_settings_load (void)
{
  UtSettings *self = g_new0 (UtSettings, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = settings_path ();

  self->device = g_strdup ("auto");
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return self;
  self->width = CLAMP (g_key_file_get_integer (file, GROUP, "width", NULL), 0, MAX_SIDE);
  self->height = CLAMP (g_key_file_get_integer (file, GROUP, "height", NULL), 0, MAX_SIDE);
  self->maximized = g_key_file_get_boolean (file, GROUP, "maximized", NULL);
  self->light = g_key_file_get_boolean (file, GROUP, "light", NULL);
  self->running = g_key_file_get_boolean (file, GROUP, "running", NULL);
  self->last_study = g_key_file_get_string (file, GROUP, "last-study", NULL);
  g_autofree char *device = g_key_file_get_string (file, GROUP, "device", NULL);
  if (device != NULL && (g_str_equal (device, "cpu") || g_str_equal (device, "cuda"))) {
    g_free (self->device);
    self->device = g_steal_pointer (&device);
  }
  return self;
}

void
ut_settings_free (UtSettings *self)
{
  g_free (self->last_study);
  g_free (self->device);
  g_free (self);
}

void
ut_settings_save (const UtSettings *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = settings_path ();
  g_autofree char *folder = g_path_get_dirname (path);

  g_key_file_set_integer (file, GROUP, "width", self->width);
  g_key_file_set_integer (file, GROUP, "height", self->height);
  g_key_file_set_boolean (file, GROUP, "maximized", self->maximized);
  g_key_file_set_boolean (file, GROUP, "light", self->light);
  g_key_file_set_boolean (file, GROUP, "running", self->running);
  g_key_file_set_string (file, GROUP, "device", self->device);
  if (self->last_study != NULL)
    g_key_file_set_string (file, GROUP, "last-study", self->last_study);

  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (file, path, &error))
    g_debug ("settings: %s", error->message);
}
