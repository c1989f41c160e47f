/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-transfer.h"

#include "engine/surface/mesh-distance.h"

/* What each corner of a triangle weighs at @p, a point on it, by the areas opposite to them. */
static void
corner_weights (const UtMesh *mesh, guint32 triangle, UtVec3 p, double ret[3])
{
  const guint32 *corners = mesh->triangles + 3 * (gsize)triangle;
  UtVec3 to[3];
  double sum = 0;
  for (int k = 0; k < 3; k++)
    to[k] = ut_vec3_sub (ut_mesh_position (mesh, corners[k]), p);
  for (int k = 0; k < 3; k++) {
    ret[k] = ut_vec3_length (ut_vec3_cross (to[(k + 1) % 3], to[(k + 2) % 3]));
    sum += ret[k];
  }
  for (int k = 0; k < 3; k++) /* without area: any corner is as good */
    ret[k] = sum > 0 ? ret[k] / sum : k == 0;
}

UtMesh *
ut_mesh_with_scalars_of (const UtMesh *self, const UtMesh *from, GError **error)
{
  g_autoptr (UtMeshDistance) near = ut_mesh_distance_new (self, from, error);
  UtMesh *copy = near != NULL ? ut_mesh_copy (self, error) : NULL;
  if (copy == NULL)
    return NULL;
  for (guint i = 0; i < from->n_scalars; i++) {
    const UtMeshScalar *scalar = &from->scalars[i];
    float *values = ut_mesh_add_scalar (copy, scalar->name, scalar->unit);
    for (gsize v = 0; v < copy->n_vertices; v++) {
      const float *p = near->closest + 3 * v;
      const guint32 *corners = from->triangles + 3 * (gsize)near->triangle[v];
      double weights[3], value = 0;
      corner_weights (from, near->triangle[v], ut_vec3 (p[0], p[1], p[2]), weights);
      for (int k = 0; k < 3; k++)
        value += weights[k] * (double)scalar->values[corners[k]];
      values[v] = (float)value;
    }
  }
  return copy;
}
