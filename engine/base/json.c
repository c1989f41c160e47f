/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/json.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

#include <inttypes.h>
#include <math.h>

/* json-glib recurses per level, so depth is bounded before it sees the text. It also takes
 * comments, which JSON has not: a quote or bracket in one would be counted here.
 * @ret_comment: there is one */
static gboolean
depth_is_sane (const char *text, gsize length, gboolean *ret_comment)
{
  int depth = 0;
  gboolean in_string = FALSE;
  for (gsize i = 0; i < length; i++) {
    char c = text[i];
    if (in_string) {
      if (c == '\\')
        i++;
      else if (c == '"')
        in_string = FALSE;
    } else if (c == '"') {
      in_string = TRUE;
    } else if (c == '/' && i + 1 < length && (text[i + 1] == '/' || text[i + 1] == '*')) {
      *ret_comment = TRUE;
      return FALSE;
    } else if ((c == '{' || c == '[') && ++depth > UT_JSON_MAX_DEPTH) {
      return FALSE;
    } else if (c == '}' || c == ']') {
      depth--;
    }
  }
  return TRUE;
}

/* The parser knows its place only until it has failed. */
static void
note_line_cb (JsonParser *parser, const GError *error, guint *ret_line)
{
  *ret_line = json_parser_get_current_line (parser);
}

JsonNode *
ut_json_parse (const char *text, gsize length, const char *name, GError **error)
{
  if (!g_utf8_validate_len (text, length, NULL)) {
    g_set_error (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, ut_words ("%s: not UTF-8 text"), name);
    return NULL;
  }
  gboolean comment = FALSE;
  if (!depth_is_sane (text, length, &comment)) {
    if (comment)
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("%s: holds a comment, which JSON has not"),
                   name);
    else
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("%s: nested deeper than %d levels"),
                   name,
                   UT_JSON_MAX_DEPTH);
    return NULL;
  }

  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  guint line = 0;
  g_signal_connect (parser, "error", G_CALLBACK (note_line_cb), &line);
  if (length > G_MAXSSIZE || !json_parser_load_from_data (parser, text, (gssize)length, NULL)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("%s: not valid JSON, see line %u"),
                 name,
                 line);
    return NULL;
  }
  JsonNode *root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root)) {
    g_set_error (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, ut_words ("%s: want a JSON object"), name);
    return NULL;
  }
  return json_parser_steal_root (parser);
}

JsonNode *
ut_json_read (const char *path, gsize max_bytes, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, error);
  if (map == NULL)
    return NULL;
  length = g_mapped_file_get_length (map);
  if (length > max_bytes) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: %zu bytes, want at most %zu"),
                 name,
                 length,
                 max_bytes);
    return NULL;
  }
  return ut_json_parse (length ? g_mapped_file_get_contents (map) : "", length, name, error);
}

gboolean
ut_json_write (JsonNode *root, const char *path, GError **error)
{
  g_autofree char *text = json_to_string (root, TRUE);
  return g_file_set_contents_full (
    path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error);
}

gboolean
ut_json_has (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);
  return node != NULL && !JSON_NODE_HOLDS_NULL (node);
}

const char *
ut_json_kind (JsonNode *node)
{
  if (node == NULL)
    return ut_words ("missing");
  if (JSON_NODE_HOLDS_OBJECT (node))
    return ut_words ("an object");
  if (JSON_NODE_HOLDS_ARRAY (node))
    return ut_words ("a list");
  if (JSON_NODE_HOLDS_NULL (node))
    return ut_words ("nothing");
  switch (json_node_get_value_type (node)) {
  case G_TYPE_INT64:
    return ut_words ("a whole number");
  case G_TYPE_DOUBLE:
    return ut_words ("a number");
  case G_TYPE_BOOLEAN:
    return ut_words ("true or false");
  default:
    return ut_words ("a text");
  }
}

static JsonNode *
member (JsonObject *object, const char *key, JsonNodeType type, const char *want, GError **error)
{
  JsonNode *node = json_object_get_member (object, key);
  if (node != NULL && json_node_get_node_type (node) == type)
    return node;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("\"%s\" is %s, want %s"),
               key,
               ut_json_kind (node),
               want);
  return NULL;
}

static JsonNode *
scalar (
  JsonObject *object, const char *key, GType type, GType other, const char *want, GError **error)
{
  JsonNode *node = member (object, key, JSON_NODE_VALUE, want, error);
  if (node == NULL)
    return NULL;
  GType held = json_node_get_value_type (node);
  if (held == type || held == other)
    return node;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("\"%s\" is %s, want %s"),
               key,
               ut_json_kind (node),
               want);
  return NULL;
}

gboolean
ut_json_get_double (
  JsonObject *object, const char *key, double min, double max, double *ret, GError **error)
{
  JsonNode *node = scalar (object, key, G_TYPE_DOUBLE, G_TYPE_INT64, ut_words ("a number"), error);
  if (node == NULL)
    return FALSE;
  double value = json_node_get_double (node);
  if (!isfinite (value) || value < min || value > max) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("\"%s\" is %g, want %g to %g"),
                 key,
                 value,
                 min,
                 max);
    return FALSE;
  }
  *ret = value;
  return TRUE;
}

gboolean
ut_json_get_int (
  JsonObject *object, const char *key, gint64 min, gint64 max, gint64 *ret, GError **error)
{
  JsonNode *node =
    scalar (object, key, G_TYPE_INT64, G_TYPE_INT64, ut_words ("a whole number"), error);
  if (node == NULL)
    return FALSE;
  gint64 value = json_node_get_int (node);
  if (value < min || value > max) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("\"%s\" is %" PRId64 ", want %" PRId64 " to %" PRId64),
                 key,
                 value,
                 min,
                 max);
    return FALSE;
  }
  *ret = value;
  return TRUE;
}

gboolean
ut_json_get_boolean (JsonObject *object, const char *key, gboolean *ret, GError **error)
{
  JsonNode *node =
    scalar (object, key, G_TYPE_BOOLEAN, G_TYPE_BOOLEAN, ut_words ("true or false"), error);
  if (node == NULL)
    return FALSE;
  *ret = json_node_get_boolean (node);
  return TRUE;
}

gboolean
ut_json_get_string (JsonObject *object, const char *key, const char **ret, GError **error)
{
  JsonNode *node = scalar (object, key, G_TYPE_STRING, G_TYPE_STRING, ut_words ("a text"), error);
  if (node == NULL)
    return FALSE;
  *ret = json_node_get_string (node);
  return TRUE;
}

gboolean
ut_json_get_object (JsonObject *object, const char *key, JsonObject **ret, GError **error)
{
  JsonNode *node = member (object, key, JSON_NODE_OBJECT, ut_words ("an object"), error);
  if (node == NULL)
    return FALSE;
  *ret = json_node_get_object (node);
  return TRUE;
}

gboolean
ut_json_get_array (JsonObject *object, const char *key, JsonArray **ret, GError **error)
{
  JsonNode *node = member (object, key, JSON_NODE_ARRAY, ut_words ("a list"), error);
  if (node == NULL)
    return FALSE;
  *ret = json_node_get_array (node);
  return TRUE;
}

void
ut_json_set_time (JsonObject *object, const char *key, gint64 when)
{
  g_autoptr (GDateTime) time = when > 0 ? g_date_time_new_from_unix_utc (when) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format_iso8601 (time) : NULL;
  if (text != NULL)
    json_object_set_string_member (object, key, text);
}

gboolean
ut_json_get_time (JsonObject *object, const char *key, gint64 *ret, GError **error)
{
  const char *text;
  if (!ut_json_has (object, key)) {
    *ret = 0;
    return TRUE;
  }
  if (!ut_json_get_string (object, key, &text, error))
    return FALSE;
  g_autoptr (GDateTime) when = g_date_time_new_from_iso8601 (text, NULL);
  if (when == NULL || g_date_time_to_unix (when) <= 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"%s\": want a time after 1970 as ISO 8601 with its zone"),
                 key);
    return FALSE;
  }
  *ret = g_date_time_to_unix (when);
  return TRUE;
}
