/* SPDX-License-Identifier: Apache-2.0 */
#include "app/study/proposals.h"
#include "engine/anatomy/heart-motion.h"

#include <math.h>

#define BEAT_MS 1000.0
#define SIDE    48

/* A dark disc that beats: ED at 0, 1000 and 2000 ms less @late_ms. */
static UtCine *
draw_loop (double frame_ms, double late_ms)
{
  guint n_frames = (guint)(2.3 * BEAT_MS / frame_ms);
  UtCine *cine = ut_cine_new (n_frames, SIDE, SIDE, NULL);
  for (guint i = 0; i < n_frames; i++) {
    double beat = fmod ((i * frame_ms + late_ms) / BEAT_MS, 1);
    double radius = 15 - 6 * ut_heart_motion_contraction (beat);
    for (int p = 0; p < SIDE * SIDE; p++) {
      double inside = hypot (p % SIDE - 23.5, p / SIDE - 23.5) - radius;
      cine->pixels[(gsize)i * SIDE * SIDE + (gsize)p] =
        (guint8)(40 + 80 * CLAMP (0.5 + inside / 2, 0, 1));
    }
    cine->times_ms[i] = i * frame_ms;
  }
  return cine;
}

static void
wait_for_motion (UtProposals *proposals, UtView view)
{
  while (ut_proposals_get_motion (proposals, view) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static UtDocument *
open_three (void)
{
  UtDocument *document = ut_document_new ();
  UtStudy *study = ut_study_new ();
  static const double frame_ms[UT_N_VIEWS] = {33, 21, 17}, late_ms[UT_N_VIEWS] = {0, 300, 600};
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    g_autoptr (UtCine) cine = draw_loop (frame_ms[view], late_ms[view]);
    ut_study_set_cine (study, view, cine, "/nowhere/loop");
  }
  ut_document_set_study (document, study);
  return document;
}

static int
marked (UtDocument *document, UtView view, UtPhase phase)
{
  return ut_document_get_view (document, view)->marks[phase];
}

static void
test_confirm (void)
{
  g_autoptr (UtDocument) document = open_three ();
  g_autoptr (UtProposals) proposals = ut_proposals_new (document);
  UtStudy *study = ut_document_get_study (document);
  UtStudyEdit before = ut_study_undo_edit (study);
  g_autofree char *hash = ut_study_state_hash (ut_study_get_state (study));
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    wait_for_motion (proposals, view);

  /* in sight, but no part of the study */
  g_assert_true (ut_proposals_any (proposals));
  int frames[UT_N_VIEWS][UT_N_PHASES];
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
      frames[view][phase] = ut_proposals_get_frame (proposals, view, phase);
      g_assert_cmpint (frames[view][phase], >=, 0);
      g_assert_cmpint (marked (document, view, phase), ==, -1);
      g_assert_false (ut_study_view_used (ut_study_get_state (study), view, phase));
    }
  g_assert_cmpint (ut_study_undo_edit (study), ==, before);
  g_autofree char *same = ut_study_state_hash (ut_study_get_state (study));
  g_assert_cmpstr (hash, ==, same);

  ut_proposals_confirm (proposals);
  g_assert_false (ut_proposals_any (proposals));
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
      g_assert_cmpint (marked (document, view, phase), ==, frames[view][phase]);

  g_assert_true (ut_study_undo (study)); /* all of them are one step */
  g_autofree char *undone = ut_study_state_hash (ut_study_get_state (study));
  g_assert_cmpstr (hash, ==, undone);
  g_assert_true (ut_proposals_any (proposals));
}

/* Marking one view offers the frames at the same part of the beat in the other two. */
static void
test_offer (void)
{
  g_autoptr (UtDocument) document = open_three ();
  g_autoptr (UtProposals) proposals = ut_proposals_new (document);
  UtStudy *study = ut_document_get_study (document);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    wait_for_motion (proposals, view);
  int es[UT_N_VIEWS];
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    es[view] = ut_proposals_get_frame (proposals, view, UT_PHASE_ES);

  guint late = (guint)es[UT_VIEW_A4C] + 3; /* 100 ms, a tenth of the beat */
  g_assert_true (ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ES, late, NULL));
  ut_proposals_marked (proposals, UT_VIEW_A4C, UT_PHASE_ES, late);
  g_assert_cmpint (ut_proposals_get_frame (proposals, UT_VIEW_A4C, UT_PHASE_ES), ==, -1);
  g_assert_cmpint (
    ABS (ut_proposals_get_frame (proposals, UT_VIEW_A2C, UT_PHASE_ES) - es[UT_VIEW_A2C] - 5),
    <=,
    1);
  g_assert_cmpint (
    ABS (ut_proposals_get_frame (proposals, UT_VIEW_PSAX, UT_PHASE_ES) - es[UT_VIEW_PSAX] - 6),
    <=,
    1);
  g_assert_cmpint (marked (document, UT_VIEW_A2C, UT_PHASE_ES), ==, -1);

  /* what came with a mark goes with it */
  ut_study_undo (study);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    g_assert_cmpint (ut_proposals_get_frame (proposals, view, UT_PHASE_ES), ==, es[view]);
  g_assert_true (ut_study_set_mark (study, UT_VIEW_A4C, UT_PHASE_ES, late, NULL));
  ut_proposals_marked (proposals, UT_VIEW_A4C, UT_PHASE_ES, late);

  /* a view that a person has marked is left alone */
  g_assert_true (ut_study_set_mark (study, UT_VIEW_A2C, UT_PHASE_ES, 20, NULL));
  ut_proposals_marked (proposals, UT_VIEW_A2C, UT_PHASE_ES, 20);
  g_assert_cmpint (ut_proposals_get_frame (proposals, UT_VIEW_A4C, UT_PHASE_ES), ==, -1);
}

static void
test_beats (void)
{
  g_autoptr (UtDocument) document = open_three ();
  g_autoptr (UtProposals) proposals = ut_proposals_new (document);
  wait_for_motion (proposals, UT_VIEW_A4C);
  int first = ut_proposals_get_frame (proposals, UT_VIEW_A4C, UT_PHASE_ES);
  int step = ut_proposals_get_beat (proposals, UT_VIEW_A4C) == 0 ? 1 : -1;
  g_assert_true (ut_proposals_step_beat (proposals, UT_VIEW_A4C, step));
  int second = ut_proposals_get_frame (proposals, UT_VIEW_A4C, UT_PHASE_ES);
  g_assert_cmpint (ABS (step * (second - first) - 30), <=, 1); /* frames of 33 ms */
  g_assert_false (ut_proposals_step_beat (proposals, UT_VIEW_A4C, 5));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/proposals/confirm", test_confirm);
  g_test_add_func ("/proposals/offer", test_offer);
  g_test_add_func ("/proposals/beats", test_beats);
  return g_test_run ();
}
