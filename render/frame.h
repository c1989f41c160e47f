/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/scene.h"
#include "render/sheet.h"

/**
 * UtFrame:
 *
 * Where a picture is made before it goes to the framebuffer that was asked for.
 *
 * Surfaces are drawn with 4 samples a pixel over nothing, resolved, and laid over the
 * background, all in linear light (sRGB buffers). Only the rectangles that hold something are
 * resolved and composed, and the background is drawn once per size: on a software rasteriser
 * that is most of an ordinary frame's cost.
 */
typedef struct UtFrame UtFrame;

/* All of these want the renderer's context current. */
UtFrame *ut_frame_new (GError **error);
void ut_frame_free (UtFrame *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtFrame, ut_frame_free)

/**
 * ut_frame_begin:
 * @smooth: 4 samples a pixel, else one
 *
 * Makes buffers of the size where they are not there yet, clears them, and binds the
 * multisampled one for drawing with blending in linear light.
 *
 * Errors: UT_RENDER_ERROR_CONTEXT where the driver cannot make them.
 */
gboolean
ut_frame_begin (UtFrame *self, int width_px, int height_px, gboolean smooth, GError **error);

/**
 * ut_frame_finish:
 * @rects: where something was drawn; parts outside the frame are cut off
 * @framebuffer: where the picture goes; is bound afterwards
 */
void ut_frame_finish (
  UtFrame *self, const UtScene *scene, const UtRect *rects, guint n_rects, GLuint framebuffer);
