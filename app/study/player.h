/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define UT_TYPE_PLAYER (ut_player_get_type ())
G_DECLARE_FINAL_TYPE (UtPlayer, ut_player, UT, PLAYER, GObject)

/**
 * UtPlayer:
 *
 * The clock that all loops share. Frames are chosen from the time that has really
 * gone by, so a slow machine drops frames and keeps the rate.
 * Property `playing` is notified.
 */
UtPlayer *ut_player_new (void);

void ut_player_set_playing (UtPlayer *self, gboolean playing);
gboolean ut_player_get_playing (UtPlayer *self);

/** ut_player_elapsed_ms: since playing began; @frame_time_us is that of the widget's frame clock */
double ut_player_elapsed_ms (UtPlayer *self, gint64 frame_time_us);

G_END_DECLS
