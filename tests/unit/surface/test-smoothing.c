/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/smoothing.h"
#include "tests/unit/surface/shapes.h"

/* mean distance of a sphere's vertices to its true surface */
static double
roughness (const UtMesh *mesh, double radius)
{
  double sum = 0;
  for (gsize i = 0; i < mesh->n_vertices; i++)
    sum += fabs (ut_vec3_length (ut_mesh_position (mesh, i)) - radius);
  return sum / (double)mesh->n_vertices;
}

static void
test_stairs_go_volume_stays (void)
{
  const double sizes[] = {20, 0, 0, 0};
  g_autoptr (UtVolume) labels = ut_shape_labels (50, ut_vec3 (1, 1, 1), ut_shape_sphere, sizes);
  g_autoptr (UtMesh) stairs = ut_mesh_from_labels (labels, 1, UT_MESH_FRAME_LPS, NULL);
  g_autoptr (UtMesh) smooth = ut_mesh_smooth (stairs, UT_SMOOTHING_DEFAULT_STEPS, NULL);
  g_assert_cmpfloat (roughness (smooth, 20), <, 0.6 * roughness (stairs, 20));
  double ratio = ut_mesh_volume_mm3 (smooth) / ut_mesh_volume_mm3 (stairs);
  g_assert_cmpfloat_with_epsilon (ratio, 1, 0.01);
  ut_shape_assert_manifold (smooth);
  /* the voxel-true mesh is as it was */
  g_autoptr (UtMesh) again = ut_mesh_from_labels (labels, 1, UT_MESH_FRAME_LPS, NULL);
  g_assert_cmpmem (
    again->positions, 12 * again->n_vertices, stairs->positions, 12 * stairs->n_vertices);
}

static void
test_no_steps_no_change (void)
{
  g_autoptr (UtMesh) box = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (1, 2, 3));
  ut_mesh_add_scalar (box, "wall", "mm")[3] = 5;
  g_autoptr (UtMesh) same = ut_mesh_smooth (box, 0, NULL);
  g_assert_cmpmem (box->positions, 96, same->positions, 96);
  g_assert_cmpfloat (ut_mesh_find_scalar (same, "wall")->values[3], ==, 5);
  g_autoptr (UtMesh) empty = ut_mesh_new (UT_MESH_FRAME_LPS, 0, 0, NULL);
  g_autoptr (UtMesh) smooth_empty = ut_mesh_smooth (empty, 5, NULL);
  g_assert_cmpuint (smooth_empty->n_vertices, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surface/smoothing/sphere", test_stairs_go_volume_stays);
  g_test_add_func ("/surface/smoothing/nothing", test_no_steps_no_change);
  return g_test_run ();
}
