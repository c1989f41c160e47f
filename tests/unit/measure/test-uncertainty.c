/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/measure/error-bins.h"
#include "engine/measure/uncertainty.h"

#include <string.h>

/* value = 2 + x - 3 y + 0.5 z in mm, which trilinear interpolation meets exactly */
static UtVolume *
ramp (void)
{
  const gsize dims[3] = {7, 6, 5};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 2, 4), ut_vec3 (-9, 4, 1));
  UtVolume *field = ut_volume_new (UT_VOXEL_F32, dims, &m, NULL);
  for (gsize i = 0; i < ut_volume_n_voxels (field); i++) {
    UtVec3 p = ut_affine_point (&m, ut_vec3 (i % 7, i / 7 % 6, i / 42));
    field->f32[i] = (float)(2 + p.x - 3 * p.y + 0.5 * p.z);
  }
  return field;
}

static void
test_sampled (void)
{
  const float places[][3] = {{-9, 4, 1}, {-1.3f, 7.7f, 9.9f}, {9, 14, 17}, {0, 6, 5}, {30, 6, 5}};
  const float wanted[] = {-18.5f, -17.45f, -22.5f, -13.5f, -4.5f}; /* the last one: x ends at 9 */
  g_autoptr (UtVolume) field = ramp ();
  g_autoptr (UtMesh) mesh = ut_mesh_new (UT_MESH_FRAME_LPS, 5, 0, NULL);
  memcpy (mesh->positions, places, sizeof places);
  g_assert_true (ut_mesh_add_sampled (mesh, "ramp", "mm", field, NULL));
  const UtMeshScalar *scalar = ut_mesh_find_scalar (mesh, "ramp");
  g_assert_cmpstr (scalar->unit, ==, "mm");
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat_with_epsilon (scalar->values[i], wanted[i], 1e-5);
}

static void
test_labels (void)
{
  const gsize dims[3] = {2, 2, 2};
  g_autoptr (GError) error = NULL;
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 2, 4), ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  g_autoptr (UtMesh) mesh = ut_mesh_new (UT_MESH_FRAME_LPS, 1, 0, NULL);
  g_assert_false (ut_mesh_add_sampled (mesh, "s", "", labels, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
  g_assert_null (ut_mesh_find_scalar (mesh, "s"));
}

/* distances of either sign count by their size */
static void
test_rank (void)
{
  float signed_mm[] = {0.5f, -1, 2, -4, 8};
  const float spread[] = {0.1f, 0.2f, 0.3f, 0.4f, 0.5f};
  UtMeshDistance distance = {.n_vertices = 5, .signed_mm = signed_mm};
  g_autoptr (UtMesh) mesh = ut_mesh_new (UT_MESH_FRAME_LPS, 5, 0, NULL);
  double rho = -2;
  g_assert_false (ut_uncertainty_rank (mesh, UT_SPREAD_SCALAR, &distance, &rho));
  float *values = ut_mesh_add_scalar (mesh, UT_SPREAD_SCALAR, "");
  g_assert_false (ut_uncertainty_rank (mesh, UT_SPREAD_SCALAR, &distance, &rho));
  g_assert_cmpfloat (rho, ==, -2);
  memcpy (values, spread, sizeof spread);
  g_assert_true (ut_uncertainty_rank (mesh, UT_SPREAD_SCALAR, &distance, &rho));
  g_assert_cmpfloat_with_epsilon (rho, 1, 1e-12);
}

/* twice the same surface; the last vertex lies beyond both ends */
static void
test_bins (void)
{
  const float uncertain[] = {0, 0.05f, 0.06f, 0.55f, 3}, mm[] = {0.2f, -1, 3, -7.9f, 20};
  UtErrorBins bins = {.max_uncertainty = 1.2, .max_error_mm = 8}; /* bins of 0.05 and 0.5 mm */
  double mean = -1;
  g_autoptr (UtMesh) mesh = ut_mesh_new (UT_MESH_FRAME_LPS, 5, 0, NULL);
  memcpy (ut_mesh_add_scalar (mesh, UT_SPREAD_SCALAR, ""), uncertain, sizeof uncertain);
  g_assert_false (ut_error_bins_add (&bins, mesh, UT_SPREAD_SCALAR, UT_DISTANCE_SCALAR));
  g_assert_cmpuint (bins.n_vertices, ==, 0);
  memcpy (ut_mesh_add_scalar (mesh, UT_DISTANCE_SCALAR, "mm"), mm, sizeof mm);
  for (int i = 0; i < 2; i++)
    g_assert_true (ut_error_bins_add (&bins, mesh, UT_SPREAD_SCALAR, UT_DISTANCE_SCALAR));

  g_assert_cmpuint (bins.n_vertices, ==, 10);
  g_assert_cmpuint (bins.n[0][0], ==, 2);
  g_assert_cmpuint (bins.n[2][1], ==, 2);
  g_assert_cmpuint (bins.n[6][1], ==, 2);
  g_assert_cmpuint (bins.n[15][11], ==, 2);
  g_assert_cmpuint (bins.n[15][23], ==, 2);
  g_assert_true (ut_error_bins_mean (&bins, 1, &mean));
  g_assert_cmpfloat_with_epsilon (mean, 2, 1e-6);
  g_assert_true (ut_error_bins_mean (&bins, 23, &mean)); /* the error itself, not the end */
  g_assert_cmpfloat_with_epsilon (mean, 20, 1e-6);
  g_assert_false (ut_error_bins_mean (&bins, 2, &mean));
  g_assert_cmpfloat_with_epsilon (mean, 20, 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uncertainty/sampled", test_sampled);
  g_test_add_func ("/uncertainty/labels", test_labels);
  g_test_add_func ("/uncertainty/rank", test_rank);
  g_test_add_func ("/uncertainty/bins", test_bins);
  return g_test_run ();
}
