/* SPDX-License-Identifier: Apache-2.0 */
#include "render/mesh-pass.h"

#include <cglm/cglm.h>
#include <epoxy/gl.h>

#include "render/ambient.h"
#include "render/shader.h"
#include "render/triangle-sort.h"

#define MAP_COLOURS   256
#define OPAQUE        0.995f /* from here on a surface hides what is behind it */
#define WALL_BIAS_MM  1.0f   /* the wall's inner side is behind the pool that it touches */
#define GLASS_DENSITY 0.3f   /* shade that a translucent surface throws, per opacity */
#define DENSITY_STEPS 8      /* so that moving a slider does not shade anew at each pixel */

typedef struct Vertex {
  float position[3]; /* mm */
  gint16 normal[4];  /* 1 is 32767; [3]: openness */
  float value;       /* of the mapped scalar */
  guint32 item;      /* place in scene->items */
} Vertex;

typedef struct Part {
  guint64 mesh_change;
  gsize first_vertex, n_vertices;
  gsize first_index, n_indices;
  float density; /* shade it throws; 0 where the surface is hidden */
  GLenum culled; /* the side that is never seen of a closed surface; GL_NONE of an open one */
} Part;

/* One compiled variant of the mesh shaders. */
typedef struct Program {
  GLuint name;
  GLint view, projection, clip_plane, item_colours, item_styles, map_range, map_lines;
} Program;

struct UtMeshPass {
  Program programs[2][2]; /* [painted][translucent] */
  GLuint vertex_array, vertex_buffer, index_buffer, sorted_buffer, map_texture;
  GArray *vertices; /* Vertex */
  GArray *indices;  /* guint32, local to each part */
  GArray *sorted;   /* guint32 */
  GArray *parts;    /* Part, as scene->items */
  guint64 scene_change;
};

static void
describe_vertices (void)
{
  glVertexAttribPointer (
    0, 3, GL_FLOAT, GL_FALSE, sizeof (Vertex), (void *)G_STRUCT_OFFSET (Vertex, position));
  glVertexAttribPointer (
    1, 4, GL_SHORT, GL_TRUE, sizeof (Vertex), (void *)G_STRUCT_OFFSET (Vertex, normal));
  glVertexAttribPointer (
    2, 1, GL_FLOAT, GL_FALSE, sizeof (Vertex), (void *)G_STRUCT_OFFSET (Vertex, value));
  glVertexAttribIPointer (
    3, 1, GL_UNSIGNED_INT, sizeof (Vertex), (void *)G_STRUCT_OFFSET (Vertex, item));
  for (GLuint i = 0; i < 4; i++)
    glEnableVertexAttribArray (i);
}

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
  self->vertices = g_array_new (FALSE, FALSE, sizeof (Vertex));
  self->indices = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->sorted = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->parts = g_array_new (FALSE, TRUE, sizeof (Part));

  for (int i = 0; i < 4; i++)
    if (!program_init (&self->programs[i >> 1][i & 1], i >> 1, i & 1, error))
      return NULL;

  glGenVertexArrays (1, &self->vertex_array);
  glGenBuffers (1, &self->vertex_buffer);
  glGenBuffers (1, &self->index_buffer);
  glGenBuffers (1, &self->sorted_buffer);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->vertex_buffer);
  describe_vertices ();
  glBindVertexArray (0);

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
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteBuffers (1, &self->vertex_buffer);
  glDeleteBuffers (1, &self->index_buffer);
  glDeleteBuffers (1, &self->sorted_buffer);
  glDeleteTextures (1, &self->map_texture);
  g_array_unref (self->vertices);
  g_array_unref (self->indices);
  g_array_unref (self->sorted);
  g_array_unref (self->parts);
  g_free (self);
}

static const UtSceneItem *
scene_item (const UtScene *scene, guint i)
{
  return scene->items->pdata[i];
}

static gboolean
is_opaque (const UtSceneItem *item)
{
  return item->opacity >= OPAQUE;
}

static float
item_density (const UtSceneItem *item)
{
  if (!item->visible)
    return 0;
  float density = is_opaque (item) ? 1 : GLASS_DENSITY * item->opacity;
  return roundf (density * DENSITY_STEPS * 4) / (DENSITY_STEPS * 4);
}

static gboolean
same_meshes (const UtMeshPass *self, const UtScene *scene)
{
  if (self->parts->len != scene->items->len)
    return FALSE;
  for (guint i = 0; i < self->parts->len; i++)
    if (g_array_index (self->parts, Part, i).mesh_change != scene_item (scene, i)->mesh_change)
      return FALSE;
  return TRUE;
}

static GLenum
culled_side (const UtMesh *mesh)
{
  UtMeshCheck check;
  ut_mesh_check (mesh, &check);
  if (!check.closed)
    return GL_NONE;
  return ut_mesh_volume_mm3 (mesh) >= 0 ? GL_BACK : GL_FRONT;
}

static void
collect_item (UtMeshPass *self, guint number, const UtSceneItem *item)
{
  const UtMesh *mesh = item->mesh;
  Part part = {
    .mesh_change = item->mesh_change,
    .first_vertex = self->vertices->len,
    .n_vertices = mesh->n_vertices,
    .first_index = self->indices->len,
    .n_indices = 3 * mesh->n_triangles,
    .density = -1,
    .culled = culled_side (mesh),
  };
  g_array_append_val (self->parts, part);
  g_array_append_vals (self->indices, mesh->triangles, part.n_indices);
  g_array_set_size (self->vertices, part.first_vertex + part.n_vertices);
  Vertex *vertices = &g_array_index (self->vertices, Vertex, part.first_vertex);
  for (gsize v = 0; v < mesh->n_vertices; v++) {
    vertices[v] = (Vertex){.item = number};
    for (int c = 0; c < 3; c++) {
      vertices[v].position[c] = mesh->positions[3 * v + c];
      vertices[v].normal[c] = lrintf (32767 * CLAMP (mesh->normals[3 * v + c], -1, 1));
    }
  }
}

static void
upload_indices (UtMeshPass *self)
{
  g_autofree guint32 *absolute = g_new (guint32, self->indices->len + 1);
  for (guint i = 0; i < self->parts->len; i++) {
    const Part *part = &g_array_index (self->parts, Part, i);
    for (gsize k = part->first_index; k < part->first_index + part->n_indices; k++)
      absolute[k] = g_array_index (self->indices, guint32, k) + part->first_vertex;
  }
  glBindBuffer (GL_ARRAY_BUFFER, self->index_buffer);
  glBufferData (GL_ARRAY_BUFFER, self->indices->len * sizeof (guint32), absolute, GL_STATIC_DRAW);
}

static void
collect_meshes (UtMeshPass *self, const UtScene *scene)
{
  g_array_set_size (self->vertices, 0);
  g_array_set_size (self->indices, 0);
  g_array_set_size (self->parts, 0);
  for (guint i = 0; i < scene->items->len; i++)
    collect_item (self, i, scene_item (scene, i));
  upload_indices (self);
}

/* Returns: TRUE where a surface throws another shade than before */
static gboolean
update_densities (UtMeshPass *self, const UtScene *scene)
{
  gboolean changed = FALSE;
  for (guint i = 0; i < self->parts->len; i++) {
    Part *part = &g_array_index (self->parts, Part, i);
    float density = item_density (scene_item (scene, i));
    changed |= density != part->density;
    part->density = density;
  }
  return changed;
}

static void
shade (UtMeshPass *self, const UtScene *scene)
{
  guint n = self->parts->len;
  g_autofree UtOccluder *occluders = g_new (UtOccluder, n + 1);
  g_autofree float **openness = g_new (float *, n + 1);
  g_autofree float *values = g_new (float, self->vertices->len + 1);
  for (guint i = 0; i < n; i++) {
    const Part *part = &g_array_index (self->parts, Part, i);
    occluders[i] = (UtOccluder){scene_item (scene, i)->mesh, part->density};
    openness[i] = values + part->first_vertex;
  }
  ut_ambient_openness (occluders, n, openness);
  for (guint v = 0; v < self->vertices->len; v++)
    g_array_index (self->vertices, Vertex, v).normal[3] = lrintf (32767 * values[v]);
}

static const UtMeshScalar *
mapped_scalar (const UtScene *scene, const UtSceneItem *item)
{
  return scene->map.scalar ? ut_mesh_find_scalar (item->mesh, scene->map.scalar) : NULL;
}

static void
collect_values (UtMeshPass *self, const UtScene *scene)
{
  for (guint i = 0; i < self->parts->len; i++) {
    const Part *part = &g_array_index (self->parts, Part, i);
    const UtMeshScalar *scalar = mapped_scalar (scene, scene_item (scene, i));
    Vertex *vertices = &g_array_index (self->vertices, Vertex, part->first_vertex);
    for (gsize v = 0; v < part->n_vertices; v++)
      vertices[v].value = scalar ? scalar->values[v] : 0;
  }
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

void
ut_mesh_pass_update (UtMeshPass *self, const UtScene *scene)
{
  if (self->scene_change == scene->change)
    return;

  if (!same_meshes (self, scene))
    collect_meshes (self, scene);
  if (update_densities (self, scene))
    shade (self, scene);
  collect_values (self, scene);
  if (scene->map.scalar != NULL)
    upload_map (self, &scene->map);
  glBindBuffer (GL_ARRAY_BUFFER, self->vertex_buffer);
  glBufferData (
    GL_ARRAY_BUFFER, self->vertices->len * sizeof (Vertex), self->vertices->data, GL_DYNAMIC_DRAW);
  self->scene_change = scene->change;
}

static void
set_items (const Program *program, const UtScene *scene)
{
  float colours[UT_SCENE_MAX_ITEMS][4] = {0}, styles[UT_SCENE_MAX_ITEMS][4] = {0};
  for (guint i = 0; i < scene->items->len; i++) {
    const UtSceneItem *item = scene_item (scene, i);
    gboolean painted = mapped_scalar (scene, item) != NULL;
    ut_scene_item_colour (scene, item, painted, colours[i]);
    styles[i][0] = log2f (fmaxf (1 - item->opacity, 1e-4f));
    styles[i][1] = is_opaque (item) || item->structure != UT_MYO ? 0 : WALL_BIAS_MM;
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
  glBindBuffer (GL_ELEMENT_ARRAY_BUFFER, self->index_buffer);
  for (guint i = 0; i < self->parts->len; i++) {
    const Part *part = &g_array_index (self->parts, Part, i);
    if (!scene_item (scene, i)->visible || !is_opaque (scene_item (scene, i)))
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
  for (guint i = 0; i < self->parts->len; i++) {
    const UtSceneItem *item = scene_item (scene, i);
    const Part *part = &g_array_index (self->parts, Part, i);
    if (!item->visible || is_opaque (item) || item->opacity <= 0)
      continue;
    n_indices += part->n_indices;
    spans[n_spans++] = (UtTriangleSpan){
      .positions = item->mesh->positions,
      .stride = 3,
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
  glBindVertexArray (self->vertex_array);
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
