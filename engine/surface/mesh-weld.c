/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/surface/mesh-file-private.h"

static guint32
hash_position (const float position[3])
{
  guint32 hash = 2166136261u; /* FNV-1a, over words */
  for (int axis = 0; axis < 3; axis++) {
    float value = position[axis] + 0.0f; /* -0 and 0 are one place */
    guint32 word;
    memcpy (&word, &value, 4);
    hash = (hash ^ word) * 16777619u;
    hash ^= hash >> 15;
  }
  return hash;
}

static gboolean
same_position (const float *a, const float *b)
{
  return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
}

/* For each corner the number of its vertex; @firsts gets the corner each vertex came from. */
static guint32
number_corners (const float *corners, gsize n_corners, guint32 *vertices, guint32 *firsts)
{
  gsize n_slots = 16;
  while (n_slots < 2 * n_corners)
    n_slots *= 2;
  g_autofree guint32 *slots = g_new (guint32, n_slots);
  memset (slots, 0xff, n_slots * sizeof (guint32));
  guint32 n_vertices = 0;
  for (gsize i = 0; i < n_corners; i++) {
    gsize slot = hash_position (corners + 3 * i) & (n_slots - 1);
    while (slots[slot] != G_MAXUINT32 &&
           !same_position (corners + 3 * (gsize)firsts[slots[slot]], corners + 3 * i))
      slot = (slot + 1) & (n_slots - 1);
    if (slots[slot] == G_MAXUINT32) {
      firsts[n_vertices] = (guint32)i;
      slots[slot] = n_vertices++;
    }
    vertices[i] = slots[slot];
  }
  return n_vertices;
}

UtMesh *
ut_mesh_from_corners (const float *corners, gsize n_triangles, UtMeshFrame frame, GError **error)
{
  g_autofree guint32 *vertices = g_new (guint32, 3 * n_triangles);
  g_autofree guint32 *firsts = g_new (guint32, 3 * n_triangles);
  guint32 n_vertices = number_corners (corners, 3 * n_triangles, vertices, firsts);
  g_autoptr (UtMesh) mesh = ut_mesh_new (frame, n_vertices, n_triangles, error);
  if (mesh == NULL)
    return NULL;
  for (guint32 i = 0; i < n_vertices; i++)
    memcpy (mesh->positions + 3 * (gsize)i, corners + 3 * (gsize)firsts[i], 3 * sizeof (float));
  mesh->n_triangles = 0;
  for (gsize i = 0; i < n_triangles; i++) {
    const guint32 *t = vertices + 3 * i;
    if (t[0] != t[1] && t[1] != t[2] && t[2] != t[0])
      memcpy (mesh->triangles + 3 * mesh->n_triangles++, t, 3 * sizeof (guint32));
  }
  ut_mesh_compute_normals (mesh);
  return g_steal_pointer (&mesh);
}

UtMesh *
ut_mesh_welded (const UtMesh *self, GError **error)
{
  g_autofree float *corners = g_try_new (float, 9 * MAX (1, self->n_triangles));
  if (corners == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 ut_words ("no memory for a mesh of %zu triangles"),
                 self->n_triangles);
    return NULL;
  }
  for (gsize i = 0; i < 3 * self->n_triangles; i++)
    memcpy (corners + 3 * i, self->positions + 3 * (gsize)self->triangles[i], 3 * sizeof *corners);
  return ut_mesh_from_corners (corners, self->n_triangles, self->frame, error);
}
