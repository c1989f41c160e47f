/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-distance.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/words.h"
#include "engine/surface/triangle-tree.h"

/* Past this the squares of float differences lose their meaning; the Earth is 1.3e10 mm. */
#define MAX_POSITION_MM 1e9f

typedef struct Measure {
  const UtMesh *from, *to;
  UtTriangleTree *tree;
  guint32 *twins;         /* half edges of @to */
  UtVec3 *corner_normals; /* [to->n_vertices] angle-weighted */
  UtMeshDistance *result;
} Measure;

/* Where a point lies off a face, an edge or a corner, this normal tells outside from inside. */
static UtVec3
pseudo_normal (const Measure *self, const UtNearest *nearest)
{
  gsize half_edge = 3 * (gsize)nearest->triangle + nearest->k;
  if (nearest->feature == UT_FEATURE_CORNER)
    return self->corner_normals[self->to->triangles[half_edge]];
  UtVec3 normal = ut_vec3_normalise (ut_mesh_triangle_cross (self->to, nearest->triangle));
  guint32 twin = nearest->feature == UT_FEATURE_EDGE ? self->twins[half_edge] : G_MAXUINT32;
  if (twin == G_MAXUINT32)
    return normal;
  UtVec3 other = ut_vec3_normalise (ut_mesh_triangle_cross (self->to, twin / 3));
  return ut_vec3_add (normal, other);
}

static void
measure_vertices (gsize begin, gsize end, gpointer user_data)
{
  const Measure *self = user_data;
  UtMeshDistance *result = self->result;
  UtNearest nearest = UT_NEAREST_NONE; /* then that of the vertex before, most often near by */
  for (gsize i = begin; i < end; i++) {
    ut_triangle_tree_find (self->tree, self->from->positions + 3 * i, &nearest);
    UtVec3 offset = ut_vec3_sub (ut_mesh_position (self->from, i), nearest.point);
    gboolean inside = ut_vec3_dot (offset, pseudo_normal (self, &nearest)) < 0;
    double distance = sqrt (nearest.squared);
    result->signed_mm[i] = (float)(inside ? -distance : distance);
    result->closest[3 * i] = (float)nearest.point.x;
    result->closest[3 * i + 1] = (float)nearest.point.y;
    result->closest[3 * i + 2] = (float)nearest.point.z;
    result->triangle[i] = nearest.triangle;
  }
}

static gboolean
check_positions (const UtMesh *mesh, GError **error)
{
  for (gsize i = 0; i < 3 * mesh->n_vertices; i++)
    if (!(fabsf (mesh->positions[i]) <= MAX_POSITION_MM)) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   ut_words ("vertex %zu of a mesh to measure lies nowhere near the origin"),
                   i / 3);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_pair (const UtMesh *from, const UtMesh *to, GError **error)
{
  if (to->n_triangles == 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("the mesh to measure against has no triangles"));
    return FALSE;
  }
  if (from->frame != to->frame && from->frame != UT_MESH_FRAME_UNKNOWN &&
      to->frame != UT_MESH_FRAME_UNKNOWN) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("one mesh is in the frame %s, the other in %s: they cannot be compared"),
                 ut_mesh_frame_name (from->frame),
                 ut_mesh_frame_name (to->frame));
    return FALSE;
  }
  return check_positions (from, error) && check_positions (to, error);
}

UtMeshDistance *
ut_mesh_distance_new (const UtMesh *from, const UtMesh *to, GError **error)
{
  if (!check_pair (from, to, error))
    return NULL;
  UtMeshDistance *result = g_new0 (UtMeshDistance, 1);
  result->n_vertices = from->n_vertices;
  result->signed_mm = g_new (float, MAX (from->n_vertices, 1));
  result->closest = g_new (float, 3 * MAX (from->n_vertices, 1));
  result->triangle = g_new (guint32, MAX (from->n_vertices, 1));

  g_autoptr (UtTriangleTree) tree = ut_triangle_tree_new (to);
  g_autofree guint32 *twins = ut_mesh_find_twins (to);
  g_autofree UtVec3 *corner_normals = ut_mesh_vertex_normals (to);
  Measure measure = {from, to, tree, twins, corner_normals, result};
  ut_parallel_for (from->n_vertices, 256, measure_vertices, &measure);

  gboolean closed = TRUE;
  for (gsize i = 0; i < 3 * to->n_triangles; i++)
    closed &= twins[i] != G_MAXUINT32;
  result->sign_valid = closed && ut_mesh_volume_mm3 (to) > 0;
  return result;
}

void
ut_mesh_distance_free (UtMeshDistance *self)
{
  if (self == NULL)
    return;
  g_free (self->signed_mm);
  g_free (self->closest);
  g_free (self->triangle);
  g_free (self);
}

UtMesh *
ut_mesh_with_distance (const UtMesh *from, const UtMeshDistance *distance, GError **error)
{
  g_return_val_if_fail (from->n_vertices == distance->n_vertices, NULL);
  UtMesh *mesh = ut_mesh_copy (from, error);
  if (mesh == NULL)
    return NULL;
  float *values = ut_mesh_add_scalar (mesh, UT_DISTANCE_SCALAR, "mm");
  if (from->n_vertices > 0)
    memcpy (values, distance->signed_mm, from->n_vertices * sizeof (float));
  return mesh;
}
