/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/words.h"

const char *
ut_mesh_frame_name (UtMeshFrame frame)
{
  switch (frame) {
  case UT_MESH_FRAME_LPS:
    return "LPS";
  case UT_MESH_FRAME_CANONICAL:
    return "canonical";
  case UT_MESH_FRAME_UNKNOWN:
  default:
    return "unknown";
  }
}

UtMesh *
ut_mesh_new (UtMeshFrame frame, gsize n_vertices, gsize n_triangles, GError **error)
{
  if (n_vertices > UT_MESH_MAX_VERTICES || n_triangles > UT_MESH_MAX_TRIANGLES) {
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("mesh of %zu vertices and %zu triangles, more than 32-bit indices can number"),
      n_vertices,
      n_triangles);
    return NULL;
  }
  UtMesh *self = g_new0 (UtMesh, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->frame = frame;
  self->n_vertices = n_vertices;
  self->n_triangles = n_triangles;
  self->positions = g_try_new0 (float, 3 * MAX (n_vertices, 1));
  self->normals = g_try_new0 (float, 3 * MAX (n_vertices, 1));
  self->triangles = g_try_new0 (guint32, 3 * MAX (n_triangles, 1));
  if (self->positions == NULL || self->normals == NULL || self->triangles == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 ut_words ("no memory for a mesh of %zu vertices"),
                 n_vertices);
    ut_mesh_unref (self);
    return NULL;
  }
  return self;
}

UtMesh *
ut_mesh_ref (UtMesh *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
clear_scalar (UtMeshScalar *scalar)
{
  g_free (scalar->name);
  g_free (scalar->unit);
  g_free (scalar->values);
}

void
ut_mesh_unref (UtMesh *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint i = 0; i < self->n_scalars; i++)
    clear_scalar (&self->scalars[i]);
  g_free (self->scalars);
  g_free (self->note);
  g_free (self->positions);
  g_free (self->normals);
  g_free (self->triangles);
  g_free (self);
}

UtMesh *
ut_mesh_copy (const UtMesh *self, GError **error)
{
  UtMesh *copy = ut_mesh_new (self->frame, self->n_vertices, self->n_triangles, error);
  if (copy == NULL)
    return NULL;
  copy->note = g_strdup (self->note);
  memcpy (copy->positions, self->positions, 3 * self->n_vertices * sizeof (float));
  memcpy (copy->normals, self->normals, 3 * self->n_vertices * sizeof (float));
  memcpy (copy->triangles, self->triangles, 3 * self->n_triangles * sizeof (guint32));
  for (guint i = 0; i < self->n_scalars; i++) {
    const UtMeshScalar *scalar = &self->scalars[i];
    float *values = ut_mesh_add_scalar (copy, scalar->name, scalar->unit);
    memcpy (values, scalar->values, self->n_vertices * sizeof (float));
  }
  return copy;
}

float *
ut_mesh_add_scalar (UtMesh *self, const char *name, const char *unit)
{
  UtMeshScalar *scalar = (UtMeshScalar *)ut_mesh_find_scalar (self, name);
  UtMeshScalar fresh = {
    g_strdup (name), g_strdup (unit), g_new0 (float, MAX (self->n_vertices, 1))};
  if (scalar != NULL) {
    clear_scalar (scalar);
  } else {
    self->scalars = g_renew (UtMeshScalar, self->scalars, self->n_scalars + 1);
    scalar = &self->scalars[self->n_scalars++];
  }
  *scalar = fresh;
  return scalar->values;
}

const UtMeshScalar *
ut_mesh_find_scalar (const UtMesh *self, const char *name)
{
  for (guint i = 0; i < self->n_scalars; i++)
    if (g_str_equal (self->scalars[i].name, name))
      return &self->scalars[i];
  return NULL;
}

/* angle between two directions; 0 where either has no length */
static double
angle_between (UtVec3 a, UtVec3 b)
{
  return atan2 (ut_vec3_length (ut_vec3_cross (a, b)), ut_vec3_dot (a, b));
}

UtVec3
ut_mesh_triangle_cross (const UtMesh *self, gsize triangle)
{
  const guint32 *t = self->triangles + 3 * triangle;
  UtVec3 a = ut_mesh_position (self, t[0]);
  return ut_vec3_cross (ut_vec3_sub (ut_mesh_position (self, t[1]), a),
                        ut_vec3_sub (ut_mesh_position (self, t[2]), a));
}

UtVec3 *
ut_mesh_vertex_normals (const UtMesh *self)
{
  UtVec3 *sums = g_new0 (UtVec3, self->n_vertices);
  for (gsize i = 0; i < self->n_triangles; i++) {
    const guint32 *t = self->triangles + 3 * i;
    UtVec3 normal = ut_vec3_normalise (ut_mesh_triangle_cross (self, i));
    for (int k = 0; k < 3; k++) {
      UtVec3 p = ut_mesh_position (self, t[k]);
      UtVec3 next = ut_vec3_sub (ut_mesh_position (self, t[(k + 1) % 3]), p);
      UtVec3 last = ut_vec3_sub (ut_mesh_position (self, t[(k + 2) % 3]), p);
      sums[t[k]] = ut_vec3_mad (sums[t[k]], angle_between (next, last), normal);
    }
  }
  return sums;
}

void
ut_mesh_compute_normals (UtMesh *self)
{
  g_autofree UtVec3 *sums = ut_mesh_vertex_normals (self);
  for (gsize i = 0; i < self->n_vertices; i++) {
    UtVec3 normal = ut_vec3_normalise (sums[i]);
    self->normals[3 * i] = (float)normal.x;
    self->normals[3 * i + 1] = (float)normal.y;
    self->normals[3 * i + 2] = (float)normal.z;
  }
}

double
ut_mesh_volume_mm3 (const UtMesh *self)
{
  UtVec3 low, high;
  if (!ut_mesh_bounds (self, &low, &high))
    return 0;
  /* seen from its own centre a small mesh far from the origin loses no digits */
  UtVec3 centre = ut_vec3_scale (ut_vec3_add (low, high), 0.5);
  double sum = 0;
  for (gsize i = 0; i < self->n_triangles; i++) {
    UtVec3 corner = ut_vec3_sub (ut_mesh_position (self, self->triangles[3 * i]), centre);
    sum += ut_vec3_dot (corner, ut_mesh_triangle_cross (self, i));
  }
  return sum / 6;
}

double
ut_mesh_area_mm2 (const UtMesh *self)
{
  double sum = 0;
  for (gsize i = 0; i < self->n_triangles; i++)
    sum += ut_vec3_length (ut_mesh_triangle_cross (self, i));
  return sum / 2;
}

gboolean
ut_mesh_bounds (const UtMesh *self, UtVec3 *ret_min, UtVec3 *ret_max)
{
  if (self->n_vertices == 0)
    return FALSE;
  UtVec3 low = ut_mesh_position (self, 0), high = low;
  for (gsize i = 1; i < self->n_vertices; i++) {
    UtVec3 p = ut_mesh_position (self, i);
    low = ut_vec3 (MIN (low.x, p.x), MIN (low.y, p.y), MIN (low.z, p.z));
    high = ut_vec3 (MAX (high.x, p.x), MAX (high.y, p.y), MAX (high.z, p.z));
  }
  *ret_min = low;
  *ret_max = high;
  return TRUE;
}
