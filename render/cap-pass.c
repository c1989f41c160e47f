/* SPDX-License-Identifier: Apache-2.0 */
#include "render/cap-pass.h"

#include <epoxy/gl.h>
#include <math.h>

#include "render/shader.h"

#define N_COVER 4 /* corners of the rectangle, first in the buffer */

struct UtCapPass {
  GLuint program, vertex_array, buffer;
  GLint view_projection, paint;
  GArray *corners; /* float[3]: the rectangle, then the fans */
};

UtCapPass *
ut_cap_pass_new (GError **error)
{
  GLuint program = ut_shader_program ("flat", "flat", "", error);
  if (program == 0)
    return NULL;

  UtCapPass *self = g_new0 (UtCapPass, 1);
  self->program = program;
  self->view_projection = glGetUniformLocation (program, "view_projection");
  self->paint = glGetUniformLocation (program, "paint");
  self->corners = g_array_new (FALSE, FALSE, 3 * sizeof (float));
  glGenVertexArrays (1, &self->vertex_array);
  glGenBuffers (1, &self->buffer);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->buffer);
  glVertexAttribPointer (0, 3, GL_FLOAT, GL_FALSE, 3 * sizeof (float), NULL);
  glEnableVertexAttribArray (0);
  glBindVertexArray (0);
  return self;
}

void
ut_cap_pass_free (UtCapPass *self)
{
  glDeleteProgram (self->program);
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteBuffers (1, &self->buffer);
  g_array_unref (self->corners);
  g_free (self);
}

static void
add_corner (UtCapPass *self, UtVec3 p)
{
  const float corner[3] = {p.x, p.y, p.z};
  g_array_append_val (self->corners, corner);
}

/* Two unit vectors in the plane, at right angles. */
static void
plane_axes (const UtPlane *plane, UtVec3 ret[2])
{
  UtVec3 n = plane->normal;
  UtVec3 other = fabs (n.x) < 0.7 ? ut_vec3 (1, 0, 0) : ut_vec3 (0, 1, 0);
  ret[0] = ut_vec3_normalise (ut_vec3_reject (other, n));
  ret[1] = ut_vec3_cross (n, ret[0]);
}

/* The rectangle in the plane that holds all sections. */
static void
add_cover (UtCapPass *self, const UtSceneCut *cut)
{
  UtVec3 axes[2];
  double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
  plane_axes (&cut->plane, axes);
  for (guint i = 0; i < cut->n_parts; i++)
    for (gsize k = 0; cut->parts[i].filled && k < cut->parts[i].section->n_points; k++) {
      UtVec3 p = ut_vec3_sub (cut->parts[i].section->points[k], cut->plane.origin);
      for (int a = 0; a < 2; a++) {
        low[a] = MIN (low[a], ut_vec3_dot (p, axes[a]) - 1);
        high[a] = MAX (high[a], ut_vec3_dot (p, axes[a]) + 1);
      }
    }
  for (int corner = 0; corner < N_COVER; corner++) {
    UtVec3 p = ut_vec3_mad (cut->plane.origin, corner & 1 ? high[0] : low[0], axes[0]);
    add_corner (self, ut_vec3_mad (p, corner & 2 ? high[1] : low[1], axes[1]));
  }
}

static void
add_fans (UtCapPass *self, const UtSection *section)
{
  for (gsize i = 0; i < section->n_curves; i++) {
    const UtSectionCurve *curve = &section->curves[i];
    const UtVec3 *p = section->points + curve->first;
    for (guint k = 1; curve->closed && k + 1 < curve->n_points; k++) {
      add_corner (self, p[0]);
      add_corner (self, p[k]);
      add_corner (self, p[k + 1]);
    }
  }
}

static void
count_turns (guint first, guint n)
{
  glColorMask (GL_FALSE, GL_FALSE, GL_FALSE, GL_FALSE);
  glDisable (GL_DEPTH_TEST);
  glStencilFunc (GL_ALWAYS, 0, 0xff);
  glStencilOpSeparate (GL_FRONT, GL_KEEP, GL_KEEP, GL_INCR_WRAP);
  glStencilOpSeparate (GL_BACK, GL_KEEP, GL_KEEP, GL_DECR_WRAP);
  glDrawArrays (GL_TRIANGLES, first, n);
  glColorMask (GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
}

/* Paints, and leaves the stencil at 0. */
static void
cover (void)
{
  glEnable (GL_DEPTH_TEST);
  glStencilFunc (GL_NOTEQUAL, 0, 0xff);
  glStencilOp (GL_KEEP, GL_ZERO, GL_ZERO);
  glDrawArrays (GL_TRIANGLE_STRIP, 0, N_COVER);
}

static void
prepare (UtCapPass *self, const UtCamera *camera, float aspect)
{
  float both[4][4];
  ut_camera_view_projection (camera, aspect, both);
  glUseProgram (self->program);
  glUniformMatrix4fv (self->view_projection, 1, GL_FALSE, &both[0][0]);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->buffer);
  glBufferData (
    GL_ARRAY_BUFFER, self->corners->len * 3 * sizeof (float), self->corners->data, GL_STREAM_DRAW);
  glDisable (GL_BLEND);
  glDisable (GL_CULL_FACE);
  glDepthFunc (GL_LEQUAL);
  glDepthMask (GL_TRUE);
  glStencilMask (0xff);
  glEnable (GL_STENCIL_TEST);
}

/* A face that is looked at aslant is a little darker, so that the cut is seen to be one. */
static float
face_light (const UtPlane *plane, const UtCamera *camera)
{
  UtVec3 d = ut_vec3 (camera->direction[0], camera->direction[1], camera->direction[2]);
  return 0.62f + 0.3f * fabs (ut_vec3_dot (plane->normal, d));
}

void
ut_cap_pass_draw (UtCapPass *self,
                  const UtScene *scene,
                  const UtSceneCut *cut,
                  const UtCamera *camera,
                  float aspect)
{
  guint starts[UT_SCENE_MAX_ITEMS + 1];
  g_array_set_size (self->corners, 0);
  add_cover (self, cut);
  for (guint i = 0; i < cut->n_parts; i++) {
    starts[i] = self->corners->len;
    if (cut->parts[i].filled)
      add_fans (self, cut->parts[i].section);
  }
  starts[cut->n_parts] = self->corners->len;
  if (self->corners->len == N_COVER)
    return;

  float light = face_light (&cut->plane, camera);
  prepare (self, camera, aspect);
  for (guint i = 0; i < cut->n_parts; i++) {
    float colour[4];
    if (starts[i] == starts[i + 1])
      continue;
    ut_scene_item_colour (scene, ut_scene_item (scene, i), FALSE, colour);
    glUniform4f (self->paint, light * colour[0], light * colour[1], light * colour[2], 1);
    count_turns (starts[i], starts[i + 1] - starts[i]);
    cover ();
  }
  glDisable (GL_STENCIL_TEST);
  glBindVertexArray (0);
}
