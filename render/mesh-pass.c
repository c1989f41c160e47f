/* SPDX-License-Identifier: Apache-2.0 */
#include "render/mesh-pass.h"

#include <cglm/cglm.h>
#include <epoxy/gl.h>

#include "render/mesh-set.h"
#include "render/shader.h"
#include "render/triangle-sort.h"

#define MAX_SETS     8 /* the stages of a heart, its other phase, and what is between */
#define MAP_COLOURS  256
#define WALL_BIAS_MM 1.0f /* the wall's inner side is behind the pool that it touches */

/* One compiled variant of the mesh shaders. */
typedef struct Program {
  GLuint name;
  GLint view, projection, clip_plane, item_colours, item_styles, map_range, map_lines;
} Program;

struct UtMeshPass {
  Program programs[2][2]; /* [painted][translucent] */
  GQueue sets;            /* UtMeshSet, the one that is drawn first */
  GLuint sorted_buffer, map_texture;
  GArray *sorted;       /* guint32 */
  guint64 scene_change; /* of the scene whose map is in the texture */
};

static gboolean
program_init (Program *self, gboolean painted, gboolean translucent, GError **error)
{
  g_autofree char *defines = g_strdup_printf ("#define MAX_ITEMS %d\n%s%s",
                                              UT_SCENE_MAX_ITEMS,
                                              painted ? "#define PAINTED\n" : "",
                                              translucent ? "#define TRANSLUCENT\n" : "");
  self->name = ut_shader_program ("mesh", "mesh", defines, error);
  if (self->name == 0)
    return FALSE;
  self->view = glGetUniformLocation (self->name, "view");
  self->projection = glGetUniformLocation (self->name, "projection");
  self->clip_plane = glGetUniformLocation (self->name, "clip_plane");
  self->item_colours = glGetUniformLocation (self->name, "item_colours");
  self->item_styles = glGetUniformLocation (self->name, "item_styles");
  self->map_range = glGetUniformLocation (self->name, "map_range");
  self->map_lines = glGetUniformLocation (self->name, "map_lines");
  return TRUE;
}

UtMeshPass *
ut_mesh_pass_new (GError **error)
{
  g_autoptr (UtMeshPass) self = g_new0 (UtMeshPass, 1);
  self->sorted = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (int i = 0; i < 4; i++)
    if (!program_init (&self->programs[i >> 1][i & 1], i >> 1, i & 1, error))
      return NULL;

  glGenBuffers (1, &self->sorted_buffer);
  glGenTextures (1, &self->map_texture);
  glBindTexture (GL_TEXTURE_2D, self->map_texture);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri (GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  return g_steal_pointer (&self);
}

void
ut_mesh_pass_free (UtMeshPass *self)
{
  for (int i = 0; i < 4; i++)
    glDeleteProgram (self->programs[i >> 1][i & 1].name);
  glDeleteBuffers (1, &self->sorted_buffer);
  glDeleteTextures (1, &self->map_texture);
  g_queue_clear_full (&self->sets, (GDestroyNotify)ut_mesh_set_free);
  g_array_unref (self->sorted);
  g_free (self);
}

static const UtMeshScalar *
mapped_scalar (const UtScene *scene, const UtSceneItem *item)
{
  return scene->map.scalar ? ut_mesh_find_scalar (item->mesh, scene->map.scalar) : NULL;
}

static void
upload_map (UtMeshPass *self, const UtScalarMap *map)
{
  guint8 rgba[MAP_COLOURS * 4];
  ut_scalar_map_fill (map, MAP_COLOURS, rgba);
  glBindTexture (GL_TEXTURE_2D, self->map_texture);
  glTexImage2D (
    GL_TEXTURE_2D, 0, GL_SRGB8_ALPHA8, MAP_COLOURS, 1, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
}

static GList *
find_set (UtMeshPass *self, const UtScene *scene)
{
  for (GList *link = self->sets.head; link != NULL; link = link->next)
    if (ut_mesh_set_is_of (link->data, scene))
      return link;
  return NULL;
}

/* Brings the set of @scene to the head; the one that was not drawn for longest goes. */
static UtMeshSet *
take_set (UtMeshPass *self, const UtScene *scene)
{
  GList *link = find_set (self, scene);
  if (link == NULL) {
    if (self->sets.length == MAX_SETS)
      ut_mesh_set_free (g_queue_pop_tail (&self->sets));
    g_queue_push_head (&self->sets, ut_mesh_set_new (scene));
  } else {
    g_queue_unlink (&self->sets, link);
    g_queue_push_head_link (&self->sets, link);
  }
  return self->sets.head->data;
}

void
ut_mesh_pass_update (UtMeshPass *self, const UtScene *scene)
{
  if (self->scene_change == scene->change)
    return;

  ut_mesh_set_update (take_set (self, scene), scene);
  if (scene->map.scalar != NULL)
    upload_map (self, &scene->map);
  self->scene_change = scene->change;
}

static const UtMeshSet *
drawn_set (const UtMeshPass *self)
{
  return self->sets.head->data;
}

static void
set_items (const Program *program, const UtScene *scene)
{
  float colours[UT_SCENE_MAX_ITEMS][4] = {0}, styles[UT_SCENE_MAX_ITEMS][4] = {0};
  for (guint i = 0; i < scene->items->len; i++) {
    const UtSceneItem *item = ut_scene_item (scene, i);
    gboolean painted = mapped_scalar (scene, item) != NULL;
    ut_scene_item_colour (scene, item, painted, colours[i]);
    styles[i][0] = log2f (fmaxf (1 - item->opacity, 1e-4f));
    styles[i][1] = ut_scene_item_is_opaque (item) || item->structure != UT_MYO ? 0 : WALL_BIAS_MM;
    styles[i][2] = painted;
  }
  glUniform4fv (program->item_colours, UT_SCENE_MAX_ITEMS, &colours[0][0]);
  glUniform4fv (program->item_styles, UT_SCENE_MAX_ITEMS, &styles[0][0]);
}

static void
use_program (const Program *program, const UtScene *scene, const UtCamera *camera, float aspect)
{
  float view[4][4], projection[4][4];
  ut_camera_view (camera, view);
  ut_camera_projection (camera, aspect, projection);
  glUseProgram (program->name);
  glUniformMatrix4fv (program->view, 1, GL_FALSE, &view[0][0]);
  glUniformMatrix4fv (program->projection, 1, GL_FALSE, &projection[0][0]);
  const UtPlane *clip = &scene->clip;
  glUniform4f (program->clip_plane,
               clip->normal.x,
               clip->normal.y,
               clip->normal.z,
               -ut_vec3_dot (clip->normal, clip->origin));
  set_items (program, scene);

  const UtScalarMap *map = &scene->map;
  float width = map->max > map->min ? map->max - map->min : 1;
  glUniform2f (program->map_range, map->min, 1 / width);
  glUniform3f (program->map_lines, map->contour_step / width, 0.5f, map->neutral / width);
}

static void
cull (GLenum side)
{
  if (side == GL_NONE) {
    glDisable (GL_CULL_FACE);
  } else {
    glEnable (GL_CULL_FACE);
    glCullFace (side);
  }
}

static void
draw_opaque (UtMeshPass *self, const UtScene *scene)
{
  glDisable (GL_BLEND);
  glDepthMask (GL_TRUE);
  const UtMeshSet *set = drawn_set (self);
  glBindBuffer (GL_ELEMENT_ARRAY_BUFFER, set->index_buffer);
  for (guint i = 0; i < set->parts->len; i++) {
    const UtMeshPart *part = ut_mesh_set_part (set, i);
    if (!ut_scene_item (scene, i)->visible || !ut_scene_item_is_opaque (ut_scene_item (scene, i)))
      continue;
    cull (part->culled);
    glDrawElements (GL_TRIANGLES,
                    part->n_indices,
                    GL_UNSIGNED_INT,
                    (void *)(part->first_index * sizeof (guint32)));
  }
  cull (GL_NONE);
}

static void
sort_translucent (UtMeshPass *self, const UtScene *scene, const UtCamera *camera)
{
  UtTriangleSpan spans[UT_SCENE_MAX_ITEMS];
  guint n_spans = 0;
  gsize n_indices = 0;
  const UtMeshSet *set = drawn_set (self);
  for (guint i = 0; i < set->parts->len; i++) {
    const UtSceneItem *item = ut_scene_item (scene, i);
    const UtMeshPart *part = ut_mesh_set_part (set, i);
    if (!item->visible || ut_scene_item_is_opaque (item) || item->opacity <= 0)
      continue;
    n_indices += part->n_indices;
    spans[n_spans++] = (UtTriangleSpan){
      .positions = item->mesh->positions,
      .n_vertices = part->n_vertices,
      .triangles = item->mesh->triangles,
      .n_triangles = part->n_indices / 3,
      .base = part->first_vertex,
      .bias_mm = item->structure == UT_MYO ? WALL_BIAS_MM : 0,
    };
  }
  g_array_set_size (self->sorted, n_indices);
  if (n_indices > 0)
    ut_triangle_sort (spans, n_spans, camera->direction, (guint32 *)self->sorted->data);
}

static void
draw_translucent (UtMeshPass *self)
{
  glEnable (GL_BLEND);
  glBlendEquation (GL_FUNC_ADD);
  glBlendFunc (GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glDepthMask (GL_FALSE);
  glBindBuffer (GL_ELEMENT_ARRAY_BUFFER, self->sorted_buffer);
  glBufferData (GL_ELEMENT_ARRAY_BUFFER,
                self->sorted->len * sizeof (guint32),
                self->sorted->data,
                GL_STREAM_DRAW);
  glDrawElements (GL_TRIANGLES, self->sorted->len, GL_UNSIGNED_INT, NULL);
  glDepthMask (GL_TRUE);
}

static void
begin (UtMeshPass *self, const UtScene *scene)
{
  glActiveTexture (GL_TEXTURE0);
  glBindTexture (GL_TEXTURE_2D, self->map_texture);
  glBindVertexArray (drawn_set (self)->vertex_array);
  glEnable (GL_DEPTH_TEST);
  glDepthFunc (GL_LESS);
  glFrontFace (GL_CCW);
  if (scene->clipped)
    glEnable (GL_CLIP_DISTANCE0);
}

static void
end (void)
{
  glDisable (GL_CLIP_DISTANCE0);
  glBindVertexArray (0);
}

void
ut_mesh_pass_draw_opaque (UtMeshPass *self,
                          const UtScene *scene,
                          const UtCamera *camera,
                          float aspect)
{
  begin (self, scene);
  use_program (&self->programs[scene->map.scalar != NULL][FALSE], scene, camera, aspect);
  draw_opaque (self, scene);
  end ();
}

void
ut_mesh_pass_draw_translucent (UtMeshPass *self,
                               const UtScene *scene,
                               const UtCamera *camera,
                               float aspect)
{
  sort_translucent (self, scene, camera);
  if (self->sorted->len == 0)
    return;
  begin (self, scene);
  use_program (&self->programs[scene->map.scalar != NULL][TRUE], scene, camera, aspect);
  draw_translucent (self);
  end ();
}
