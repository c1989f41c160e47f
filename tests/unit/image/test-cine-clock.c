/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/cine-clock.h"

#include <math.h>

/* A loop with R waves, the first at @first_ms. */
static UtCine *
make_loop (double frame_rate, double heart_rate, guint n_beats, double first_ms)
{
  double beat_ms = 60000 / heart_rate;
  UtCine *cine =
    ut_cine_new ((guint)((first_ms + n_beats * beat_ms) * frame_rate / 1000) + 3, 8, 8, NULL);
  for (guint i = 0; i < cine->n_frames; i++)
    cine->times_ms[i] = i * 1000 / frame_rate;
  cine->r_waves_ms = g_new (double, n_beats + 1);
  for (guint i = 0; i <= n_beats; i++)
    cine->r_waves_ms[cine->n_r_waves++] = first_ms + i * beat_ms;
  return cine;
}

/* Three loops that differ in everything never show parts of the beat that lie further apart than
 * one frame of the slowest. */
static void
test_in_step (void)
{
  static const double frame_rates[] = {30, 47, 60}, heart_rates[] = {58, 71, 83};
  static const double first_ms[] = {0, 140, 35};
  static const guint n_beats[] = {2, 3, 5};
  UtCine *cines[3];
  UtCineClock *clocks[3];
  double beat_ms = 0;
  for (int i = 0; i < 3; i++) {
    cines[i] = make_loop (frame_rates[i], heart_rates[i], n_beats[i], first_ms[i]);
    clocks[i] = ut_cine_clock_new (cines[i], NULL, -1);
    g_assert_cmpuint (clocks[i]->n_beats, ==, n_beats[i]);
    beat_ms = MAX (beat_ms, ut_cine_clock_beat_ms (clocks[i]));
  }
  g_assert_cmpfloat_with_epsilon (beat_ms, 60000.0 / 58, 1e-6);

  double one_frame = 1000.0 / 30 / beat_ms; /* of the slowest loop, in beats */
  guint n_shown[3] = {0};
  int last[3] = {-1, -1, -1};
  for (double ms = 0; ms < 20 * beat_ms; ms += 1000.0 / 240) {
    for (int i = 0; i < 3; i++) {
      double time_ms = ut_cine_clock_time_ms (clocks[i], ms / beat_ms, -1);
      guint frame = ut_cine_frame_at (cines[i], time_ms);
      double begin_ms = clocks[i]->begin_ms[ut_cine_clock_beat_at (clocks[i], time_ms)];
      double length_ms = 60000 / heart_rates[i];
      double part = (cines[i]->times_ms[frame] - begin_ms) / length_ms; /* of the frame shown */
      double wanted = ms / beat_ms - floor (ms / beat_ms);
      g_assert_cmpfloat (fabs (part - wanted), <=, one_frame);
      n_shown[i] += last[i] != (int)frame;
      last[i] = (int)frame;
    }
  }
  for (int i = 0; i < 3; i++) { /* and all of them move on, frame by frame */
    g_assert_cmpfloat (n_shown[i], >, 20 * 60 / heart_rates[i] * frame_rates[i] * 0.95);
    ut_cine_clock_free (clocks[i]);
    ut_cine_unref (cines[i]);
  }
}

static void
test_there_and_back (void)
{
  g_autoptr (UtCine) cine = make_loop (50, 60, 3, 200);
  g_autoptr (UtCineClock) clock = ut_cine_clock_new (cine, NULL, -1);
  g_assert_cmpfloat_with_epsilon (ut_cine_clock_beats (clock, 1450), 1.25, 1e-9);
  g_assert_cmpfloat_with_epsilon (ut_cine_clock_time_ms (clock, 1.25, -1), 1450, 1e-9);
  g_assert_cmpfloat_with_epsilon (ut_cine_clock_time_ms (clock, 7.25, -1), 1450, 1e-9);
  g_assert_cmpfloat_with_epsilon (ut_cine_clock_time_ms (clock, 7.25, 0), 450, 1e-9);
  g_assert_cmpfloat_with_epsilon (ut_cine_clock_beats (clock, 0), 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (ut_cine_clock_beats (clock, 99999), 3, 1e-9);
}

/* What a clock goes by where there are no R waves. */
static void
test_other_beats (void)
{
  g_autoptr (UtCine) cine = make_loop (50, 60, 3, 0);
  cine->n_r_waves = 0;
  UtCineBeat beats[] = {{.begin_ms = 0, .end_ms = 480},
                        {.begin_ms = 480, .end_ms = 1480, .whole = TRUE},
                        {.begin_ms = 1480, .end_ms = 2500, .whole = TRUE}};
  UtCineMotion motion = {.n_frames = cine->n_frames, .beats = beats, .n_beats = 3};
  g_autoptr (UtCineClock) by_motion = ut_cine_clock_new (cine, &motion, -1);
  g_assert_cmpuint (by_motion->n_beats, ==, 2);
  g_assert_cmpfloat (by_motion->begin_ms[0], ==, 480);

  g_autoptr (UtCineClock) by_mark = ut_cine_clock_new (cine, &motion, 75); /* 1500 ms */
  g_assert_cmpfloat (by_mark->begin_ms[1], ==, 1500);
  g_assert_cmpfloat (by_mark->begin_ms[0], ==, 500);

  g_autoptr (UtCineClock) whole = ut_cine_clock_new (cine, NULL, 3);
  g_assert_cmpuint (whole->n_beats, ==, 1);
  g_assert_cmpfloat (ut_cine_clock_beat_ms (whole), ==, ut_cine_duration_ms (cine));

  cine->heart_rate_bpm = 75;
  g_autoptr (UtCineClock) by_rate = ut_cine_clock_new (cine, NULL, 3);
  g_assert_cmpfloat (by_rate->begin_ms[0], ==, 60);
  g_assert_cmpfloat (ut_cine_clock_beat_ms (by_rate), ==, 800);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/cine-clock/in-step", test_in_step);
  g_test_add_func ("/cine-clock/there-and-back", test_there_and_back);
  g_test_add_func ("/cine-clock/other-beats", test_other_beats);
  return g_test_run ();
}
