/* SPDX-License-Identifier: Apache-2.0 */
#include "app/twin/camera-json.h"

#include <math.h>
#include <string.h>

#define N_NUMBERS 10
#define FURTHEST  1e5f

static void
add_vector (JsonArray *numbers, const float vector[3])
{
  for (guint i = 0; i < 3; i++)
    json_array_add_double_element (numbers, (double)vector[i]);
}

JsonNode *
ut_camera_to_json (const UtCamera *self)
{
  JsonArray *numbers = json_array_new ();
  add_vector (numbers, self->target);
  add_vector (numbers, self->direction);
  add_vector (numbers, self->up);
  json_array_add_double_element (numbers, (double)self->distance_mm);
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, numbers);
  return node;
}

gboolean
ut_camera_from_json (UtCamera *self, JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) ||
      json_array_get_length (json_node_get_array (node)) != N_NUMBERS)
    return FALSE;
  float values[N_NUMBERS];
  for (guint i = 0; i < N_NUMBERS; i++) {
    JsonNode *element = json_array_get_element (json_node_get_array (node), i);
    if (!JSON_NODE_HOLDS_VALUE (element))
      return FALSE;
    values[i] = (float)json_node_get_double (element);
    if (!isfinite (values[i]) || fabsf (values[i]) > FURTHEST)
      return FALSE;
  }
  float direction = hypotf (hypotf (values[3], values[4]), values[5]);
  float up = hypotf (hypotf (values[6], values[7]), values[8]);
  if (fabsf (direction - 1) > 0.01f || fabsf (up - 1) > 0.01f || values[9] <= 0)
    return FALSE;
  memcpy (self->target, values, sizeof self->target);
  memcpy (self->direction, values + 3, sizeof self->direction);
  memcpy (self->up, values + 6, sizeof self->up);
  self->distance_mm = values[9];
  return TRUE;
}
