/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/words.h"
#include "engine/study/study-private.h"

#include "engine/base/error.h"

#include <string.h>

#define MAX_LABEL_CHARS 80

UtStudyResult *
ut_study_result_ref (UtStudyResult *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_study_result_unref (UtStudyResult *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->twin, ut_twin_unref);
  g_clear_pointer (&self->steps, g_array_unref);
  g_free (self->id);
  g_free (self->inputs_key);
  g_free (self);
}

UtStudyResult *
ut_study_result_new_unread (const char *id, const char *inputs_key)
{
  UtStudyResult *self = g_new0 (UtStudyResult, 1);
  self->id = g_strdup (id);
  self->inputs_key = g_strdup (inputs_key);
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

UtStudyState *
ut_study_state_new (void)
{
  UtStudyState *self = g_new0 (UtStudyState, 1);
  self->label = g_strdup ("");
  self->log = ut_review_log_new ();
  for (int view = 0; view < UT_N_VIEWS; view++)
    for (int phase = 0; phase < UT_N_PHASES; phase++)
      self->views[view].marks[phase] = -1;
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

char *
ut_study_clean_text (const char *text, guint n)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_new (NULL);
  guint n_chars = 0;
  for (const char *c = g_strstrip (valid); *c && n_chars < n; c = g_utf8_next_char (c)) {
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      continue;
    g_string_append_unichar (clean, g_utf8_get_char (c));
    n_chars++;
  }
  return g_string_free (clean, FALSE);
}

char *
ut_study_clean_label (const char *label)
{
  return ut_study_clean_text (label, MAX_LABEL_CHARS);
}

void
ut_study_view_clear (UtStudyView *self)
{
  g_free (self->source);
  g_free (self->sha256);
  ut_cine_unref (self->cine);
  *self = (UtStudyView){.marks = {-1, -1}};
}

void
ut_study_view_copy (const UtStudyView *src, UtStudyView *ret)
{
  *ret = *src;
  ret->source = g_strdup (src->source);
  ret->sha256 = g_strdup (src->sha256);
  ret->cine = src->cine ? ut_cine_ref (src->cine) : NULL;
}

UtStudyState *
ut_study_state_copy (const UtStudyState *self)
{
  UtStudyState *copy = ut_study_state_new ();
  g_free (copy->label);
  copy->label = g_strdup (self->label);
  copy->body = self->body;
  g_ptr_array_unref (copy->log);
  copy->log = g_ptr_array_ref (self->log);
  copy->n_log_dropped = self->n_log_dropped;
  for (int view = 0; view < UT_N_VIEWS; view++)
    ut_study_view_copy (&self->views[view], &copy->views[view]);
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    if (self->references[phase])
      copy->references[phase] = ut_study_reference_ref (self->references[phase]);
    if (self->results[phase])
      copy->results[phase] = ut_study_result_ref (self->results[phase]);
    if (self->edits[phase])
      copy->edits[phase] = ut_study_result_ref (self->edits[phase]);
    ut_review_copy (&self->reviews[phase], &copy->reviews[phase]);
  }
  return copy;
}

UtStudyState *
ut_study_state_ref (UtStudyState *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_study_state_unref (UtStudyState *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->label);
  for (int view = 0; view < UT_N_VIEWS; view++)
    ut_study_view_clear (&self->views[view]);
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    ut_study_reference_unref (self->references[phase]);
    ut_study_result_unref (self->results[phase]);
    ut_study_result_unref (self->edits[phase]);
    ut_review_clear (&self->reviews[phase]);
  }
  g_ptr_array_unref (self->log);
  g_free (self);
}

UtStudyReference *
ut_study_reference_ref (UtStudyReference *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ut_study_reference_unref (UtStudyReference *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->source);
  g_free (self->sha256);
  ut_volume_unref (self->labels);
  g_free (self);
}

/* ---- equality: a text in which equal states, and only these, agree -------------- */

static void
add_text (GString *text, const char *value)
{
  g_string_append_printf (
    text, "%" G_GSIZE_FORMAT ":%s;", value ? strlen (value) : 0, value ? value : "");
}

static void
add_number (GString *text, double value)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append (text, g_ascii_dtostr (digits, sizeof digits, value));
  g_string_append_c (text, ';');
}

static void
add_calibration (GString *text, const UtStudyCalibration *calibration)
{
  const UtStudyRuler *ruler = &calibration->ruler;
  add_number (text, calibration->origin);
  if (calibration->origin == UT_CALIBRATION_NONE)
    return;
  for (int axis = 0; axis < 2; axis++)
    add_number (text, calibration->spacing_mm[axis]);
  if (calibration->origin != UT_CALIBRATION_MANUAL)
    return;
  for (int axis = 0; axis < 2; axis++) {
    add_number (text, ruler->from_px[axis]);
    add_number (text, ruler->to_px[axis]);
  }
  add_number (text, ruler->length_mm);
}

static void
add_contour (GString *text, const UtStudyContour *contour)
{
  add_number (text, contour->trace.n_points);
  if (contour->trace.n_points == 0)
    return;
  add_number (text, contour->frame);
  add_number (text, contour->closed);
  for (guint i = 0; i < contour->trace.n_points; i++)
    for (int k = 0; k < 2; k++)
      add_number (text, contour->trace.points[i][k]);
}

static void
add_view (GString *text, const UtStudyView *view)
{
  add_text (text, view->source);
  if (view->source == NULL)
    return;
  add_text (text, view->sha256);
  add_number (text, view->n_frames);
  add_number (text, view->cine != NULL);
  add_number (text, view->file_calibration);
  for (int axis = 0; axis < 2; axis++)
    add_number (text, view->file_spacing_mm[axis]);
  add_calibration (text, &view->calibration);
  add_number (text, view->mirrored);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    add_number (text, view->marks[phase]);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    add_contour (text, &view->contours[phase]);
  add_number (text, view->n_blacked_out);
  for (int i = 0; i < 3; i++) {
    add_number (text, view->plane_shift.mm[i]);
    add_number (text, view->plane_shift.deg[i]);
  }
}

static void
add_review (GString *text, const UtReview *review)
{
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    add_number (text, review->verdicts[s]);
    add_text (text, review->reasons[s]);
    add_text (text, review->who[s]);
  }
}

/* The steps too: two ways may lead to the same voxels. */
static void
add_edit (GString *text, const UtStudyResult *edit)
{
  add_text (text, edit ? edit->id : NULL);
  add_number (text, edit && edit->twin);
  for (guint i = 0; edit && i < edit->steps->len; i++) {
    const UtEditStep *step = &g_array_index (edit->steps, UtEditStep, i);
    add_number (text, step->structure);
    add_number (text, step->offset_mm);
    add_number (text, step->radius_mm);
    add_number (text, step->n_voxels);
    add_number (text, (double)step->when);
  }
}

char *
ut_study_state_hash (const UtStudyState *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  add_text (text, self->label);
  add_number (text, self->body.sex);
  add_number (text, self->body.height_cm);
  add_number (text, self->body.weight_kg);
  for (int view = 0; view < UT_N_VIEWS; view++)
    add_view (text, &self->views[view]);
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    const UtStudyReference *reference = self->references[phase];
    add_text (text, reference ? reference->source : NULL);
    add_text (text, reference ? reference->sha256 : NULL);
    add_number (text, reference && reference->labels);
    for (int s = UT_MYO; reference && s < UT_N_LABELS; s++)
      add_number (text, reference->codes.codes[s]);
    const UtStudyResult *result = self->results[phase];
    add_text (text, result ? result->id : NULL);
    add_text (text, result ? result->inputs_key : NULL);
    add_number (text, result && result->twin);
    add_edit (text, self->edits[phase]);
    add_review (text, &self->reviews[phase]);
  }
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize)text->len);
}

static gboolean
same_calibration (const UtStudyCalibration *a, const UtStudyCalibration *b)
{
  g_autoptr (GString) text_a = g_string_new (NULL);
  g_autoptr (GString) text_b = g_string_new (NULL);
  add_calibration (text_a, a);
  add_calibration (text_b, b);
  return g_string_equal (text_a, text_b);
}

static gboolean
same_contours (const UtStudyView *a, const UtStudyView *b)
{
  g_autoptr (GString) text_a = g_string_new (NULL);
  g_autoptr (GString) text_b = g_string_new (NULL);
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    add_contour (text_a, &a->contours[phase]);
    add_contour (text_b, &b->contours[phase]);
  }
  return g_string_equal (text_a, text_b);
}

static gboolean
same_review (const UtReview *a, const UtReview *b)
{
  g_autoptr (GString) text_a = g_string_new (NULL);
  g_autoptr (GString) text_b = g_string_new (NULL);
  add_review (text_a, a);
  add_review (text_b, b);
  return g_string_equal (text_a, text_b);
}

static UtStudyChange
view_diff (const UtStudyView *a, const UtStudyView *b)
{
  UtStudyChange changes = 0;
  if (a->cine != b->cine || g_strcmp0 (a->source, b->source) != 0)
    changes |= UT_STUDY_CHANGE_CINE;
  if (!same_calibration (&a->calibration, &b->calibration))
    changes |= UT_STUDY_CHANGE_CALIBRATION;
  if (memcmp (a->marks, b->marks, sizeof a->marks) != 0)
    changes |= UT_STUDY_CHANGE_MARKS;
  if (a->mirrored != b->mirrored)
    changes |= UT_STUDY_CHANGE_MIRROR;
  if (memcmp (&a->plane_shift, &b->plane_shift, sizeof a->plane_shift) != 0)
    changes |= UT_STUDY_CHANGE_PLANE;
  if (!same_contours (a, b))
    changes |= UT_STUDY_CHANGE_CONTOUR;
  return changes;
}

UtStudyChange
ut_study_state_diff (const UtStudyState *a, const UtStudyState *b)
{
  UtStudyChange changes = strcmp (a->label, b->label) != 0 ? UT_STUDY_CHANGE_LABEL : 0;
  if (!ut_body_equal (&a->body, &b->body))
    changes |= UT_STUDY_CHANGE_BODY;
  for (int view = 0; view < UT_N_VIEWS; view++)
    changes |= view_diff (&a->views[view], &b->views[view]);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (a->references[phase] != b->references[phase])
      changes |= UT_STUDY_CHANGE_REFERENCE;
    if (!same_review (&a->reviews[phase], &b->reviews[phase]))
      changes |= UT_STUDY_CHANGE_REVIEW;
    if (a->results[phase] != b->results[phase] || a->edits[phase] != b->edits[phase] ||
        ut_study_is_stale (a, phase) != ut_study_is_stale (b, phase))
      changes |= UT_STUDY_CHANGE_RESULTS;
  }
  return changes;
}

/* ---- what follows from a state -------------------------------------------------- */

UtCalibration
ut_study_view_spacing (const UtStudyView *view, double ret_spacing_mm[2])
{
  gboolean override = view->calibration.origin != UT_CALIBRATION_NONE;
  const double *spacing_mm = override ? view->calibration.spacing_mm : view->file_spacing_mm;
  if (ret_spacing_mm)
    memcpy (ret_spacing_mm, spacing_mm, 2 * sizeof *spacing_mm);
  return override ? view->calibration.origin : view->file_calibration;
}

UtCalibration
ut_study_view_spacing_at (const UtStudyView *view, guint frame, double ret_spacing_mm[2])
{
  gboolean override = view->calibration.origin != UT_CALIBRATION_NONE;
  if (!override && view->cine != NULL && frame < view->cine->n_frames)
    memcpy (ret_spacing_mm, ut_cine_spacing_at (view->cine, frame), 2 * sizeof *ret_spacing_mm);
  else
    ut_study_view_spacing (view, ret_spacing_mm);
  return ut_study_view_spacing (view, NULL);
}

gboolean
ut_study_view_used (const UtStudyState *self, UtView view, UtPhase phase)
{
  const UtStudyView *slot = &self->views[view];
  return slot->cine != NULL && slot->marks[phase] >= 0 &&
         ut_study_view_spacing (slot, NULL) != UT_CALIBRATION_NONE;
}

gboolean
ut_study_is_calibrated (const UtStudyState *self, GError **error)
{
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    const UtStudyView *slot = &self->views[view];
    if (slot->source == NULL || ut_study_view_spacing (slot, NULL) != UT_CALIBRATION_NONE)
      continue;
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("%s has no pixel spacing: no number is given while a view is not calibrated; "
                "calibrate it or leave it out"),
      ut_view_name (view));
    return FALSE;
  }
  return TRUE;
}

/* What the study says of the loop counts, not whether the loop is there: a file that
 * is missing at opening makes no result stale. */
char *
ut_study_inputs_key (const UtStudyState *self, UtPhase phase)
{
  g_autoptr (GString) text = g_string_new ("inputs 1;");
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    const UtStudyView *slot = &self->views[view];
    if (slot->source == NULL || slot->marks[phase] < 0)
      continue;
    add_text (text, ut_view_name (view));
    add_text (text, slot->sha256);
    add_number (text, slot->marks[phase]);
    add_number (text, slot->mirrored);
    double spacing_mm[2];
    ut_study_view_spacing (slot, spacing_mm);
    add_number (text, spacing_mm[0]);
    add_number (text, spacing_mm[1]);
  }
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize)text->len);
}

gboolean
ut_study_is_stale (const UtStudyState *self, UtPhase phase)
{
  const UtStudyResult *result = self->results[phase];
  if (result == NULL)
    return FALSE;
  g_autofree char *key = ut_study_inputs_key (self, phase);
  return strcmp (key, result->inputs_key) != 0;
}

UtStudyResult *
ut_study_result (const UtStudyState *self, UtPhase phase)
{
  UtStudyResult *edit = self->edits[phase];
  return edit && edit->twin ? edit : self->results[phase];
}

UtTwin *
ut_study_twin (const UtStudyState *self, UtPhase phase)
{
  const UtStudyResult *result = ut_study_result (self, phase);
  return result ? result->twin : NULL;
}
