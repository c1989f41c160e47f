/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings.h"

#include "app/reconstruct.h"
#include "engine/twin/twin.h"

#include <gio/gio.h>

#define MAX_SIDE    16384 /* pixels; a larger stored value is damage */
#define MAX_SECONDS 3600  /* that a heart may take; as above */
#define GROUP       "window"

static const char *const style_names[] = {"system", "dark", "light"};

static char *
settings_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "ultratwin", "window.ini", NULL);
}

/* On unless the file says no. */
static gboolean
read_switch (GKeyFile *file, const char *key)
{
  g_autoptr (GError) error = NULL;
  gboolean on = g_key_file_get_boolean (file, GROUP, key, &error);
  return on || error != NULL;
}

UtSettings *
ut_settings_load (void)
{
  UtSettings *self = g_new0 (UtSettings, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = settings_path ();

  self->device = g_strdup ("auto");
  self->reviewer = g_strdup ("");
  self->style = UT_STYLE_DARK;
  self->n_seeds = UT_DEFAULT_SEEDS;
  self->remember = TRUE;
  self->letters = TRUE;
  self->recent = ut_recent_list_new ();
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return self;
  self->width = CLAMP (g_key_file_get_integer (file, GROUP, "width", NULL), 0, MAX_SIDE);
  self->height = CLAMP (g_key_file_get_integer (file, GROUP, "height", NULL), 0, MAX_SIDE);
  self->maximized = g_key_file_get_boolean (file, GROUP, "maximized", NULL);
  for (UtStyle style = UT_STYLE_SYSTEM; style <= UT_STYLE_LIGHT; style++) {
    g_autofree char *name = g_key_file_get_string (file, GROUP, "style", NULL);
    if (g_strcmp0 (name, style_names[style]) == 0)
      self->style = style;
  }
  int n_seeds = g_key_file_get_integer (file, GROUP, "seeds", NULL);
  if (n_seeds >= 1 && n_seeds <= UT_TWIN_MAX_SEEDS)
    self->n_seeds = n_seeds;
  self->remember = read_switch (file, "remember");
  self->letters = read_switch (file, "letters");
  self->running = g_key_file_get_boolean (file, GROUP, "running", NULL);
  ut_recent_list_read (self->recent, file);
  g_autofree char *reviewer = g_key_file_get_string (file, GROUP, "reviewer", NULL);
  if (reviewer != NULL) {
    g_free (self->reviewer);
    self->reviewer = g_steal_pointer (&reviewer);
  }
  double seconds = g_key_file_get_double (file, GROUP, "seconds-per-heart", NULL);
  if (seconds > 0 && seconds <= MAX_SECONDS)
    self->seconds_per_heart = seconds;
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
  g_ptr_array_unref (self->recent);
  g_free (self->device);
  g_free (self->reviewer);
  g_free (self);
}

const char *
ut_settings_reviewer (const UtSettings *self)
{
  const char *real_name = g_get_real_name ();
  if (self->reviewer[0] != '\0')
    return self->reviewer;
  return g_str_equal (real_name, "Unknown") ? g_get_user_name () : real_name;
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
  g_key_file_set_string (file, GROUP, "style", style_names[self->style]);
  g_key_file_set_integer (file, GROUP, "seeds", self->n_seeds);
  g_key_file_set_boolean (file, GROUP, "remember", self->remember);
  g_key_file_set_boolean (file, GROUP, "letters", self->letters);
  g_key_file_set_boolean (file, GROUP, "running", self->running);
  g_key_file_set_string (file, GROUP, "device", self->device);
  g_key_file_set_double (file, GROUP, "seconds-per-heart", self->seconds_per_heart);
  g_key_file_set_string (file, GROUP, "reviewer", self->reviewer);
  ut_recent_list_write (self->recent, file);

  g_mkdir_with_parents (folder, 0700);
  if (!g_key_file_save_to_file (file, path, &error))
    g_debug ("settings: %s", error->message);
}
