/* SPDX-License-Identifier: Apache-2.0 */
#include "render/cube-pass.h"

#include <cglm/cglm.h>
#include <epoxy/gl.h>

#include "render/overlay.h"
#include "render/shader.h"

#define LETTER_PX 128
#define N_CORNERS 36
#define FOV_RAD   0.45f
#define DISTANCE  7.9f /* shows the cube's corners in any turn */

typedef struct Corner {
  float position[3], normal[3];
  float face[3]; /* across, up, letter */
} Corner;

struct UtCubePass {
  GLuint program, vertex_array, vertex_buffer, letters;
  GLint view_projection, eye_from_scene;
};

static GLuint
upload_letters (void)
{
  GLuint texture;
  cairo_surface_t *surface = ut_overlay_letters (LETTER_PX);
  glGenTextures (1, &texture);
  glBindTexture (GL_TEXTURE_2D, texture);
  glPixelStorei (GL_UNPACK_ALIGNMENT, 4);
  glTexImage2D (GL_TEXTURE_2D,
                0,
                GL_R8,
                6 * LETTER_PX,
                LETTER_PX,
                0,
                GL_RED,
                GL_UNSIGNED_BYTE,
                cairo_image_surface_get_data (surface));
  glGenerateMipmap (GL_TEXTURE_2D);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  cairo_surface_destroy (surface);
  return texture;
}

UtCubePass *
ut_cube_pass_new (GError **error)
{
  GLuint program = ut_shader_program ("cube", "cube", "", error);
  if (program == 0)
    return NULL;

  UtCubePass *self = g_new0 (UtCubePass, 1);
  self->program = program;
  self->view_projection = glGetUniformLocation (program, "view_projection");
  self->eye_from_scene = glGetUniformLocation (program, "eye_from_scene");
  self->letters = upload_letters ();
  glGenVertexArrays (1, &self->vertex_array);
  glGenBuffers (1, &self->vertex_buffer);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->vertex_buffer);
  for (int i = 0; i < 3; i++) {
    glVertexAttribPointer (
      i, 3, GL_FLOAT, GL_FALSE, sizeof (Corner), (void *)(3 * i * sizeof (float)));
    glEnableVertexAttribArray (i);
  }
  glBindVertexArray (0);
  return self;
}

void
ut_cube_pass_free (UtCubePass *self)
{
  glDeleteProgram (self->program);
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteBuffers (1, &self->vertex_buffer);
  glDeleteTextures (1, &self->letters);
  g_free (self);
}

/* Faces in the letters' order: +left -left +posterior -posterior +superior -superior. */
static void
build_face (const float axes[3][3], int letter, Corner ret[6])
{
  static const float square[6][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, -1}, {1, 1}, {-1, 1}};
  vec3 normal, up, right;
  glm_vec3_scale ((float *)axes[letter / 2], letter % 2 ? -1 : 1, normal);
  if (letter < 4)
    glm_vec3_copy ((float *)axes[2], up);
  else
    glm_vec3_negate_to ((float *)axes[1], up);
  glm_vec3_cross (up, normal, right);

  for (int i = 0; i < 6; i++) {
    Corner *corner = &ret[i];
    *corner = (Corner){.face = {square[i][0], square[i][1], letter}};
    glm_vec3_copy (normal, corner->normal);
    glm_vec3_copy (normal, corner->position);
    glm_vec3_muladds (right, square[i][0], corner->position);
    glm_vec3_muladds (up, square[i][1], corner->position);
  }
}

static void
set_uniforms (const UtCubePass *self, const UtCamera *camera)
{
  mat4 view, projection, both;
  mat3 turn;
  vec3 eye;
  glm_vec3_scale ((float *)camera->direction, -DISTANCE, eye);
  glm_look (eye, (float *)camera->direction, (float *)camera->up, view);
  glm_perspective (FOV_RAD, 1, DISTANCE - 2, DISTANCE + 2, projection);
  glm_mat4_mul (projection, view, both);
  glm_mat4_pick3 (view, turn);
  glUniformMatrix4fv (self->view_projection, 1, GL_FALSE, &both[0][0]);
  glUniformMatrix3fv (self->eye_from_scene, 1, GL_FALSE, &turn[0][0]);
}

void
ut_cube_pass_draw (
  UtCubePass *self, const UtCamera *camera, const float axes[3][3], int x_px, int y_px, int side_px)
{
  Corner corners[N_CORNERS];
  for (int letter = 0; letter < 6; letter++)
    build_face (axes, letter, corners + 6 * letter);

  glViewport (x_px, y_px, side_px, side_px);
  glScissor (x_px, y_px, side_px, side_px);
  glEnable (GL_SCISSOR_TEST);
  glDepthMask (GL_TRUE);
  glClear (GL_DEPTH_BUFFER_BIT);
  glDisable (GL_SCISSOR_TEST);

  glUseProgram (self->program);
  set_uniforms (self, camera);
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, self->letters);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->vertex_buffer);
  glBufferData (GL_ARRAY_BUFFER, sizeof corners, corners, GL_STREAM_DRAW);
  glEnable (GL_DEPTH_TEST);
  glDepthFunc (GL_LESS);
  glDisable (GL_BLEND);
  glDrawArrays (GL_TRIANGLES, 0, N_CORNERS);
  glBindVertexArray (0);
}
