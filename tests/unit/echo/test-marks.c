/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/phantom.h"
#include "engine/echo/probe.h"
#include "engine/echo/simulator.h"
#include "engine/image/cine-motion.h"

#include <math.h>
#include <string.h>

#define SIDE 160 /* pixels */

/* Frames between a proposal and the nearest true one, which is @phase of any beat. */
static int
miss (const UtCine *cine, int frame, double phase)
{
  double beat_ms = 60000 / cine->heart_rate_bpm;
  double beat = round (cine->times_ms[frame] / beat_ms - phase);
  return abs (frame - (int)lround ((beat + phase) * beat_ms / cine->times_ms[1]));
}

static void
film (guint64 seed, UtCine *ret_cines[UT_N_VIEWS])
{
  UtRandom random;
  UtLandmarks landmarks;
  g_autoptr (GError) error = NULL;
  ut_random_init (&random, seed, 0);
  g_autoptr (UtPhantom) phantom = ut_phantom_new_random (&random);
  g_autoptr (UtVolume) labels = ut_phantom_labels (phantom, 2, &error);
  g_assert_no_error (error);
  g_assert_true (ut_landmarks_find (labels, &landmarks, &error));
  UtHeartMotionParams params = ut_heart_motion_params (0.5);
  g_autoptr (UtHeartMotion) motion = ut_heart_motion_new (labels, &landmarks, &params, &error);
  g_assert_no_error (error);

  static const double frame_rates[UT_N_VIEWS] = {30, 47, 60};
  UtEchoFilm films[UT_N_VIEWS];
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    UtProbe probe;
    ut_scanner_draw (&films[view].scanner, view, &random);
    ut_probe_draw (&probe, view, &random);
    films[view].params = (UtEchoLoopParams){.view = view,
                                            .n_beats = 2,
                                            .heart_rate_bpm = 60 + 10 * view,
                                            .frame_rate = frame_rates[view],
                                            .seed = seed,
                                            .width = SIDE,
                                            .height = SIDE};
    g_assert_true (ut_probe_place (
      &probe, view, labels, &landmarks, &films[view].scanner, &films[view].plane, &error));
  }
  ut_echo_film (motion, films, UT_N_VIEWS, seed, ret_cines, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* What tests/bench/marks measures on many hearts, on one. */
static void
test_simulated (void)
{
  const double phases[UT_N_PHASES] = {0, ut_heart_motion_es_phase ()};
  UtCine *cines[UT_N_VIEWS];
  film (1, cines);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    g_autoptr (UtCine) cine = cines[view];
    cine->n_r_waves = 0; /* by the pictures alone */
    g_autoptr (UtCineMotion) motion = ut_cine_motion_new (cine, view, NULL, NULL);
    g_assert_cmpuint (motion->n_beats, ==, 2);
    g_assert_false (motion->from_r_waves);
    g_assert_cmpint (motion->proposed, >=, 0);
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
      int frame = motion->beats[motion->proposed].frames[phase];
      g_assert_cmpint (frame, >=, 0);
      g_assert_cmpint (miss (cine, frame, phases[phase]), <=, 1);
    }
  }
}

/* A dark disc in grey noise that beats as the heart does: @phase at the first frame, @beats. */
static UtCine *
draw_loop (guint n_frames, double frame_ms, double beat_ms, double phase)
{
  UtRandom random;
  ut_random_init (&random, 7, 0);
  UtCine *cine = ut_cine_new (n_frames, 64, 64, NULL);
  for (guint i = 0; i < n_frames; i++) {
    double beat = fmod (phase + i * frame_ms / beat_ms + 1e-9, 1);
    double radius = 20 - 8 * ut_heart_motion_contraction (beat);
    for (int p = 0; p < 64 * 64; p++) {
      double inside = hypot (p % 64 - 31.5, p / 64 - 31.5) - radius;
      double grey = 40 + 80 * CLAMP (0.5 + inside / 2, 0, 1) + ut_random_normal (&random, 0, 12);
      cine->pixels[(gsize)i * 64 * 64 + (gsize)p] = (guint8)CLAMP (grey, 0, 255);
    }
    cine->times_ms[i] = i * frame_ms;
  }
  cine->heart_rate_bpm = 60000 / beat_ms;
  return cine;
}

static void
test_beats (void)
{
  g_autoptr (UtCine) cine = draw_loop (125, 25, 1000, 0); /* 3 beats, and the next one's systole */
  g_autoptr (UtCineMotion) motion = ut_cine_motion_new (cine, UT_VIEW_PSAX, NULL, NULL);
  double es = ut_heart_motion_es_phase ();
  g_assert_cmpuint (motion->n_beats, ==, 3);
  g_assert_cmpuint (motion->beats[0].first, ==, 0);
  g_assert_cmpuint (motion->beats[2].last, ==, 124);
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint (miss (cine, motion->beats[i].frames[UT_PHASE_ED], 0), <=, 1);
    g_assert_cmpint (miss (cine, motion->beats[i].frames[UT_PHASE_ES], es), <=, 1);
    g_assert_cmpfloat_with_epsilon (motion->beats[i].begin_ms, 1000.0 * i, 30);
    g_assert_cmpint (ut_cine_motion_beat_at (motion, 40 * i + 20), ==, (int)i);
    if (i > 0)
      g_assert_cmpuint (motion->beats[i].first, ==, motion->beats[i - 1].last + 1);
  }
  g_assert_cmpfloat (motion->emptying[0], <, 0.1f);
  g_assert_cmpfloat (motion->emptying[15], >, 0.9f);
}

static void
test_r_waves (void)
{
  g_autoptr (UtCine) cine = draw_loop (110, 25, 1000, 0.6); /* ED at 400, 1400, 2400 ms */
  cine->r_waves_ms = g_new (double, 3);
  cine->n_r_waves = 3;
  for (guint i = 0; i < 3; i++)
    cine->r_waves_ms[i] = 410 + 1000.0 * i;
  g_autoptr (UtCineMotion) motion = ut_cine_motion_new (cine, UT_VIEW_PSAX, NULL, NULL);
  g_assert_true (motion->from_r_waves);
  g_assert_cmpint (motion->proposed, ==, 0);
  g_assert_cmpint (motion->beats[0].frames[UT_PHASE_ED], ==, 16);
  g_assert_cmpint (ABS (motion->beats[0].frames[UT_PHASE_ES] - 31), <=, 1);
  g_assert_cmpfloat (motion->beats[0].end_ms, ==, 1410);
}

/* Half a beat, as some data sets keep it: both marks at the ends. */
static void
test_half_a_beat (void)
{
  g_autoptr (UtCine) cine = draw_loop (20, 20, 1000, 0);
  g_autoptr (UtCineMotion) motion = ut_cine_motion_new (cine, UT_VIEW_PSAX, NULL, NULL);
  g_assert_cmpuint (motion->n_beats, ==, 1);
  g_assert_cmpint (motion->beats[0].frames[UT_PHASE_ED], <=, 1);
  g_assert_cmpint (motion->beats[0].frames[UT_PHASE_ES], >=, 17);
}

static void
assert_no_beat (const UtCine *cine)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCineMotion) motion = ut_cine_motion_new (cine, UT_VIEW_A4C, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (motion->n_frames, ==, cine->n_frames);
  g_assert_cmpuint (motion->n_beats, ==, 0);
  g_assert_cmpint (motion->proposed, ==, -1);
  g_assert_cmpint (ut_cine_motion_beat_at (motion, 0), ==, -1);
}

static void
test_no_beat (void)
{
  g_autoptr (UtCine) still = ut_cine_new (1, 64, 64, NULL);
  g_autoptr (UtCine) pair = draw_loop (2, 370, 1000, 0);
  g_autoptr (UtCine) black = ut_cine_new (60, 64, 64, NULL);
  g_autoptr (UtCine) noise = draw_loop (60, 1000, 1000, 0); /* one moment again and again */
  assert_no_beat (still);
  assert_no_beat (pair);
  assert_no_beat (black);
  assert_no_beat (noise);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_autoptr (UtCine) cine = draw_loop (40, 25, 1000, 0);
  g_autoptr (GError) error = NULL;
  g_cancellable_cancel (cancel);
  g_assert_null (ut_cine_motion_new (cine, UT_VIEW_PSAX, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/marks/beats", test_beats);
  g_test_add_func ("/marks/r-waves", test_r_waves);
  g_test_add_func ("/marks/half-a-beat", test_half_a_beat);
  g_test_add_func ("/marks/no-beat", test_no_beat);
  g_test_add_func ("/marks/cancelled", test_cancelled);
  g_test_add_func ("/marks/simulated", test_simulated);
  return g_test_run ();
}
