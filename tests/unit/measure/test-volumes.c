/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/measure/volumes.h"
#include "engine/surface/marching-cubes.h"

static UtVolume *
ball_labels (gsize n, UtVec3 spacing, double radius_mm)
{
  const gsize dims[3] = {n, n, n};
  double middle = ((double)n - 1) / 2;
  UtAffine m = ut_affine_scale_offset (spacing, ut_vec3_scale (spacing, -middle));
  UtVolume *labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  for (gsize i = 0; i < n * n * n; i++) {
    UtVec3 p = ut_affine_point (&m, ut_vec3 (i % n, i / n % n, i / (n * n)));
    labels->u8[i] = ut_vec3_length (p) < radius_mm ? 2 : 0;
  }
  return labels;
}

static void
test_ball (void)
{
  const double radius = 30, wanted = 4 / 3.0 * G_PI * pow (radius, 3) / 1000;
  const UtVec3 spacings[] = {{1, 1, 1}, {3, 3, 3}, {1, 1.5, 2}};
  for (gsize i = 0; i < G_N_ELEMENTS (spacings); i++) {
    g_autoptr (UtVolume) labels = ball_labels (64, spacings[i], radius);
    g_autoptr (UtMesh) mesh = ut_mesh_from_labels (labels, 2, UT_MESH_FRAME_LPS, NULL);
    UtLabelVolume volumes[3];
    g_assert_true (ut_label_volumes (labels, 3, volumes, NULL));
    g_assert_cmpfloat_with_epsilon (volumes[2].ml / wanted, 1, 0.01);
    g_assert_cmpfloat_with_epsilon (ut_mesh_volume_ml (mesh) / wanted, 1, 0.01);
    g_assert_true (ut_volumes_agree (volumes[2].ml, ut_mesh_volume_ml (mesh)));
    g_assert_cmpuint (volumes[0].n_voxels + volumes[2].n_voxels, ==, 64 * 64 * 64);
    g_assert_cmpuint (volumes[1].n_voxels, ==, 0);
    g_assert_false (volumes[2].touches_edge);
    g_assert_true (volumes[0].touches_edge);
  }
}

static void
test_edges (void)
{
  const gsize dims[3] = {5, 4, 3};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (10, 10, 10), ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  const gsize places[][3] = {
    {0, 1, 1}, {4, 1, 1}, {2, 0, 1}, {2, 3, 1}, {2, 1, 0}, {2, 1, 2}, {2, 1, 1}};
  for (guint8 i = 0; i < 7; i++)
    labels->u8[ut_volume_index (labels, places[i][0], places[i][1], places[i][2])] = 1 + i;
  labels->u8[ut_volume_index (labels, 3, 2, 1)] = 200; /* beyond what is asked for */
  UtLabelVolume volumes[8];
  g_assert_true (ut_label_volumes (labels, 8, volumes, NULL));
  for (guint i = 1; i < 8; i++) {
    g_assert_cmpint (volumes[i].touches_edge, ==, i < 7);
    g_assert_cmpfloat_with_epsilon (volumes[i].ml, 1, 1e-12);
  }
}

static UtVolumeCause
compare_label (const UtVolume *labels, const UtMesh *mesh)
{
  UtLabelVolume volumes[3];
  g_assert_true (ut_label_volumes (labels, 3, volumes, NULL));
  return ut_volumes_compare (&volumes[2], mesh);
}

/* Marching cubes of small structures: one voxel is the octahedron of its six half edges, a sixth
 * of the voxel; a row of n has n - 1 square prisms of half a voxel between two half octahedra. */
static void
test_small (void)
{
  const gsize dims[3] = {9, 5, 5};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (3, 3, 3), ut_vec3 (-9, -6, -6));
  for (gsize n = 1; n <= 6; n++) {
    g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
    for (gsize x = 0; x < n; x++)
      labels->u8[ut_volume_index (labels, 1 + x, 2, 2)] = 2;
    g_autoptr (UtMesh) mesh = ut_mesh_from_labels (labels, 2, UT_MESH_FRAME_LPS, NULL);
    UtMeshCheck check;
    ut_mesh_check (mesh, &check);
    g_assert_true (check.closed);
    g_assert_cmpfloat_with_epsilon (
      ut_mesh_volume_ml (mesh), 0.027 * (1 / 6.0 + 0.5 * ((double)n - 1)), 1e-6);
    g_assert_cmpint (compare_label (labels, mesh), ==, UT_VOLUMES_SMOOTH);
  }
  g_assert_cmpstr (ut_volume_cause_name (UT_VOLUMES_SMOOTH), ==, "smoothing");
}

static void
test_causes (void)
{
  g_autoptr (UtVolume) whole = ball_labels (64, ut_vec3 (3, 3, 3), 30);
  g_autoptr (UtMesh) mesh = ut_mesh_from_labels (whole, 2, UT_MESH_FRAME_LPS, NULL);
  g_assert_cmpint (compare_label (whole, mesh), ==, UT_VOLUMES_AGREE);
  g_assert_null (ut_volume_cause_name (UT_VOLUMES_AGREE));

  /* without a quarter of its triangles */
  g_autoptr (UtMesh) open = ut_mesh_copy (mesh, NULL);
  open->n_triangles -= open->n_triangles / 4;
  g_assert_cmpint (compare_label (whole, open), ==, UT_VOLUMES_OPEN);
  g_assert_cmpstr (ut_volume_cause_name (UT_VOLUMES_OPEN), ==, "open_boundary");

  /* a ball in a corner: the rims of its flat faces are rounded off */
  g_autoptr (UtVolume) cut = ball_labels (6, ut_vec3 (3, 3, 3), 11);
  g_autoptr (UtMesh) clipped = ut_mesh_from_labels (cut, 2, UT_MESH_FRAME_LPS, NULL);
  g_assert_cmpint (compare_label (cut, clipped), ==, UT_VOLUMES_CUT);
  g_assert_cmpstr (ut_volume_cause_name (UT_VOLUMES_CUT), ==, "clipped");
}

static void
test_function (void)
{
  double ef = -1;
  g_assert_true (ut_ejection_fraction (120, 48, &ef));
  g_assert_cmpfloat_with_epsilon (ef, 0.6, 1e-12);
  g_assert_true (ut_ejection_fraction (50, 60, &ef));
  g_assert_cmpfloat_with_epsilon (ef, -0.2, 1e-12);
  g_assert_false (ut_ejection_fraction (0, 0, &ef));
  g_assert_false (ut_ejection_fraction (NAN, 1, &ef));
  g_assert_cmpfloat_with_epsilon (ef, -0.2, 1e-12);
  g_assert_cmpfloat (ut_stroke_volume_ml (120, 48), ==, 72);
  g_assert_cmpfloat_with_epsilon (ut_lv_mass_g (100), 105, 1e-9);
  g_assert_true (ut_volumes_agree (100, 98));
  g_assert_false (ut_volumes_agree (100, 97.9));
  g_assert_true (ut_volumes_agree (0, 0));
}

static void
test_floats_refused (void)
{
  const gsize dims[3] = {2, 2, 2};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (1, 1, 1), ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) field = ut_volume_new (UT_VOXEL_F32, dims, &m, NULL);
  g_autoptr (GError) error = NULL;
  UtLabelVolume volume;
  g_assert_false (ut_label_volumes (field, 1, &volume, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measure/volumes/ball", test_ball);
  g_test_add_func ("/measure/volumes/edges", test_edges);
  g_test_add_func ("/measure/volumes/small", test_small);
  g_test_add_func ("/measure/volumes/causes", test_causes);
  g_test_add_func ("/measure/volumes/function", test_function);
  g_test_add_func ("/measure/volumes/floats", test_floats_refused);
  return g_test_run ();
}
