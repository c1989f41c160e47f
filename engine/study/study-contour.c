/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"
#include "engine/study/study-private.h"

#include <math.h>
#include <string.h>

#define MAX_PIXEL 1e5

static gboolean
refuse (GError **error, UtContourFault fault)
{
  static const char *const sentences[] = {
    [UT_CONTOUR_TOO_FEW] = UT_WORDS ("a contour needs at least 5 points before it is closed"),
    [UT_CONTOUR_CROSSES] = UT_WORDS ("the contour crosses itself"),
    [UT_CONTOUR_FLAT] = UT_WORDS ("the contour encloses nothing"),
  };
  if (fault != UT_CONTOUR_SOUND)
    g_set_error_literal (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE, ut_words (sentences[fault]));
  return fault == UT_CONTOUR_SOUND;
}

/* ---- edits ----------------------------------------------------------------------- */

/* The spacing is that of the part which holds the echo; a loop that is not there has none. */
static gboolean
lies_inside (const UtStudyView *slot, const UtContour *trace)
{
  if (slot->cine == NULL)
    return FALSE;
  const guint *region = slot->cine->region;
  for (guint i = 0; i < trace->n_points; i++)
    for (int k = 0; k < 2; k++) {
      double from_edge = trace->points[i][k] + 0.5 - region[k];
      if (!(from_edge >= 0 && from_edge <= region[2 + k]))
        return FALSE;
    }
  return TRUE;
}

static gboolean
can_be_traced (const UtStudyView *slot, UtView view, const UtStudyContour *contour, GError **error)
{
  if (view == UT_VIEW_PSAX || contour->frame >= slot->n_frames ||
      contour->trace.n_points > UT_CONTOUR_MAX_POINTS) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: a contour of up to %d points is traced on a frame of A4C or A2C"),
                 ut_view_name (view),
                 UT_CONTOUR_MAX_POINTS);
    return FALSE;
  }
  if (!lies_inside (slot, &contour->trace)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: a point of the contour lies outside of the echo"),
                 ut_view_name (view));
    return FALSE;
  }
  return refuse (error, ut_contour_fault (&contour->trace, contour->closed));
}

gboolean
ut_study_set_contour (
  UtStudy *self, UtView view, UtPhase phase, const UtStudyContour *contour, GError **error)
{
  const UtStudyView *slot = &ut_study_get_state (self)->views[view];
  if (!can_be_traced (slot, view, contour, error))
    return FALSE;
  UtStudyState *next = ut_study_state_copy (ut_study_get_state (self));
  next->views[view].contours[phase] = *contour;
  ut_study_commit (self, next, UT_STUDY_EDIT_TRACE);
  return TRUE;
}

void
ut_study_clear_contour (UtStudy *self, UtView view, UtPhase phase)
{
  UtStudyState *next = ut_study_state_copy (ut_study_get_state (self));
  next->views[view].contours[phase] = (UtStudyContour){0};
  ut_study_commit (self, next, UT_STUDY_EDIT_CLEAR_CONTOUR);
}

/* ---- study.json ------------------------------------------------------------------- */

JsonObject *
ut_study_contour_to_json (const UtStudyContour *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *points = json_array_new ();
  json_object_set_int_member (object, "frame", (gint64)self->frame + 1);
  json_object_set_boolean_member (object, "closed", self->closed);
  for (guint i = 0; i < self->trace.n_points; i++)
    json_array_add_array_element (points, ut_study_pair_to_json (self->trace.points[i]));
  json_object_set_array_member (object, "points_px", points);
  return object;
}

static gboolean
point_from_json (JsonNode *node, double ret[2])
{
  JsonArray *pair = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (pair == NULL || json_array_get_length (pair) != 2)
    return FALSE;
  for (guint k = 0; k < 2; k++) {
    JsonNode *value = json_array_get_element (pair, k);
    GType type = JSON_NODE_HOLDS_VALUE (value) ? json_node_get_value_type (value) : G_TYPE_INVALID;
    if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
      return FALSE;
    ret[k] = json_node_get_double (value);
    if (!(fabs (ret[k]) <= MAX_PIXEL))
      return FALSE;
  }
  return TRUE;
}

gboolean
ut_study_contour_from_json (JsonObject *object, guint n_frames, UtStudyContour *ret, GError **error)
{
  gint64 frame;
  JsonArray *points;
  UtStudyContour contour = {0};
  if (!ut_json_get_int (object, "frame", 1, n_frames, &frame, error) ||
      !ut_json_get_boolean (object, "closed", &contour.closed, error) ||
      !ut_json_get_array (object, "points_px", &points, error))
    return FALSE;
  guint n = json_array_get_length (points);
  gboolean fits = n > 0 && n <= UT_CONTOUR_MAX_POINTS;
  for (guint i = 0; fits && i < n; i++)
    fits = point_from_json (json_array_get_element (points, i), contour.trace.points[i]);
  if (!fits) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"points_px\": want 1 to %d pairs of pixels"),
                 UT_CONTOUR_MAX_POINTS);
    return FALSE;
  }
  contour.frame = (guint)frame - 1;
  contour.trace.n_points = n;
  if (!refuse (error, ut_contour_fault (&contour.trace, contour.closed)))
    return FALSE;
  *ret = contour;
  return TRUE;
}
