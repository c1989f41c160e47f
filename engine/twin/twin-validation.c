/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-validation.h"

#include "engine/base/error.h"
#include "engine/base/json.h"

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

JsonObject *
ut_twin_validation_to_json (const UtTwinValidation *self)
{
  JsonObject *object = json_object_new ();
  json_object_set_int_member (object, "n_hearts", self->n_hearts);
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
  if (!ut_json_get_int (object, "n_hearts", 1, MAX_HEARTS, &n_hearts, error))
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
from_root (JsonObject *root, const char *sha256, UtTwinValidation *ret, GError **error)
{
  const char *format, *model;
  gint64 version;
  JsonObject *table;
  if (!ut_json_get_string (root, "format", &format, error) ||
      !ut_json_get_int (root, "format_version", FORMAT_VERSION, FORMAT_VERSION, &version, error) ||
      !ut_json_get_string (root, "model_sha256", &model, error) ||
      !ut_json_get_object (root, "validation", &table, error))
    return FALSE;
  if (strcmp (format, FORMAT) != 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 "\"format\" is \"%s\", want \"" FORMAT "\"",
                 format);
    return FALSE;
  }
  return strcmp (model, sha256) != 0 || ut_twin_validation_from_json (table, ret, error);
}

gboolean
ut_twin_validation_read (const char *weights,
                         const char *sha256,
                         UtTwinValidation *ret,
                         GError **error)
{
  gsize length = strlen (weights);
  if (g_str_has_suffix (weights, WEIGHTS_ENDING))
    length -= strlen (WEIGHTS_ENDING);
  g_autofree char *path = g_strdup_printf ("%.*s" ENDING, (int)length, weights);
  g_autofree char *name = g_path_get_basename (path);
  memset (ret, 0, sizeof *ret);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_autoptr (JsonNode) root = ut_json_read (path, MAX_BYTES, error);
  if (root == NULL)
    return FALSE;
  if (from_root (json_node_get_object (root), sha256, ret, error))
    return TRUE;
  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

gboolean
ut_twin_validation_write (const UtTwinValidation *self,
                          const char *sha256,
                          const char *path,
                          GError **error)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "format", FORMAT);
  json_object_set_int_member (object, "format_version", FORMAT_VERSION);
  json_object_set_string_member (object, "model_sha256", sha256);
  json_object_set_object_member (object, "validation", ut_twin_validation_to_json (self));
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return ut_json_write (root, path, error);
}
