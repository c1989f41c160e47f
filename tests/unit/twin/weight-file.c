/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/twin/weight-file.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

static char *folder; /* for changed files */

char *
golden_file (const char *base)
{
  g_autofree char *name = g_strconcat (base, ".safetensors", NULL);
  return g_build_filename (g_getenv ("UT_TEST_GOLDEN"), name, NULL);
}

char *
changed_file (const char *base, const char *find, const char *replace, const char *drop)
{
  g_autofree char *path = golden_file (base);
  g_autofree char *bytes = NULL;
  gsize size, n_header;
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  memcpy (&n_header, bytes, 8);
  g_autofree char *header = g_strndup (bytes + 8, n_header);
  g_auto (GStrv) pieces = g_strsplit (header, find, -1);
  g_assert_cmpuint (g_strv_length (pieces), >, 1);
  g_autofree char *joined = g_strjoinv (replace, pieces);
  g_autoptr (GString) data = g_string_new_len (bytes + 8 + n_header, (gssize)(size - 8 - n_header));

  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, joined, -1, NULL));
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  if (drop) {
    JsonArray *span =
      json_object_get_array_member (json_object_get_object_member (root, drop), "data_offsets");
    gint64 begin = json_array_get_int_element (span, 0), end = json_array_get_int_element (span, 1);
    g_string_erase (data, begin, end - begin);
    json_object_remove_member (root, drop);
    g_autoptr (GList) names = json_object_get_members (root);
    for (GList *i = names; i; i = i->next) {
      JsonObject *object = json_object_get_object_member (root, i->data);
      JsonArray *list = json_object_has_member (object, "data_offsets")
                          ? json_object_get_array_member (object, "data_offsets")
                          : NULL;
      if (list == NULL || json_array_get_int_element (list, 0) < end)
        continue;
      JsonArray *moved = json_array_new ();
      for (guint k = 0; k < 2; k++)
        json_array_add_int_element (moved, json_array_get_int_element (list, k) - (end - begin));
      json_object_set_array_member (object, "data_offsets", moved);
    }
  }
  g_autofree char *text = json_to_string (json_parser_get_root (parser), FALSE);
  guint64 length = strlen (text);
  g_string_prepend_len (data, text, (gssize)length);
  g_string_prepend_len (data, (const char *)&length, 8);
  if (folder == NULL)
    folder = g_dir_make_tmp ("ut-model-XXXXXX", NULL);
  char *changed = g_build_filename (folder, "changed.safetensors", NULL);
  g_assert_true (g_file_set_contents (changed, data->str, (gssize)data->len, NULL));
  return changed;
}

void
fill_tensor (const char *path, const char *tensor, guint8 byte)
{
  g_autofree char *bytes = NULL;
  gsize size, n_header;
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  memcpy (&n_header, bytes, 8);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, bytes + 8, (gssize)n_header, NULL));
  JsonObject *root = json_node_get_object (json_parser_get_root (parser));
  JsonArray *span =
    json_object_get_array_member (json_object_get_object_member (root, tensor), "data_offsets");
  gsize begin = (gsize)json_array_get_int_element (span, 0);
  gsize end = (gsize)json_array_get_int_element (span, 1);
  memset (bytes + 8 + n_header + begin, byte, end - begin);
  g_assert_true (g_file_set_contents (path, bytes, (gssize)size, NULL));
}

void
remove_changed (void)
{
  if (folder == NULL)
    return;
  g_autofree char *changed = g_build_filename (folder, "changed.safetensors", NULL);
  g_remove (changed);
  g_rmdir (folder);
  g_clear_pointer (&folder, g_free);
}
