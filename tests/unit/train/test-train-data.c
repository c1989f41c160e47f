/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/parts.h"
#include "engine/train/deform.h"
#include "engine/train/shard.h"

#include <glib/gstdio.h>
#include <string.h>

/* Two nested balls and three beside them on a 2 mm grid: enough of a heart for the landmarks. */
static UtVolume *
ball_heart (void)
{
  static const struct {
    double x, y, z, radius;
    guint8 label;
  } balls[] = {{0, 0, 0, 38, UT_MYO},
               {0, 0, 4, 30, UT_LV},
               {4, 8, 58, 26, UT_LA},
               {-56, -4, 6, 28, UT_RV},
               {-54, 4, 58, 26, UT_RA}};
  const gsize dims[3] = {90, 60, 90};
  UtAffine m = ut_affine_scale_offset (ut_vec3 (2, 2, 2), ut_vec3 (-110, -60, -60));
  UtVolume *labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  for (gsize z = 0; z < dims[2]; z++)
    for (gsize y = 0; y < dims[1]; y++)
      for (gsize x = 0; x < dims[0]; x++) {
        UtVec3 p = ut_affine_point (&m, ut_vec3 (x, y, z));
        for (gsize b = 0; b < G_N_ELEMENTS (balls); b++)
          if (ut_vec3_length (ut_vec3_sub (p, ut_vec3 (balls[b].x, balls[b].y, balls[b].z))) <
              balls[b].radius)
            labels->u8[ut_volume_index (labels, x, y, z)] = balls[b].label;
      }
  return labels;
}

static gsize
count (const UtVolume *labels, guint8 label)
{
  gsize n = 0;
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++)
    n += labels->u8[i] == label;
  return n;
}

static void
test_deform_keeps_parts (void)
{
  g_autoptr (UtVolume) labels = ball_heart ();
  g_autoptr (GError) error = NULL;
  UtLandmarks marks;
  g_assert_true (ut_landmarks_find (labels, &marks, &error));
  for (guint seed = 0; seed < 10; seed++) {
    UtRandom random;
    ut_random_init (&random, seed, 0);
    g_autoptr (UtVolume) varied = ut_deform_draw (labels, &marks, 1, &random, &error);
    g_assert_no_error (error);
    for (guint8 s = UT_MYO; s < UT_N_LABELS; s++) {
      double ratio = (double)count (varied, s) / count (labels, s);
      g_assert_cmpuint (ut_parts_count (varied->u8, varied->dims, s), ==, 1);
      g_assert_cmpfloat (ratio, >, 0.35);
      g_assert_cmpfloat (ratio, <, 2.8);
    }
  }
}

static void
test_deform_by_seed (void)
{
  g_autoptr (UtVolume) labels = ball_heart ();
  UtLandmarks marks;
  g_assert_true (ut_landmarks_find (labels, &marks, NULL));
  UtVolume *made[3];
  for (int i = 0; i < 3; i++) {
    UtRandom random;
    ut_random_init (&random, i == 2 ? 8 : 7, 0);
    made[i] = ut_deform_draw (labels, &marks, 0.5, &random, NULL);
    g_assert_nonnull (made[i]);
  }
  gsize n = ut_volume_n_voxels (made[0]);
  g_assert_cmpmem (made[0]->u8, n, made[1]->u8, ut_volume_n_voxels (made[1]));
  g_assert_true (n != ut_volume_n_voxels (made[2]) || memcmp (made[0]->u8, made[2]->u8, n) != 0);
  for (int i = 0; i < 3; i++)
    ut_volume_unref (made[i]);
}

static gsize
file_size (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf info;
  return g_stat (path, &info) == 0 ? (gsize)info.st_size : 0;
}

static void
test_shard_files (void)
{
  g_autofree char *root = g_dir_make_tmp ("shard-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (root, "s-0000", NULL);
  g_autofree UtShardSample *sample = g_new0 (UtShardSample, 1);
  const gsize dims[3] = {64, 64, 64};
  UtAffine grid = ut_canonical_grid ();
  g_autoptr (UtVolume) labels = ut_volume_new (UT_VOXEL_U8, dims, &grid, NULL);
  sample->labels = labels;
  g_autoptr (GError) error = NULL;
  g_autoptr (UtShard) shard = ut_shard_new (folder, "heart", &error);
  g_assert_no_error (error);
  for (int i = 0; i < 2; i++)
    g_assert_true (ut_shard_add (shard, sample, "a", &error));
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
  g_assert_true (ut_shard_finish (shard, &error));
  g_assert_cmpuint (file_size (folder, "images.u8"), ==, 2 * 3 * 224 * 224);
  g_assert_cmpuint (file_size (folder, "slices.u8"), ==, 2 * 3 * 224 * 224);
  g_assert_cmpuint (file_size (folder, "spacing.f32"), ==, 2 * 3 * 2 * 4);
  g_assert_cmpuint (file_size (folder, "labels.u8"), ==, 2 * 64 * 64 * 64);
  g_assert_cmpuint (file_size (folder, "meta.csv"), ==, strlen ("heart\na\na\n"));
  const char *names[] = {"images.u8", "slices.u8", "spacing.f32", "labels.u8", "meta.csv"};
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_cmpint (g_rmdir (root), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/deform/keeps-parts", test_deform_keeps_parts);
  g_test_add_func ("/train/deform/by-seed", test_deform_by_seed);
  g_test_add_func ("/train/shard/files", test_shard_files);
  return g_test_run ();
}
