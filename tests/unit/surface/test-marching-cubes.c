/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/random.h"
#include "engine/surface/marching-cubes-table.h"
#include "tests/unit/surface/shapes.h"

static const UtVec3 unit_mm = {1, 1, 1};

static void
assert_near (double value, double wanted, double tolerance)
{
  g_assert_cmpfloat_with_epsilon (value, wanted, tolerance);
}

static void
assert_euler (const UtMesh *mesh, gsize n_parts, gssize euler)
{
  UtMeshCheck check;
  ut_mesh_check (mesh, &check);
  g_assert_true (check.closed);
  g_assert_cmpuint (check.n_parts, ==, n_parts);
  g_assert_cmpint (check.euler, ==, euler);
}

/* Every voxel centre lies on the side of the surface on which its value says it does. */
static void
assert_sides (const UtMesh *mesh, const UtVolume *volume, double iso)
{
  const gsize *dims = volume->dims;
  for (gsize i = 0; i < ut_volume_n_voxels (volume); i++) {
    UtVec3 index = ut_vec3 (i % dims[0], i / dims[0] % dims[1], i / (dims[0] * dims[1]));
    UtVec3 p = ut_affine_point (&volume->m_patient_from_voxel, index);
    gboolean inside =
      volume->type == UT_VOXEL_U8 ? volume->u8[i] == 1 : volume->f32[i] - (float)iso > 0;
    assert_near (ut_shape_winding (mesh, p), inside ? 1 : 0, 2e-2);
  }
}

static UtVolume *
random_volume (UtRandom *random, UtVoxelType type, const UtAffine *m)
{
  gsize dims[3];
  for (int axis = 0; axis < 3; axis++)
    dims[axis] = 1 + ut_random_index (random, 6);
  UtVolume *volume = ut_volume_new (type, dims, m, NULL);
  double share = ut_random_uniform (random, 0.2, 0.8);
  for (gsize i = 0; i < ut_volume_n_voxels (volume); i++)
    if (type == UT_VOXEL_U8)
      volume->u8[i] = ut_random_chance (random, share);
    else
      volume->f32[i] = (float)ut_random_normal (random, share - 0.5, 1);
  return volume;
}

static void
test_table (void)
{
  const UtCubeTable *table = ut_cube_table ();
  g_assert_cmpuint (table->cases[table->first[0]].n_triangles, ==, 0);
  g_assert_cmpuint (table->cases[table->first[255]].n_triangles, ==, 0);
  g_assert_cmpuint (table->cases[table->first[1]].n_triangles, ==, 1);
  g_assert_cmpuint (table->cases[table->first[0x0f]].n_triangles, ==, 2);
  for (guint config = 0; config < 256; config++) {
    guint used = 0;
    const UtCubeCase *cube = &table->cases[table->first[config]];
    for (guint i = 0; i < 3u * cube->n_triangles; i++)
      used |= 1u << cube->corners[i / 3][i % 3];
    g_assert_cmphex (used & 0xfff, ==, table->cut_edges[config]);
  }
}

static void
test_sphere (void)
{
  const double radius = 20, sizes[] = {radius, 0.3, -0.2, 0.1};
  g_autoptr (UtVolume) field = ut_shape_field (48, unit_mm, ut_shape_sphere, sizes);
  g_autoptr (UtMesh) mesh = ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
  assert_euler (mesh, 1, 2);
  assert_near (ut_mesh_volume_mm3 (mesh) / (4 / 3.0 * G_PI * pow (radius, 3)), 1, 2e-3);
  assert_near (ut_mesh_area_mm2 (mesh) / (4 * G_PI * radius * radius), 1, 2e-3);
  for (gsize i = 0; i < mesh->n_vertices; i++) {
    UtVec3 out = ut_vec3_sub (ut_mesh_position (mesh, i), ut_vec3 (0.3, -0.2, 0.1));
    const float *n = mesh->normals + 3 * i;
    assert_near (ut_vec3_length (out), radius, 0.01);
    g_assert_cmpfloat (ut_vec3_dot (ut_vec3_normalise (out), ut_vec3 (n[0], n[1], n[2])), >, 0.999);
  }
}

static void
test_iso_moves_surface (void)
{
  const double sizes[] = {20, 0, 0, 0};
  g_autoptr (UtVolume) field = ut_shape_field (50, unit_mm, ut_shape_sphere, sizes);
  g_autoptr (UtMesh) mesh = ut_mesh_from_field (field, 4.5, UT_MESH_FRAME_LPS, NULL);
  assert_near (ut_mesh_volume_mm3 (mesh) / (4 / 3.0 * G_PI * pow (15.5, 3)), 1, 4e-3);
}

static void
test_torus (void)
{
  const double sizes[] = {15, 6};
  g_autoptr (UtVolume) field = ut_shape_field (50, unit_mm, ut_shape_torus, sizes);
  g_autoptr (UtMesh) mesh = ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
  assert_euler (mesh, 1, 0);
  assert_near (ut_mesh_volume_mm3 (mesh) / (2 * G_PI * G_PI * 15 * 36), 1, 7e-3);
  assert_near (ut_mesh_area_mm2 (mesh) / (4 * G_PI * G_PI * 15 * 6), 1, 5e-3);
}

static void
test_two_spheres_and_shell (void)
{
  const double left[] = {8, -12, 0, 0}, right[] = {8, 12, 0, 0};
  g_autoptr (UtVolume) two = ut_shape_field (50, unit_mm, ut_shape_sphere, left);
  g_autoptr (UtVolume) other = ut_shape_field (50, unit_mm, ut_shape_sphere, right);
  for (gsize i = 0; i < ut_volume_n_voxels (two); i++)
    two->f32[i] = MAX (two->f32[i], other->f32[i]);
  g_autoptr (UtMesh) spheres = ut_mesh_from_field (two, 0, UT_MESH_FRAME_LPS, NULL);
  assert_euler (spheres, 2, 4);

  const double centred[] = {16, 0, 0, 0};
  g_autoptr (UtVolume) field = ut_shape_field (50, unit_mm, ut_shape_sphere, centred);
  for (gsize i = 0; i < ut_volume_n_voxels (field); i++)
    field->f32[i] = 3 - fabsf (field->f32[i]);
  g_autoptr (UtMesh) shell = ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
  assert_euler (shell, 2, 4);
  double wanted = 4 / 3.0 * G_PI * (pow (19, 3) - pow (13, 3));
  assert_near (ut_mesh_volume_mm3 (shell) / wanted, 1, 5e-3);
}

/* Box of a x b x c voxels: midpoints cut half a voxel off each edge, five sixths of the corners'.
 */
static double
box_volume (double a, double b, double c)
{
  double faces = (a - 1) * (b - 1) + (b - 1) * (c - 1) + (c - 1) * (a - 1);
  return (a - 1) * (b - 1) * (c - 1) + faces + (a + b + c - 3) / 2 + 1 / 6.0;
}

static void
test_label_box (void)
{
  const gsize dims[3] = {70, 11, 9};
  const UtVec3 spacing = {0.5, 2, 3};
  UtAffine m = ut_affine_scale_offset (spacing, ut_vec3 (100, -50, 7));
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  for (gsize z = 2; z < 5; z++)
    for (gsize y = 3; y < 8; y++)
      for (gsize x = 1; x < 68; x++)
        labels->u8[ut_volume_index (labels, x, y, z)] = 7;
  g_autoptr (UtMesh) mesh = ut_mesh_from_labels (labels, 7, UT_MESH_FRAME_CANONICAL, NULL);
  assert_euler (mesh, 1, 2);
  g_assert_cmpint (mesh->frame, ==, UT_MESH_FRAME_CANONICAL);
  assert_near (ut_mesh_volume_mm3 (mesh), box_volume (67, 5, 3) * 3, 1e-2);
  UtVec3 low, high;
  g_assert_true (ut_mesh_bounds (mesh, &low, &high));
  assert_near (low.x, 100 + 0.5 * 0.5, 1e-4);
  assert_near (high.x, 100 + 0.5 * 67.5, 1e-4);
  assert_near (low.y, -50 + 2 * 2.5, 1e-4);
  assert_near (high.z, 7 + 3 * 4.5, 1e-4);
}

static void
test_border_is_closed (void)
{
  const gsize dims[3] = {65, 4, 3};
  UtAffine m = ut_affine_scale_offset (unit_mm, ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  memset (labels->u8, 1, ut_volume_n_voxels (labels));
  g_autoptr (UtMesh) full = ut_mesh_from_labels (labels, 1, UT_MESH_FRAME_LPS, NULL);
  assert_euler (full, 1, 2);
  assert_near (ut_mesh_volume_mm3 (full), box_volume (65, 4, 3), 1e-3);

  /* half a sphere: its cut face lies half a voxel outside the last centre */
  const double sizes[] = {12, 19.5, 0, 0};
  g_autoptr (UtVolume) field = ut_shape_field (40, unit_mm, ut_shape_sphere, sizes);
  g_autoptr (UtMesh) half = ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
  assert_euler (half, 1, 2);
  UtVec3 low, high;
  ut_mesh_bounds (half, &low, &high);
  assert_near (high.x, 20, 1e-5);
  double wanted = 2 / 3.0 * G_PI * 12 * 12 * 12 + 0.5 * G_PI * 12 * 12;
  assert_near (ut_mesh_volume_mm3 (half) / wanted, 1, 0.02);
}

static void
test_random_volumes (void)
{
  UtRandom random;
  ut_random_init (&random, 1, 0);
  for (int round = 0; round < 600; round++) {
    UtVoxelType type = round % 2 ? UT_VOXEL_F32 : UT_VOXEL_U8;
    double mirror = round % 3 ? 1 : -1;
    UtAffine m = ut_affine_from_axes (ut_vec3 (0.8, 0.3 * mirror, 0),
                                      ut_vec3 (-0.4, 1.5 * mirror, 0),
                                      ut_vec3 (0, 0.2 * mirror, 2.5),
                                      ut_vec3 (5, -3, 1));
    g_autoptr (UtVolume) volume = random_volume (&random, type, &m);
    g_autoptr (UtMesh) mesh = type == UT_VOXEL_U8
                                ? ut_mesh_from_labels (volume, 1, UT_MESH_FRAME_LPS, NULL)
                                : ut_mesh_from_field (volume, 0.1, UT_MESH_FRAME_LPS, NULL);
    ut_shape_assert_manifold (mesh);
    assert_sides (mesh, volume, 0.1);
  }
}

static void
test_values_at_iso (void)
{
  UtRandom random;
  ut_random_init (&random, 2, 0);
  UtAffine m = ut_affine_scale_offset (unit_mm, ut_vec3 (0, 0, 0));
  for (int round = 0; round < 200; round++) {
    g_autoptr (UtVolume) volume = random_volume (&random, UT_VOXEL_F32, &m);
    for (gsize i = 0; i < ut_volume_n_voxels (volume); i++)
      volume->f32[i] = (float)ut_random_index (&random, 3) - 1; /* -1, 0 or 1 */
    g_autoptr (UtMesh) mesh = ut_mesh_from_field (volume, 0, UT_MESH_FRAME_LPS, NULL);
    ut_shape_assert_manifold (mesh);
    for (gsize i = 0; i < mesh->n_triangles; i++)
      g_assert_cmpfloat (ut_vec3_length (ut_mesh_triangle_cross (mesh, i)), >, 0);
  }
}

static void
test_decider (void)
{
  /* two inside voxels on a diagonal: joined where they outweigh the outside ones */
  const gsize dims[3] = {2, 2, 1};
  UtAffine m = ut_affine_scale_offset (unit_mm, ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) field = ut_volume_new (UT_VOXEL_F32, dims, &m, NULL);
  const float strong[4] = {3, -1, -1, 3}, weak[4] = {1, -3, -3, 1};
  memcpy (field->f32, strong, sizeof strong);
  g_autoptr (UtMesh) joined = ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
  assert_euler (joined, 1, 2);
  memcpy (field->f32, weak, sizeof weak);
  g_autoptr (UtMesh) apart = ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
  assert_euler (apart, 2, 4);
}

static void
assert_same_mesh (const UtMesh *a, const UtMesh *b)
{
  g_assert_cmpmem (a->positions,
                   3 * a->n_vertices * sizeof (float),
                   b->positions,
                   3 * b->n_vertices * sizeof (float));
  g_assert_cmpmem (
    a->normals, 3 * a->n_vertices * sizeof (float), b->normals, 3 * b->n_vertices * sizeof (float));
  g_assert_cmpmem (a->triangles,
                   3 * a->n_triangles * sizeof (guint32),
                   b->triangles,
                   3 * b->n_triangles * sizeof (guint32));
}

static void
test_threads_agree (void)
{
  const gsize dims[3] = {130, 40, 40};
  UtRandom random;
  ut_random_init (&random, 3, 0);
  UtAffine m = ut_affine_scale_offset (unit_mm, ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) field = ut_volume_new (UT_VOXEL_F32, dims, &m, NULL);
  for (gsize i = 0; i < ut_volume_n_voxels (field); i++)
    field->f32[i] = (float)ut_random_normal (&random, -1, 1);
  g_autoptr (UtMesh) many = ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
  guint n_threads = ut_parallel_n_threads ();
  ut_parallel_set_n_threads (1);
  g_autoptr (UtMesh) one = ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
  ut_parallel_set_n_threads (n_threads);
  assert_same_mesh (many, one);
  ut_shape_assert_manifold (many);
}

/* At the voxels the field; between them as linear as the logits, so that where the best of the
 * others changes it is more than what lies between the field's values. */
static void
test_between (void)
{
  enum { CLASSES = 3, VOXELS = 8 };
  const gsize dims[3] = {2, 2, 2};
  UtAffine m = ut_affine_scale_offset (unit_mm, ut_vec3 (0, 0, 0));
  float p[CLASSES * VOXELS];
  for (int i = 0; i < VOXELS; i++) {
    p[i] = i & 1 ? 0.1f : 0.4f;
    p[VOXELS + i] = i & 1 ? 0.4f : 0.1f;
    p[2 * VOXELS + i] = 0.5f;
  }
  g_autofree float *logs = ut_log_probabilities (p, CLASSES * VOXELS);
  for (guint label = 0; label < CLASSES; label++) {
    g_autoptr (UtVolume) field = ut_log_odds_field (p, CLASSES, dims, &m, label, NULL);
    for (gsize i = 0; i < VOXELS; i++)
      g_assert_cmpfloat_with_epsilon (
        ut_log_odds_at (logs, CLASSES, dims, label, ut_vec3 (i & 1, i >> 1 & 1, i >> 2)),
        field->f32[i],
        1e-6);
  }
  double middle = ut_log_odds_at (logs, CLASSES, dims, 2, ut_vec3 (0.5, 0.3, 0.9));
  g_assert_cmpfloat_with_epsilon (middle, log (0.5) - (log (0.1) + log (0.4)) / 2, 1e-6);
  g_assert_cmpfloat (middle, >, log (0.5) - log (0.4) + 0.5);
  g_assert_cmpfloat_with_epsilon (
    ut_log_odds_at (logs, CLASSES, dims, 1, ut_vec3 (9, -4, 0.5)), log (0.4) - log (0.5), 1e-6);
}

static void
test_probabilities (void)
{
  /* two balls in a background, softmax of 4 x distance: borders at the true places */
  enum { N = 40 };
  const double balls[2][4] = {{9, -6.3, 0, 0}, {9, 6.1, 0, 0}};
  g_autofree float *p = g_new (float, 3 * N * N * N);
  const gsize dims[3] = {N, N, N};
  UtAffine m = ut_affine_scale_offset (unit_mm, ut_vec3 (-19.5, -19.5, -19.5));
  for (gsize i = 0; i < N * N * N; i++) {
    UtVec3 at = ut_affine_point (&m, ut_vec3 (i % N, i / N % N, i / (N * N)));
    double a = exp (4 * ut_shape_sphere (at, balls[0]));
    double b = exp (4 * ut_shape_sphere (at, balls[1])), sum = 1 + a + b;
    p[i] = (float)(1 / sum);
    p[N * N * N + i] = (float)(a / sum);
    p[2 * N * N * N + i] = (float)(b / sum);
  }
  g_autoptr (UtMesh) left =
    ut_mesh_from_probabilities (p, 3, dims, &m, 1, UT_MESH_FRAME_CANONICAL, NULL);
  g_autoptr (UtMesh) right =
    ut_mesh_from_probabilities (p, 3, dims, &m, 2, UT_MESH_FRAME_CANONICAL, NULL);
  assert_euler (left, 1, 2);
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, NULL, NULL);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (gsize i = 0; i < right->n_vertices; i++) {
    GBytes *key = g_bytes_new (right->positions + 3 * i, 3 * sizeof (float));
    g_ptr_array_add (keys, key);
    g_hash_table_add (places, key);
  }
  gsize n_shared = 0, n_border = 0;
  for (gsize i = 0; i < left->n_vertices; i++) {
    UtVec3 v = ut_mesh_position (left, i);
    gboolean border = v.x > -1 && hypot (v.y, v.z) < 5;
    g_autoptr (GBytes) key = g_bytes_new (left->positions + 3 * i, 3 * sizeof (float));
    n_border += border;
    n_shared += border && g_hash_table_contains (places, key);
    if (v.x < -3)
      assert_near (ut_shape_sphere (v, balls[0]), 0, 0.02);
  }
  g_assert_cmpuint (n_border, >, 50);
  g_assert_cmpuint (n_shared, ==, n_border);
}

static void
test_empty_and_errors (void)
{
  const gsize dims[3] = {3, 3, 3};
  UtAffine m = ut_affine_scale_offset (unit_mm, ut_vec3 (0, 0, 0));
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  g_autoptr (UtVolume) field = ut_volume_new (UT_VOXEL_F32, dims, &m, NULL);
  g_autoptr (UtMesh) empty = ut_mesh_from_labels (labels, 1, UT_MESH_FRAME_LPS, NULL);
  g_assert_cmpuint (empty->n_vertices, ==, 0);
  g_assert_cmpuint (empty->n_triangles, ==, 0);
  UtVec3 low, high;
  g_assert_false (ut_mesh_bounds (empty, &low, &high));

  g_autoptr (GError) error = NULL;
  g_assert_null (ut_mesh_from_field (labels, 0, UT_MESH_FRAME_LPS, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (ut_mesh_from_labels (field, 0, UT_MESH_FRAME_LPS, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (ut_mesh_from_field (field, NAN, UT_MESH_FRAME_LPS, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  field->f32[26] = NAN;
  g_assert_null (ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_null (
    ut_mesh_from_probabilities (field->f32, 1, dims, &m, 0, UT_MESH_FRAME_LPS, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/surface/marching-cubes/table", test_table);
  g_test_add_func ("/surface/marching-cubes/sphere", test_sphere);
  g_test_add_func ("/surface/marching-cubes/iso", test_iso_moves_surface);
  g_test_add_func ("/surface/marching-cubes/torus", test_torus);
  g_test_add_func ("/surface/marching-cubes/parts", test_two_spheres_and_shell);
  g_test_add_func ("/surface/marching-cubes/label-box", test_label_box);
  g_test_add_func ("/surface/marching-cubes/border", test_border_is_closed);
  g_test_add_func ("/surface/marching-cubes/random", test_random_volumes);
  g_test_add_func ("/surface/marching-cubes/at-iso", test_values_at_iso);
  g_test_add_func ("/surface/marching-cubes/decider", test_decider);
  g_test_add_func ("/surface/marching-cubes/threads", test_threads_agree);
  g_test_add_func ("/surface/marching-cubes/probabilities", test_probabilities);
  g_test_add_func ("/surface/marching-cubes/between", test_between);
  g_test_add_func ("/surface/marching-cubes/errors", test_empty_and_errors);
  return g_test_run ();
}
