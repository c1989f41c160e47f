/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/study/study-private.h"

#include <string.h>

static void
add (GArray *issues, UtStudyIssueKind kind, gboolean blocks, int view, int other, int phase)
{
  UtStudyIssue issue = {kind, blocks, view, other, phase, 0};
  if (blocks) {
    guint n_blocking = 0;
    while (n_blocking < issues->len && g_array_index (issues, UtStudyIssue, n_blocking).blocks)
      n_blocking++;
    g_array_insert_val (issues, n_blocking, issue);
  } else {
    g_array_append_val (issues, issue);
  }
}

static gboolean
differ (const char *a, const char *b)
{
  return a != NULL && b != NULL && strcmp (a, b) != 0;
}

/* Two slots whose loops hardly belong into one heart. */
static void
add_pair_issues (GArray *issues, const UtStudyState *state, UtView view, UtView other)
{
  const UtStudyView *a = &state->views[other], *b = &state->views[view];
  if (b->source && g_strcmp0 (a->sha256, b->sha256) == 0)
    add (issues, UT_STUDY_ISSUE_SAME_FILE, FALSE, (int)view, (int)other, -1);
  if (a->cine == NULL || b->cine == NULL)
    return;
  if (differ (a->cine->patient, b->cine->patient))
    add (issues, UT_STUDY_ISSUE_PATIENTS, FALSE, (int)view, (int)other, -1);
  else if (differ (a->cine->exam, b->cine->exam))
    add (issues, UT_STUDY_ISSUE_EXAMS, FALSE, (int)view, (int)other, -1);
}

static void
add_view_issues (GArray *issues, const UtStudyState *state, UtView view)
{
  const UtStudyView *slot = &state->views[view];
  gboolean marked = slot->marks[UT_PHASE_ED] >= 0 || slot->marks[UT_PHASE_ES] >= 0;
  if (slot->source == NULL)
    add (issues, UT_STUDY_ISSUE_VIEW_EMPTY, FALSE, view, -1, -1);
  else if (slot->cine == NULL)
    add (issues, UT_STUDY_ISSUE_FILE_MISSING, marked, view, -1, -1);
  else if (ut_study_view_spacing (slot, NULL) == UT_CALIBRATION_NONE)
    add (issues, UT_STUDY_ISSUE_UNCALIBRATED, marked, view, -1, -1);

  for (UtView other = 0; other < view; other++)
    add_pair_issues (issues, state, view, other);
}

static void
add_phase_issues (GArray *issues, const UtStudyState *state, UtPhase phase)
{
  guint n_marked = 0;
  for (int view = 0; view < UT_N_VIEWS; view++)
    n_marked += state->views[view].source && state->views[view].marks[phase] >= 0;
  if (n_marked == 0) {
    add (issues, UT_STUDY_ISSUE_NO_MARK, TRUE, -1, -1, phase);
    return;
  }
  for (int view = 0; view < UT_N_VIEWS; view++)
    if (state->views[view].source && state->views[view].marks[phase] < 0)
      add (issues, UT_STUDY_ISSUE_VIEW_UNMARKED, FALSE, view, -1, phase);
}

GArray *
ut_study_issues (const UtStudyState *self)
{
  GArray *issues = g_array_new (FALSE, FALSE, sizeof (UtStudyIssue));
  gboolean empty = TRUE;
  for (int view = 0; view < UT_N_VIEWS; view++)
    empty = empty && self->views[view].source == NULL;
  if (empty) {
    add (issues, UT_STUDY_ISSUE_EMPTY, TRUE, -1, -1, -1);
    return issues;
  }
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    add_view_issues (issues, self, view);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    add_phase_issues (issues, self, phase);
  ut_study_add_doubts (self, issues);
  return issues;
}

gboolean
ut_study_is_ready (const UtStudyState *self, UtPhase phase)
{
  g_autoptr (GArray) issues = ut_study_issues (self);
  for (guint i = 0; i < issues->len; i++) {
    const UtStudyIssue *issue = &g_array_index (issues, UtStudyIssue, i);
    if (issue->blocks && (issue->phase < 0 || issue->phase == (int)phase))
      return FALSE;
  }
  return TRUE;
}

gboolean
ut_study_has_heart (const UtStudyState *self)
{
  return ut_study_twin (self, UT_PHASE_ED) != NULL || ut_study_twin (self, UT_PHASE_ES) != NULL;
}

gboolean
ut_study_is_reconstructed (const UtStudyState *self)
{
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    if (ut_study_is_stale (self, phase) ||
        (ut_study_twin (self, phase) == NULL && ut_study_is_ready (self, phase)))
      return FALSE;
  return ut_study_has_heart (self);
}

char *
ut_study_issue_text (const UtStudyIssue *issue)
{
  const char *view = issue->view >= 0 ? ut_view_name ((UtView)issue->view) : "";
  const char *other = issue->other >= 0 ? ut_view_name ((UtView)issue->other) : "";
  const char *phase = issue->phase >= 0 ? ut_phase_name ((UtPhase)issue->phase) : "";
  switch (issue->kind) {
  case UT_STUDY_ISSUE_EMPTY:
    return g_strdup ("no view holds a loop: load at least one");
  case UT_STUDY_ISSUE_UNCALIBRATED:
    return g_strdup_printf ("%s has no calibration: draw a line of known length on it in the "
                            "window, give its spacing (--spacing %s:ROWxCOLUMN in mm per pixel, or "
                            "\"spacing_mm\" in its cine.json), or leave the view out",
                            view,
                            view);
  case UT_STUDY_ISSUE_FILE_MISSING:
    return g_strdup_printf (
      "%s: its loop is missing or cannot be read: load it again or leave the view out", view);
  case UT_STUDY_ISSUE_NO_MARK:
    return g_strdup_printf ("no view has an %s mark: mark the frame in at least one", phase);
  case UT_STUDY_ISSUE_VIEW_UNMARKED:
    return g_strdup_printf (
      "%s has no %s mark: it takes no part in the %s heart", view, phase, phase);
  case UT_STUDY_ISSUE_VIEW_EMPTY:
    return g_strdup_printf ("%s holds no loop: the heart is made from fewer views", view);
  case UT_STUDY_ISSUE_SAME_FILE:
    return g_strdup_printf (
      "%s and %s hold the same loop: check that each view has its own", other, view);
  case UT_STUDY_ISSUE_PATIENTS:
    return g_strdup_printf ("%s and %s are of two patients, as their files say: load loops of one "
                            "patient",
                            other,
                            view);
  case UT_STUDY_ISSUE_EXAMS:
    return g_strdup_printf (
      "%s and %s are of two examinations, as their files say: check that they belong together",
      other,
      view);
  case UT_STUDY_ISSUE_IRREGULAR:
    return g_strdup_printf ("the beats of %s differ in length by %.0f %%: its rhythm is irregular; "
                            "mark ED and ES in the same beat",
                            view,
                            issue->value);
  case UT_STUDY_ISSUE_RATES:
    return g_strdup_printf (
      "the heart rates of %s and %s differ by %.0f %%: check that they belong "
      "together",
      other,
      view,
      issue->value);
  case UT_STUDY_ISSUE_SYSTOLE:
    return g_strdup_printf ("ES of %s lies %.0f %% of a beat behind ED, where a third is usual: "
                            "check whether the marks are swapped",
                            view,
                            issue->value);
  case UT_STUDY_ISSUE_DEPTH:
    return g_strdup_printf (
      "the picture of %s is %.0f mm deep by its calibration, where 120 to 240 "
      "are usual: check the calibration",
      view,
      issue->value);
  default:
    g_return_val_if_reached (g_strdup (""));
  }
}

/* ---- what is left, as the network is to see it ----------------------------------- */

UtCine *
ut_study_marked_frame (const UtStudyView *view, UtPhase phase, GError **error)
{
  const UtCine *loop = view->cine;
  UtCine *still = ut_cine_new (1, loop->height, loop->width, error);
  if (still == NULL)
    return NULL;
  const guint8 *src = ut_cine_frame (loop, (guint)view->marks[phase]);
  gsize width = loop->width;
  memcpy (still->pixels, src, loop->height * width);
  for (gsize row = 0; view->mirrored && row < loop->height; row++)
    for (gsize x = 0; x < width; x++)
      still->pixels[row * width + x] = src[row * width + width - 1 - x];
  memcpy (still->region, loop->region, sizeof still->region);
  if (view->mirrored)
    still->region[0] = loop->width - loop->region[0] - loop->region[2];
  still->calibration =
    ut_study_view_spacing_at (view, (guint)view->marks[phase], still->spacing_mm);
  still->sha256 = g_strdup (view->sha256);
  return still;
}

UtTwinInput *
ut_study_twin_input (const UtStudyState *self,
                     UtPhase phase,
                     const UtTwinRaster *raster,
                     GError **error)
{
  g_autoptr (GArray) issues = ut_study_issues (self);
  for (guint i = 0; i < issues->len; i++) {
    const UtStudyIssue *issue = &g_array_index (issues, UtStudyIssue, i);
    if (!issue->blocks || (issue->phase >= 0 && issue->phase != (int)phase))
      continue;
    g_autofree char *text = ut_study_issue_text (issue);
    g_set_error_literal (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE, text);
    return NULL;
  }

  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func ((GDestroyNotify)ut_cine_unref);
  UtCine *stills[UT_N_VIEWS] = {NULL};
  const guint first[UT_N_VIEWS] = {0};
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    if (!ut_study_view_used (self, view, phase))
      continue;
    stills[view] = ut_study_marked_frame (&self->views[view], phase, error);
    if (stills[view] == NULL)
      return NULL;
    g_ptr_array_add (owned, stills[view]);
  }
  UtTwinInput *input = ut_twin_input_new (stills, first, raster, error);
  for (int view = 0; input && view < UT_N_VIEWS; view++)
    if (stills[view])
      input->frame[view] = (guint)self->views[view].marks[phase];
  return input;
}
