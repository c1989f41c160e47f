/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "engine/base/json.h"
#include "engine/measure/ef-interval.h"
#include "engine/measure/volumes.h"
#include "engine/study/measurements.h"
#include "engine/study/study-private.h"

#include <math.h>
#include <string.h>

#define FORMAT         "ultratwin-result"
#define FORMAT_VERSION 1

/* How "review" and "edited" are to be read. */
#define REVIEW_RULE                                                                                \
  "numbers of rejected, limited and unreviewed structures are given and marked; numbers of "       \
  "edited "                                                                                        \
  "ones are those of the edit"

#define DISKS "disks_cross_check"
#define DISKS_NOTE                                                                                 \
  "from contours traced by hand; the twin does not depend on them, and the methods differ"

/* The member of @parent named @key, made where missing. */
static JsonObject *
child (JsonObject *parent, const char *key)
{
  if (!json_object_has_member (parent, key))
    json_object_set_object_member (parent, key, json_object_new ());
  return json_object_get_object_member (parent, key);
}

static const char *
phase_key (int phase)
{
  return phase == UT_PHASE_ED ? "ed" : "es";
}

/* Of the loop, or, where it changes from frame to frame, of the marked frames. */
static void
add_spacing (JsonObject *object, const UtStudyView *slot)
{
  double spacing_mm[2];
  gboolean changes = slot->cine != NULL && slot->cine->frame_spacing_mm != NULL &&
                     slot->calibration.origin == UT_CALIBRATION_NONE;
  if (!changes) {
    ut_study_view_spacing (slot, spacing_mm);
    json_object_set_array_member (object, "spacing_mm", ut_study_pair_to_json (spacing_mm));
  }
  for (int phase = 0; changes && phase < UT_N_PHASES; phase++) {
    if (slot->marks[phase] < 0)
      continue;
    g_autofree char *key = g_strconcat (phase_key (phase), "_spacing_mm", NULL);
    ut_study_view_spacing_at (slot, (guint)slot->marks[phase], spacing_mm);
    json_object_set_array_member (object, key, ut_study_pair_to_json (spacing_mm));
  }
}

/* What the study holds today; what a result was made from stands in its provenance. */
static JsonObject *
inputs_to_json (const UtStudyState *state)
{
  JsonObject *inputs = json_object_new ();
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    const UtStudyView *slot = &state->views[view];
    if (slot->source == NULL)
      continue;
    UtCalibration origin = ut_study_view_spacing (slot, NULL);
    JsonObject *object = child (inputs, ut_view_name (view));
    json_object_set_string_member (object, "sha256", slot->sha256);
    json_object_set_int_member (object, "n_frames", slot->n_frames);
    json_object_set_string_member (object, "calibration", ut_study_calibration_name (origin));
    if (origin != UT_CALIBRATION_NONE)
      add_spacing (object, slot);
    json_object_set_boolean_member (object, "mirrored", slot->mirrored);
    if (slot->cine && slot->cine->note)
      json_object_set_string_member (object, "note", slot->cine->note);
    if (slot->marks[UT_PHASE_ED] >= 0)
      json_object_set_int_member (object, "ed_frame", (gint64)slot->marks[UT_PHASE_ED] + 1);
    if (slot->marks[UT_PHASE_ES] >= 0)
      json_object_set_int_member (object, "es_frame", (gint64)slot->marks[UT_PHASE_ES] + 1);
  }
  return inputs;
}

/* Volumes of every stage, so that what each part of the network changed can be seen. */
static void
add_stages (JsonObject *phase, const UtTwin *twin)
{
  JsonObject *stages = child (phase, "stages");
  if (twin->template_index != UT_TWIN_NO_TEMPLATE)
    json_object_set_int_member (phase, "template", twin->template_index);
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    UtLabelVolume volumes[UT_N_LABELS];
    if (!ut_twin_has_stage (twin, stage) ||
        !ut_label_volumes (twin->labels[stage], UT_N_LABELS, volumes, NULL))
      continue;
    JsonObject *ml = child (child (stages, ut_twin_stage_name (stage)), "volume_ml");
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
      json_object_set_double_member (ml, ut_structure_name (s), volumes[s].ml);
  }
}

/* Who did it, and when last. */
static void
add_person (JsonObject *object, const char *deed, const char *who, gint64 when)
{
  g_autofree char *by = g_strconcat (deed, "_by", NULL), *at = g_strconcat (deed, "_at", NULL);
  if (who)
    json_object_set_string_member (object, by, who);
  ut_json_set_time (object, at, when);
}

static void
add_verdict (JsonObject *object, const UtStudyState *state, int phase, int structure)
{
  gint64 when;
  g_autofree char *text = ut_study_verdict_text (state, phase, structure);
  g_autofree char *who = ut_study_reviewed_by (state, phase, structure, &when);
  json_object_set_string_member (object, "review", text);
  add_person (object, "reviewed", who, when);
}

static void
add_editors (JsonObject *object, const UtStudyState *state, UtPhase phase)
{
  gint64 when;
  g_autofree char *who = ut_study_edited_by (state, phase, &when);
  add_person (object, "edited", who, when);
}

/* What a person says of the heart, and did to it. */
static void
add_review (JsonObject *object, const UtStudyState *state, UtPhase phase)
{
  g_autofree char *edit = ut_study_edit_text (state, phase);
  json_object_set_boolean_member (object, "edited", edit != NULL);
  if (edit)
    json_object_set_string_member (object, "edit", edit);
  add_editors (object, state, phase);
  add_verdict (object, state, (int)phase, -1);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    JsonObject *entry = child (child (object, "structures"), ut_structure_name (s));
    json_object_set_boolean_member (entry, "edited", ut_study_is_edited (state, phase, (int)s));
    add_verdict (entry, state, (int)phase, (int)s);
  }
}

static void
add_phase (JsonObject *root, const UtStudyState *state, UtPhase phase)
{
  const UtTwin *twin = ut_study_twin (state, phase);
  if (twin == NULL)
    return;
  JsonObject *object = child (root, phase_key ((int)phase));
  json_object_set_boolean_member (object, "stale", ut_study_is_stale (state, phase));
  json_object_set_string_member (object, "stage", ut_twin_stage_name (ut_twin_final_stage (twin)));
  add_review (object, state, phase);
  add_stages (object, twin);
  json_object_set_member (object, "provenance", ut_study_provenance_to_json (&twin->provenance));
  const UtStudyReference *reference = state->references[phase];
  if (reference == NULL)
    return;
  g_autofree char *codes = ut_heart_codes_to_string (&reference->codes);
  json_object_set_string_member (object, "reference_sha256", reference->sha256);
  json_object_set_string_member (object, "reference_codes", codes);
}

/* "ejection_fraction_interval_percent": [low, high] */
static void
add_interval (JsonObject *object, const UtQuantityInfo *info, const UtMeasurement *item)
{
  const double ends[2] = {item->low, item->high};
  gsize stem = strlen (info->key) - strlen (strrchr (info->key, '_'));
  g_autofree char *key =
    g_strdup_printf ("%.*s_interval%s", (int)stem, info->key, info->key + stem);
  json_object_set_array_member (object, key, ut_study_pair_to_json (ends));
}

/* What the interval of the EF comes from, or why there is no EF. */
static void
add_ef_basis (JsonObject *root, const UtEfBasis *basis)
{
  static const char *const states[] = {[UT_EF_GIVEN] = "given",
                                       [UT_EF_NOT_BOTH] = "ed_or_es_missing",
                                       [UT_EF_CUT_OFF] = "lv_cut_off",
                                       [UT_EF_NO_TABLE] = "no_validation_table",
                                       [UT_EF_NO_ECHO] = "not_from_echo",
                                       [UT_EF_OTHER_VIEWS] = "no_validation_of_these_views",
                                       [UT_EF_UNSURE] = "ed_volume_unsure"};
  JsonObject *object = child (child (root, "lv"), "ejection_fraction_basis");
  json_object_set_string_member (object, "state", states[basis->state]);
  if (basis->state != UT_EF_GIVEN)
    return;
  json_object_set_double_member (object, "level", UT_EF_INTERVAL_LEVEL);
  json_object_set_object_member (
    object, "validation", ut_twin_validation_to_json (&basis->validation));
  json_object_set_int_member (object, "n_seeds_ed", basis->n_seeds[UT_PHASE_ED]);
  json_object_set_int_member (object, "n_seeds_es", basis->n_seeds[UT_PHASE_ES]);
}

/* What volumes are indexed to and what the cardiac output was made with. */
static void
add_body (JsonObject *root, const UtMeasurements *measurements)
{
  double surface_m2 = ut_body_surface_m2 (&measurements->body);
  JsonObject *body = ut_study_body_to_json (&measurements->body);
  if (surface_m2 > 0)
    json_object_set_double_member (body, "surface_m2", surface_m2);
  if (measurements->heart_rate_bpm > 0)
    json_object_set_double_member (body, "heart_rate_bpm", measurements->heart_rate_bpm);
  json_object_set_object_member (root, "body", body);
}

/* Thickness of the 17 segments, by number; null where no wall is seen. */
static void
add_wall (JsonObject *root, const UtMeasurements *measurements, UtPhase phase)
{
  if (!measurements->has_wall[phase])
    return;
  JsonArray *segments = json_array_new ();
  for (guint i = 1; i <= UT_N_SEGMENTS; i++) {
    double mm = measurements->wall[phase].segment_mm[i];
    if (isnan (mm))
      json_array_add_null_element (segments);
    else
      json_array_add_double_element (segments, mm);
  }
  json_object_set_array_member (
    child (root, phase_key ((int)phase)), "lv_wall_thickness_segments_mm", segments);
}

/* The cross-check has a place of its own, beside the twin's numbers and not among them. */
static void
add_disks (JsonObject *root, const UtStudyDisks *disks)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (disks->method[phase] == UT_DISKS_NONE)
      continue;
    JsonObject *object = child (child (root, DISKS), phase_key ((int)phase));
    json_object_set_string_member (object, "method", ut_disks_method_name (disks->method[phase]));
    if (disks->method[phase] == UT_DISKS_BIPLANE)
      json_object_set_boolean_member (object, "long_axes_apart", disks->apart[phase]);
    json_object_set_string_member (child (root, DISKS), "note", DISKS_NOTE);
  }
}

/* Of the left ventricle as a whole: directly under the phase. */
static gboolean
is_of_ventricle (UtQuantity quantity)
{
  return quantity == UT_QUANTITY_MASS || quantity == UT_QUANTITY_MASS_INDEX ||
         quantity == UT_QUANTITY_LONG_AXIS || quantity == UT_QUANTITY_SPHERICITY ||
         quantity == UT_QUANTITY_WALL_THICKNESS;
}

static void
add_measurement (JsonObject *root, const UtStudyState *state, const UtMeasurement *item)
{
  const UtQuantityInfo *info = ut_quantity_info (item->quantity);
  JsonObject *object = root;
  if (ut_quantity_is_of_disks (item->quantity)) {
    object = child (child (root, DISKS), item->phase < 0 ? "lv" : phase_key (item->phase));
    json_object_set_double_member (object, info->key, item->value);
    return;
  }
  if (item->phase < 0)
    object = child (root, "lv");
  else if (is_of_ventricle (item->quantity))
    object = child (root, phase_key (item->phase));
  else if (item->structure < 0)
    object = child (child (root, phase_key (item->phase)), "mean");
  else
    object = child (child (child (root, phase_key (item->phase)), "structures"),
                    ut_structure_name ((UtStructure)item->structure));
  json_object_set_double_member (object, info->key, item->value);
  if (item->has_interval)
    add_interval (object, info, item);
  if (item->quantity == UT_QUANTITY_VOLUME)
    json_object_set_boolean_member (object, "cut_off", item->cut_off);
  if (item->cause != UT_VOLUMES_AGREE)
    json_object_set_string_member (
      object, "volume_mesh_differs_by", ut_volume_cause_name (item->cause));
  if (item->phase >= 0)
    return;
  json_object_set_boolean_member (object, "stale", item->stale);
  json_object_set_boolean_member (object, "edited", item->edited);
  add_verdict (object, state, item->phase, item->structure);
}

JsonNode *
ut_study_result_json (const UtStudyState *state, const UtMeasurements *measurements)
{
  JsonObject *root = json_object_new ();
  json_object_set_string_member (root, "format", FORMAT);
  json_object_set_int_member (root, "format_version", FORMAT_VERSION);
  json_object_set_string_member (root, "notice", UT_STUDY_NOTICE);
  json_object_set_string_member (root, "version", UT_VERSION);
  json_object_set_string_member (root, "label", state->label);
  json_object_set_string_member (root, "review_rule", REVIEW_RULE);
  json_object_set_object_member (root, "inputs", inputs_to_json (state));
  add_body (root, measurements);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    add_phase (root, state, phase);
  ut_study_log_to_json (state, root);

  JsonObject *definitions = json_object_new ();
  for (guint i = 0; i < measurements->items->len; i++) {
    const UtMeasurement *item = &g_array_index (measurements->items, UtMeasurement, i);
    const UtQuantityInfo *info = ut_quantity_info (item->quantity);
    add_measurement (root, state, item);
    if (!json_object_has_member (definitions, info->key))
      json_object_set_string_member (definitions, info->key, info->definition);
  }
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    add_wall (root, measurements, phase);
  add_disks (root, &measurements->disks);
  add_ef_basis (root, &measurements->ef);
  json_object_set_object_member (root, "definitions", definitions);
  return json_node_init_object (json_node_alloc (), root);
}
