/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-transfer.h"
#include "tests/unit/surface/shapes.h"

#include <math.h>

/* The height over a sphere, which is linear: within a triangle nothing is lost. */
static void
test_linear (void)
{
  g_autoptr (UtMesh) from = ut_shape_sphere_mesh (20, 0);
  g_autoptr (UtMesh) onto = ut_shape_sphere_mesh (21, 0);
  float *heights = ut_mesh_add_scalar (from, "height", "mm");
  float *ones = ut_mesh_add_scalar (from, "one", "");
  for (gsize i = 0; i < from->n_vertices; i++) {
    heights[i] = from->positions[3 * i + 2];
    ones[i] = 1;
  }
  g_autoptr (UtMesh) mapped = ut_mesh_with_scalars_of (onto, from, NULL);
  const UtMeshScalar *height = ut_mesh_find_scalar (mapped, "height");
  const UtMeshScalar *one = ut_mesh_find_scalar (mapped, "one");
  g_assert_cmpuint (mapped->n_vertices, ==, onto->n_vertices);
  g_assert_cmpstr (height->unit, ==, "mm");
  for (gsize i = 0; i < mapped->n_vertices; i++) {
    g_assert_cmpfloat (fabsf (height->values[i] - onto->positions[3 * i + 2] * 20 / 21), <, 0.1f);
    g_assert_cmpfloat (fabsf (one->values[i] - 1), <, 1e-5f);
  }
  g_assert_null (ut_mesh_find_scalar (onto, "height"));
}

static void
test_empty (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtMesh) sphere = ut_shape_sphere_mesh (10, 0);
  g_autoptr (UtMesh) empty = ut_mesh_new (sphere->frame, 0, 0, NULL);
  ut_mesh_add_scalar (sphere, "height", "mm");
  g_autoptr (UtMesh) mapped = ut_mesh_with_scalars_of (empty, sphere, NULL);
  g_assert_nonnull (ut_mesh_find_scalar (mapped, "height"));
  g_assert_null (ut_mesh_with_scalars_of (sphere, empty, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surface/transfer/linear", test_linear);
  g_test_add_func ("/surface/transfer/empty", test_empty);
  return g_test_run ();
}
