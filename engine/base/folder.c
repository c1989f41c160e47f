/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/folder.h"

#include <errno.h>
#include <glib/gstdio.h>

gboolean
ut_folder_make (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0755) == 0)
    return TRUE;
  int reason = errno;
  g_autofree char *name = g_path_get_basename (path);
  g_set_error (error,
               G_FILE_ERROR,
               g_file_error_from_errno (reason),
               "%s: the folder cannot be made: %s",
               name,
               g_strerror (reason));
  return FALSE;
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
