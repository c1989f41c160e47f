/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"
#include "render/scene-cut.h"

/**
 * UtCapPass:
 *
 * Fills the sections of a cut. Each outline goes into the stencil buffer as a fan of triangles
 * that count up or down with their turn, so what it runs round is not 0 at the end, holes and
 * separate parts included; then one rectangle is painted where that is so. Nothing has to be
 * cut into triangles that fit, and with four samples a pixel the edges are as smooth as the
 * surfaces'. All sections share the rectangle to the bit, so of two that overlap the later one
 * shows, without a flicker.
 *
 * Source: "Drawing filled, concave polygons using the stencil buffer", OpenGL Programming Guide,
 * chapter 14, by winding number in place of parity.
 */
typedef struct UtCapPass UtCapPass;

/* All of these want the renderer's context current. */
UtCapPass *ut_cap_pass_new (GError **error);
void ut_cap_pass_free (UtCapPass *self);

/** ut_cap_pass_draw: to the bound framebuffer, whose stencil must be 0 and stays so */
void ut_cap_pass_draw (UtCapPass *self,
                       const UtScene *scene,
                       const UtSceneCut *cut,
                       const UtCamera *camera,
                       float aspect);
