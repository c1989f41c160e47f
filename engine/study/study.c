/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/words.h"
#include "engine/study/study-private.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define MAX_UNDO_STEPS   500
#define MIN_RULER_PIXELS 4.0

/* A step of undo or redo: the state to go to, and the acts of review that lie between. */
typedef struct Step {
  UtStudyState *state;
  UtStudyEdit edit;
  GPtrArray *acts;
} Step;

typedef struct Listener {
  guint id;
  UtStudyChangedFunc func;
  gpointer user_data;
} Listener;

struct UtStudy {
  guint64 serial;
  char *folder;
  UtStudyDisk *disk;   /* of that folder */
  char *folder_before; /* and those before them: a "save as" that fails goes back */
  UtStudyDisk *disk_before;
  UtStudyState *state;
  UtStudyState *saved; /* what is on disk */
  JsonObject *ui;
  char *reviewer;      /* NULL: not known */
  GArray *undo, *redo; /* Step, the next one last */
  guint group_depth;
  UtStudyState *group_start; /* NULL outside of groups */
  UtStudyEdit group_edit;
  GArray *listeners;
  guint last_id;
};

static void
step_clear (gpointer data)
{
  Step *step = data;
  ut_study_state_unref (step->state);
  g_ptr_array_unref (step->acts);
}

static guint64
next_serial (void)
{
  static gsize last;
  return g_atomic_pointer_add (&last, 1) + 1;
}

UtStudy *
ut_study_new (void)
{
  UtStudy *self = g_new0 (UtStudy, 1);
  self->serial = next_serial ();
  self->state = ut_study_state_new ();
  self->saved = ut_study_state_ref (self->state);
  self->disk = ut_study_disk_new (NULL);
  self->undo = g_array_new (FALSE, FALSE, sizeof (Step));
  self->redo = g_array_new (FALSE, FALSE, sizeof (Step));
  g_array_set_clear_func (self->undo, step_clear);
  g_array_set_clear_func (self->redo, step_clear);
  self->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
  return self;
}

gboolean
ut_study_check_free (const char *folder, GError **error)
{
  g_autofree char *file = g_build_filename (folder, UT_STUDY_FILE, NULL);
  g_autofree char *name = g_path_get_basename (folder);
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error,
               G_FILE_ERROR,
               G_FILE_ERROR_EXIST,
               ut_words ("%s: the folder holds a study already"),
               name);
  return FALSE;
}

UtStudy *
ut_study_new_in_folder (const char *folder, GError **error)
{
  if (!ut_study_check_free (folder, error) || !ut_folder_make (folder, error))
    return NULL;
  UtStudy *self = ut_study_new ();
  ut_study_set_folder (self, folder);
  return self;
}

UtStudy *
ut_study_new_opened (const char *folder, UtStudyDisk *disk, UtStudyState *state, JsonObject *ui)
{
  UtStudy *self = ut_study_new ();
  ut_study_set_folder (self, folder);
  ut_study_disk_unref (self->disk);
  self->disk = disk;
  ut_study_state_unref (self->state);
  self->state = state;
  ut_study_state_unref (self->saved);
  self->saved = ut_study_state_ref (state);
  self->ui = ui;
  return self;
}

void
ut_study_free (UtStudy *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  ut_study_disk_unref (self->disk);
  g_free (self->folder_before);
  g_clear_pointer (&self->disk_before, ut_study_disk_unref);
  g_free (self->reviewer);
  ut_study_state_unref (self->state);
  ut_study_state_unref (self->saved);
  ut_study_state_unref (self->group_start);
  g_clear_pointer (&self->ui, json_object_unref);
  g_array_unref (self->undo);
  g_array_unref (self->redo);
  g_array_unref (self->listeners);
  g_free (self);
}

const UtStudyState *
ut_study_get_state (const UtStudy *self)
{
  return self->state;
}

UtStudyState *
ut_study_dup_state (const UtStudy *self)
{
  return ut_study_state_ref (self->state);
}

const char *
ut_study_get_folder (const UtStudy *self)
{
  return self->folder;
}

void
ut_study_set_folder (UtStudy *self, const char *folder)
{
  g_autofree char *absolute = folder != NULL ? g_canonicalize_filename (folder, NULL) : NULL;
  if (g_strcmp0 (absolute, self->folder) == 0)
    return;
  gboolean back = self->disk_before != NULL && g_strcmp0 (absolute, self->folder_before) == 0;
  UtStudyDisk *disk = back ? g_steal_pointer (&self->disk_before) : ut_study_disk_new (NULL);
  g_clear_pointer (&self->disk_before, ut_study_disk_unref);
  g_free (self->folder_before);
  self->folder_before = self->folder;
  self->disk_before = self->disk;
  self->folder = g_steal_pointer (&absolute);
  self->disk = disk;
}

guint64
ut_study_get_serial (const UtStudy *self)
{
  return self->serial;
}

UtStudyDisk *
ut_study_ref_disk (const UtStudy *self)
{
  return g_atomic_rc_box_acquire (self->disk);
}

JsonObject *
ut_study_get_ui (const UtStudy *self)
{
  return self->ui;
}

void
ut_study_set_ui (UtStudy *self, JsonObject *ui)
{
  if (ui)
    json_object_ref (ui);
  g_clear_pointer (&self->ui, json_object_unref);
  self->ui = ui;
}

void
ut_study_set_reviewer (UtStudy *self, const char *name)
{
  g_free (self->reviewer);
  self->reviewer = name ? ut_study_clean_text (name, UT_REVIEW_MAX_NAME) : NULL;
}

/* ---- listeners ---------------------------------------------------------------- */

guint
ut_study_connect (UtStudy *self, UtStudyChangedFunc func, gpointer user_data)
{
  Listener listener = {++self->last_id, func, user_data};
  g_array_append_val (self->listeners, listener);
  return listener.id;
}

static int
find_listener (const UtStudy *self, guint id)
{
  for (guint i = 0; i < self->listeners->len; i++)
    if (g_array_index (self->listeners, Listener, i).id == id)
      return (int)i;
  return -1;
}

void
ut_study_disconnect (UtStudy *self, guint id)
{
  int i = find_listener (self, id);
  g_return_if_fail (i >= 0);
  g_array_remove_index (self->listeners, (guint)i);
}

/* Goes by id over a copy: a listener may edit, connect and disconnect. */
static void
announce (UtStudy *self, UtStudyChange changes)
{
  g_autoptr (GArray) listeners = g_array_copy (self->listeners);
  for (guint i = 0; i < listeners->len; i++) {
    const Listener *listener = &g_array_index (listeners, Listener, i);
    if (find_listener (self, listener->id) >= 0)
      listener->func (self, changes, listener->user_data);
  }
}

/* ---- history ------------------------------------------------------------------ */

static gboolean
same_state (const UtStudyState *a, const UtStudyState *b)
{
  g_autofree char *hash_a = ut_study_state_hash (a);
  g_autofree char *hash_b = ut_study_state_hash (b);
  return ut_study_state_diff (a, b) == 0 && strcmp (hash_a, hash_b) == 0;
}

static UtStudyChange
changes_between (const UtStudyState *a, const UtStudyState *b)
{
  return ut_study_state_diff (a, b) | (a->log != b->log ? UT_STUDY_CHANGE_REVIEW : 0);
}

void
ut_study_log (const UtStudy *self, UtStudyState *next, const UtReviewAct *act)
{
  UtReviewAct signed_act = *act;
  signed_act.who = self->reviewer;
  if (act->when == 0)
    signed_act.when = g_get_real_time () / G_USEC_PER_SEC;
  next->n_log_dropped += next->log->len == UT_REVIEW_MAX_ACTS;
  next->log = ut_review_log_add (next->log, &signed_act);
}

/* What was logged since @before, on the way to the state of today. */
static GPtrArray *
acts_since (const UtStudy *self, const UtStudyState *before)
{
  GPtrArray *acts = ut_review_log_new ();
  const UtStudyState *now = self->state;
  for (guint i = before->log->len + before->n_log_dropped; i < now->log->len + now->n_log_dropped;
       i++)
    if (i >= now->n_log_dropped)
      acts = ut_review_log_add (acts, now->log->pdata[i - now->n_log_dropped]);
  return acts;
}

static void
push_step (UtStudy *self, UtStudyState *before, UtStudyEdit edit)
{
  Step step = {before, edit, acts_since (self, before)};
  g_array_append_val (self->undo, step);
  if (self->undo->len > MAX_UNDO_STEPS)
    g_array_remove_index (self->undo, 0);
  g_array_set_size (self->redo, 0);
}

void
ut_study_commit (UtStudy *self, UtStudyState *next, UtStudyEdit edit)
{
  if (same_state (self->state, next)) {
    ut_study_state_unref (next);
    return;
  }
  UtStudyState *before = self->state;
  self->state = next;
  if (self->group_depth > 0) {
    if (self->group_edit == UT_STUDY_EDIT_NONE)
      self->group_edit = edit;
    ut_study_state_unref (before);
    return;
  }
  UtStudyChange changes = changes_between (before, next);
  push_step (self, before, edit);
  announce (self, changes | UT_STUDY_CHANGE_HISTORY);
}

void
ut_study_begin_group (UtStudy *self)
{
  if (self->group_depth++ > 0)
    return;
  self->group_start = ut_study_state_ref (self->state);
  self->group_edit = UT_STUDY_EDIT_NONE;
}

void
ut_study_end_group (UtStudy *self)
{
  g_return_if_fail (self->group_depth > 0);
  if (--self->group_depth > 0)
    return;
  UtStudyState *before = g_steal_pointer (&self->group_start);
  if (same_state (before, self->state)) {
    if (before->log != self->state->log) { /* there and back: it was done all the same */
      ut_study_state_unref (before);
      announce (self, UT_STUDY_CHANGE_REVIEW | UT_STUDY_CHANGE_HISTORY);
      return;
    }
    ut_study_state_unref (self->state);
    self->state = before;
    return;
  }
  UtStudyChange changes = changes_between (before, self->state);
  push_step (self, before, self->group_edit);
  announce (self, changes | UT_STUDY_CHANGE_HISTORY);
}

/* @state with the log of today, which goes on by @acts, taken back from the last to the first or
 * done again. */
static UtStudyState *
with_log (const UtStudy *self, UtStudyState *state, const GPtrArray *acts, UtReviewTurn turn)
{
  if (state->log == self->state->log && acts->len == 0)
    return ut_study_state_ref (state);
  UtStudyState *next = ut_study_state_copy (state);
  g_ptr_array_unref (next->log);
  next->log = g_ptr_array_ref (self->state->log);
  next->n_log_dropped = self->state->n_log_dropped;
  for (guint i = 0; i < acts->len; i++) {
    guint place = turn == UT_REVIEW_UNDONE ? acts->len - 1 - i : i;
    UtReviewAct act = *(const UtReviewAct *)acts->pdata[place];
    act.turn = turn;
    act.when = 0;
    ut_study_log (self, next, &act);
  }
  return next;
}

static gboolean
move (UtStudy *self, GArray *from, GArray *to, UtReviewTurn turn)
{
  if (from->len == 0 || self->group_depth > 0)
    return FALSE;
  const Step *next = &g_array_index (from, Step, from->len - 1);
  Step back = {self->state, next->edit, g_ptr_array_ref (next->acts)};
  self->state = with_log (self, next->state, next->acts, turn);
  g_array_set_size (from, from->len - 1);
  g_array_append_val (to, back);
  announce (self, changes_between (back.state, self->state) | UT_STUDY_CHANGE_HISTORY);
  return TRUE;
}

gboolean
ut_study_undo (UtStudy *self)
{
  return move (self, self->undo, self->redo, UT_REVIEW_UNDONE);
}

gboolean
ut_study_redo (UtStudy *self)
{
  return move (self, self->redo, self->undo, UT_REVIEW_REDONE);
}

static UtStudyEdit
next_edit (const GArray *steps)
{
  return steps->len > 0 ? g_array_index (steps, Step, steps->len - 1).edit : UT_STUDY_EDIT_NONE;
}

UtStudyEdit
ut_study_undo_edit (const UtStudy *self)
{
  return next_edit (self->undo);
}

UtStudyEdit
ut_study_redo_edit (const UtStudy *self)
{
  return next_edit (self->redo);
}

void
ut_study_forget_history (UtStudy *self)
{
  g_return_if_fail (self->group_depth == 0);
  g_array_set_size (self->undo, 0);
  g_array_set_size (self->redo, 0);
  announce (self, UT_STUDY_CHANGE_HISTORY);
}

gboolean
ut_study_is_modified (const UtStudy *self)
{
  return self->state != self->saved;
}

void
ut_study_set_saved (UtStudy *self, UtStudyState *state)
{
  ut_study_state_ref (state);
  ut_study_state_unref (self->saved);
  self->saved = state;
  announce (self, UT_STUDY_CHANGE_HISTORY);
}

const char *
ut_study_edit_name (UtStudyEdit edit)
{
  static const char *const names[UT_N_STUDY_EDITS] = {
    [UT_STUDY_EDIT_NONE] = "",
    [UT_STUDY_EDIT_SET_CINE] = "Load Loop",
    [UT_STUDY_EDIT_CLEAR_VIEW] = "Clear View",
    [UT_STUDY_EDIT_SWAP_VIEWS] = "Swap Views",
    [UT_STUDY_EDIT_CALIBRATE] = "Calibrate",
    [UT_STUDY_EDIT_CLEAR_CALIBRATION] = "Clear Calibration",
    [UT_STUDY_EDIT_SET_MARK] = "Set Mark",
    [UT_STUDY_EDIT_CLEAR_MARK] = "Clear Mark",
    [UT_STUDY_EDIT_MIRROR] = "Mirror",
    [UT_STUDY_EDIT_ADJUST_PLANE] = "Adjust Plane",
    [UT_STUDY_EDIT_TRACE] = "Trace LV",
    [UT_STUDY_EDIT_CLEAR_CONTOUR] = "Delete Contour",
    [UT_STUDY_EDIT_SET_LABEL] = "Rename Study",
    [UT_STUDY_EDIT_SET_BODY] = "Set Body Size",
    [UT_STUDY_EDIT_SET_REFERENCE] = "Load Reference",
    [UT_STUDY_EDIT_CLEAR_REFERENCE] = "Clear Reference",
    [UT_STUDY_EDIT_SET_RESULTS] = "Reconstruct",
    [UT_STUDY_EDIT_REVIEW] = "Review",
    [UT_STUDY_EDIT_OFFSET] = "Move Surface",
    [UT_STUDY_EDIT_PAINT] = "Brush Stroke",
    [UT_STUDY_EDIT_DISCARD] = "Discard Edit",
  };
  g_return_val_if_fail ((guint)edit < UT_N_STUDY_EDITS, "");
  return names[edit];
}

/* ---- edits -------------------------------------------------------------------- */

static void
complete_body (UtBody *body, const UtBody *known)
{
  if (body->sex == UT_SEX_UNKNOWN)
    body->sex = known->sex;
  if (body->height_cm == 0)
    body->height_cm = known->height_cm;
  if (body->weight_kg == 0)
    body->weight_kg = known->weight_kg;
}

void
ut_study_set_cine (UtStudy *self, UtView view, UtCine *cine, const char *source)
{
  g_return_if_fail (view < UT_N_VIEWS && cine != NULL && source != NULL);
  UtStudyState *next = ut_study_state_copy (self->state);
  UtStudyView *slot = &next->views[view];
  g_autofree char *sha256 =
    cine->sha256 ? g_strdup (cine->sha256)
                 : g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                                cine->pixels,
                                                (gsize)cine->n_frames * cine->height * cine->width);
  gboolean moved = g_strcmp0 (slot->sha256, sha256) == 0 && slot->n_frames == cine->n_frames;
  UtCine *taken = ut_cine_ref (cine);
  if (moved) {
    ut_cine_unref (slot->cine);
    g_free (slot->source);
  } else {
    ut_study_view_clear (slot);
    slot->sha256 = g_steal_pointer (&sha256);
    slot->n_frames = cine->n_frames;
    const int hints[UT_N_PHASES] = {cine->ed_hint, cine->es_hint};
    for (int phase = 0; phase < UT_N_PHASES; phase++)
      slot->marks[phase] = hints[phase] < (int)cine->n_frames ? MAX (hints[phase], -1) : -1;
  }
  slot->cine = taken;
  complete_body (&next->body, &cine->body);
  slot->source = g_canonicalize_filename (source, NULL);
  slot->file_calibration = cine->calibration;
  memcpy (slot->file_spacing_mm, cine->spacing_mm, sizeof slot->file_spacing_mm);
  ut_study_commit (self, next, UT_STUDY_EDIT_SET_CINE);
}

void
ut_study_clear_view (UtStudy *self, UtView view)
{
  UtStudyState *next = ut_study_state_copy (self->state);
  ut_study_view_clear (&next->views[view]);
  ut_study_commit (self, next, UT_STUDY_EDIT_CLEAR_VIEW);
}

void
ut_study_swap_views (UtStudy *self, UtView a, UtView b)
{
  UtStudyState *next = ut_study_state_copy (self->state);
  UtStudyView held = next->views[a];
  next->views[a] = next->views[b];
  next->views[b] = held;
  ut_study_commit (self, next, UT_STUDY_EDIT_SWAP_VIEWS);
}

static gboolean
set_calibration (UtStudy *self, UtView view, const UtStudyCalibration *calibration, GError **error)
{
  if (self->state->views[view].source == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s holds no loop: load one before you calibrate it"),
                 ut_view_name (view));
    return FALSE;
  }
  for (int axis = 0; axis < 2; axis++) {
    double mm = calibration->spacing_mm[axis];
    if (ut_cine_spacing_is_sound (mm))
      continue;
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: a spacing of %g mm per pixel, want %g to %g: check the length"),
                 ut_view_name (view),
                 mm,
                 UT_CINE_MIN_SPACING_MM,
                 UT_CINE_MAX_SPACING_MM);
    return FALSE;
  }
  UtStudyState *next = ut_study_state_copy (self->state);
  next->views[view].calibration = *calibration;
  ut_study_commit (self, next, UT_STUDY_EDIT_CALIBRATE);
  return TRUE;
}

gboolean
ut_study_calibrate_ruler (UtStudy *self, UtView view, const UtStudyRuler *ruler, GError **error)
{
  const UtStudyView *slot = &self->state->views[view];
  double dx = ruler->to_px[0] - ruler->from_px[0];
  double dy = ruler->to_px[1] - ruler->from_px[1];
  if (!(hypot (dx, dy) >= MIN_RULER_PIXELS) || !isfinite (hypot (dx, dy))) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: the line is %.1f pixels long, want at least %g: draw a longer one"),
                 ut_view_name (view),
                 hypot (dx, dy),
                 MIN_RULER_PIXELS);
    return FALSE;
  }
  gboolean ratio_known = slot->file_calibration != UT_CALIBRATION_NONE;
  double row = ratio_known ? slot->file_spacing_mm[0] : 1;
  double column = ratio_known ? slot->file_spacing_mm[1] : 1;
  double scale = ruler->length_mm / hypot (dx * column, dy * row);
  UtStudyCalibration calibration = {UT_CALIBRATION_MANUAL, {row * scale, column * scale}, *ruler};
  return set_calibration (self, view, &calibration, error);
}

gboolean
ut_study_calibrate_spacing (UtStudy *self, UtView view, const double spacing_mm[2], GError **error)
{
  UtStudyCalibration calibration = {UT_CALIBRATION_COMMAND, {spacing_mm[0], spacing_mm[1]}, {{0}}};
  return set_calibration (self, view, &calibration, error);
}

void
ut_study_clear_calibration (UtStudy *self, UtView view)
{
  UtStudyState *next = ut_study_state_copy (self->state);
  next->views[view].calibration = (UtStudyCalibration){0};
  ut_study_commit (self, next, UT_STUDY_EDIT_CLEAR_CALIBRATION);
}

gboolean
ut_study_set_mark (UtStudy *self, UtView view, UtPhase phase, guint frame, GError **error)
{
  guint n_frames = self->state->views[view].n_frames;
  if (n_frames == 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s holds no loop to mark"),
                 ut_view_name (view));
    return FALSE;
  }
  if (frame >= n_frames) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: %s frame %u, but the loop has %u"),
                 ut_view_name (view),
                 ut_phase_name (phase),
                 frame + 1,
                 n_frames);
    return FALSE;
  }
  UtStudyState *next = ut_study_state_copy (self->state);
  next->views[view].marks[phase] = (int)frame;
  ut_study_commit (self, next, UT_STUDY_EDIT_SET_MARK);
  return TRUE;
}

void
ut_study_clear_mark (UtStudy *self, UtView view, UtPhase phase)
{
  UtStudyState *next = ut_study_state_copy (self->state);
  next->views[view].marks[phase] = -1;
  ut_study_commit (self, next, UT_STUDY_EDIT_CLEAR_MARK);
}

void
ut_study_set_mirrored (UtStudy *self, UtView view, gboolean mirrored)
{
  UtStudyState *next = ut_study_state_copy (self->state);
  next->views[view].mirrored = next->views[view].source != NULL && mirrored;
  ut_study_commit (self, next, UT_STUDY_EDIT_MIRROR);
}

gboolean
ut_study_adjust_plane (UtStudy *self, UtView view, const UtPlaneShift *shift, GError **error)
{
  gboolean fits = self->state->views[view].source != NULL;
  for (int i = 0; i < 3; i++)
    fits = fits && fabs (shift->mm[i]) <= UT_STUDY_MAX_SHIFT_MM && fabs (shift->deg[i]) <= 180;
  if (!fits) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: its plane can be moved by up to %g mm and 180 degrees"),
                 ut_view_name (view),
                 UT_STUDY_MAX_SHIFT_MM);
    return FALSE;
  }
  UtStudyState *next = ut_study_state_copy (self->state);
  next->views[view].plane_shift = *shift;
  ut_study_commit (self, next, UT_STUDY_EDIT_ADJUST_PLANE);
  return TRUE;
}

void
ut_study_set_label (UtStudy *self, const char *label)
{
  UtStudyState *next = ut_study_state_copy (self->state);
  g_free (next->label);
  next->label = ut_study_clean_label (label);
  ut_study_commit (self, next, UT_STUDY_EDIT_SET_LABEL);
}

gboolean
ut_study_set_body (UtStudy *self, const UtBody *body, GError **error)
{
  if (!ut_body_is_sound (body, error))
    return FALSE;
  UtStudyState *next = ut_study_state_copy (self->state);
  next->body = *body;
  ut_study_commit (self, next, UT_STUDY_EDIT_SET_BODY);
  return TRUE;
}

void
ut_study_set_reference (UtStudy *self, UtPhase phase, UtStudyReference *reference)
{
  UtStudyState *next = ut_study_state_copy (self->state);
  ut_study_reference_unref (next->references[phase]);
  next->references[phase] = reference ? ut_study_reference_ref (reference) : NULL;
  ut_study_commit (
    self, next, reference ? UT_STUDY_EDIT_SET_REFERENCE : UT_STUDY_EDIT_CLEAR_REFERENCE);
}

void
ut_study_add_results (UtStudy *self, UtStudyResult *const results[UT_N_PHASES])
{
  UtStudyState *next = ut_study_state_copy (self->state);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (results[phase] == NULL)
      continue;
    if (ut_study_has_review (self->state, phase))
      ut_study_log (self, next, &(UtReviewAct){.kind = UT_REVIEW_ACT_RECONSTRUCT, .phase = phase});
    ut_study_result_unref (next->results[phase]);
    next->results[phase] = ut_study_result_ref (results[phase]);
    g_clear_pointer (&next->edits[phase], ut_study_result_unref);
    ut_review_clear (&next->reviews[phase]);
  }
  ut_study_commit (self, next, UT_STUDY_EDIT_SET_RESULTS);
}
