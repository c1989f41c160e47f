/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/random.h"
#include "engine/surface/mesh-distance.h"
#include "engine/surface/triangle-tree.h"
#include "tests/unit/surface/shapes.h"

static UtMesh *
random_points (UtRandom *random, gsize n, double side_mm)
{
  UtMesh *mesh = ut_mesh_new (UT_MESH_FRAME_LPS, n, 0, NULL);
  for (gsize i = 0; i < 3 * n; i++)
    mesh->positions[i] = (float)ut_random_uniform (random, -side_mm, side_mm);
  return mesh;
}

/* Independent of the regions of a triangle: the foot on the plane if it lies inside, else the
 * nearest of the feet on the three sides. */
static double
slow_triangle_distance (const UtMesh *mesh, gsize triangle, UtVec3 p)
{
  UtVec3 v[3];
  double best = INFINITY;
  for (gsize k = 0; k < 3; k++)
    v[k] = ut_mesh_position (mesh, mesh->triangles[3 * triangle + k]);
  UtVec3 normal = ut_vec3_normalise (ut_mesh_triangle_cross (mesh, triangle));
  gboolean over = ut_vec3_length (normal) > 0;
  for (int k = 0; k < 3; k++) {
    UtVec3 side = ut_vec3_sub (v[(k + 1) % 3], v[k]), from = ut_vec3_sub (p, v[k]);
    double length = ut_vec3_dot (side, side);
    double t = length > 0 ? CLAMP (ut_vec3_dot (from, side) / length, 0, 1) : 0;
    best = MIN (best, ut_vec3_length (ut_vec3_mad (from, -t, side)));
    over = over && ut_vec3_dot (ut_vec3_cross (side, from), normal) >= 0;
  }
  return over ? fabs (ut_vec3_dot (ut_vec3_sub (p, v[0]), normal)) : best;
}

static void
test_triangle (void)
{
  UtRandom random;
  ut_random_init (&random, 11, 0);
  for (int round = 0; round < 20000; round++) {
    g_autoptr (UtMesh) mesh = random_points (&random, 4, 2);
    g_autoptr (UtMesh) one = ut_mesh_new (UT_MESH_FRAME_LPS, 4, 1, NULL);
    memcpy (one->positions, mesh->positions, 48);
    for (guint32 k = 0; k < 3; k++)
      one->triangles[k] = round % 10 == 0 ? k / 2 : k; /* some have two corners in one place */
    UtVec3 p = ut_mesh_position (one, 3);
    UtNearest nearest = ut_triangle_nearest (one, 0, p);
    double wanted = slow_triangle_distance (one, 0, p);
    g_assert_cmpfloat_with_epsilon (sqrt (nearest.squared), wanted, 1e-9);
    UtVec3 offset = ut_vec3_sub (p, nearest.point);
    g_assert_cmpfloat_with_epsilon (ut_vec3_length (offset), wanted, 1e-9);
  }
}

static void
test_against_all_triangles (void)
{
  UtRandom random;
  ut_random_init (&random, 12, 0);
  for (int round = 0; round < 30; round++) {
    gsize n_triangles = 1 + ut_random_index (&random, round < 15 ? 20 : 600);
    g_autoptr (UtMesh) cloud = random_points (&random, 3 * n_triangles, 10);
    g_autoptr (UtMesh) soup = ut_mesh_new (UT_MESH_FRAME_LPS, 3 * n_triangles, n_triangles, NULL);
    memcpy (soup->positions, cloud->positions, 36 * n_triangles);
    for (guint32 i = 0; i < 3 * n_triangles; i++)
      soup->triangles[i] = ut_random_index (&random, 3 * (guint)n_triangles);
    g_autoptr (UtMesh) points = random_points (&random, 60, 15);
    g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (points, soup, NULL);
    g_assert_false (distance->sign_valid);
    for (gsize i = 0; i < points->n_vertices; i++) {
      double wanted = INFINITY;
      for (gsize t = 0; t < n_triangles; t++)
        wanted = MIN (wanted, slow_triangle_distance (soup, t, ut_mesh_position (points, i)));
      g_assert_cmpfloat_with_epsilon (fabsf (distance->signed_mm[i]), wanted, 1e-5);
      const float *c = distance->closest + 3 * i;
      UtVec3 offset = ut_vec3_sub (ut_mesh_position (points, i), ut_vec3 (c[0], c[1], c[2]));
      g_assert_cmpfloat_with_epsilon (ut_vec3_length (offset), wanted, 1e-5);
      double on = slow_triangle_distance (soup, distance->triangle[i], ut_vec3 (c[0], c[1], c[2]));
      g_assert_cmpfloat_with_epsilon (on, 0, 1e-5);
    }
  }
}

static double
box_distance (UtVec3 p, UtVec3 half)
{
  UtVec3 q = {fabs (p.x) - half.x, fabs (p.y) - half.y, fabs (p.z) - half.z};
  UtVec3 out = {MAX (q.x, 0), MAX (q.y, 0), MAX (q.z, 0)};
  return ut_vec3_length (out) + MIN (MAX (MAX (q.x, q.y), q.z), 0);
}

static void
test_box_sign (void)
{
  UtRandom random;
  ut_random_init (&random, 13, 0);
  const UtVec3 half = {1, 2, 0.5};
  g_autoptr (UtMesh) box = ut_shape_box_mesh (ut_vec3_scale (half, -1), half);
  g_autoptr (UtMesh) points = random_points (&random, 5000, 2.5);
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (points, box, NULL);
  g_assert_true (distance->sign_valid);
  for (gsize i = 0; i < points->n_vertices; i++)
    g_assert_cmpfloat_with_epsilon (
      distance->signed_mm[i], box_distance (ut_mesh_position (points, i), half), 1e-6);
}

/* A thin wedge: at its sharp edge the normal of either face alone tells the wrong side. */
static void
test_sharp_edge_sign (void)
{
  static const float positions[18] = {
    0, 0, -5, 10, 0.2f, -5, 10, -0.2f, -5, 0, 0, 5, 10, 0.2f, 5, 10, -0.2f, 5};
  static const guint32 triangles[24] = {0, 1, 2, 3, 5, 4, 0, 3, 4, 0, 4, 1,
                                        1, 4, 5, 1, 5, 2, 2, 5, 3, 2, 3, 0};
  g_autoptr (UtMesh) wedge = ut_mesh_new (UT_MESH_FRAME_LPS, 6, 8, NULL);
  memcpy (wedge->positions, positions, sizeof positions);
  memcpy (wedge->triangles, triangles, sizeof triangles);
  UtRandom random;
  ut_random_init (&random, 14, 0);
  g_autoptr (UtMesh) points = random_points (&random, 4000, 3);
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (points, wedge, NULL);
  g_assert_true (distance->sign_valid);
  for (gsize i = 0; i < points->n_vertices; i++) {
    UtVec3 p = ut_mesh_position (points, i);
    gboolean inside = p.x > 0 && fabs (p.y) < 0.02 * p.x;
    if (fabs (fabs (p.y) - 0.02 * p.x) > 1e-5)
      g_assert_cmpint (distance->signed_mm[i] < 0, ==, inside);
  }
}

static void
test_two_spheres (void)
{
  g_autoptr (UtMesh) large = ut_shape_sphere_mesh (22, 0), small = ut_shape_sphere_mesh (20, 0);
  g_autoptr (UtMeshDistance) out = ut_mesh_distance_new (large, small, NULL);
  g_autoptr (UtMeshDistance) in = ut_mesh_distance_new (small, large, NULL);
  UtDistanceStats stats;
  g_assert_true (ut_distance_stats (large, out->signed_mm, &stats));
  g_assert_cmpfloat_with_epsilon (stats.mean, 2, 0.05);
  g_assert_cmpfloat (stats.share_outside_band, ==, 1);
  g_assert_cmpfloat (stats.share_above, ==, 1);
  g_assert_cmpfloat (stats.sd, <, 0.05);
  g_assert_cmpfloat_with_epsilon (stats.p50, 2, 0.05);
  g_assert_cmpfloat_with_epsilon (stats.max_abs, 2, 0.1);
  g_assert_cmpfloat_with_epsilon (stats.area_mm2, 4 * G_PI * 22 * 22, 15);
  g_assert_true (ut_distance_stats (small, in->signed_mm, &stats));
  g_assert_cmpfloat_with_epsilon (stats.mean, -2, 0.05);
  g_assert_cmpfloat (stats.share_below, ==, 1);
  g_assert_cmpfloat (stats.share_above, ==, 0);

  g_autoptr (UtMesh) coloured = ut_mesh_with_distance (large, out, NULL);
  const UtMeshScalar *scalar = ut_mesh_find_scalar (coloured, "signed distance");
  g_assert_cmpstr (scalar->unit, ==, "mm");
  g_assert_cmpfloat (scalar->values[7], ==, out->signed_mm[7]);
}

/* The larger sphere lies 2 mm outside, the smaller 2 mm inside: two bars, whose areas and those of
 * the statistics agree. */
static void
test_histogram (void)
{
  g_autoptr (UtMesh) large = ut_shape_sphere_mesh (22, 0), small = ut_shape_sphere_mesh (20, 0);
  g_autoptr (UtMeshDistance) out = ut_mesh_distance_new (large, small, NULL);
  g_autoptr (UtMeshDistance) in = ut_mesh_distance_new (small, large, NULL);
  const UtMesh *meshes[] = {large, small};
  const float *values[] = {out->signed_mm, in->signed_mm};
  UtDistanceStats both, outer, inner;
  double areas[16] = {0}; /* of 0.5 mm */
  g_assert_true (ut_distance_stats (large, out->signed_mm, &outer));
  g_assert_true (ut_distance_stats (small, in->signed_mm, &inner));
  g_assert_true (ut_distance_stats_pooled (meshes, values, 2, &both));
  for (guint i = 0; i < 2; i++)
    ut_distance_histogram_add (meshes[i], values[i], 4, 16, areas);

  double above = areas[11] + areas[12], below = areas[3] + areas[4];
  g_assert_cmpfloat_with_epsilon (above, outer.area_mm2, 1e-6);
  g_assert_cmpfloat_with_epsilon (below, inner.area_mm2, 1e-6);
  g_assert_cmpfloat_with_epsilon (both.area_mm2, above + below, 1e-6);
  g_assert_cmpfloat_with_epsilon (both.share_above, above / (above + below), 1e-9);
  g_assert_cmpfloat_with_epsilon (
    both.mean, (outer.mean * above + inner.mean * below) / (above + below), 1e-9);
  g_assert_cmpuint (both.max_vertex, ==, outer.max_vertex);
  g_assert_cmpuint (both.min_vertex, ==, inner.min_vertex + large->n_vertices);
  g_assert_cmpfloat_with_epsilon (both.p5, -2, 0.1);
  g_assert_cmpfloat_with_epsilon (both.p95, 2, 0.1);

  double ends[2] = {0}; /* beyond 1 mm on either side: nothing is lost */
  ut_distance_histogram_add (large, out->signed_mm, 1, 2, ends);
  g_assert_cmpfloat (ends[0], ==, 0);
  g_assert_cmpfloat_with_epsilon (ends[1], outer.area_mm2, 1e-6);
}

static void
test_offset_sphere (void)
{
  /* sphere of 20 moved by 3: signed distance is the radius about the other centre less 20 */
  g_autoptr (UtMesh) moved = ut_shape_sphere_mesh (20, 3), still = ut_shape_sphere_mesh (20, 0);
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (moved, still, NULL);
  for (gsize i = 0; i < moved->n_vertices; i++)
    g_assert_cmpfloat_with_epsilon (
      distance->signed_mm[i], ut_vec3_length (ut_mesh_position (moved, i)) - 20, 0.02);
  UtDistanceStats stats;
  ut_distance_stats (moved, distance->signed_mm, &stats);
  g_assert_cmpfloat_with_epsilon (ut_mesh_position (moved, stats.max_vertex).x, 23, 0.1);
  g_assert_cmpfloat_with_epsilon (ut_mesh_position (moved, stats.min_vertex).x, -17, 0.1);
}

static void
test_itself (void)
{
  g_autoptr (UtMesh) sphere = ut_shape_sphere_mesh (12, 1);
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (sphere, sphere, NULL);
  for (gsize i = 0; i < sphere->n_vertices; i++)
    g_assert_cmpfloat (distance->signed_mm[i], ==, 0);
}

static void
test_stats_weigh_area (void)
{
  /* a strip of one small and one large triangle, then a vertex of no triangle */
  g_autoptr (UtMesh) mesh = ut_mesh_new (UT_MESH_FRAME_LPS, 7, 2, NULL);
  static const float positions[21] = {0, 0,  0, 2, 0,  0, 0, 3,  0, 10, 0,
                                      0, 16, 0, 0, 10, 3, 0, 50, 0, 0};
  memcpy (mesh->positions, positions, sizeof positions);
  for (guint32 i = 0; i < 6; i++)
    mesh->triangles[i] = i;
  const float values[7] = {-2, -2, -2, 1, 1, 4, 1000}; /* areas 1, 1, 1, 3, 3, 3, 0 */
  UtDistanceStats stats;
  g_assert_true (ut_distance_stats (mesh, values, &stats));
  g_assert_cmpfloat_with_epsilon (stats.area_mm2, 12, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.mean, (-6 + 6 + 12) / 12.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.mean_abs, 2, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.rms, sqrt ((12 + 6 + 48) / 12.0), 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.sd, sqrt (66 / 12.0 - 1), 1e-9);
  g_assert_cmpfloat (stats.min, ==, -2);
  g_assert_cmpfloat (stats.max, ==, 4);
  g_assert_cmpuint (stats.max_vertex, ==, 5);
  g_assert_cmpfloat (stats.p25, ==, -2);
  g_assert_cmpfloat (stats.p50, ==, 1);
  g_assert_cmpfloat (stats.p95, ==, 4);
  g_assert_cmpfloat (stats.p95_abs, ==, 4);
  g_assert_cmpfloat_with_epsilon (stats.share_above, 0.25, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.share_below, 0.25, 1e-9);
  g_assert_cmpfloat_with_epsilon (stats.share_outside_band, 0.5, 1e-9);
  mesh->n_triangles = 0;
  g_assert_false (ut_distance_stats (mesh, values, &stats));
}

static void
test_threads_agree (void)
{
  g_autoptr (UtMesh) a = ut_shape_sphere_mesh (20, 2), b = ut_shape_sphere_mesh (20, 0);
  g_autoptr (UtMeshDistance) many = ut_mesh_distance_new (a, b, NULL);
  guint n_threads = ut_parallel_n_threads ();
  ut_parallel_set_n_threads (1);
  g_autoptr (UtMeshDistance) one = ut_mesh_distance_new (a, b, NULL);
  ut_parallel_set_n_threads (n_threads);
  g_assert_cmpmem (many->signed_mm, 4 * a->n_vertices, one->signed_mm, 4 * a->n_vertices);
  g_assert_cmpmem (many->closest, 12 * a->n_vertices, one->closest, 12 * a->n_vertices);
  g_assert_cmpmem (many->triangle, 4 * a->n_vertices, one->triangle, 4 * a->n_vertices);
}

static void
test_refusals (void)
{
  g_autoptr (UtMesh) box = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (1, 1, 1));
  g_autoptr (UtMesh) other = ut_mesh_copy (box, NULL);
  g_autoptr (UtMesh) empty = ut_mesh_new (UT_MESH_FRAME_LPS, 0, 0, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_mesh_distance_new (box, empty, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  other->frame = UT_MESH_FRAME_CANONICAL;
  g_assert_null (ut_mesh_distance_new (box, other, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "LPS"));
  g_clear_error (&error);
  other->frame = UT_MESH_FRAME_LPS;
  other->positions[5] = NAN;
  g_assert_null (ut_mesh_distance_new (box, other, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);

  g_autoptr (UtMeshDistance) none = ut_mesh_distance_new (empty, box, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->n_vertices, ==, 0);
  g_autoptr (UtMesh) coloured = ut_mesh_with_distance (empty, none, NULL);
  g_assert_cmpuint (coloured->n_scalars, ==, 1);

  /* a box without its lid has no inside */
  box->n_triangles = 10;
  g_autoptr (UtMesh) whole = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (2, 2, 2));
  g_autoptr (UtMeshDistance) open = ut_mesh_distance_new (whole, box, NULL);
  g_assert_false (open->sign_valid);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surface/distance/triangle", test_triangle);
  g_test_add_func ("/surface/distance/all-triangles", test_against_all_triangles);
  g_test_add_func ("/surface/distance/box", test_box_sign);
  g_test_add_func ("/surface/distance/sharp-edge", test_sharp_edge_sign);
  g_test_add_func ("/surface/distance/two-spheres", test_two_spheres);
  g_test_add_func ("/surface/distance/histogram", test_histogram);
  g_test_add_func ("/surface/distance/offset-sphere", test_offset_sphere);
  g_test_add_func ("/surface/distance/itself", test_itself);
  g_test_add_func ("/surface/distance/stats", test_stats_weigh_area);
  g_test_add_func ("/surface/distance/threads", test_threads_agree);
  g_test_add_func ("/surface/distance/refusals", test_refusals);
  return g_test_run ();
}
