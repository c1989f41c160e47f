/* SPDX-License-Identifier: Apache-2.0 */
#include "render/line-pass.h"

#include <epoxy/gl.h>

#include "render/shader.h"

#define LIFT_MM 1.0f /* above the surface that a line lies on */

struct UtLinePass {
  GLuint program, vertex_array, buffer;
  GLint view, projection, size_px, lift;
};

static void
set_point (float ret[3], UtVec3 p)
{
  ret[0] = p.x;
  ret[1] = p.y;
  ret[2] = p.z;
}

void
ut_lines_add_curve (GArray *lines,
                    const UtSection *section,
                    const UtSectionCurve *curve,
                    const UtLine *look)
{
  const UtVec3 *points = section->points + curve->first;
  for (guint k = curve->closed ? 0 : 1; k < curve->n_points; k++) {
    UtLine line = *look;
    set_point (line.from, points[k > 0 ? k - 1 : curve->n_points - 1]);
    set_point (line.to, points[k]);
    g_array_append_val (lines, line);
  }
}

static void
describe (GLuint place, GLint n, gsize offset)
{
  glVertexAttribPointer (place, n, GL_FLOAT, GL_FALSE, sizeof (UtLine), (void *)offset);
  glVertexAttribDivisor (place, 1);
  glEnableVertexAttribArray (place);
}

UtLinePass *
ut_line_pass_new (GError **error)
{
  GLuint program = ut_shader_program ("line", "line", "", error);
  if (program == 0)
    return NULL;

  UtLinePass *self = g_new0 (UtLinePass, 1);
  self->program = program;
  self->view = glGetUniformLocation (program, "view");
  self->projection = glGetUniformLocation (program, "projection");
  self->size_px = glGetUniformLocation (program, "size_px");
  self->lift = glGetUniformLocation (program, "lift");
  glGenVertexArrays (1, &self->vertex_array);
  glGenBuffers (1, &self->buffer);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->buffer);
  describe (0, 3, G_STRUCT_OFFSET (UtLine, from));
  describe (1, 3, G_STRUCT_OFFSET (UtLine, to));
  describe (2, 4, G_STRUCT_OFFSET (UtLine, colour));
  describe (3, 1, G_STRUCT_OFFSET (UtLine, width_px));
  glBindVertexArray (0);
  return self;
}

void
ut_line_pass_free (UtLinePass *self)
{
  glDeleteProgram (self->program);
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteBuffers (1, &self->buffer);
  g_free (self);
}

void
ut_line_pass_draw (
  UtLinePass *self, const GArray *lines, const UtCamera *camera, int width_px, int height_px)
{
  float view[4][4], projection[4][4];
  if (lines->len == 0)
    return;
  ut_camera_view (camera, view);
  ut_camera_projection (camera, (float)width_px / height_px, projection);
  glUseProgram (self->program);
  glUniformMatrix4fv (self->view, 1, GL_FALSE, &view[0][0]);
  glUniformMatrix4fv (self->projection, 1, GL_FALSE, &projection[0][0]);
  glUniform2f (self->size_px, width_px, height_px);
  glUniform1f (self->lift, LIFT_MM);
  glDisable (GL_BLEND);
  glDisable (GL_CULL_FACE);
  glEnable (GL_DEPTH_TEST);
  glDepthFunc (GL_LEQUAL);
  glDepthMask (GL_TRUE);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->buffer);
  glBufferData (GL_ARRAY_BUFFER, lines->len * sizeof (UtLine), lines->data, GL_STREAM_DRAW);
  glDrawArraysInstanced (GL_TRIANGLE_STRIP, 0, 4, lines->len);
  glBindVertexArray (0);
}
