/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/folder.h"

#include "engine/base/words.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

gboolean
ut_folder_fail (const char *path, GError **error)
{
  int reason = errno;
  g_autofree char *name = g_path_get_basename (path);
  g_set_error (error,
               G_FILE_ERROR,
               g_file_error_from_errno (reason),
               ut_words ("%s: the folder cannot be made: %s"),
               name,
               g_strerror (reason));
  return FALSE;
}

gboolean
ut_folder_make (const char *path, GError **error)
{
  return g_mkdir_with_parents (path, 0755) == 0 || ut_folder_fail (path, error);
}

gboolean
ut_folder_is_free (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  return dir != NULL ? g_dir_read_name (dir) == NULL : !g_file_test (path, G_FILE_TEST_EXISTS);
}

void
ut_folder_remove (const char *path)
{
  g_autoptr (GDir) dir =
    g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;) {
    g_autofree char *inside = g_build_filename (path, name, NULL);
    if (g_unlink (inside) != 0)
      ut_folder_remove (inside);
  }
  g_rmdir (path);
}

void
ut_folder_hide (GError *error, const char *folder)
{
  if (error == NULL)
    return;
  g_autoptr (GString) message = g_string_new (error->message);
  g_autofree char *base = g_path_get_basename (folder);
  g_autofree char *inside = g_strconcat (folder, G_DIR_SEPARATOR_S, NULL);
  g_string_replace (message, inside, "", 0);
  g_string_replace (message, folder, base, 0);
  g_free (error->message);
  error->message = g_strdup (message->str);
}

/* The parts of a path; the root has none. */
static GStrv
split (const char *path)
{
  g_autofree char *canonical = g_canonicalize_filename (path, G_DIR_SEPARATOR_S);
  return g_strsplit (canonical + 1, G_DIR_SEPARATOR_S, -1);
}

char *
ut_folder_relative (const char *folder, const char *path)
{
  g_auto (GStrv) from = split (folder);
  g_auto (GStrv) to = split (path);
  g_autoptr (GPtrArray) way = g_ptr_array_new ();
  guint common = 0;
  while (from[common] != NULL && g_strcmp0 (from[common], to[common]) == 0)
    common++;
  for (guint i = common; from[i] != NULL; i++)
    g_ptr_array_add (way, "..");
  for (guint i = common; to[i] != NULL; i++)
    g_ptr_array_add (way, to[i]);
  if (way->len == 0)
    g_ptr_array_add (way, ".");
  g_ptr_array_add (way, NULL);
  return g_strjoinv (G_DIR_SEPARATOR_S, (char **)way->pdata);
}

int
ut_folder_compare (gconstpointer a, gconstpointer b)
{
  g_autofree char *key_a = g_utf8_collate_key_for_filename (*(const char *const *)a, -1);
  g_autofree char *key_b = g_utf8_collate_key_for_filename (*(const char *const *)b, -1);
  return strcmp (key_a, key_b);
}
