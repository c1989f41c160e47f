/* SPDX-License-Identifier: Apache-2.0 */
#include "render/image-pass.h"

#include <epoxy/gl.h>

#include "render/shader.h"

struct UtImagePass {
  GLuint program, vertex_array;
  GLint view_projection, corner, across, down;
  GLuint textures[UT_SCENE_MAX_IMAGES];
  GdkPixbuf *uploaded[UT_SCENE_MAX_IMAGES];
};

UtImagePass *
ut_image_pass_new (GError **error)
{
  GLuint program = ut_shader_program ("image", "image", "", error);
  if (program == 0)
    return NULL;

  UtImagePass *self = g_new0 (UtImagePass, 1);
  self->program = program;
  self->view_projection = glGetUniformLocation (program, "view_projection");
  self->corner = glGetUniformLocation (program, "corner");
  self->across = glGetUniformLocation (program, "across");
  self->down = glGetUniformLocation (program, "down");
  glGenVertexArrays (1, &self->vertex_array);
  glGenTextures (UT_SCENE_MAX_IMAGES, self->textures);
  return self;
}

void
ut_image_pass_free (UtImagePass *self)
{
  glDeleteProgram (self->program);
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteTextures (UT_SCENE_MAX_IMAGES, self->textures);
  for (int i = 0; i < UT_SCENE_MAX_IMAGES; i++)
    g_clear_object (&self->uploaded[i]);
  g_free (self);
}

static void
upload (GdkPixbuf *picture)
{
  gboolean alpha = gdk_pixbuf_get_has_alpha (picture);
  glPixelStorei (GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei (GL_UNPACK_ROW_LENGTH,
                 alpha ? gdk_pixbuf_get_rowstride (picture) / 4 : gdk_pixbuf_get_width (picture));
  glTexImage2D (GL_TEXTURE_2D,
                0,
                GL_SRGB8_ALPHA8,
                gdk_pixbuf_get_width (picture),
                gdk_pixbuf_get_height (picture),
                0,
                GL_RGBA,
                GL_UNSIGNED_BYTE,
                gdk_pixbuf_read_pixels (picture));
  glPixelStorei (GL_UNPACK_ROW_LENGTH, 0);
  glPixelStorei (GL_UNPACK_ALIGNMENT, 4);
  glGenerateMipmap (GL_TEXTURE_2D);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

static void
draw_image (UtImagePass *self, int i, const UtSceneImage *image)
{
  glBindTexture (GL_TEXTURE_2D, self->textures[i]);
  if (self->uploaded[i] != image->picture) {
    upload (image->picture);
    g_set_object (&self->uploaded[i], image->picture);
  }
  glUniform3f (self->corner, image->corner.x, image->corner.y, image->corner.z);
  glUniform3f (self->across, image->across.x, image->across.y, image->across.z);
  glUniform3f (self->down, image->down.x, image->down.y, image->down.z);
  glDrawArrays (GL_TRIANGLE_STRIP, 0, 4);
}

void
ut_image_pass_draw (UtImagePass *self, const UtScene *scene, const UtCamera *camera, float aspect)
{
  float both[4][4];
  ut_camera_view_projection (camera, aspect, both);
  glUseProgram (self->program);
  glUniformMatrix4fv (self->view_projection, 1, GL_FALSE, &both[0][0]);
  glActiveTexture (GL_TEXTURE0);
  glDisable (GL_BLEND);
  glDisable (GL_CULL_FACE);
  glEnable (GL_DEPTH_TEST);
  glDepthFunc (GL_LEQUAL);
  glDepthMask (GL_TRUE);
  glEnable (GL_SAMPLE_ALPHA_TO_COVERAGE);
  glEnable (GL_POLYGON_OFFSET_FILL); /* a picture in the clip plane lies on the caps */
  glPolygonOffset (-1, -8);
  glBindVertexArray (self->vertex_array);
  for (int i = 0; i < UT_SCENE_MAX_IMAGES; i++)
    if (scene->images[i].picture != NULL)
      draw_image (self, i, &scene->images[i]);
  glBindVertexArray (0);
  glDisable (GL_POLYGON_OFFSET_FILL);
  glDisable (GL_SAMPLE_ALPHA_TO_COVERAGE);
}
