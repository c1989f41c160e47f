/* SPDX-License-Identifier: Apache-2.0 */
#include "render/renderer.h"

#include <epoxy/gl.h>

#include "render/cube-pass.h"
#include "render/mesh-pass.h"
#include "render/overlay.h"
#include "render/panel-pass.h"
#include "render/shader.h"

#define N_SAMPLES 4
/* logical pixels */
#define CUBE_SIDE 92
#define MARGIN    16

/* Where a frame is made: multisampled, then resolved, both in sRGB so that blending and
 * resolving are done in linear light. */
typedef struct Target {
  int width, height;
  GLuint samples, resolved; /* framebuffers */
  GLuint colour, depth, picture;
} Target;

struct UtRenderer {
  char *device;
  Target target;
  GLuint backdrop, empty_array;
  GLint backdrop_top, backdrop_bottom, backdrop_aspect;
  UtMeshPass *mesh_pass;
  UtCubePass *cube_pass;
  UtPanelPass *panel_pass;
  UtPanel legend, note;
  guint64 panels_change; /* of the scene that the panels show */
  int panels_width, panels_height;
  float panels_scale;
};

static void GLAPIENTRY
debug_message_cb (GLenum source,
                  GLenum type,
                  GLuint id,
                  GLenum severity,
                  GLsizei length,
                  const GLchar *message,
                  const void *user_data)
{
  gboolean wrong = type == GL_DEBUG_TYPE_ERROR || type == GL_DEBUG_TYPE_UNDEFINED_BEHAVIOR;
  g_log (wrong ? UT_GL_ERROR_DOMAIN : "ut-gl", G_LOG_LEVEL_DEBUG, "%s", message);
}

static void
listen_to_driver (void)
{
  if (!epoxy_has_gl_extension ("GL_KHR_debug"))
    return;
  glEnable (GL_DEBUG_OUTPUT);
  glEnable (GL_DEBUG_OUTPUT_SYNCHRONOUS);
  glDebugMessageCallback (debug_message_cb, NULL);
}

static gboolean
check_errors (const char *doing, GError **error)
{
  GLenum first = glGetError ();
  if (first == GL_NO_ERROR)
    return TRUE;
  while (glGetError () != GL_NO_ERROR)
    continue;
  g_set_error (error,
               UT_RENDER_ERROR,
               UT_RENDER_ERROR_CONTEXT,
               "OpenGL reported error 0x%04x while %s",
               first,
               doing);
  return FALSE;
}

static gboolean
check_context (GError **error)
{
  if (epoxy_is_desktop_gl () && epoxy_gl_version () >= 33)
    return TRUE;
  g_set_error (error,
               UT_RENDER_ERROR,
               UT_RENDER_ERROR_CONTEXT,
               "the 3D view needs OpenGL 3.3, but the driver offers %s %d.%d",
               epoxy_is_desktop_gl () ? "OpenGL" : "OpenGL ES",
               epoxy_gl_version () / 10,
               epoxy_gl_version () % 10);
  return FALSE;
}

UtRenderer *
ut_renderer_new (GError **error)
{
  if (!check_context (error))
    return NULL;

  listen_to_driver ();
  g_autoptr (UtRenderer) self = g_new0 (UtRenderer, 1);
  self->device = g_strdup_printf ("%s, OpenGL %s",
                                  (const char *)glGetString (GL_RENDERER),
                                  (const char *)glGetString (GL_VERSION));
  self->backdrop = ut_shader_program ("screen", "backdrop", "", error);
  if (self->backdrop == 0 || !(self->mesh_pass = ut_mesh_pass_new (error)) ||
      !(self->cube_pass = ut_cube_pass_new (error)) ||
      !(self->panel_pass = ut_panel_pass_new (error)))
    return NULL;
  self->backdrop_top = glGetUniformLocation (self->backdrop, "top");
  self->backdrop_bottom = glGetUniformLocation (self->backdrop, "bottom");
  self->backdrop_aspect = glGetUniformLocation (self->backdrop, "aspect");
  glGenVertexArrays (1, &self->empty_array);
  if (!check_errors ("setting up", error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
target_clear (Target *self)
{
  glDeleteFramebuffers (1, &self->samples);
  glDeleteFramebuffers (1, &self->resolved);
  glDeleteRenderbuffers (1, &self->colour);
  glDeleteRenderbuffers (1, &self->depth);
  glDeleteRenderbuffers (1, &self->picture);
  *self = (Target){0};
}

void
ut_renderer_free (UtRenderer *self)
{
  target_clear (&self->target);
  ut_panel_clear (&self->legend);
  ut_panel_clear (&self->note);
  g_clear_pointer (&self->mesh_pass, ut_mesh_pass_free);
  g_clear_pointer (&self->cube_pass, ut_cube_pass_free);
  g_clear_pointer (&self->panel_pass, ut_panel_pass_free);
  glDeleteProgram (self->backdrop);
  glDeleteVertexArrays (1, &self->empty_array);
  g_free (self->device);
  g_free (self);
}

const char *
ut_renderer_device (const UtRenderer *self)
{
  return self->device;
}

static GLuint
attach_buffer (GLenum attachment, GLenum format, int n_samples, int width, int height)
{
  GLuint buffer;
  glGenRenderbuffers (1, &buffer);
  glBindRenderbuffer (GL_RENDERBUFFER, buffer);
  glRenderbufferStorageMultisample (GL_RENDERBUFFER, n_samples, format, width, height);
  glFramebufferRenderbuffer (GL_FRAMEBUFFER, attachment, GL_RENDERBUFFER, buffer);
  return buffer;
}

static gboolean
target_resize (Target *self, int width, int height, GError **error)
{
  if (self->width == width && self->height == height)
    return TRUE;

  target_clear (self);
  glGenFramebuffers (1, &self->samples);
  glBindFramebuffer (GL_FRAMEBUFFER, self->samples);
  self->colour = attach_buffer (GL_COLOR_ATTACHMENT0, GL_SRGB8_ALPHA8, N_SAMPLES, width, height);
  self->depth = attach_buffer (GL_DEPTH_ATTACHMENT, GL_DEPTH_COMPONENT24, N_SAMPLES, width, height);
  GLenum samples_status = glCheckFramebufferStatus (GL_FRAMEBUFFER);
  glGenFramebuffers (1, &self->resolved);
  glBindFramebuffer (GL_FRAMEBUFFER, self->resolved);
  self->picture = attach_buffer (GL_COLOR_ATTACHMENT0, GL_SRGB8_ALPHA8, 0, width, height);
  GLenum resolved_status = glCheckFramebufferStatus (GL_FRAMEBUFFER);

  if (samples_status == GL_FRAMEBUFFER_COMPLETE && resolved_status == GL_FRAMEBUFFER_COMPLETE) {
    self->width = width;
    self->height = height;
    return TRUE;
  }
  target_clear (self);
  g_set_error (error,
               UT_RENDER_ERROR,
               UT_RENDER_ERROR_CONTEXT,
               "the driver cannot make a picture of %d x %d pixels with %d samples",
               width,
               height,
               N_SAMPLES);
  return FALSE;
}

static void
draw_backdrop (UtRenderer *self, const UtScene *scene, float aspect)
{
  glDisable (GL_DEPTH_TEST);
  glDisable (GL_BLEND);
  glUseProgram (self->backdrop);
  glUniform3fv (self->backdrop_top, 1, scene->background_top);
  glUniform3fv (self->backdrop_bottom, 1, scene->background_bottom);
  glUniform1f (self->backdrop_aspect, aspect);
  glBindVertexArray (self->empty_array);
  glDrawArrays (GL_TRIANGLES, 0, 3);
}

static void
draw_samples (UtRenderer *self, const UtScene *scene, const UtCamera *camera, float scale)
{
  const Target *target = &self->target;
  float aspect = (float)target->width / target->height;
  glBindFramebuffer (GL_FRAMEBUFFER, target->samples);
  glViewport (0, 0, target->width, target->height);
  glDisable (GL_SCISSOR_TEST);
  glDisable (GL_STENCIL_TEST);
  glColorMask (GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  glEnable (GL_MULTISAMPLE);
  glEnable (GL_FRAMEBUFFER_SRGB);
  glDepthMask (GL_TRUE);
  glClearDepth (1);
  glClear (GL_DEPTH_BUFFER_BIT);
  draw_backdrop (self, scene, aspect);
  ut_mesh_pass_draw (self->mesh_pass, scene, camera, aspect);
  if (scene->show_cube) {
    int margin = lroundf (MARGIN * scale / 2);
    ut_cube_pass_draw (
      self->cube_pass, camera, scene->axes, margin, margin, lroundf (CUBE_SIDE * scale));
  }
}

/* With sRGB conversion off the second copy moves bytes as they are. */
static void
copy_to (const Target *target, GLuint framebuffer)
{
  int w = target->width, h = target->height;
  glBindFramebuffer (GL_READ_FRAMEBUFFER, target->samples);
  glBindFramebuffer (GL_DRAW_FRAMEBUFFER, target->resolved);
  glBlitFramebuffer (0, 0, w, h, 0, 0, w, h, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glDisable (GL_FRAMEBUFFER_SRGB);
  glBindFramebuffer (GL_READ_FRAMEBUFFER, target->resolved);
  glBindFramebuffer (GL_DRAW_FRAMEBUFFER, framebuffer);
  glBlitFramebuffer (0, 0, w, h, 0, 0, w, h, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer (GL_READ_FRAMEBUFFER, framebuffer);
}

static void
update_panels (UtRenderer *self, const UtScene *scene, float scale)
{
  const Target *target = &self->target;
  if (self->panels_change == scene->change && self->panels_scale == scale &&
      self->panels_width == target->width && self->panels_height == target->height)
    return;

  ut_panel_clear (&self->legend);
  ut_panel_clear (&self->note);
  if (scene->map.scalar != NULL && scene->show_legend) {
    cairo_surface_t *surface = ut_overlay_legend (&scene->map, target->height, scale);
    ut_panel_set (&self->legend, surface);
    cairo_surface_destroy (surface);
  }
  if (scene->note != NULL) {
    cairo_surface_t *surface = ut_overlay_note (scene->note, target->width, scale);
    ut_panel_set (&self->note, surface);
    cairo_surface_destroy (surface);
  }
  self->panels_change = scene->change;
  self->panels_scale = scale;
  self->panels_width = target->width;
  self->panels_height = target->height;
}

static void
draw_panels (UtRenderer *self, float scale)
{
  int w = self->target.width, h = self->target.height, margin = lroundf (MARGIN * scale);
  glViewport (0, 0, w, h);
  ut_panel_pass_draw (self->panel_pass,
                      &self->legend,
                      w - margin - self->legend.width_px,
                      (h - self->legend.height_px) / 2,
                      w,
                      h);
  ut_panel_pass_draw (
    self->panel_pass, &self->note, w - margin - self->note.width_px, margin * 5 / 8, w, h);
}

gboolean
ut_renderer_draw (UtRenderer *self,
                  const UtScene *scene,
                  const UtCamera *camera,
                  int width_px,
                  int height_px,
                  float scale,
                  GError **error)
{
  g_return_val_if_fail (width_px > 0 && height_px > 0 && scale > 0, FALSE);

  GLint framebuffer = 0;
  glGetIntegerv (GL_DRAW_FRAMEBUFFER_BINDING, &framebuffer);
  gboolean ready = target_resize (&self->target, width_px, height_px, error);
  if (ready) {
    ut_mesh_pass_update (self->mesh_pass, scene);
    update_panels (self, scene, scale);
    draw_samples (self, scene, camera, scale);
    copy_to (&self->target, framebuffer);
    draw_panels (self, scale);
  }
  glBindFramebuffer (GL_FRAMEBUFFER, framebuffer);
  return ready && check_errors ("drawing", error);
}
