/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/edit-step.h"

#include "engine/anatomy/canonical.h"
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"
#include "engine/study/label-brush.h"
#include "engine/study/label-offset.h"

#define MAX_VOXELS ((gint64)UT_CANONICAL_SIDE * UT_CANONICAL_SIDE * UT_CANONICAL_SIDE)

/* ---- in words ------------------------------------------------------------------- */

GArray *
ut_edit_runs (const GArray *steps)
{
  GArray *runs = g_array_new (FALSE, FALSE, sizeof (UtEditRun));
  for (guint i = 0; i < steps->len; i++) {
    const UtEditStep *step = &g_array_index (steps, UtEditStep, i);
    UtEditRun *last = runs->len > 0 ? &g_array_index (runs, UtEditRun, runs->len - 1) : NULL;
    gboolean stroke = step->offset_mm == 0;
    if (stroke && last && last->n_strokes > 0 && last->structure == step->structure) {
      last->n_strokes++;
      last->n_voxels += step->n_voxels;
      continue;
    }
    UtEditRun run = {step->structure, step->offset_mm, stroke, step->n_voxels};
    g_array_append_val (runs, run);
  }
  return runs;
}

char *
ut_edit_text (const GArray *steps)
{
  g_autoptr (GArray) runs = ut_edit_runs (steps);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < runs->len; i++) {
    const UtEditRun *run = &g_array_index (runs, UtEditRun, i);
    char mm[G_ASCII_DTOSTR_BUF_SIZE];
    gboolean erased = run->structure == UT_BACKGROUND;
    g_string_append_printf (
      text, "%s%s", i > 0 ? ", " : "", erased ? "eraser" : ut_structure_name (run->structure));
    if (run->n_strokes == 0)
      g_string_append_printf (
        text, " %s mm", g_ascii_formatd (mm, sizeof mm, "%+.1f", run->offset_mm));
    else
      g_string_append_printf (text,
                              "%s (%u stroke%s, %u voxel%s)",
                              erased ? "" : " brush",
                              run->n_strokes,
                              run->n_strokes == 1 ? "" : "s",
                              run->n_voxels,
                              run->n_voxels == 1 ? "" : "s");
  }
  return g_string_free (text, FALSE);
}

/* ---- study.json ----------------------------------------------------------------- */

JsonArray *
ut_edit_steps_to_json (const GArray *steps)
{
  JsonArray *list = json_array_new ();
  for (guint i = 0; i < steps->len; i++) {
    const UtEditStep *step = &g_array_index (steps, UtEditStep, i);
    JsonObject *entry = json_object_new ();
    json_object_set_string_member (entry, "structure", ut_structure_name (step->structure));
    if (step->offset_mm != 0) {
      json_object_set_double_member (entry, "offset_mm", step->offset_mm);
    } else {
      json_object_set_double_member (entry, "brush_radius_mm", step->radius_mm);
      json_object_set_int_member (entry, "voxels", step->n_voxels);
    }
    ut_json_set_time (entry, "when", step->when);
    json_array_add_object_element (list, entry);
  }
  return list;
}

static gboolean
refuse (GError **error, const char *key, const char *want)
{
  g_set_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, "\"%s\": %s", key, want);
  return FALSE;
}

static gboolean
step_from_json (JsonNode *node, UtEditStep *ret, GError **error)
{
  const char *name;
  gint64 n_voxels;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return refuse (error, "steps", ut_words ("want a list of objects"));
  JsonObject *object = json_node_get_object (node);
  *ret = (UtEditStep){0};
  if (!ut_json_get_string (object, "structure", &name, error) ||
      !ut_json_get_time (object, "when", &ret->when, error))
    return FALSE;
  gboolean stroke = ut_json_has (object, "brush_radius_mm");
  if (!ut_structure_from_name (name, &ret->structure) ||
      (!stroke && ret->structure == UT_BACKGROUND))
    return refuse (
      error, "structure", ut_words ("want a structure, or, of a stroke, the background"));
  if (stroke) {
    if (!ut_json_get_double (
          object, "brush_radius_mm", UT_BRUSH_MIN_MM, UT_BRUSH_MAX_MM, &ret->radius_mm, error) ||
        !ut_json_get_int (object, "voxels", 1, MAX_VOXELS, &n_voxels, error))
      return FALSE;
    ret->n_voxels = (guint)n_voxels;
    return TRUE;
  }
  return ut_json_get_double (
           object, "offset_mm", -UT_OFFSET_MAX_MM, UT_OFFSET_MAX_MM, &ret->offset_mm, error) &&
         (ret->offset_mm != 0 ||
          refuse (error, "offset_mm", ut_words ("want a number that is not 0")));
}

GArray *
ut_edit_steps_from_json (JsonObject *object, GError **error)
{
  JsonArray *list;
  const char *key = ut_json_has (object, "steps") ? "steps" : "offsets";
  if (!ut_json_get_array (object, key, &list, error))
    return NULL;
  guint n = json_array_get_length (list);
  if (n == 0 || n > UT_EDIT_MAX_STEPS) {
    g_autofree char *want = g_strdup_printf (ut_words ("want 1 to %d of them"), UT_EDIT_MAX_STEPS);
    refuse (error, key, want);
    return NULL;
  }
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (UtEditStep));
  for (guint i = 0; i < n; i++) {
    UtEditStep step;
    if (!step_from_json (json_array_get_element (list, i), &step, error))
      return NULL;
    g_array_append_val (steps, step);
  }
  return g_steal_pointer (&steps);
}
