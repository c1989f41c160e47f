/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "engine/surface/mesh.h"

G_BEGIN_DECLS

#define UT_TYPE_BEAT (ut_beat_get_type ())
G_DECLARE_FINAL_TYPE (UtBeat, ut_beat, UT, BEAT, GObject)

/**
 * UtBeat:
 *
 * The heart on its way from ED to ES and back, over and over: surfaces interpolated between the
 * two (engine/study/twin-morph.h), made in the background before the first beat. Stops when the
 * results of the document change. All hearts that beat do so in step.
 * Signal `changed`: another moment, or it began or ended.
 */
UtBeat *ut_beat_new (UtDocument *document);

/** ut_beat_can_play: both phases have a twin */
gboolean ut_beat_can_play (UtBeat *self);

/** ut_beat_set_playing: nothing where it cannot play */
void ut_beat_set_playing (UtBeat *self, gboolean playing);

/** ut_beat_get_playing: TRUE from the first picture on */
gboolean ut_beat_get_playing (UtBeat *self);

/** ut_beat_get_mesh: (transfer none): of the present moment; only while playing */
UtMesh *ut_beat_get_mesh (UtBeat *self, UtStructure structure);

G_END_DECLS
