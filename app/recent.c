/* SPDX-License-Identifier: Apache-2.0 */
#include "app/recent.h"

static void
recent_free (gpointer data)
{
  UtRecent *recent = data;
  g_free (recent->folder);
  g_free (recent->label);
  g_free (recent);
}

GPtrArray *
ut_recent_list_new (void)
{
  return g_ptr_array_new_with_free_func (recent_free);
}

void
ut_recent_list_add (GPtrArray *list, const char *folder, const char *label, gint64 time)
{
  UtRecent *recent = g_new (UtRecent, 1);
  *recent =
    (UtRecent){.folder = g_strdup (folder), .label = g_utf8_make_valid (label, -1), .time = time};
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((UtRecent *)g_ptr_array_index (list, i))->folder, folder)) {
      g_ptr_array_remove_index (list, i);
      break;
    }
  g_ptr_array_insert (list, 0, recent);
  if (list->len > UT_RECENT_MAX)
    g_ptr_array_set_size (list, UT_RECENT_MAX);
}

static char *
group_name (guint i)
{
  return g_strdup_printf ("recent-%u", i);
}

void
ut_recent_list_read (GPtrArray *list, GKeyFile *file)
{
  for (guint i = UT_RECENT_MAX; i-- > 0;) { /* each goes before the one after it */
    g_autofree char *group = group_name (i);
    g_autofree char *folder = g_key_file_get_string (file, group, "folder", NULL);
    g_autofree char *label = g_key_file_get_string (file, group, "label", NULL);
    gint64 time = g_key_file_get_int64 (file, group, "time", NULL);
    if (folder != NULL && g_path_is_absolute (folder) && time > 0)
      ut_recent_list_add (list, folder, label != NULL ? label : "", time);
  }
}

void
ut_recent_list_write (const GPtrArray *list, GKeyFile *file)
{
  for (guint i = 0; i < list->len; i++) {
    const UtRecent *recent = g_ptr_array_index (list, i);
    g_autofree char *group = group_name (i);
    g_key_file_set_string (file, group, "folder", recent->folder);
    g_key_file_set_string (file, group, "label", recent->label);
    g_key_file_set_int64 (file, group, "time", recent->time);
  }
}
