/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"
#include "engine/study/study-private.h"
#include "engine/twin/twin-mean.h"

#include <math.h>
#include <string.h>

#define MAX_SECONDS 1e9

static void
set_string (JsonObject *object, const char *key, const char *value)
{
  if (value)
    json_object_set_string_member (object, key, value);
}

JsonArray *
ut_study_pair_to_json (const double values[2])
{
  JsonArray *array = json_array_new ();
  for (int i = 0; i < 2; i++)
    json_array_add_double_element (array, values[i]);
  return array;
}

gboolean
ut_study_pair_from_json (
  JsonObject *object, const char *key, double min, double max, double ret[2], GError **error)
{
  JsonArray *array;
  if (!ut_json_get_array (object, key, &array, error))
    return FALSE;
  double values[2];
  for (guint i = 0; i < 2; i++) {
    JsonNode *node = json_array_get_length (array) == 2 ? json_array_get_element (array, i) : NULL;
    GType type = node && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : 0;
    values[i] = type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double (node) : NAN;
    if (values[i] >= min && values[i] <= max)
      continue;
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"%s\": want two numbers from %g to %g"),
                 key,
                 min,
                 max);
    return FALSE;
  }
  ret[0] = values[0];
  ret[1] = values[1];
  return TRUE;
}

gboolean
ut_study_optional_string (JsonObject *object, const char *key, char **ret, GError **error)
{
  const char *text;
  if (!ut_json_has (object, key))
    return TRUE;
  if (!ut_json_get_string (object, key, &text, error))
    return FALSE;
  *ret = g_strdup (text);
  return TRUE;
}

/* JSON numbers are read as gint64, so a seed above that is kept as text. */
static void
set_seed (JsonObject *object, guint64 seed)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, seed);
  if (seed <= G_MAXINT64)
    json_object_set_int_member (object, "seed", (gint64)seed);
  else
    json_object_set_string_member (object, "seed", digits);
}

static gboolean
get_seed (JsonObject *object, guint64 *ret, GError **error)
{
  gint64 small = 0;
  JsonNode *node = json_object_get_member (object, "seed");
  if (node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return g_ascii_string_to_unsigned (json_node_get_string (node), 10, 0, G_MAXUINT64, ret, error);
  if (!ut_json_get_int (object, "seed", 0, G_MAXINT64, &small, error))
    return FALSE;
  *ret = (guint64)small;
  return TRUE;
}

static JsonNode *
options_to_json (const char *options)
{
  g_autoptr (GError) ignored = NULL;
  JsonNode *node = ut_json_parse (options, strlen (options), "options", &ignored);
  if (node == NULL) {
    node = json_node_new (JSON_NODE_VALUE);
    json_node_set_string (node, options);
  }
  return node;
}

JsonNode *
ut_study_provenance_to_json (const UtTwinProvenance *provenance)
{
  JsonObject *object = json_object_new ();
  set_string (object, "model_name", provenance->model_name);
  set_string (object, "model_sha256", provenance->model_sha256);
  set_string (object, "device", provenance->device);
  set_string (object, "version", provenance->version);
  if (provenance->options)
    json_object_set_member (object, "options", options_to_json (provenance->options));
  set_seed (object, provenance->seed);
  if (provenance->n_seeds > 1)
    json_object_set_int_member (object, "n_seeds", provenance->n_seeds);
  json_object_set_int_member (object, "steps", provenance->steps);
  json_object_set_double_member (object, "seconds", provenance->seconds);
  if (provenance->validation.n_hearts > 0)
    json_object_set_object_member (
      object, "model_validation", ut_twin_validation_to_json (&provenance->validation));

  JsonObject *views = json_object_new ();
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    if (!provenance->present[view])
      continue;
    JsonObject *input = json_object_new ();
    set_string (input, "sha256", provenance->input_sha256[view]);
    json_object_set_int_member (input, "frame", (gint64)provenance->frame[view] + 1);
    json_object_set_array_member (
      input, "network_spacing_mm", ut_study_pair_to_json (provenance->spacing_mm[view]));
    if (provenance->upright) {
      json_object_set_array_member (
        input, "heart_mm", ut_study_pair_to_json (provenance->heart_mm[view]));
      json_object_set_double_member (input, "heart_turn_deg", provenance->heart_turn_deg[view]);
    }
    json_object_set_object_member (views, ut_view_name (view), input);
  }
  json_object_set_object_member (object, "views", views);
  return json_node_init_object (json_node_alloc (), object);
}

static gboolean
view_from_json (JsonObject *views, UtView view, UtTwinProvenance *ret, GError **error)
{
  JsonObject *input;
  gint64 frame;
  if (!ut_json_has (views, ut_view_name (view)))
    return TRUE;
  if (!ut_json_get_object (views, ut_view_name (view), &input, error) ||
      !ut_study_optional_string (input, "sha256", &ret->input_sha256[view], error) ||
      !ut_json_get_int (input, "frame", 1, UT_CINE_MAX_FRAMES, &frame, error) ||
      !ut_study_pair_from_json (input, "network_spacing_mm", 0, 1e6, ret->spacing_mm[view], error))
    return FALSE;
  if (ut_json_has (input, "heart_mm") &&
      (!ut_study_pair_from_json (input, "heart_mm", -1e6, 1e6, ret->heart_mm[view], error) ||
       !ut_json_get_double (input, "heart_turn_deg", -180, 180, &ret->heart_turn_deg[view], error)))
    return FALSE;
  ret->upright = ret->upright || ut_json_has (input, "heart_mm");
  ret->present[view] = TRUE;
  ret->frame[view] = (guint)frame - 1;
  return TRUE;
}

static gboolean
options_from_json (JsonObject *object, char **ret, GError **error)
{
  JsonObject *options;
  if (!ut_json_has (object, "options"))
    return TRUE;
  JsonNode *node = json_object_get_member (object, "options");
  if (JSON_NODE_HOLDS_VALUE (node))
    return ut_study_optional_string (object, "options", ret, error);
  if (!ut_json_get_object (object, "options", &options, error))
    return FALSE;
  *ret = json_to_string (node, FALSE);
  return TRUE;
}

static gboolean
validation_from_json (JsonObject *object, UtTwinValidation *ret, GError **error)
{
  JsonObject *table;
  return !ut_json_has (object, "model_validation") ||
         (ut_json_get_object (object, "model_validation", &table, error) &&
          ut_twin_validation_from_json (table, ret, error));
}

gboolean
ut_study_provenance_from_json (JsonObject *object, UtTwinProvenance *ret, GError **error)
{
  JsonObject *views;
  gint64 steps = 0, n_seeds = 0;
  gboolean ok = ut_study_optional_string (object, "model_name", &ret->model_name, error) &&
                ut_study_optional_string (object, "model_sha256", &ret->model_sha256, error) &&
                ut_study_optional_string (object, "device", &ret->device, error) &&
                ut_study_optional_string (object, "version", &ret->version, error) &&
                options_from_json (object, &ret->options, error) &&
                get_seed (object, &ret->seed, error) &&
                (!ut_json_has (object, "n_seeds") ||
                 ut_json_get_int (object, "n_seeds", 2, UT_TWIN_MAX_SEEDS, &n_seeds, error)) &&
                ut_json_get_int (object, "steps", 0, G_MAXUINT, &steps, error) &&
                ut_json_get_double (object, "seconds", 0, MAX_SECONDS, &ret->seconds, error) &&
                validation_from_json (object, &ret->validation, error) &&
                ut_json_get_object (object, "views", &views, error);
  for (UtView view = 0; ok && view < UT_N_VIEWS; view++)
    ok = view_from_json (views, view, ret, error);
  if (ok) {
    ret->steps = (guint)steps;
    ret->n_seeds = (guint)n_seeds;
  } else {
    ut_twin_provenance_clear (ret);
  }
  return ok;
}
