/* SPDX-License-Identifier: Apache-2.0 */
#include "render/frame.h"

#include <string.h>

#include "engine/base/words.h"
#include "render/error.h"
#include "render/shader.h"

#define N_SAMPLES 4

struct UtFrame {
  int width, height, n_samples;
  GLuint samples, colour, depth; /* multisampled framebuffer and what hangs on it */
  UtSheet surfaces;              /* resolved, premultiplied */
  UtSheet backdrop;
  float backdrop_colours[6]; /* that it was drawn with */
  gboolean backdrop_ready;
  GLuint backdrop_program, compose_program, empty_array;
};

UtFrame *
ut_frame_new (GError **error)
{
  GLuint backdrop = ut_shader_program ("screen", "backdrop", "", error);
  GLuint compose = backdrop ? ut_shader_program ("screen", "compose", "", error) : 0;
  if (compose == 0) {
    glDeleteProgram (backdrop);
    return NULL;
  }

  UtFrame *self = g_new0 (UtFrame, 1);
  self->backdrop_program = backdrop;
  self->compose_program = compose;
  glGenVertexArrays (1, &self->empty_array);
  glUseProgram (compose);
  glUniform1i (glGetUniformLocation (compose, "surfaces"), 0);
  glUniform1i (glGetUniformLocation (compose, "backdrop"), 1);
  return self;
}

static void
clear_buffers (UtFrame *self)
{
  glDeleteFramebuffers (1, &self->samples);
  glDeleteRenderbuffers (1, &self->colour);
  glDeleteRenderbuffers (1, &self->depth);
  ut_sheet_clear (&self->surfaces);
  ut_sheet_clear (&self->backdrop);
  self->samples = self->colour = self->depth = 0;
  self->width = self->height = 0;
  self->backdrop_ready = FALSE;
}

void
ut_frame_free (UtFrame *self)
{
  clear_buffers (self);
  glDeleteProgram (self->backdrop_program);
  glDeleteProgram (self->compose_program);
  glDeleteVertexArrays (1, &self->empty_array);
  g_free (self);
}

static GLuint
attach_samples (GLenum attachment, GLenum format, int n_samples, int width, int height)
{
  GLuint buffer;
  glGenRenderbuffers (1, &buffer);
  glBindRenderbuffer (GL_RENDERBUFFER, buffer);
  glRenderbufferStorageMultisample (GL_RENDERBUFFER, n_samples, format, width, height);
  glFramebufferRenderbuffer (GL_FRAMEBUFFER, attachment, GL_RENDERBUFFER, buffer);
  return buffer;
}

static gboolean
resize (UtFrame *self, int width, int height, int n_samples, GError **error)
{
  if (self->width == width && self->height == height && self->n_samples == n_samples)
    return TRUE;

  clear_buffers (self);
  glActiveTexture (GL_TEXTURE0);
  gboolean complete = ut_sheet_init (&self->surfaces, width, height) &&
                      ut_sheet_init (&self->backdrop, width, height);
  glGenFramebuffers (1, &self->samples);
  glBindFramebuffer (GL_FRAMEBUFFER, self->samples);
  self->colour = attach_samples (GL_COLOR_ATTACHMENT0, GL_SRGB8_ALPHA8, n_samples, width, height);
  self->depth =
    attach_samples (GL_DEPTH_STENCIL_ATTACHMENT, GL_DEPTH24_STENCIL8, n_samples, width, height);
  if (complete && glCheckFramebufferStatus (GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE) {
    self->width = width;
    self->height = height;
    self->n_samples = n_samples;
    return TRUE;
  }
  clear_buffers (self);
  g_set_error (error,
               UT_RENDER_ERROR,
               UT_RENDER_ERROR_CONTEXT,
               ut_words ("the driver cannot make a picture of %d x %d pixels with %d samples"),
               width,
               height,
               MAX (1, n_samples));
  return FALSE;
}

gboolean
ut_frame_begin (UtFrame *self, int width_px, int height_px, gboolean smooth, GError **error)
{
  if (!resize (self, width_px, height_px, smooth ? N_SAMPLES : 0, error))
    return FALSE;

  glBindFramebuffer (GL_FRAMEBUFFER, self->samples);
  glViewport (0, 0, width_px, height_px);
  glDisable (GL_SCISSOR_TEST);
  glDisable (GL_STENCIL_TEST);
  glColorMask (GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  glDepthMask (GL_TRUE);
  glEnable (GL_MULTISAMPLE);
  glEnable (GL_FRAMEBUFFER_SRGB);
  glClearColor (0, 0, 0, 0);
  glClearDepth (1);
  glClearStencil (0);
  glStencilMask (0xff);
  glClear (GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
  return TRUE;
}

static void
draw_screen (UtFrame *self, GLuint program)
{
  glDisable (GL_DEPTH_TEST);
  glDisable (GL_BLEND);
  glDisable (GL_CULL_FACE);
  glUseProgram (program);
  glBindVertexArray (self->empty_array);
  glDrawArrays (GL_TRIANGLES, 0, 3);
  glBindVertexArray (0);
}

/* Written as sRGB bytes; expects conversion off. */
static void
update_backdrop (UtFrame *self, const UtScene *scene)
{
  float colours[6];
  memcpy (colours, scene->background_top, 3 * sizeof (float));
  memcpy (colours + 3, scene->background_bottom, 3 * sizeof (float));
  if (self->backdrop_ready && memcmp (colours, self->backdrop_colours, sizeof colours) == 0)
    return;

  GLuint program = self->backdrop_program;
  glBindFramebuffer (GL_FRAMEBUFFER, self->backdrop.framebuffer);
  glUseProgram (program);
  glUniform3fv (glGetUniformLocation (program, "top"), 1, colours);
  glUniform3fv (glGetUniformLocation (program, "bottom"), 1, colours + 3);
  glUniform1f (glGetUniformLocation (program, "aspect"), (float)self->width / self->height);
  draw_screen (self, program);
  memcpy (self->backdrop_colours, colours, sizeof colours);
  self->backdrop_ready = TRUE;
}

static UtRect
cut_rect (const UtFrame *self, UtRect r)
{
  int x0 = CLAMP (r.x, 0, self->width), x1 = CLAMP (r.x + r.width, x0, self->width);
  int y0 = CLAMP (r.y, 0, self->height), y1 = CLAMP (r.y + r.height, y0, self->height);
  return (UtRect){x0, y0, x1 - x0, y1 - y0};
}

void
ut_frame_finish (
  UtFrame *self, const UtScene *scene, const UtRect *rects, guint n_rects, GLuint framebuffer)
{
  for (guint i = 0; i < n_rects; i++)
    ut_sheet_blit (self->samples, self->surfaces.framebuffer, cut_rect (self, rects[i]));

  /* from here on bytes are moved as they are */
  glDisable (GL_FRAMEBUFFER_SRGB);
  glViewport (0, 0, self->width, self->height);
  update_backdrop (self, scene);
  ut_sheet_blit (
    self->backdrop.framebuffer, framebuffer, (UtRect){0, 0, self->width, self->height});
  glBindFramebuffer (GL_FRAMEBUFFER, framebuffer);
  glActiveTexture (GL_TEXTURE1);
  glBindTexture (GL_TEXTURE_2D, self->backdrop.texture);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, self->surfaces.texture);
  glEnable (GL_SCISSOR_TEST);
  for (guint i = 0; i < n_rects; i++) {
    UtRect r = cut_rect (self, rects[i]);
    glScissor (r.x, r.y, r.width, r.height);
    draw_screen (self, self->compose_program);
  }
  glDisable (GL_SCISSOR_TEST);
}
