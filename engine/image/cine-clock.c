/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/cine-clock.h"

#include <math.h>

#define MIN_BEAT_MS 200.0 /* R waves that stand closer are none */

static void
add_beat (UtCineClock *self, double begin_ms, double end_ms)
{
  if (!(end_ms - begin_ms >= MIN_BEAT_MS))
    return;
  self->begin_ms[self->n_beats] = begin_ms;
  self->end_ms[self->n_beats++] = end_ms;
}

static void
add_r_waves (UtCineClock *self, const UtCine *cine)
{
  double duration_ms = ut_cine_duration_ms (cine);
  for (guint i = 0; i + 1 < cine->n_r_waves; i++)
    if (cine->r_waves_ms[i] >= 0 && cine->r_waves_ms[i + 1] <= duration_ms)
      add_beat (self, cine->r_waves_ms[i], cine->r_waves_ms[i + 1]);
}

/* From the nearest beginning of a beat to the mark; 0 where there is none. */
static double
shift_to_mark (const UtCine *cine, const UtCineMotion *motion, int ed_frame)
{
  double shift_ms = 0, nearest_ms = INFINITY;
  for (guint i = 0; ed_frame >= 0 && i < motion->n_beats; i++) {
    double ms = cine->times_ms[ed_frame] - motion->beats[i].begin_ms;
    if (motion->beats[i].whole && fabs (ms) < nearest_ms) {
      shift_ms = ms;
      nearest_ms = fabs (ms);
    }
  }
  return shift_ms;
}

static void
add_motion (UtCineClock *self, const UtCine *cine, const UtCineMotion *motion, int ed_frame)
{
  double shift_ms = shift_to_mark (cine, motion, ed_frame);
  for (guint i = 0; i < motion->n_beats; i++)
    if (motion->beats[i].whole)
      add_beat (self, motion->beats[i].begin_ms + shift_ms, motion->beats[i].end_ms + shift_ms);
}

UtCineClock *
ut_cine_clock_new (const UtCine *cine, const UtCineMotion *motion, int ed_frame)
{
  g_return_val_if_fail (cine != NULL && ed_frame < (int)cine->n_frames, NULL);
  guint most = 1 + cine->n_r_waves + (motion != NULL ? motion->n_beats : 0);
  UtCineClock *self = g_new0 (UtCineClock, 1);
  self->begin_ms = g_new0 (double, most);
  self->end_ms = g_new0 (double, most);
  add_r_waves (self, cine);
  if (self->n_beats == 0 && motion != NULL)
    add_motion (self, cine, motion, ed_frame);
  if (self->n_beats == 0 && cine->heart_rate_bpm > 0) {
    double begin_ms = ed_frame >= 0 ? cine->times_ms[ed_frame] : 0;
    add_beat (self, begin_ms, begin_ms + 60000 / cine->heart_rate_bpm);
  }
  if (self->n_beats == 0) {
    self->end_ms[0] = ut_cine_duration_ms (cine);
    self->n_beats = 1;
  }
  return self;
}

void
ut_cine_clock_free (UtCineClock *self)
{
  if (self == NULL)
    return;
  g_free (self->begin_ms);
  g_free (self->end_ms);
  g_free (self);
}

double
ut_cine_clock_beat_ms (const UtCineClock *self)
{
  double sum_ms = 0;
  for (guint i = 0; i < self->n_beats; i++)
    sum_ms += self->end_ms[i] - self->begin_ms[i];
  return sum_ms / self->n_beats;
}

guint
ut_cine_clock_beat_at (const UtCineClock *self, double time_ms)
{
  guint beat = 0;
  while (beat + 1 < self->n_beats && self->begin_ms[beat + 1] <= time_ms)
    beat++;
  return beat;
}

double
ut_cine_clock_beats (const UtCineClock *self, double time_ms)
{
  guint beat = ut_cine_clock_beat_at (self, time_ms);
  double length_ms = self->end_ms[beat] - self->begin_ms[beat];
  return beat + CLAMP ((time_ms - self->begin_ms[beat]) / length_ms, 0, 1);
}

double
ut_cine_clock_time_ms (const UtCineClock *self, double beats, int only)
{
  double whole = floor (beats);
  guint beat =
    only >= 0 ? MIN ((guint)only, self->n_beats - 1) : (guint)fmod (whole, self->n_beats);
  return self->begin_ms[beat] + (beats - whole) * (self->end_ms[beat] - self->begin_ms[beat]);
}
