/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-validation.h"

#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"

#include <string.h>

#define FORMAT         "ultratwin-validation"
#define FORMAT_VERSION 1
#define ENDING         ".validation.json"
#define WEIGHTS_ENDING ".safetensors"
#define MAX_BYTES      (1 << 16)
#define MAX_HEARTS     1000000
#define MAX_ML         1e4

static const struct {
  const char *key;
  gsize offset;
  double min, max;
} numbers[] = {
  {"edv_error_mean_ml", offsetof (UtTwinValidation, edv_error_mean_ml), -MAX_ML, MAX_ML},
  {"edv_error_sd_ml", offsetof (UtTwinValidation, edv_error_sd_ml), 0, MAX_ML},
  {"esv_error_mean_ml", offsetof (UtTwinValidation, esv_error_mean_ml), -MAX_ML, MAX_ML},
  {"esv_error_sd_ml", offsetof (UtTwinValidation, esv_error_sd_ml), 0, MAX_ML},
  {"error_correlation", offsetof (UtTwinValidation, error_correlation), -1, 1},
  {"ef_error_mean_absolute_points",
   offsetof (UtTwinValidation, ef_error_mean_absolute_points),
   0,
   1000},
  {"ef_error_mean_points", offsetof (UtTwinValidation, ef_error_mean_points), -1000, 1000},
};

guint
ut_twin_view_set (const gboolean present[UT_N_VIEWS])
{
  guint views = 0;
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    views |= present[view] ? 1u << view : 0;
  return views;
}

static JsonArray *
views_to_json (guint views)
{
  JsonArray *names = json_array_new ();
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (views & 1u << view)
      json_array_add_string_element (names, ut_view_name (view));
  return names;
}

static gboolean
views_from_json (JsonObject *object, guint *ret, GError **error)
{
  JsonArray *names;
  guint views = 0;
  *ret = UT_TWIN_ALL_VIEWS;
  if (!ut_json_has (object, "views"))
    return TRUE;
  if (!ut_json_get_array (object, "views", &names, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (names); i++) {
    JsonNode *name = json_array_get_element (names, i);
    UtView view;
    if (json_node_get_value_type (name) != G_TYPE_STRING ||
        !ut_view_from_name (json_node_get_string (name), &view)) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("\"views\": want names out of A4C, A2C, PSAX"));
      return FALSE;
    }
    views |= 1u << view;
  }
  if (views == 0) {
    g_set_error (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE, ut_words ("\"views\": want at least one"));
    return FALSE;
  }
  *ret = views;
  return TRUE;
}

JsonObject *
ut_twin_validation_to_json (const UtTwinValidation *self)
{
  JsonObject *object = json_object_new ();
  json_object_set_int_member (object, "n_hearts", self->n_hearts);
  json_object_set_array_member (object, "views", views_to_json (self->views));
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    json_object_set_double_member (
      object, numbers[i].key, G_STRUCT_MEMBER (double, self, numbers[i].offset));
  return object;
}

gboolean
ut_twin_validation_from_json (JsonObject *object, UtTwinValidation *ret, GError **error)
{
  UtTwinValidation found = {0};
  gint64 n_hearts;
  if (!ut_json_get_int (object, "n_hearts", 1, MAX_HEARTS, &n_hearts, error) ||
      !views_from_json (object, &found.views, error))
    return FALSE;
  found.n_hearts = (guint)n_hearts;
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!ut_json_get_double (object,
                             numbers[i].key,
                             numbers[i].min,
                             numbers[i].max,
                             G_STRUCT_MEMBER_P (&found, numbers[i].offset),
                             error))
      return FALSE;
  *ret = found;
  return TRUE;
}

static gboolean
add_table (JsonObject *object, UtTwinValidation tables[UT_TWIN_N_VIEW_SETS], GError **error)
{
  UtTwinValidation table;
  if (!ut_twin_validation_from_json (object, &table, error))
    return FALSE;
  tables[table.views] = table;
  return TRUE;
}

static gboolean
add_fewer_views (JsonObject *root, UtTwinValidation tables[UT_TWIN_N_VIEW_SETS], GError **error)
{
  JsonArray *list;
  if (!ut_json_has (root, "fewer_views"))
    return TRUE;
  if (!ut_json_get_array (root, "fewer_views", &list, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonNode *node = json_array_get_element (list, i);
    if (!JSON_NODE_HOLDS_OBJECT (node)) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("\"fewer_views\": want a list of objects"));
      return FALSE;
    }
    if (!add_table (json_node_get_object (node), tables, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
from_root (JsonObject *root,
           const char *sha256,
           UtTwinValidation tables[UT_TWIN_N_VIEW_SETS],
           GError **error)
{
  const char *format, *model;
  gint64 version;
  JsonObject *table = NULL;
  gboolean all = ut_json_has (root, "validation");
  if (!ut_json_get_string (root, "format", &format, error) ||
      !ut_json_get_int (root, "format_version", FORMAT_VERSION, FORMAT_VERSION, &version, error) ||
      !ut_json_get_string (root, "model_sha256", &model, error) ||
      (all && !ut_json_get_object (root, "validation", &table, error)))
    return FALSE;
  if (strcmp (format, FORMAT) != 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"format\" is \"%s\", want \"%s\""),
                 format,
                 FORMAT);
    return FALSE;
  }
  return strcmp (model, sha256) != 0 ||
         ((!all || add_table (table, tables, error)) && add_fewer_views (root, tables, error));
}

gboolean
ut_twin_validation_read (const char *weights,
                         const char *sha256,
                         UtTwinValidation ret[UT_TWIN_N_VIEW_SETS],
                         GError **error)
{
  gsize length = strlen (weights);
  if (g_str_has_suffix (weights, WEIGHTS_ENDING))
    length -= strlen (WEIGHTS_ENDING);
  g_autofree char *path = g_strdup_printf ("%.*s" ENDING, (int)length, weights);
  g_autofree char *name = g_path_get_basename (path);
  memset (ret, 0, UT_TWIN_N_VIEW_SETS * sizeof *ret);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autoptr (JsonNode) root = ut_json_read (path, MAX_BYTES, error);
  if (root == NULL)
    return FALSE;
  if (from_root (json_node_get_object (root), sha256, ret, error))
    return TRUE;
  memset (ret, 0, UT_TWIN_N_VIEW_SETS * sizeof *ret);
  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

gboolean
ut_twin_validation_write (const UtTwinValidation tables[UT_TWIN_N_VIEW_SETS],
                          const char *sha256,
                          const char *path,
                          GError **error)
{
  JsonObject *object = json_object_new ();
  JsonArray *fewer = json_array_new ();
  for (guint views = 1; views < UT_TWIN_ALL_VIEWS; views++)
    if (tables[views].n_hearts > 0)
      json_array_add_object_element (fewer, ut_twin_validation_to_json (&tables[views]));
  json_object_set_string_member (object, "format", FORMAT);
  json_object_set_int_member (object, "format_version", FORMAT_VERSION);
  json_object_set_string_member (object, "model_sha256", sha256);
  if (tables[UT_TWIN_ALL_VIEWS].n_hearts > 0)
    json_object_set_object_member (
      object, "validation", ut_twin_validation_to_json (&tables[UT_TWIN_ALL_VIEWS]));
  json_object_set_array_member (object, "fewer_views", fewer);
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return ut_json_write (root, path, error);
}
