/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/view.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define UT_TYPE_PLAYER (ut_player_get_type ())
G_DECLARE_FINAL_TYPE (UtPlayer, ut_player, UT, PLAYER, GObject)

/**
 * UtPlayer:
 *
 * The clock that all loops share, in beats (see UtCineClock), so that they show the same part of
 * the R-R interval. It goes at the pace of the slowest heart; the others are slowed down to it.
 * Frames are chosen from the time that has really gone by, so a slow machine drops frames and
 * keeps the rate. Properties `playing` and `one-beat` are notified.
 */
UtPlayer *ut_player_new (void);

void ut_player_set_playing (UtPlayer *self, gboolean playing);
gboolean ut_player_get_playing (UtPlayer *self);

/** ut_player_set_one_beat: TRUE: every loop repeats the beat that is chosen in it */
void ut_player_set_one_beat (UtPlayer *self, gboolean one_beat);
gboolean ut_player_get_one_beat (UtPlayer *self);

/** ut_player_set_start: where playing is to begin, in beats */
void ut_player_set_start (UtPlayer *self, double beats);

/** ut_player_set_beat_ms: mean length of the beats of a view's loop; 0 = it has no loop */
void ut_player_set_beat_ms (UtPlayer *self, UtView view, double beat_ms);

/** ut_player_get_beats: where playing is; @frame_time_us is that of the widget's frame clock */
double ut_player_get_beats (UtPlayer *self, gint64 frame_time_us);

G_END_DECLS
