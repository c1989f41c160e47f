/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine-motion.h"

G_BEGIN_DECLS

/**
 * UtCineClock:
 *
 * The beats of a loop, for playing several loops in step: all show the same part of the R-R
 * interval, whatever their heart rates, frame rates and numbers of beats. Time is counted in
 * beats: 2.25 is a quarter into the third. Only whole beats are played.
 */
typedef struct UtCineClock {
  guint n_beats;             /* at least 1 */
  double *begin_ms, *end_ms; /* [n_beats], in the loop's time, end_ms > begin_ms */
} UtCineClock;

/**
 * ut_cine_clock_new:
 * @motion: (nullable): of @cine
 * @ed_frame: that a person has marked, -1 = none
 *
 * Beats go from R wave to R wave where the file has them; else from ED to ED as the motion shows
 * them, all moved so that one begins at @ed_frame; else there is one of the file's heart rate,
 * from @ed_frame on; else the loop is one.
 *
 * Returns: (transfer full): the clock
 */
UtCineClock *ut_cine_clock_new (const UtCine *cine, const UtCineMotion *motion, int ed_frame);

void ut_cine_clock_free (UtCineClock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtCineClock, ut_cine_clock_free)

/** ut_cine_clock_beat_ms: mean length of the beats */
double ut_cine_clock_beat_ms (const UtCineClock *self);

/** ut_cine_clock_beat_at: the beat that holds @time_ms, or the nearest one before it, or the first
 */
guint ut_cine_clock_beat_at (const UtCineClock *self, double time_ms);

/** ut_cine_clock_beats: beats from the beginning to @time_ms; clamps to its beat */
double ut_cine_clock_beats (const UtCineClock *self, double time_ms);

/**
 * ut_cine_clock_time_ms:
 * @beats: >= 0; past the last beat the first one follows
 * @only: a beat to stay in, -1 = all take turns
 *
 * Returns: the time in the loop that belongs to @beats
 */
double ut_cine_clock_time_ms (const UtCineClock *self, double beats, int only);

G_END_DECLS
