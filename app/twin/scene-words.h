/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/look.h"
#include "app/twin/results.h"
#include "render/camera.h"

/** UtSceneWords: what a picture of a heart shows. */
typedef struct UtSceneWords {
  const UtPhaseSurfaces *surfaces; /* NULL = nothing to see */
  const UtLookState *look;
  UtPhase phase;
  gboolean reference_alone;
  UtSurfaceMap map; /* that is on the surfaces */
  const UtCamera *camera;
  const float (*axes)[3]; /* UtScene.axes */
} UtSceneWords;

/**
 * ut_scene_words:
 *
 * Returns: (transfer full): phase, stage, structures, map with its range, and from where it is
 * seen, in words: for screen readers and as the caption of a figure
 */
char *ut_scene_words (const UtSceneWords *self);
