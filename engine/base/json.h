/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

/**
 * Thin, strict helpers over json-glib: a missing or mistyped member is one
 * clear UT_ENGINE_ERROR_FORMAT sentence, numbers are checked against a range.
 * Numbers are written and read in the C locale, whatever the user's.
 */

/** Deepest nesting of objects and arrays that ut_json_parse() takes. */
#define UT_JSON_MAX_DEPTH 32

/**
 * ut_json_parse:
 * @text: UTF-8 text, need not end in NUL
 * @name: what the text is, for the message ("study.json")
 *
 * Parses text whose root is an object.
 *
 * Errors: FORMAT for invalid UTF-8, JSON or a root that is no object; RANGE for
 * nesting deeper than UT_JSON_MAX_DEPTH.
 *
 * Returns: (transfer full): a node holding an object, or NULL with @error set
 */
JsonNode *ut_json_parse (const char *text, gsize length, const char *name, GError **error);

/** ut_json_read: ut_json_parse() on the file at @path; refuses more than @max_bytes (RANGE). */
JsonNode *ut_json_read (const char *path, gsize max_bytes, GError **error);

/** ut_json_write: writes @root indented, through a temporary file and a rename. */
gboolean ut_json_write (JsonNode *root, const char *path, GError **error);

/* Members of an object; FALSE (and ret untouched) with FORMAT where missing or of another type,
 * RANGE where outside [min, max]. Lent values live as long as the object. */
gboolean ut_json_get_double (
  JsonObject *object, const char *key, double min, double max, double *ret, GError **error);
gboolean ut_json_get_int (
  JsonObject *object, const char *key, gint64 min, gint64 max, gint64 *ret, GError **error);
gboolean ut_json_get_boolean (JsonObject *object, const char *key, gboolean *ret, GError **error);
gboolean ut_json_get_string (JsonObject *object, const char *key, const char **ret, GError **error);
gboolean ut_json_get_object (JsonObject *object, const char *key, JsonObject **ret, GError **error);
gboolean ut_json_get_array (JsonObject *object, const char *key, JsonArray **ret, GError **error);

/** ut_json_set_time: @when: s since 1970, as ISO 8601, UTC; 0, not known, is left out */
void ut_json_set_time (JsonObject *object, const char *key, gint64 when);

/** ut_json_get_time: 0 where @key is missing; FORMAT before 1970, and without its zone */
gboolean ut_json_get_time (JsonObject *object, const char *key, gint64 *ret, GError **error);

/** ut_json_kind: (transfer none): what @node (nullable) holds, in the user's words: "a list" */
const char *ut_json_kind (JsonNode *node);

/** ut_json_has: TRUE where @key is present and not null */
gboolean ut_json_has (JsonObject *object, const char *key);
