/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/base/error.h"
#include "tests/unit/surface/shapes.h"

static void
test_box (void)
{
  g_autoptr (UtMesh) box = ut_shape_box_mesh (ut_vec3 (1000, 2, 3), ut_vec3 (1004, 7, 9));
  g_assert_cmpfloat_with_epsilon (ut_mesh_volume_mm3 (box), 4 * 5 * 6, 1e-9);
  g_assert_cmpfloat_with_epsilon (ut_mesh_area_mm2 (box), 2 * (20 + 24 + 30), 1e-9);
  UtVec3 low, high;
  g_assert_true (ut_mesh_bounds (box, &low, &high));
  g_assert_cmpfloat (low.x, ==, 1000);
  g_assert_cmpfloat (high.z, ==, 9);
  ut_shape_assert_manifold (box);
  /* angles, not areas or counts, weigh the faces: corners look along the diagonal */
  for (gsize i = 0; i < 24; i++)
    g_assert_cmpfloat_with_epsilon (fabsf (box->normals[i]), 1 / sqrt (3), 1e-6);
}

static void
test_check_counts (void)
{
  g_autoptr (UtMesh) box = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (1, 1, 1));
  UtMeshCheck check;
  ut_mesh_check (box, &check);
  g_assert_true (check.closed);
  g_assert_cmpuint (check.n_edges, ==, 18);
  g_assert_cmpuint (check.n_parts, ==, 1);
  g_assert_cmpint (check.euler, ==, 2);

  /* one triangle turned: its three edges run the wrong way */
  guint32 *t = box->triangles, swap = t[0];
  t[0] = t[1];
  t[1] = swap;
  ut_mesh_check (box, &check);
  g_assert_false (check.closed);
  g_assert_cmpuint (check.n_bad_edges, ==, 3);
  g_assert_cmpuint (check.n_open_edges, ==, 0);
  t[1] = t[0];
  t[0] = swap;

  box->n_triangles = 11;
  ut_mesh_check (box, &check);
  g_assert_false (check.closed);
  g_assert_cmpuint (check.n_open_edges, ==, 3);
  box->n_triangles = 0;
  ut_mesh_check (box, &check);
  g_assert_cmpuint (check.n_unused, ==, 8);
  g_assert_cmpuint (check.n_parts, ==, 0);
  g_assert_true (check.closed);
}

static void
test_twins (void)
{
  g_autoptr (UtMesh) box = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (1, 1, 1));
  g_autofree guint32 *twins = ut_mesh_find_twins (box);
  for (guint32 h = 0; h < 36; h++) {
    g_assert_cmpuint (twins[twins[h]], ==, h);
    guint32 other = twins[h];
    g_assert_cmpuint (box->triangles[h], ==, box->triangles[other - other % 3 + (other + 1) % 3]);
  }
  box->triangles[1] = box->triangles[0]; /* a side from a vertex to itself has no twin */
  g_autofree guint32 *broken = ut_mesh_find_twins (box);
  g_assert_cmpuint (broken[0], ==, G_MAXUINT32);
}

static void
test_scalars (void)
{
  g_autoptr (UtMesh) box = ut_shape_box_mesh (ut_vec3 (0, 0, 0), ut_vec3 (1, 1, 1));
  g_assert_null (ut_mesh_find_scalar (box, "signed distance"));
  ut_mesh_add_scalar (box, "signed distance", "mm")[7] = 3;
  ut_mesh_add_scalar (box, "wall", "")[0] = 1;
  g_autoptr (UtMesh) copy = ut_mesh_copy (box, NULL);
  g_assert_cmpuint (copy->n_scalars, ==, 2);
  g_assert_cmpstr (ut_mesh_find_scalar (copy, "signed distance")->unit, ==, "mm");
  g_assert_cmpfloat (ut_mesh_find_scalar (copy, "signed distance")->values[7], ==, 3);
  ut_mesh_add_scalar (copy, "signed distance", "cm");
  g_assert_cmpuint (copy->n_scalars, ==, 2);
  g_assert_cmpfloat (ut_mesh_find_scalar (copy, "signed distance")->values[7], ==, 0);
  g_assert_cmpmem (copy->positions, 96, box->positions, 96);
}

static void
test_too_large (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_mesh_new (UT_MESH_FRAME_LPS, UT_MESH_MAX_VERTICES + 1, 0, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surface/mesh/box", test_box);
  g_test_add_func ("/surface/mesh/check", test_check_counts);
  g_test_add_func ("/surface/mesh/twins", test_twins);
  g_test_add_func ("/surface/mesh/scalars", test_scalars);
  g_test_add_func ("/surface/mesh/too-large", test_too_large);
  return g_test_run ();
}
