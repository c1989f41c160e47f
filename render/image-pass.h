/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"
#include "render/scene.h"

/**
 * UtImagePass:
 *
 * Draws the pictures that stand in a scene. They are opaque and hide what is behind them, so that
 * they may cross each other and the surfaces; their clear parts are left out, sample by sample.
 */
typedef struct UtImagePass UtImagePass;

/* All of these want the renderer's context current. */
UtImagePass *ut_image_pass_new (GError **error);
void ut_image_pass_free (UtImagePass *self);

/** ut_image_pass_draw: uploads what is new and draws */
void
ut_image_pass_draw (UtImagePass *self, const UtScene *scene, const UtCamera *camera, float aspect);
