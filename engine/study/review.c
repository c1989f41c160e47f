/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"
#include "engine/study/label-brush.h"
#include "engine/study/label-offset.h"
#include "engine/study/study-private.h"

#include <string.h>

const char *
ut_verdict_name (UtVerdict verdict)
{
  static const char *const names[UT_N_VERDICTS] = {"unreviewed", "accepted", "limited", "rejected"};
  g_return_val_if_fail (verdict < UT_N_VERDICTS, names[0]);
  return names[verdict];
}

const char *const *
ut_review_reasons (UtVerdict verdict)
{
  static const char *const none[] = {NULL};
  static const char *const limited[] = {UT_WORDS ("Borders uncertain"),
                                        UT_WORDS ("View missing or off-axis"),
                                        UT_WORDS ("Poor image quality"),
                                        UT_WORDS ("Views of different beats"),
                                        NULL};
  static const char *const rejected[] = {UT_WORDS ("Too large"),
                                         UT_WORDS ("Too small"),
                                         UT_WORDS ("Wrong shape"),
                                         UT_WORDS ("Leak, hole or island"),
                                         UT_WORDS ("Does not fit the echo"),
                                         NULL};
  const char *const *const reasons[UT_N_VERDICTS] = {none, none, limited, rejected};
  g_return_val_if_fail (verdict < UT_N_VERDICTS, none);
  return reasons[verdict];
}

static gboolean
has_reason (UtVerdict verdict)
{
  return *ut_review_reasons (verdict) != NULL;
}

void
ut_review_copy (const UtReview *src, UtReview *ret)
{
  *ret = *src;
  for (UtStructure s = 0; s < UT_N_LABELS; s++) {
    ret->reasons[s] = g_strdup (src->reasons[s]);
    ret->who[s] = g_strdup (src->who[s]);
  }
}

static void
set_verdict (UtReview *self, UtStructure structure, UtVerdict verdict, const char *reason)
{
  g_clear_pointer (&self->reasons[structure], g_free);
  g_clear_pointer (&self->who[structure], g_free);
  self->when[structure] = 0;
  self->verdicts[structure] = verdict;
  if (!has_reason (verdict) || reason == NULL)
    return;
  g_autofree char *clean = ut_study_clean_text (reason, UT_REVIEW_MAX_REASON);
  if (*clean != '\0')
    self->reasons[structure] = g_steal_pointer (&clean);
}

static void
sign (UtReview *self, UtStructure structure, const char *who, gint64 when)
{
  if (self->verdicts[structure] == UT_VERDICT_NONE)
    return;
  self->who[structure] = g_strdup (who);
  self->when[structure] = when;
}

void
ut_review_clear (UtReview *self)
{
  for (UtStructure s = 0; s < UT_N_LABELS; s++)
    set_verdict (self, s, UT_VERDICT_NONE, NULL);
}

/* ---- edits ---------------------------------------------------------------------- */

static gboolean
check_heart (const UtStudyState *state, UtPhase phase, GError **error)
{
  if (ut_study_twin (state, phase) != NULL)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               ut_words ("%s is not reconstructed: there is no heart to review"),
               ut_phase_name (phase));
  return FALSE;
}

gboolean
ut_study_set_verdict (UtStudy *self,
                      UtPhase phase,
                      UtStructure structure,
                      UtVerdict verdict,
                      const char *reason,
                      GError **error)
{
  const UtStudyState *state = ut_study_get_state (self);
  g_return_val_if_fail (structure > UT_BACKGROUND && structure < UT_N_LABELS, FALSE);
  if (!check_heart (state, phase, error))
    return FALSE;
  UtStudyState *next = ut_study_state_copy (state);
  if (next->edits[phase] != NULL && next->edits[phase]->twin == NULL) /* the verdict is not on it */
    g_clear_pointer (&next->edits[phase], ut_study_result_unref);
  set_verdict (&next->reviews[phase], structure, verdict, reason);
  const UtReviewActKind kinds[UT_N_VERDICTS] = {
    UT_REVIEW_ACT_UNREVIEW, UT_REVIEW_ACT_ACCEPT, UT_REVIEW_ACT_LIMIT, UT_REVIEW_ACT_REJECT};
  const UtReviewAct act = {.kind = kinds[verdict],
                           .phase = phase,
                           .structure = structure,
                           .reason = next->reviews[phase].reasons[structure]};
  ut_study_log (self, next, &act);
  const UtReviewAct *logged = next->log->pdata[next->log->len - 1];
  sign (&next->reviews[phase], structure, logged->who, logged->when);
  ut_study_commit (self, next, UT_STUDY_EDIT_REVIEW);
  return TRUE;
}

gboolean
ut_study_grade (UtStudy *self, UtPhase phase, UtVerdict verdict, const char *reason, GError **error)
{
  g_return_val_if_fail (verdict != UT_VERDICT_NONE && verdict < UT_N_VERDICTS, FALSE);
  gboolean good = check_heart (ut_study_get_state (self), phase, error);
  ut_study_begin_group (self);
  for (UtStructure s = UT_MYO; good && s < UT_N_LABELS; s++) {
    UtVerdict given = ut_study_get_state (self)->reviews[phase].verdicts[s];
    if (given < verdict || (given == verdict && has_reason (verdict)))
      good = ut_study_set_verdict (self, phase, s, verdict, reason, error);
  }
  ut_study_end_group (self);
  return good;
}

/* Takes back the verdicts on structures that two label maps differ in. */
static void
unreview_changed (UtReview *review, const UtVolume *before, const UtVolume *after)
{
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    if (before->u8[i] != after->u8[i]) {
      set_verdict (review, before->u8[i], UT_VERDICT_NONE, NULL);
      set_verdict (review, after->u8[i], UT_VERDICT_NONE, NULL);
    }
}

static const UtVolume *
last_labels (const UtStudyState *state, UtPhase phase)
{
  const UtTwin *twin = ut_study_twin (state, phase);
  return twin->labels[ut_twin_final_stage (twin)];
}

static gboolean
refuse (UtPhase phase, const char *problem, GError **error)
{
  g_set_error (
    error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE, "%s: %s", ut_phase_name (phase), problem);
  return FALSE;
}

/* The heart of @phase becomes @after by one more step; its time is now. */
static gboolean
take_step (
  UtStudy *self, UtPhase phase, UtVolume *after, UtEditStep *step, UtStudyEdit kind, GError **error)
{
  const UtStudyState *state = ut_study_get_state (self);
  const UtStudyResult *base = state->results[phase], *edit = ut_study_result (state, phase);
  if (edit->steps && edit->steps->len >= UT_EDIT_MAX_STEPS) {
    g_autofree char *problem =
      g_strdup_printf (ut_words ("edited %d times: discard the edit first"), UT_EDIT_MAX_STEPS);
    return refuse (phase, problem, error);
  }
  GArray *steps =
    edit->steps ? g_array_copy (edit->steps) : g_array_new (FALSE, FALSE, sizeof (UtEditStep));
  step->when = g_get_real_time () / G_USEC_PER_SEC;
  g_array_append_vals (steps, step, 1);
  g_autoptr (UtStudyResult) edited = ut_study_edit_new (base, after, steps, error);
  if (edited == NULL)
    return FALSE;
  const UtVolume *original = base->twin->labels[ut_twin_final_stage (base->twin)];
  gboolean changed = memcmp (original->u8, after->u8, UT_TWIN_N_VOXELS) != 0;
  UtStudyState *next = ut_study_state_copy (state);
  ut_study_result_unref (next->edits[phase]);
  next->edits[phase] = changed ? g_steal_pointer (&edited) : NULL;
  unreview_changed (&next->reviews[phase], last_labels (state, phase), after);
  gboolean stroke = step->offset_mm == 0;
  const UtReviewAct act = {.when = step->when,
                           .kind = stroke ? UT_REVIEW_ACT_BRUSH : UT_REVIEW_ACT_OFFSET,
                           .phase = phase,
                           .structure = step->structure,
                           .mm = stroke ? step->radius_mm : step->offset_mm,
                           .n_voxels = step->n_voxels};
  ut_study_log (self, next, &act);
  ut_study_commit (self, next, kind);
  return TRUE;
}

gboolean
ut_study_offset_structure (
  UtStudy *self, UtPhase phase, UtStructure structure, double mm, GError **error)
{
  const UtStudyState *state = ut_study_get_state (self);
  if (!check_heart (state, phase, error))
    return FALSE;
  UtEditStep step = {.structure = structure, .offset_mm = mm};
  g_autoptr (UtVolume) after = ut_label_offset (last_labels (state, phase), structure, mm, error);
  return after != NULL && take_step (self, phase, after, &step, UT_STUDY_EDIT_OFFSET, error);
}

/* FALSE, naming it, where a structure that was there is no more. */
static gboolean
check_all_there (UtPhase phase, const UtVolume *before, const UtVolume *after, GError **error)
{
  gboolean was[UT_N_LABELS] = {FALSE}, is[UT_N_LABELS] = {FALSE};
  for (gsize i = 0; i < UT_TWIN_N_VOXELS; i++)
    was[before->u8[i]] = is[after->u8[i]] = TRUE;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (was[s] && !is[s]) {
      g_autofree char *problem =
        g_strdup_printf (ut_words ("%s would vanish: paint less of it"), ut_structure_name (s));
      return refuse (phase, problem, error);
    }
  return TRUE;
}

gboolean
ut_study_paint (UtStudy *self,
                UtPhase phase,
                UtStructure structure,
                double radius_mm,
                const UtVec3 *way,
                guint n,
                GError **error)
{
  const UtStudyState *state = ut_study_get_state (self);
  g_return_val_if_fail (structure < UT_N_LABELS && n > 0, FALSE);
  if (!check_heart (state, phase, error))
    return FALSE;
  if (!(radius_mm >= UT_BRUSH_MIN_MM && radius_mm <= UT_BRUSH_MAX_MM))
    return refuse (phase, ut_words ("a brush has a radius of 3 to 30 mm"), error);
  const UtVolume *before = last_labels (state, phase);
  g_autoptr (UtVolume) after =
    ut_volume_new (UT_VOXEL_U8, before->dims, &before->m_patient_from_voxel, error);
  if (after == NULL)
    return FALSE;
  memcpy (after->u8, before->u8, UT_TWIN_N_VOXELS);
  UtEditStep step = {.structure = structure, .radius_mm = radius_mm};
  for (guint i = 0; i < n; i++)
    step.n_voxels +=
      (guint)ut_label_brush (after, structure, radius_mm, way[i > 0 ? i - 1 : 0], way[i]);
  if (step.n_voxels == 0)
    return TRUE;
  return check_all_there (phase, before, after, error) &&
         take_step (self, phase, after, &step, UT_STUDY_EDIT_PAINT, error);
}

void
ut_study_discard_edit (UtStudy *self, UtPhase phase)
{
  const UtStudyState *state = ut_study_get_state (self);
  UtStudyState *next = ut_study_state_copy (state);
  g_clear_pointer (&next->edits[phase], ut_study_result_unref);
  if (ut_study_twin (state, phase) != NULL)
    unreview_changed (&next->reviews[phase], last_labels (state, phase), last_labels (next, phase));
  ut_study_log (self, next, &(UtReviewAct){.kind = UT_REVIEW_ACT_DISCARD, .phase = phase});
  ut_study_commit (self, next, UT_STUDY_EDIT_DISCARD);
}

/* ---- what follows from a state -------------------------------------------------- */

gboolean
ut_study_is_edited (const UtStudyState *self, UtPhase phase, int structure)
{
  const UtTwin *twin = ut_study_twin (self, phase);
  if (twin == NULL)
    return FALSE;
  return structure < 0 ? twin->base != NULL : ut_twin_is_edited (twin, (UtStructure)structure);
}

gboolean
ut_study_has_review (const UtStudyState *self, UtPhase phase)
{
  gboolean any = self->edits[phase] != NULL;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    any = any || self->reviews[phase].verdicts[s] != UT_VERDICT_NONE;
  return any;
}

UtVerdict
ut_study_verdict (const UtStudyState *self, int phase, int structure)
{
  gboolean found[UT_N_VERDICTS] = {FALSE};
  for (UtPhase p = 0; p < UT_N_PHASES; p++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
      if ((phase < 0 || phase == (int)p) && (structure < 0 || structure == (int)s) &&
          ut_study_twin (self, p) != NULL)
        found[self->reviews[p].verdicts[s]] = TRUE;
  if (found[UT_VERDICT_REJECTED])
    return UT_VERDICT_REJECTED;
  if (found[UT_VERDICT_NONE])
    return UT_VERDICT_NONE;
  if (found[UT_VERDICT_LIMITED])
    return UT_VERDICT_LIMITED;
  return found[UT_VERDICT_ACCEPTED] ? UT_VERDICT_ACCEPTED : UT_VERDICT_NONE;
}

char *
ut_study_reviewed_by (const UtStudyState *self, int phase, int structure, gint64 *ret_when)
{
  UtVerdict verdict = ut_study_verdict (self, phase, structure);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  *ret_when = 0;
  for (UtPhase p = 0; p < UT_N_PHASES; p++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
      const UtReview *review = &self->reviews[p];
      if ((phase >= 0 && phase != (int)p) || (structure >= 0 && structure != (int)s) ||
          review->verdicts[s] != verdict)
        continue;
      *ret_when = MAX (*ret_when, review->when[s]);
      if (review->who[s] &&
          !g_ptr_array_find_with_equal_func (names, review->who[s], g_str_equal, NULL))
        g_ptr_array_add (names, review->who[s]);
    }
  if (names->len == 0)
    return NULL;
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **)names->pdata);
}

static const char *
first_reason (const UtStudyState *self, int phase, int structure, UtVerdict verdict)
{
  for (UtPhase p = 0; p < UT_N_PHASES; p++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
      if ((phase < 0 || phase == (int)p) && (structure < 0 || structure == (int)s) &&
          self->reviews[p].verdicts[s] == verdict && self->reviews[p].reasons[s] != NULL)
        return self->reviews[p].reasons[s];
  return NULL;
}

char *
ut_study_verdict_text (const UtStudyState *self, int phase, int structure)
{
  UtVerdict verdict = ut_study_verdict (self, phase, structure);
  const char *reason = first_reason (self, phase, structure, verdict);
  return g_strconcat (ut_verdict_name (verdict), reason ? ": " : "", reason, NULL);
}

char *
ut_study_edit_text (const UtStudyState *self, UtPhase phase)
{
  if (!ut_study_is_edited (self, phase, -1))
    return NULL;
  return ut_edit_text (ut_study_result (self, phase)->steps);
}

/* ---- study.json ----------------------------------------------------------------- */

static JsonObject *
edit_to_json (const UtStudyResult *edit)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "id", edit->id);
  json_object_set_array_member (object, "steps", ut_edit_steps_to_json (edit->steps));
  return object;
}

JsonObject *
ut_study_review_to_json (const UtStudyState *state, UtPhase phase)
{
  const UtReview *review = &state->reviews[phase];
  JsonObject *object = json_object_new ();
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    if (review->verdicts[s] == UT_VERDICT_NONE)
      continue;
    JsonObject *entry = json_object_new ();
    json_object_set_string_member (entry, "verdict", ut_verdict_name (review->verdicts[s]));
    if (review->reasons[s])
      json_object_set_string_member (entry, "reason", review->reasons[s]);
    if (review->who[s])
      json_object_set_string_member (entry, "who", review->who[s]);
    ut_json_set_time (entry, "when", review->when[s]);
    json_object_set_object_member (object, ut_structure_name (s), entry);
  }
  if (state->edits[phase])
    json_object_set_object_member (object, "edit", edit_to_json (state->edits[phase]));
  if (json_object_get_size (object) > 0)
    return object;
  json_object_unref (object);
  return NULL;
}

static gboolean
verdict_from_json (JsonObject *object, UtReview *ret, UtStructure structure, GError **error)
{
  const char *name;
  g_autofree char *reason = NULL, *who = NULL;
  gint64 when;
  if (!ut_json_get_string (object, "verdict", &name, error) ||
      !ut_study_optional_string (object, "reason", &reason, error) ||
      !ut_study_optional_string (object, "who", &who, error) ||
      !ut_json_get_time (object, "when", &when, error))
    return FALSE;
  g_autofree char *clean = who ? ut_study_clean_text (who, UT_REVIEW_MAX_NAME) : NULL;
  for (UtVerdict verdict = 0; verdict < UT_N_VERDICTS; verdict++)
    if (strcmp (name, ut_verdict_name (verdict)) == 0) {
      set_verdict (ret, structure, verdict, reason);
      sign (ret, structure, clean && *clean ? clean : NULL, when);
      return TRUE;
    }
  g_set_error (
    error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT, ut_words ("\"verdict\": \"%s\" is none"), name);
  return FALSE;
}

static UtStudyResult *
edit_from_json (JsonObject *object, const UtStudyResult *base, GError **error)
{
  const char *id;
  if (!ut_json_get_string (object, "id", &id, error))
    return NULL;
  if (!ut_study_is_id (id)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"edit\": want an \"id\" of 16 hex digits"));
    return NULL;
  }
  GArray *steps = ut_edit_steps_from_json (object, error);
  if (steps == NULL)
    return NULL;
  UtStudyResult *self = ut_study_result_new_unread (id, base->inputs_key);
  self->steps = steps;
  return self;
}

gboolean
ut_study_review_from_json (JsonObject *object, UtStudyState *state, UtPhase phase, GError **error)
{
  JsonObject *entry;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    const char *name = ut_structure_name (s);
    if (ut_json_has (object, name) &&
        (!ut_json_get_object (object, name, &entry, error) ||
         !verdict_from_json (entry, &state->reviews[phase], s, error)))
      return FALSE;
  }
  if (!ut_json_has (object, "edit"))
    return TRUE;
  if (!ut_json_get_object (object, "edit", &entry, error))
    return FALSE;
  state->edits[phase] = edit_from_json (entry, state->results[phase], error);
  return state->edits[phase] != NULL;
}
