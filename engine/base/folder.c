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
