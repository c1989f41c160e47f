/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <epoxy/gl.h>

#include "render/scene.h"

/** UtMeshPart: one surface of a set */
typedef struct UtMeshPart {
  UtMesh *mesh;
  gsize first_vertex, n_vertices;
  gsize first_index, n_indices;
  float density; /* shade it throws, 0 (clear, or hidden) to 1 */
  GLenum culled; /* the side that is never seen of a closed surface; GL_NONE of an open one */
} UtMeshPart;

/**
 * UtMeshSet:
 *
 * The surfaces of a scene on the device. Attributes of the vertex array: 0 position, mm; 1 normal,
 * and as its fourth number the openness (render/ambient.h); 2 value of the mapped scalar; 3 place
 * in scene->items. Indices are guint32, three a triangle, counted through the whole set.
 */
typedef struct UtMeshSet {
  GLuint vertex_array, vertex_buffer, index_buffer;
  GArray *parts;    /* UtMeshPart, as scene->items */
  GArray *vertices; /* as they are in vertex_buffer */
  char *scalar;     /* whose values they carry; NULL: none */
} UtMeshSet;

/* All of these want the renderer's context current. */

/** ut_mesh_set_new: the surfaces of @scene, which are referenced; update it before it is drawn */
UtMeshSet *ut_mesh_set_new (const UtScene *scene);
void ut_mesh_set_free (UtMeshSet *self);

/** ut_mesh_set_is_of: TRUE where @scene has these surfaces, in this order */
gboolean ut_mesh_set_is_of (const UtMeshSet *self, const UtScene *scene);

/** ut_mesh_set_update: shades and colours it as its @scene now says; free where nothing changed */
void ut_mesh_set_update (UtMeshSet *self, const UtScene *scene);

/** ut_mesh_set_part: the part that shows scene->items [@i] */
static inline UtMeshPart *
ut_mesh_set_part (const UtMeshSet *self, guint i)
{
  return &g_array_index (self->parts, UtMeshPart, i);
}
