/* SPDX-License-Identifier: Apache-2.0 */
#include "app/study/player.h"

struct _UtPlayer {
  GObject parent_instance;
  gboolean playing;
  gboolean one_beat;
  double beat_ms[UT_N_VIEWS];
  gint64 last_us; /* of the frame clock; 0 until the first frame after starting */
  double beats;   /* then */
};

enum { PROP_PLAYING = 1, PROP_ONE_BEAT, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (UtPlayer, ut_player, G_TYPE_OBJECT)

void
ut_player_set_playing (UtPlayer *self, gboolean playing)
{
  g_return_if_fail (UT_IS_PLAYER (self));
  if (self->playing == playing)
    return;
  self->playing = playing;
  self->last_us = 0;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PLAYING]);
}

gboolean
ut_player_get_playing (UtPlayer *self)
{
  g_return_val_if_fail (UT_IS_PLAYER (self), FALSE);
  return self->playing;
}

void
ut_player_set_one_beat (UtPlayer *self, gboolean one_beat)
{
  g_return_if_fail (UT_IS_PLAYER (self));
  if (self->one_beat == one_beat)
    return;
  self->one_beat = one_beat;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ONE_BEAT]);
}

gboolean
ut_player_get_one_beat (UtPlayer *self)
{
  g_return_val_if_fail (UT_IS_PLAYER (self), FALSE);
  return self->one_beat;
}

void
ut_player_set_start (UtPlayer *self, double beats)
{
  g_return_if_fail (UT_IS_PLAYER (self));
  self->beats = beats;
  self->last_us = 0;
}

void
ut_player_set_beat_ms (UtPlayer *self, UtView view, double beat_ms)
{
  g_return_if_fail (UT_IS_PLAYER (self) && view < UT_N_VIEWS);
  self->beat_ms[view] = beat_ms;
}

/* Counts on from the last frame, so that a loop that comes in later changes the pace, not the
 * place. */
double
ut_player_get_beats (UtPlayer *self, gint64 frame_time_us)
{
  g_return_val_if_fail (UT_IS_PLAYER (self), 0);
  double beat_ms = 0;
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    beat_ms = MAX (beat_ms, self->beat_ms[view]);
  if (self->last_us != 0 && beat_ms > 0)
    self->beats += (double)(frame_time_us - self->last_us) / 1000 / beat_ms;
  self->last_us = frame_time_us;
  return self->beats;
}

static void
ut_player_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PLAYING)
    g_value_set_boolean (value, UT_PLAYER (object)->playing);
  else if (id == PROP_ONE_BEAT)
    g_value_set_boolean (value, UT_PLAYER (object)->one_beat);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ut_player_class_init (UtPlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = ut_player_get_property;
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  props[PROP_PLAYING] = g_param_spec_boolean ("playing", NULL, NULL, FALSE, flags);
  props[PROP_ONE_BEAT] = g_param_spec_boolean ("one-beat", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
ut_player_init (UtPlayer *self)
{
}

UtPlayer *
ut_player_new (void)
{
  return g_object_new (UT_TYPE_PLAYER, NULL);
}
