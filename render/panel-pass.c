/* SPDX-License-Identifier: Apache-2.0 */
#include "render/panel-pass.h"

#include "render/shader.h"

struct UtPanelPass {
  GLuint program, vertex_array;
  GLint place;
};

void
ut_panel_set (UtPanel *self, cairo_surface_t *surface)
{
  g_return_if_fail (cairo_image_surface_get_format (surface) == CAIRO_FORMAT_ARGB32);

  if (self->texture == 0)
    glGenTextures (1, &self->texture);
  self->width_px = cairo_image_surface_get_width (surface);
  self->height_px = cairo_image_surface_get_height (surface);
  glBindTexture (GL_TEXTURE_2D, self->texture);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glPixelStorei (GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei (GL_UNPACK_ROW_LENGTH, cairo_image_surface_get_stride (surface) / 4);
  glTexImage2D (GL_TEXTURE_2D,
                0,
                GL_RGBA8,
                self->width_px,
                self->height_px,
                0,
                GL_BGRA,
                GL_UNSIGNED_INT_8_8_8_8_REV,
                cairo_image_surface_get_data (surface));
  glPixelStorei (GL_UNPACK_ROW_LENGTH, 0);
}

void
ut_panel_clear (UtPanel *self)
{
  glDeleteTextures (1, &self->texture);
  *self = (UtPanel){0};
}

UtPanelPass *
ut_panel_pass_new (GError **error)
{
  GLuint program = ut_shader_program ("panel", "panel", "", error);
  if (program == 0)
    return NULL;

  UtPanelPass *self = g_new0 (UtPanelPass, 1);
  self->program = program;
  self->place = glGetUniformLocation (program, "place");
  glGenVertexArrays (1, &self->vertex_array);
  return self;
}

void
ut_panel_pass_free (UtPanelPass *self)
{
  glDeleteProgram (self->program);
  glDeleteVertexArrays (1, &self->vertex_array);
  g_free (self);
}

void
ut_panel_pass_draw (
  UtPanelPass *self, const UtPanel *panel, int x_px, int y_px, int width_px, int height_px)
{
  if (panel->texture == 0)
    return;

  float w = width_px / 2.0f, h = height_px / 2.0f;
  glUseProgram (self->program);
  glBindVertexArray (self->vertex_array);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, panel->texture);
  glDisable (GL_DEPTH_TEST);
  glEnable (GL_BLEND);
  glBlendEquation (GL_FUNC_ADD);
  glBlendFunc (GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glUniform4f (self->place, x_px / w - 1, y_px / h - 1, panel->width_px / w, panel->height_px / h);
  glDrawArrays (GL_TRIANGLE_STRIP, 0, 4);
  glBindVertexArray (0);
}
