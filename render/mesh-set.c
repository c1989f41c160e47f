/* SPDX-License-Identifier: Apache-2.0 */
#include "render/mesh-set.h"

#include <math.h>

#include "render/ambient.h"

#define GLASS_DENSITY 0.3f /* shade that a translucent surface throws, per opacity */
#define DENSITY_STEPS 8    /* so that moving a slider does not shade anew at each pixel */

typedef struct Vertex {
  float position[3]; /* mm */
  gint16 normal[4];  /* 1 is 32767; [3]: openness */
  float value;       /* of the mapped scalar */
  guint32 item;      /* place in scene->items */
} Vertex;

static void
part_clear (gpointer data)
{
  ut_mesh_unref (((UtMeshPart *)data)->mesh);
}

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
collect_item (UtMeshSet *self, guint number, UtMesh *mesh, GArray *indices)
{
  const UtMeshPart part = {
    .mesh = ut_mesh_ref (mesh),
    .first_vertex = self->vertices->len,
    .n_vertices = mesh->n_vertices,
    .first_index = indices->len,
    .n_indices = 3 * mesh->n_triangles,
    .density = -1,
    .culled = culled_side (mesh),
  };
  g_array_append_val (self->parts, part);
  g_array_append_vals (indices, mesh->triangles, part.n_indices);
  for (gsize k = part.first_index; k < indices->len; k++)
    g_array_index (indices, guint32, k) += part.first_vertex;
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

UtMeshSet *
ut_mesh_set_new (const UtScene *scene)
{
  UtMeshSet *self = g_new0 (UtMeshSet, 1);
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->vertices = g_array_new (FALSE, FALSE, sizeof (Vertex));
  self->parts = g_array_new (FALSE, FALSE, sizeof (UtMeshPart));
  g_array_set_clear_func (self->parts, part_clear);
  for (guint i = 0; i < scene->items->len; i++)
    collect_item (self, i, ut_scene_item (scene, i)->mesh, indices);

  glGenVertexArrays (1, &self->vertex_array);
  glGenBuffers (1, &self->vertex_buffer);
  glGenBuffers (1, &self->index_buffer);
  glBindVertexArray (self->vertex_array);
  glBindBuffer (GL_ARRAY_BUFFER, self->vertex_buffer);
  describe_vertices ();
  glBindVertexArray (0);
  glBindBuffer (GL_ARRAY_BUFFER, self->index_buffer);
  glBufferData (GL_ARRAY_BUFFER, indices->len * sizeof (guint32), indices->data, GL_STATIC_DRAW);
  return self;
}

void
ut_mesh_set_free (UtMeshSet *self)
{
  glDeleteVertexArrays (1, &self->vertex_array);
  glDeleteBuffers (1, &self->vertex_buffer);
  glDeleteBuffers (1, &self->index_buffer);
  g_array_unref (self->parts);
  g_array_unref (self->vertices);
  g_free (self->scalar);
  g_free (self);
}

gboolean
ut_mesh_set_is_of (const UtMeshSet *self, const UtScene *scene)
{
  if (self->parts->len != scene->items->len)
    return FALSE;
  for (guint i = 0; i < self->parts->len; i++)
    if (ut_mesh_set_part (self, i)->mesh != ut_scene_item (scene, i)->mesh)
      return FALSE;
  return TRUE;
}

static float
item_density (const UtSceneItem *item)
{
  if (!item->visible)
    return 0;
  float density = ut_scene_item_is_opaque (item) ? 1 : GLASS_DENSITY * item->opacity;
  return roundf (density * DENSITY_STEPS * 4) / (DENSITY_STEPS * 4);
}

/* Returns: TRUE where a surface throws another shade than before */
static gboolean
update_densities (UtMeshSet *self, const UtScene *scene)
{
  gboolean changed = FALSE;
  for (guint i = 0; i < self->parts->len; i++) {
    UtMeshPart *part = ut_mesh_set_part (self, i);
    float density = item_density (ut_scene_item (scene, i));
    changed |= density != part->density;
    part->density = density;
  }
  return changed;
}

static void
shade (UtMeshSet *self)
{
  guint n = self->parts->len;
  g_autofree UtOccluder *occluders = g_new (UtOccluder, n + 1);
  g_autofree float **openness = g_new (float *, n + 1);
  g_autofree float *values = g_new (float, self->vertices->len + 1);
  for (guint i = 0; i < n; i++) {
    const UtMeshPart *part = ut_mesh_set_part (self, i);
    occluders[i] = (UtOccluder){part->mesh, part->density};
    openness[i] = values + part->first_vertex;
  }
  ut_ambient_openness (occluders, n, openness);
  for (guint v = 0; v < self->vertices->len; v++)
    g_array_index (self->vertices, Vertex, v).normal[3] = lrintf (32767 * values[v]);
}

static void
collect_values (UtMeshSet *self)
{
  for (guint i = 0; i < self->parts->len; i++) {
    const UtMeshPart *part = ut_mesh_set_part (self, i);
    const UtMeshScalar *scalar =
      self->scalar != NULL ? ut_mesh_find_scalar (part->mesh, self->scalar) : NULL;
    Vertex *vertices = &g_array_index (self->vertices, Vertex, part->first_vertex);
    for (gsize v = 0; v < part->n_vertices; v++)
      vertices[v].value = scalar != NULL ? scalar->values[v] : 0;
  }
}

void
ut_mesh_set_update (UtMeshSet *self, const UtScene *scene)
{
  gboolean shaded = update_densities (self, scene);
  gboolean mapped = g_strcmp0 (self->scalar, scene->map.scalar) != 0;
  if (shaded)
    shade (self);
  if (mapped) {
    g_free (self->scalar);
    self->scalar = g_strdup (scene->map.scalar);
    collect_values (self);
  }
  if (!shaded && !mapped)
    return;
  glBindBuffer (GL_ARRAY_BUFFER, self->vertex_buffer);
  glBufferData (
    GL_ARRAY_BUFFER, self->vertices->len * sizeof (Vertex), self->vertices->data, GL_DYNAMIC_DRAW);
}
