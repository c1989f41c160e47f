/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/echo-plane.h"
#include "render/scene.h"

G_BEGIN_DECLS

/**
 * UtEchoFrames:
 *
 * The marked frames of one phase and where each is taken to lie in its twin. Kept while neither
 * the state nor the heart changes. All zero: nothing yet.
 */
typedef struct UtEchoFrames {
  UtStudyState *state; /* that they are of */
  UtVolume *labels;
  UtPhase phase;
  gboolean there[UT_N_VIEWS]; /* the view has a plane */
  UtEchoPlane planes[UT_N_VIEWS];
  GdkPixbuf *pictures[UT_N_VIEWS]; /* RGBA, clear outside the sector */
} UtEchoFrames;

/** ut_echo_frames_update: @labels: (nullable): of the stage that is shown; NULL: no frames */
void
ut_echo_frames_update (UtEchoFrames *self, UtStudyState *state, UtPhase phase, UtVolume *labels);

void ut_echo_frames_clear (UtEchoFrames *self);

/** ut_echo_frames_stand: stands the frames into @scene, or takes them away */
void ut_echo_frames_stand (const UtEchoFrames *self, gboolean shown, UtScene *scene);

G_END_DECLS
