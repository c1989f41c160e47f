/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"
#include "render/error.h"
#include "render/scene.h"

/**
 * UT_GL_ERROR_DOMAIN: log domain, at debug level, of what the driver calls an error or undefined
 * behaviour (KHR_debug); tests make it fatal. Its other messages go to "ut-gl".
 */
#define UT_GL_ERROR_DOMAIN "ut-gl-error"

/**
 * UtRenderer:
 *
 * Owns every OpenGL name. Every call below wants the context current in which the renderer was
 * made; another context (a GtkGLArea realized anew) gets a renderer of its own and shows the
 * same picture.
 */
typedef struct UtRenderer UtRenderer;

/**
 * ut_renderer_new:
 *
 * Compiles the shaders and checks the current context.
 *
 * Errors: UT_RENDER_ERROR_CONTEXT without OpenGL 3.3 core, SHADER.
 */
UtRenderer *ut_renderer_new (GError **error);

/** ut_renderer_free: the context must be current (unrealize) */
void ut_renderer_free (UtRenderer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtRenderer, ut_renderer_free)

/** ut_renderer_device: the OpenGL driver's own name and version, for the About box */
const char *ut_renderer_device (const UtRenderer *self);

/** ut_renderer_is_software: no GPU draws; where it is true, drafts keep a drag smooth */
gboolean ut_renderer_is_software (const UtRenderer *self);

/**
 * ut_renderer_set_draft:
 *
 * Frames from now on have one sample a pixel, not four: plain edges at half the cost of a
 * software rasteriser. For frames that will soon be others; draw once more without afterwards.
 */
void ut_renderer_set_draft (UtRenderer *self, gboolean draft);

/**
 * ut_renderer_keep_pictures:
 *
 * From now on pictures that are not drafts are kept (render/kept-pictures.h), and one that is
 * kept is shown even where a draft would do. For a window on a software rasteriser, where a
 * drawing takes long enough to be waited for.
 */
void ut_renderer_keep_pictures (UtRenderer *self);

/** ut_renderer_pictures_limit: how many pictures of a size are kept at most; 0 where none are */
guint ut_renderer_pictures_limit (const UtRenderer *self, int width_px, int height_px);

/**
 * ut_renderer_draw:
 * @width_px, @height_px: device pixels of the framebuffer that is bound
 * @scale: device pixels per logical pixel, for the size of text, cube and legend
 *
 * Draws to the framebuffer bound for drawing and leaves it bound. Uploads what changed.
 */
gboolean ut_renderer_draw (UtRenderer *self,
                           const UtScene *scene,
                           const UtCamera *camera,
                           int width_px,
                           int height_px,
                           float scale,
                           GError **error);

/**
 * ut_renderer_draw_ahead:
 *
 * Draws a draft to be kept and not to be seen yet, with the arguments that it will be asked for;
 * free where the picture is kept already. The framebuffer that is bound stays bound and as it is.
 */
gboolean ut_renderer_draw_ahead (UtRenderer *self,
                                 const UtScene *scene,
                                 const UtCamera *camera,
                                 int width_px,
                                 int height_px,
                                 float scale,
                                 GError **error);
