/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "render/renderer.h"

/**
 * UtOffscreen:
 *
 * A renderer without a window or display: an OpenGL context on EGL's surfaceless platform (a
 * GPU, or Mesa's software rasteriser). The picture is the window's, with the research-use line on
 * it. One thread at a time: each call makes the context current and lets it go afterwards.
 */
typedef struct UtOffscreen UtOffscreen;

/** ut_offscreen_new: Errors: UT_RENDER_ERROR_CONTEXT, SHADER */
UtOffscreen *ut_offscreen_new (GError **error);
void ut_offscreen_free (UtOffscreen *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtOffscreen, ut_offscreen_free)

/** ut_offscreen_device: as ut_renderer_device() */
const char *ut_offscreen_device (UtOffscreen *self);

/** ut_offscreen_set_draft: as ut_renderer_set_draft() */
void ut_offscreen_set_draft (UtOffscreen *self, gboolean draft);

/**
 * ut_offscreen_draw:
 * @width_px, @height_px: 1 to 8192
 * @scale: as in ut_renderer_draw(); 1 for a picture of 800 to 1600 pixels
 *
 * Returns: (transfer full): RGB pixels, opaque
 */
GdkPixbuf *ut_offscreen_draw (UtOffscreen *self,
                              const UtScene *scene,
                              const UtCamera *camera,
                              int width_px,
                              int height_px,
                              float scale,
                              GError **error);

/** ut_offscreen_save_png: draws, and writes @path as PNG */
gboolean ut_offscreen_save_png (UtOffscreen *self,
                                const UtScene *scene,
                                const UtCamera *camera,
                                int width_px,
                                int height_px,
                                float scale,
                                const char *path,
                                GError **error);
