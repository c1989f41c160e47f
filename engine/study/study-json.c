/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "engine/base/error.h"
#include "engine/base/json.h"
#include "engine/base/words.h"
#include "engine/study/study-private.h"

#include <inttypes.h>
#include <string.h>

#define MAX_PIXEL       1e6
#define MAX_RULER_MM    1e4
#define SHA256_DIGITS   64
#define FILE_URI_PREFIX "file://"
#define BLACKED_OUT     "blacked_out_areas"

static const char *const mark_keys[UT_N_PHASES] = {
  [UT_PHASE_ED] = "ed_frame",
  [UT_PHASE_ES] = "es_frame",
};

/* along or about right, down and normal of the plane */
static const char *const shift_keys[2][3] = {
  {"right_mm", "down_mm", "into_mm"},
  {"about_right_deg", "about_down_deg", "about_into_deg"},
};

const char *
ut_study_calibration_name (UtCalibration origin)
{
  static const char *const names[UT_N_CALIBRATIONS] = {
    [UT_CALIBRATION_NONE] = "none",
    [UT_CALIBRATION_DICOM] = "dicom",
    [UT_CALIBRATION_SIDECAR] = "sidecar",
    [UT_CALIBRATION_HEADER] = "header",
    [UT_CALIBRATION_MANUAL] = "manual",
    [UT_CALIBRATION_COMMAND] = "command",
  };
  g_return_val_if_fail ((guint)origin < UT_N_CALIBRATIONS, "none");
  return names[origin];
}

static gboolean
get_calibration (JsonObject *object, const char *key, UtCalibration *ret, GError **error)
{
  const char *name;
  if (!ut_json_get_string (object, key, &name, error))
    return FALSE;
  for (UtCalibration origin = 0; origin < UT_N_CALIBRATIONS; origin++)
    if (strcmp (name, ut_study_calibration_name (origin)) == 0) {
      *ret = origin;
      return TRUE;
    }
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("\"%s\": \"%s\" is no kind of calibration"),
               key,
               name);
  return FALSE;
}

/* ---- paths ---------------------------------------------------------------------- */

/* What lies in the folder by relative path; the rest by absolute path, as a file URI where
 * JSON cannot hold its bytes. */
static char *
path_to_text (const char *path, const char *folder)
{
  gsize length = strlen (folder);
  const char *relative = strncmp (path, folder, length) == 0 && path[length] == G_DIR_SEPARATOR
                           ? path + length + 1
                           : NULL;
  if (g_utf8_validate (path, -1, NULL))
    return g_strdup (relative ? relative : path);
  return g_filename_to_uri (path, NULL, NULL);
}

static gboolean
has_bad_part (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, G_DIR_SEPARATOR_S, -1);
  for (char **part = parts; *part; part++)
    if (**part == '\0' || strcmp (*part, ".") == 0 || strcmp (*part, "..") == 0)
      return TRUE;
  return FALSE;
}

/* TRUE where @path, links followed, still lies in @folder; what is not there leads nowhere. */
static gboolean
stays_inside (const char *path, const char *folder)
{
  g_autofree char *real_path = realpath (path, NULL);
  g_autofree char *real_folder = realpath (folder, NULL);
  return real_path == NULL || real_folder == NULL ||
         (g_str_has_prefix (real_path, real_folder) &&
          real_path[strlen (real_folder)] == G_DIR_SEPARATOR);
}

static char *
path_from_text (const char *text, const char *folder, GError **error)
{
  if (g_str_has_prefix (text, FILE_URI_PREFIX)) {
    g_autofree char *host = NULL;
    g_autofree char *path = g_filename_from_uri (text, &host, NULL);
    if (path && host == NULL)
      return g_canonicalize_filename (path, G_DIR_SEPARATOR_S);
  } else if (g_path_is_absolute (text) && !has_bad_part (text + 1)) {
    return g_strdup (text);
  } else if (!g_path_is_absolute (text) && !has_bad_part (text)) {
    g_autofree char *path = g_build_filename (folder, text, NULL);
    if (stays_inside (path, folder))
      return g_steal_pointer (&path);
  }
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("\"source\": a path that leads out of the study folder"));
  return NULL;
}

static gboolean
get_sha256 (JsonObject *object, char **ret, GError **error)
{
  const char *text;
  if (!ut_json_get_string (object, "sha256", &text, error))
    return FALSE;
  if (strlen (text) != SHA256_DIGITS || strspn (text, "0123456789abcdef") != SHA256_DIGITS) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"sha256\": want %d lower-case hex digits"),
                 SHA256_DIGITS);
    return FALSE;
  }
  *ret = g_strdup (text);
  return TRUE;
}

static gboolean
get_source (
  JsonObject *object, const char *folder, char **ret_path, char **ret_sha256, GError **error)
{
  const char *text;
  if (!ut_json_get_string (object, "source", &text, error))
    return FALSE;
  *ret_path = path_from_text (text, folder, error);
  return *ret_path && get_sha256 (object, ret_sha256, error);
}

/* ---- writing -------------------------------------------------------------------- */

static JsonObject *
calibration_to_json (const UtStudyCalibration *calibration)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "origin", ut_study_calibration_name (calibration->origin));
  json_object_set_array_member (
    object, "spacing_mm", ut_study_pair_to_json (calibration->spacing_mm));
  if (calibration->origin != UT_CALIBRATION_MANUAL)
    return object;
  JsonObject *ruler = json_object_new ();
  json_object_set_array_member (
    ruler, "from_px", ut_study_pair_to_json (calibration->ruler.from_px));
  json_object_set_array_member (ruler, "to_px", ut_study_pair_to_json (calibration->ruler.to_px));
  json_object_set_double_member (ruler, "length_mm", calibration->ruler.length_mm);
  json_object_set_object_member (object, "ruler", ruler);
  return object;
}

static JsonObject *
source_to_json (const char *path, const char *sha256, const char *folder)
{
  JsonObject *object = json_object_new ();
  g_autofree char *text = path_to_text (path, folder);
  json_object_set_string_member (object, "source", text);
  json_object_set_string_member (object, "sha256", sha256);
  return object;
}

static gboolean
is_shifted (const UtPlaneShift *shift)
{
  for (int i = 0; i < 3; i++)
    if (shift->mm[i] != 0 || shift->deg[i] != 0)
      return TRUE;
  return FALSE;
}

static JsonObject *
shift_to_json (const UtPlaneShift *shift)
{
  JsonObject *object = json_object_new ();
  for (int i = 0; i < 3; i++) {
    json_object_set_double_member (object, shift_keys[0][i], shift->mm[i]);
    json_object_set_double_member (object, shift_keys[1][i], shift->deg[i]);
  }
  return object;
}

static JsonObject *
contours_to_json (const UtStudyView *view)
{
  JsonObject *object = json_object_new ();
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (view->contours[phase].trace.n_points > 0)
      json_object_set_object_member (
        object, ut_phase_name (phase), ut_study_contour_to_json (&view->contours[phase]));
  return object;
}

static JsonObject *
view_to_json (const UtStudyView *view, const char *folder)
{
  JsonObject *object = source_to_json (view->source, view->sha256, folder);
  json_object_set_int_member (object, "n_frames", view->n_frames);
  json_object_set_string_member (
    object, "file_calibration", ut_study_calibration_name (view->file_calibration));
  json_object_set_array_member (
    object, "file_spacing_mm", ut_study_pair_to_json (view->file_spacing_mm));
  if (view->calibration.origin != UT_CALIBRATION_NONE)
    json_object_set_object_member (object, "calibration", calibration_to_json (&view->calibration));
  json_object_set_boolean_member (object, "mirrored", view->mirrored);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    if (view->marks[phase] >= 0)
      json_object_set_int_member (object, mark_keys[phase], (gint64)view->marks[phase] + 1);
  if (is_shifted (&view->plane_shift))
    json_object_set_object_member (object, "plane_shift", shift_to_json (&view->plane_shift));
  if (view->n_blacked_out > 0)
    json_object_set_int_member (object, BLACKED_OUT, view->n_blacked_out);
  JsonObject *contours = contours_to_json (view);
  if (json_object_get_size (contours) > 0)
    json_object_set_object_member (object, "contours", contours);
  else
    json_object_unref (contours);
  return object;
}

JsonObject *
ut_study_body_to_json (const UtBody *body)
{
  JsonObject *object = json_object_new ();
  if (body->sex != UT_SEX_UNKNOWN)
    json_object_set_string_member (object, "sex", ut_sex_name (body->sex));
  if (body->height_cm > 0)
    json_object_set_double_member (object, "height_cm", body->height_cm);
  if (body->weight_kg > 0)
    json_object_set_double_member (object, "weight_kg", body->weight_kg);
  return object;
}

/* {"Myo": 1, "LV": 3, ..., "known_by": "told"} */
static JsonObject *
codes_to_json (const UtHeartCodes *codes)
{
  JsonObject *object = json_object_new ();
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (codes->codes[s] != 0)
      json_object_set_int_member (object, ut_structure_name (s), codes->codes[s]);
  json_object_set_string_member (object, "known_by", ut_heart_codes_origin_name (codes->origin));
  return object;
}

static JsonObject *
references_to_json (const UtStudyState *state, const char *folder)
{
  JsonObject *object = json_object_new ();
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtStudyReference *reference = state->references[phase];
    if (reference == NULL)
      continue;
    JsonObject *entry = source_to_json (reference->source, reference->sha256, folder);
    if (ut_heart_codes_any (&reference->codes))
      json_object_set_object_member (entry, "codes", codes_to_json (&reference->codes));
    json_object_set_object_member (object, ut_phase_name (phase), entry);
  }
  return object;
}

static JsonObject *
results_to_json (const UtStudyState *state)
{
  JsonObject *object = json_object_new ();
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtStudyResult *result = state->results[phase];
    if (result == NULL)
      continue;
    JsonObject *entry = json_object_new ();
    json_object_set_string_member (entry, "id", result->id);
    json_object_set_string_member (entry, "inputs_key", result->inputs_key);
    json_object_set_object_member (object, ut_phase_name (phase), entry);
  }
  return object;
}

static JsonObject *
reviews_to_json (const UtStudyState *state)
{
  JsonObject *object = json_object_new ();
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    JsonObject *entry = ut_study_review_to_json (state, phase);
    if (entry)
      json_object_set_object_member (object, ut_phase_name (phase), entry);
  }
  return object;
}

/* The oldest that can say all of it, so that older programs open what they understand. */
static int
format_version (const UtStudyState *state)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
      if (state->reviews[phase].verdicts[s] == UT_VERDICT_LIMITED)
        return 2;
  for (guint i = 0; i < state->log->len; i++)
    if (((const UtReviewAct *)state->log->pdata[i])->kind == UT_REVIEW_ACT_LIMIT)
      return 2;
  return 1;
}

JsonNode *
ut_study_state_to_json (const UtStudyState *state, const char *folder, JsonObject *ui)
{
  JsonObject *root = json_object_new ();
  json_object_set_string_member (root, "format", UT_STUDY_FORMAT);
  json_object_set_int_member (root, "format_version", format_version (state));
  json_object_set_string_member (root, "version", UT_VERSION);
  json_object_set_string_member (root, "notice", UT_STUDY_NOTICE);
  json_object_set_string_member (root, "label", state->label);
  if (ut_body_is_known (&state->body))
    json_object_set_object_member (root, "body", ut_study_body_to_json (&state->body));
  JsonObject *views = json_object_new ();
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (state->views[view].source)
      json_object_set_object_member (
        views, ut_view_name (view), view_to_json (&state->views[view], folder));
  json_object_set_object_member (root, "views", views);
  json_object_set_object_member (root, "references", references_to_json (state, folder));
  json_object_set_object_member (root, "results", results_to_json (state));
  json_object_set_object_member (root, "reviews", reviews_to_json (state));
  ut_study_log_to_json (state, root);
  if (ui)
    json_object_set_object_member (root, "ui", json_object_ref (ui));
  return json_node_init_object (json_node_alloc (), root);
}

/* ---- reading -------------------------------------------------------------------- */

gboolean
ut_study_check_format (JsonObject *root, GError **error)
{
  const char *format;
  gint64 version;
  if (!ut_json_get_string (root, "format", &format, error) ||
      !ut_json_get_int (root, "format_version", 1, G_MAXINT64, &version, error))
    return FALSE;
  if (strcmp (format, UT_STUDY_FORMAT) != 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"format\" is \"%s\", want \"%s\""),
                 format,
                 UT_STUDY_FORMAT);
    return FALSE;
  }
  if (version > UT_STUDY_FORMAT_VERSION) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("the study is of format version %" PRId64
                           ", this program reads up to %d: open it with a newer one"),
                 version,
                 UT_STUDY_FORMAT_VERSION);
    return FALSE;
  }
  return TRUE;
}

static gboolean
ruler_from_json (JsonObject *object, UtStudyRuler *ret, GError **error)
{
  JsonObject *ruler;
  return ut_json_get_object (object, "ruler", &ruler, error) &&
         ut_study_pair_from_json (ruler, "from_px", -MAX_PIXEL, MAX_PIXEL, ret->from_px, error) &&
         ut_study_pair_from_json (ruler, "to_px", -MAX_PIXEL, MAX_PIXEL, ret->to_px, error) &&
         ut_json_get_double (ruler, "length_mm", 0, MAX_RULER_MM, &ret->length_mm, error);
}

static gboolean
calibration_from_json (JsonObject *view, UtStudyCalibration *ret, GError **error)
{
  JsonObject *object;
  if (!ut_json_has (view, "calibration"))
    return TRUE;
  if (!ut_json_get_object (view, "calibration", &object, error) ||
      !get_calibration (object, "origin", &ret->origin, error) ||
      !ut_study_pair_from_json (object,
                                "spacing_mm",
                                UT_CINE_MIN_SPACING_MM,
                                UT_CINE_MAX_SPACING_MM,
                                ret->spacing_mm,
                                error))
    return FALSE;
  if (ret->origin == UT_CALIBRATION_MANUAL)
    return ruler_from_json (object, &ret->ruler, error);
  if (ret->origin == UT_CALIBRATION_COMMAND)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("\"origin\" is \"%s\", want \"manual\" or \"command\""),
               ut_study_calibration_name (ret->origin));
  return FALSE;
}

static gboolean
file_spacing_from_json (JsonObject *object, UtStudyView *ret, GError **error)
{
  if (!get_calibration (object, "file_calibration", &ret->file_calibration, error))
    return FALSE;
  gboolean known = ret->file_calibration != UT_CALIBRATION_NONE;
  return ut_study_pair_from_json (
    object, "file_spacing_mm", known ? 1e-6 : 0, known ? 1e6 : 0, ret->file_spacing_mm, error);
}

static gboolean
shift_from_json (JsonObject *view, UtPlaneShift *ret, GError **error)
{
  JsonObject *object;
  if (!ut_json_has (view, "plane_shift"))
    return TRUE;
  if (!ut_json_get_object (view, "plane_shift", &object, error))
    return FALSE;
  for (int i = 0; i < 3; i++)
    if (!ut_json_get_double (object,
                             shift_keys[0][i],
                             -UT_STUDY_MAX_SHIFT_MM,
                             UT_STUDY_MAX_SHIFT_MM,
                             &ret->mm[i],
                             error) ||
        !ut_json_get_double (object, shift_keys[1][i], -180, 180, &ret->deg[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
contours_from_json (JsonObject *view, UtStudyView *ret, GError **error)
{
  JsonObject *contours, *entry;
  if (!ut_json_has (view, "contours"))
    return TRUE;
  if (!ut_json_get_object (view, "contours", &contours, error))
    return FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const char *name = ut_phase_name (phase);
    if (!ut_json_has (contours, name))
      continue;
    if (!ut_json_get_object (contours, name, &entry, error) ||
        !ut_study_contour_from_json (entry, ret->n_frames, &ret->contours[phase], error)) {
      g_prefix_error (error, ut_words ("contour of %s: "), name);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
view_from_json (JsonObject *object, const char *folder, UtStudyView *ret, GError **error)
{
  gint64 n_frames, n_blacked_out = 0;
  if (!get_source (object, folder, &ret->source, &ret->sha256, error) ||
      !ut_json_get_int (object, "n_frames", 1, UT_CINE_MAX_FRAMES, &n_frames, error) ||
      !file_spacing_from_json (object, ret, error) ||
      !calibration_from_json (object, &ret->calibration, error) ||
      !ut_json_get_boolean (object, "mirrored", &ret->mirrored, error) ||
      !shift_from_json (object, &ret->plane_shift, error) ||
      (ut_json_has (object, BLACKED_OUT) &&
       !ut_json_get_int (object, BLACKED_OUT, 0, G_MAXINT32, &n_blacked_out, error)))
    return FALSE;
  ret->n_frames = (guint)n_frames;
  ret->n_blacked_out = (guint)n_blacked_out;
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    gint64 frame = 0;
    if (ut_json_has (object, mark_keys[phase]) &&
        !ut_json_get_int (object, mark_keys[phase], 1, n_frames, &frame, error))
      return FALSE;
    ret->marks[phase] = (int)frame - 1;
  }
  return contours_from_json (object, ret, error);
}

static gboolean
sex_from_json (JsonObject *object, UtSex *ret, GError **error)
{
  const char *name;
  if (!ut_json_get_string (object, "sex", &name, error))
    return FALSE;
  if (ut_sex_from_name (name, ret))
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_FORMAT,
               ut_words ("\"sex\" is \"%s\", want \"female\", \"male\" or \"unknown\""),
               name);
  return FALSE;
}

/* Each member may be missing. */
static gboolean
body_from_json (JsonObject *root, UtBody *ret, GError **error)
{
  JsonObject *object;
  if (!ut_json_has (root, "body"))
    return TRUE;
  return ut_json_get_object (root, "body", &object, error) &&
         (!ut_json_has (object, "sex") || sex_from_json (object, &ret->sex, error)) &&
         (!ut_json_has (object, "height_cm") || ut_json_get_double (object,
                                                                    "height_cm",
                                                                    UT_BODY_MIN_HEIGHT_CM,
                                                                    UT_BODY_MAX_HEIGHT_CM,
                                                                    &ret->height_cm,
                                                                    error)) &&
         (!ut_json_has (object, "weight_kg") || ut_json_get_double (object,
                                                                    "weight_kg",
                                                                    UT_BODY_MIN_WEIGHT_KG,
                                                                    UT_BODY_MAX_WEIGHT_KG,
                                                                    &ret->weight_kg,
                                                                    error));
}

/* Studies of older programs have none: their references are looked at again. */
static gboolean
codes_from_json (JsonObject *reference, UtHeartCodes *ret, GError **error)
{
  JsonObject *object;
  const char *known_by;
  gint64 code;
  if (!ut_json_has (reference, "codes"))
    return TRUE;
  if (!ut_json_get_object (reference, "codes", &object, error) ||
      !ut_json_get_string (object, "known_by", &known_by, error))
    return FALSE;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    if (!ut_json_has (object, ut_structure_name (s)))
      continue;
    if (!ut_json_get_int (object, ut_structure_name (s), 1, UT_LABEL_FILE_MAX_CODE, &code, error))
      return FALSE;
    ret->codes[s] = (int)code;
  }
  ret->origin = ut_heart_codes_origin_from_name (known_by);
  return TRUE;
}

static UtStudyReference *
reference_from_json (JsonObject *object, const char *folder, GError **error)
{
  g_autoptr (UtStudyReference) self = g_new0 (UtStudyReference, 1);
  g_atomic_ref_count_init (&self->ref_count);
  if (!get_source (object, folder, &self->source, &self->sha256, error) ||
      !codes_from_json (object, &self->codes, error))
    return NULL;
  return g_steal_pointer (&self);
}

static UtStudyResult *
result_from_json (JsonObject *object, GError **error)
{
  const char *id, *key;
  if (!ut_json_get_string (object, "id", &id, error) ||
      !ut_json_get_string (object, "inputs_key", &key, error))
    return NULL;
  if (!ut_study_is_id (id)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("\"id\": want 16 lower-case hex digits"));
    return NULL;
  }
  return ut_study_result_new_unread (id, key);
}

static gboolean
phases_from_json (JsonObject *root, const char *folder, UtStudyState *state, GError **error)
{
  JsonObject *references, *results, *entry;
  if (!ut_json_get_object (root, "references", &references, error) ||
      !ut_json_get_object (root, "results", &results, error))
    return FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const char *name = ut_phase_name (phase);
    if (ut_json_has (references, name)) {
      if (!ut_json_get_object (references, name, &entry, error) ||
          !(state->references[phase] = reference_from_json (entry, folder, error)))
        return FALSE;
    }
    if (ut_json_has (results, name)) {
      if (!ut_json_get_object (results, name, &entry, error) ||
          !(state->results[phase] = result_from_json (entry, error)))
        return FALSE;
    }
  }
  return TRUE;
}

/* Studies of older programs have none; a review of a heart that is not there says nothing. */
static gboolean
reviews_from_json (JsonObject *root, UtStudyState *state, GError **error)
{
  JsonObject *reviews, *entry;
  if (!ut_json_has (root, "reviews"))
    return TRUE;
  if (!ut_json_get_object (root, "reviews", &reviews, error))
    return FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const char *name = ut_phase_name (phase);
    if (!state->results[phase] || !ut_json_has (reviews, name))
      continue;
    if (!ut_json_get_object (reviews, name, &entry, error) ||
        !ut_study_review_from_json (entry, state, phase, error)) {
      g_prefix_error (error, ut_words ("review of %s: "), name);
      return FALSE;
    }
  }
  return TRUE;
}

UtStudyState *
ut_study_state_from_json (JsonObject *root, const char *folder, GError **error)
{
  const char *label;
  JsonObject *views, *entry;
  g_autoptr (UtStudyState) state = ut_study_state_new ();
  if (!ut_study_check_format (root, error) || !ut_json_get_string (root, "label", &label, error) ||
      !body_from_json (root, &state->body, error) ||
      !ut_json_get_object (root, "views", &views, error))
    return NULL;
  g_free (state->label);
  state->label = ut_study_clean_label (label);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    const char *name = ut_view_name (view);
    if (!ut_json_has (views, name))
      continue;
    if (!ut_json_get_object (views, name, &entry, error) ||
        !view_from_json (entry, folder, &state->views[view], error)) {
      g_prefix_error (error, "%s: ", name);
      return NULL;
    }
  }
  if (!phases_from_json (root, folder, state, error) || !reviews_from_json (root, state, error) ||
      !ut_study_log_from_json (root, state, error))
    return NULL;
  return g_steal_pointer (&state);
}
