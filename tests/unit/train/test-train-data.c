/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/train/shard.h"

#include <glib/gstdio.h>
#include <string.h>

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
  g_test_add_func ("/train/shard/files", test_shard_files);
  return g_test_run ();
}
