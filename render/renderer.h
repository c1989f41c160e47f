/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"
#include "render/error.h"
#include "render/scene.h"

/**
 * UtRenderer:
 *
 * Owns every OpenGL name. Every call below wants the context current in which the renderer was
 * made; another context (a GtkGLArea realized anew) gets a renderer of its own and shows the
 * same picture.
 */
typedef struct UtRenderer UtRenderer;

/** UtPick: what lies under the pointer */
typedef struct UtPick {
  guint id;              /* of the scene's surface */
  UtStructure structure; /* of that surface */
  guint triangle;        /* index into the mesh's triangles */
  float weights[3];      /* barycentric, of the triangle's corners; sum 1 */
  float position[3];     /* mm */
  gboolean has_value;    /* a scalar map is set and the mesh carries the scalar */
  float value;           /* the scalar there, in the map's unit */
} UtPick;

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
 * ut_renderer_pick:
 * @x_px, @y_px: device pixels right of and below the upper left corner
 * @ret_pick: (out): untouched where nothing is hit
 *
 * Finds the foremost visible surface at a pixel, translucent ones included (surfaces below an
 * opacity of 0.05 are passed through). The framebuffer that was bound stays bound.
 *
 * Returns: FALSE where nothing is there (@error unset), or with @error set
 */
gboolean ut_renderer_pick (UtRenderer *self,
                           const UtScene *scene,
                           const UtCamera *camera,
                           int width_px,
                           int height_px,
                           float x_px,
                           float y_px,
                           UtPick *ret_pick,
                           GError **error);
