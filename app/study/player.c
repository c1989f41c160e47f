/* SPDX-License-Identifier: Apache-2.0 */
#include "app/study/player.h"

struct _UtPlayer {
  GObject parent_instance;
  gboolean playing;
  gint64 start_us; /* 0 until the first frame after starting */
};

enum { PROP_PLAYING = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (UtPlayer, ut_player, G_TYPE_OBJECT)

void
ut_player_set_playing (UtPlayer *self, gboolean playing)
{
  g_return_if_fail (UT_IS_PLAYER (self));
  if (self->playing == playing)
    return;
  self->playing = playing;
  self->start_us = 0;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PLAYING]);
}

gboolean
ut_player_get_playing (UtPlayer *self)
{
  g_return_val_if_fail (UT_IS_PLAYER (self), FALSE);
  return self->playing;
}

double
ut_player_elapsed_ms (UtPlayer *self, gint64 frame_time_us)
{
  g_return_val_if_fail (UT_IS_PLAYER (self), 0);
  if (self->start_us == 0)
    self->start_us = frame_time_us;
  return (double)(frame_time_us - self->start_us) / 1000.0;
}

static void
ut_player_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_PLAYING)
    g_value_set_boolean (value, UT_PLAYER (object)->playing);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ut_player_class_init (UtPlayerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = ut_player_get_property;
  props[PROP_PLAYING] =
    g_param_spec_boolean ("playing",
                          NULL,
                          NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
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
