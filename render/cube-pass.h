/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"

/**
 * UtCubePass:
 *
 * The orientation cube: each face carries the letter of the patient's side that it looks to
 * (L left, R right, P posterior, A anterior, H head, F feet; DICOM PS3.3 C.7.6.1.1.1), upright
 * as the named camera of that letter sees it.
 */
typedef struct UtCubePass UtCubePass;

/* All of these want the renderer's context current. */
UtCubePass *ut_cube_pass_new (GError **error);
void ut_cube_pass_free (UtCubePass *self);

/**
 * ut_cube_pass_draw:
 * @axes: unit vectors to the patient's left, posterior and superior
 * @x_px, @y_px: lower left corner of its square in the bound framebuffer
 *
 * Leaves viewport and scissor test changed.
 */
void ut_cube_pass_draw (UtCubePass *self,
                        const UtCamera *camera,
                        const float axes[3][3],
                        int x_px,
                        int y_px,
                        int side_px);
