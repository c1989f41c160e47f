/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/crease.h"
#include "tests/unit/surface/shapes.h"

#include <math.h>

#define N        32
#define VOXEL_MM 3.0

/* Two balls, one of which bites into the other: the rim between them is a thin, sharp edge. */
static const double ball[4] = {30, 0, 0, 0}, bite[4] = {34, 27.3, 4.1, 2.7};

static double
crescent (UtVec3 p_mm, const double *sizes)
{
  return fmin (ut_shape_sphere (p_mm, ball), -ut_shape_sphere (p_mm, bite));
}

static double
crescent_value (UtVec3 p_mm, gconstpointer user_data)
{
  return crescent (p_mm, NULL);
}

static double
ball_value (UtVec3 p_mm, gconstpointer user_data)
{
  return ut_shape_sphere (p_mm, ball);
}

/* Marching cubes of a shape on the coarse grid. */
static UtMesh *
coarse_mesh (UtShapeFunc func, const double *sizes)
{
  g_autoptr (UtVolume) field =
    ut_shape_field (N, ut_vec3 (VOXEL_MM, VOXEL_MM, VOXEL_MM), func, sizes);
  return ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
}

static UtMesh *
creased (const UtMesh *mesh, UtSurfaceValue value)
{
  g_autoptr (GError) error = NULL;
  UtMesh *made = ut_mesh_with_creases (mesh, value, NULL, VOXEL_MM, &error);
  g_assert_no_error (error);
  return made;
}

/* Points on the circle in which the two balls meet. */
static UtVec3
rim_point (double angle)
{
  UtVec3 centre = ut_vec3 (bite[1], bite[2], bite[3]);
  double between = ut_vec3_length (centre);
  UtVec3 axis = ut_vec3_normalise (centre);
  double along = (between * between + ball[0] * ball[0] - bite[0] * bite[0]) / (2 * between);
  double radius = sqrt (ball[0] * ball[0] - along * along);
  UtVec3 across = ut_vec3_normalise (ut_vec3_reject (ut_vec3 (0, 0, 1), axis));
  UtVec3 other = ut_vec3_cross (axis, across);
  UtVec3 p = ut_vec3_mad (ut_vec3_scale (axis, along), radius * cos (angle), across);
  return ut_vec3_mad (p, radius * sin (angle), other);
}

/* The longest way from the rim to a vertex, mm. */
static double
worst_of_rim (const UtMesh *mesh)
{
  double worst = 0;
  for (int i = 0; i < 400; i++) {
    double nearest = INFINITY;
    UtVec3 p = rim_point (i * G_PI / 200);
    for (gsize v = 0; v < mesh->n_vertices; v++)
      nearest = fmin (nearest, ut_vec3_length (ut_vec3_sub (ut_mesh_position (mesh, v), p)));
    worst = fmax (worst, nearest);
  }
  return worst;
}

static void
test_rim (void)
{
  g_assert_cmpfloat_with_epsilon (crescent (rim_point (1), NULL), 0, 1e-9);
  g_autoptr (UtMesh) coarse = coarse_mesh (crescent, NULL);
  g_autoptr (UtMesh) mesh = creased (coarse, crescent_value);
  ut_shape_assert_manifold (mesh);
  g_assert_cmpfloat (worst_of_rim (coarse), >, 0.7 * VOXEL_MM);
  g_assert_cmpfloat (worst_of_rim (mesh), <, 0.35 * VOXEL_MM);

  /* what is new lies on the surface; what was there stays */
  g_assert_cmpmem (mesh->positions,
                   3 * coarse->n_vertices * sizeof (float),
                   coarse->positions,
                   3 * coarse->n_vertices * sizeof (float));
  g_assert_cmpuint (mesh->n_vertices, <, 3 * coarse->n_vertices);
  for (gsize v = coarse->n_vertices; v < mesh->n_vertices; v++) {
    const float *n = mesh->normals + 3 * v;
    g_assert_cmpfloat (fabs (crescent (ut_mesh_position (mesh, v), NULL)), <, 0.01 * VOXEL_MM);
    g_assert_cmpfloat_with_epsilon (n[0] * n[0] + n[1] * n[1] + n[2] * n[2], 1, 1e-4);
  }
  g_assert_cmpfloat (ut_mesh_volume_mm3 (mesh), >, ut_mesh_volume_mm3 (coarse));
}

/* A round surface has no crease, an empty one nothing at all. */
static void
test_unchanged (void)
{
  g_autoptr (UtMesh) coarse = coarse_mesh (ut_shape_sphere, ball);
  g_autoptr (UtMesh) mesh = creased (coarse, ball_value);
  g_assert_cmpuint (mesh->n_triangles, ==, coarse->n_triangles);
  g_assert_cmpmem (mesh->triangles,
                   3 * mesh->n_triangles * sizeof (guint32),
                   coarse->triangles,
                   3 * coarse->n_triangles * sizeof (guint32));
  g_autoptr (UtMesh) nothing = ut_mesh_new (UT_MESH_FRAME_LPS, 0, 0, NULL);
  g_autoptr (UtMesh) still = creased (nothing, ball_value);
  g_assert_cmpuint (still->n_vertices, ==, 0);
}

/* Every scalar stays where it was, with means between; note and frame go along. */
static void
test_scalars (void)
{
  g_autoptr (UtMesh) coarse = coarse_mesh (crescent, NULL);
  float *height = ut_mesh_add_scalar (coarse, "height", "mm");
  float *one = ut_mesh_add_scalar (coarse, "one", "");
  for (gsize v = 0; v < coarse->n_vertices; v++) {
    height[v] = coarse->positions[3 * v + 2];
    one[v] = 1;
  }
  coarse->note = g_strdup ("a crescent");
  g_autoptr (UtMesh) mesh = creased (coarse, crescent_value);
  g_assert_cmpstr (mesh->note, ==, "a crescent");
  g_assert_cmpint (mesh->frame, ==, UT_MESH_FRAME_LPS);
  const UtMeshScalar *z = ut_mesh_find_scalar (mesh, "height");
  const UtMeshScalar *same = ut_mesh_find_scalar (mesh, "one");
  g_assert_cmpstr (z->unit, ==, "mm");
  for (gsize v = 0; v < mesh->n_vertices; v++) {
    g_assert_cmpfloat (same->values[v], ==, 1);
    g_assert_cmpfloat (fabs ((double)(z->values[v] - mesh->positions[3 * v + 2])),
                       <=,
                       v < coarse->n_vertices ? 0 : 2 * VOXEL_MM);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surface/crease/rim", test_rim);
  g_test_add_func ("/surface/crease/unchanged", test_unchanged);
  g_test_add_func ("/surface/crease/scalars", test_scalars);
  return g_test_run ();
}
