/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/review-log.h"

#include "engine/anatomy/canonical.h"
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"
#include "engine/study/label-brush.h"
#include "engine/study/label-offset.h"
#include "engine/study/study-private.h"

#include <string.h>

#define MAX_VOXELS ((gint64)UT_CANONICAL_SIDE * UT_CANONICAL_SIDE * UT_CANONICAL_SIDE)

#define LIST       "review_log"
#define DROPPED    "review_log_dropped_lines"

static const char *const kinds[UT_N_REVIEW_ACTS] = {
  "accept", "limit", "reject", "unreview", "offset", "brush", "discard", "reconstruct"};
static const char *const turns[UT_N_REVIEW_TURNS] = {"do", "undo", "redo"};

const char *
ut_review_act_kind_name (UtReviewActKind kind)
{
  g_return_val_if_fail (kind < UT_N_REVIEW_ACTS, NULL);
  return kinds[kind];
}

static void
act_clear (gpointer data)
{
  UtReviewAct *act = data;
  g_free (act->who);
  g_free (act->reason);
}

static void
act_unref (gpointer act)
{
  g_atomic_rc_box_release_full (act, act_clear);
}

GPtrArray *
ut_review_log_new (void)
{
  return g_ptr_array_new_with_free_func (act_unref);
}

static char *
clean (const char *text, guint n)
{
  g_autofree char *kept = text ? ut_study_clean_text (text, n) : NULL;
  return kept && *kept != '\0' ? g_steal_pointer (&kept) : NULL;
}

static UtReviewAct *
act_new (const UtReviewAct *src)
{
  UtReviewAct *act = g_atomic_rc_box_new (UtReviewAct);
  *act = *src;
  act->who = clean (src->who, UT_REVIEW_MAX_NAME);
  act->reason = clean (src->reason, UT_REVIEW_MAX_REASON);
  return act;
}

GPtrArray *
ut_review_log_add (GPtrArray *log, const UtReviewAct *act)
{
  GPtrArray *longer = ut_review_log_new ();
  for (guint i = log->len >= UT_REVIEW_MAX_ACTS; i < log->len; i++)
    g_ptr_array_add (longer, g_atomic_rc_box_acquire (log->pdata[i]));
  g_ptr_array_unref (log);
  g_ptr_array_add (longer, act_new (act));
  return longer;
}

/* ---- who made an edit --------------------------------------------------------------- */

/* A step of an edit and the line that was written with it bear the same second. */
static const UtReviewAct *
find_act (const GPtrArray *log, UtPhase phase, const UtEditStep *step)
{
  UtReviewActKind kind = step->offset_mm != 0 ? UT_REVIEW_ACT_OFFSET : UT_REVIEW_ACT_BRUSH;
  for (guint i = log->len; i > 0; i--) {
    const UtReviewAct *act = log->pdata[i - 1];
    if (act->turn == UT_REVIEW_DONE && act->kind == kind && act->phase == phase &&
        act->structure == step->structure && act->when == step->when)
      return act;
  }
  return NULL;
}

char *
ut_study_edited_by (const UtStudyState *self, UtPhase phase, gint64 *ret_when)
{
  *ret_when = 0;
  if (!ut_study_is_edited (self, phase, -1))
    return NULL;
  const GArray *steps = ut_study_result (self, phase)->steps;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; i < steps->len; i++) {
    const UtEditStep *step = &g_array_index (steps, UtEditStep, i);
    const UtReviewAct *act = find_act (self->log, phase, step);
    *ret_when = step->when;
    if (act && act->who && !g_ptr_array_find_with_equal_func (names, act->who, g_str_equal, NULL))
      g_ptr_array_add (names, act->who);
  }
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **)names->pdata);
}

/* ---- study.json and result.json ------------------------------------------------------- */

static JsonObject *
act_to_json (const UtReviewAct *act)
{
  JsonObject *object = json_object_new ();
  ut_json_set_time (object, "when", act->when);
  if (act->who)
    json_object_set_string_member (object, "who", act->who);
  json_object_set_string_member (object, "act", kinds[act->kind]);
  if (act->turn != UT_REVIEW_DONE)
    json_object_set_string_member (object, "turn", turns[act->turn]);
  json_object_set_string_member (object, "phase", ut_phase_name (act->phase));
  if (act->structure != UT_BACKGROUND || act->kind == UT_REVIEW_ACT_BRUSH)
    json_object_set_string_member (object, "structure", ut_structure_name (act->structure));
  if (act->kind == UT_REVIEW_ACT_OFFSET)
    json_object_set_double_member (object, "offset_mm", act->mm);
  if (act->kind == UT_REVIEW_ACT_BRUSH) {
    json_object_set_double_member (object, "brush_radius_mm", act->mm);
    json_object_set_int_member (object, "voxels", act->n_voxels);
  }
  if (act->reason)
    json_object_set_string_member (object, "reason", act->reason);
  return object;
}

void
ut_study_log_to_json (const UtStudyState *state, JsonObject *root)
{
  JsonArray *list = json_array_new ();
  for (guint i = 0; i < state->log->len; i++)
    json_array_add_object_element (list, act_to_json (state->log->pdata[i]));
  json_object_set_array_member (root, LIST, list);
  if (state->n_log_dropped > 0)
    json_object_set_int_member (root, DROPPED, state->n_log_dropped);
}

static gboolean
refuse (GError **error, const char *key, const char *value)
{
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("\"%s\": \"%s\" is none"),
               key,
               value);
  return FALSE;
}

/* The place of a member's text in @words. */
static gboolean
word_from_json (JsonObject *object,
                const char *key,
                const char *const *words,
                guint n_words,
                guint *ret,
                GError **error)
{
  const char *text;
  if (!ut_json_get_string (object, key, &text, error))
    return FALSE;
  for (guint i = 0; i < n_words; i++)
    if (strcmp (words[i], text) == 0) {
      *ret = i;
      return TRUE;
    }
  return refuse (error, key, text);
}

/* What only some kinds have. */
static gboolean
details_from_json (JsonObject *object, UtReviewAct *act, GError **error)
{
  const char *name;
  gint64 n_voxels;
  gboolean whole = act->kind == UT_REVIEW_ACT_DISCARD || act->kind == UT_REVIEW_ACT_RECONSTRUCT;
  if (whole)
    return TRUE;
  if (!ut_json_get_string (object, "structure", &name, error))
    return FALSE;
  if (!ut_structure_from_name (name, &act->structure) ||
      (act->structure == UT_BACKGROUND && act->kind != UT_REVIEW_ACT_BRUSH))
    return refuse (error, "structure", name);
  if (act->kind == UT_REVIEW_ACT_OFFSET)
    return ut_json_get_double (
      object, "offset_mm", -UT_OFFSET_MAX_MM, UT_OFFSET_MAX_MM, &act->mm, error);
  if (act->kind != UT_REVIEW_ACT_BRUSH)
    return ut_study_optional_string (object, "reason", &act->reason, error);
  if (!ut_json_get_double (
        object, "brush_radius_mm", UT_BRUSH_MIN_MM, UT_BRUSH_MAX_MM, &act->mm, error) ||
      !ut_json_get_int (object, "voxels", 1, MAX_VOXELS, &n_voxels, error))
    return FALSE;
  act->n_voxels = (guint)n_voxels;
  return TRUE;
}

static gboolean
act_from_json (JsonObject *object, UtReviewAct *act, GError **error)
{
  static const char *const phases[UT_N_PHASES] = {"ED", "ES"};
  guint kind, turn = UT_REVIEW_DONE, phase;
  if (!ut_json_get_time (object, "when", &act->when, error) ||
      !ut_study_optional_string (object, "who", &act->who, error) ||
      !word_from_json (object, "act", kinds, UT_N_REVIEW_ACTS, &kind, error) ||
      !word_from_json (object, "phase", phases, UT_N_PHASES, &phase, error) ||
      (ut_json_has (object, "turn") &&
       !word_from_json (object, "turn", turns, UT_N_REVIEW_TURNS, &turn, error)))
    return FALSE;
  act->kind = (UtReviewActKind)kind;
  act->turn = (UtReviewTurn)turn;
  act->phase = (UtPhase)phase;
  return details_from_json (object, act, error);
}

gboolean
ut_study_log_from_json (JsonObject *root, UtStudyState *state, GError **error)
{
  JsonArray *list;
  gint64 n_dropped = 0;
  if (!ut_json_has (root, LIST)) /* an older program's */
    return TRUE;
  if (!ut_json_get_array (root, LIST, &list, error) ||
      (ut_json_has (root, DROPPED) &&
       !ut_json_get_int (root, DROPPED, 0, G_MAXINT32, &n_dropped, error)))
    return FALSE;
  guint n = json_array_get_length (list);
  guint first = n > UT_REVIEW_MAX_ACTS ? n - UT_REVIEW_MAX_ACTS : 0;
  for (guint i = first; i < n; i++) {
    JsonNode *node = json_array_get_element (list, i);
    UtReviewAct act = {0};
    gboolean good =
      JSON_NODE_HOLDS_OBJECT (node) && act_from_json (json_node_get_object (node), &act, error);
    if (!JSON_NODE_HOLDS_OBJECT (node))
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_FORMAT,
                   ut_words ("\"%s\" is %s, want %s"),
                   LIST,
                   ut_json_kind (node),
                   ut_words ("an object"));
    if (good)
      g_ptr_array_add (state->log, act_new (&act));
    act_clear (&act);
    if (!good) {
      g_prefix_error (error, ut_words ("review log, line %u: "), i + 1);
      return FALSE;
    }
  }
  state->n_log_dropped = (guint)n_dropped + first;
  return TRUE;
}
