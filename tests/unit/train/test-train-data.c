/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/train/shard.h"

#include "engine/anatomy/landmarks.h"
#include "engine/anatomy/phantom.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

static gsize
file_size (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf info;
  return g_stat (path, &info) == 0 ? (gsize)info.st_size : 0;
}

static void
remove_shard (const char *folder)
{
  const char *names[] = {"images.u8", "slices.u8", "spacing.f32", "labels.u8", "meta.csv"};
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
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
  remove_shard (folder);
  g_assert_cmpint (g_rmdir (root), ==, 0);
}

/* Runs ut-cohort on a list of one heart that is nowhere. Returns: its exit status. */
static int
run_cohort (const char *root, const char *first, const char *chance, char **ret_said)
{
  g_autofree char *list = g_build_filename (root, "list.txt", NULL);
  g_autofree char *out = g_build_filename (root, "s", NULL);
  g_assert_true (g_file_set_contents (list, "nowhere\n", -1, NULL));
  char *argv[] = {UT_COHORT,
                  "--cohort",
                  (char *)root,
                  "--list",
                  list,
                  "--out",
                  out,
                  "--hearts",
                  "1",
                  "--first",
                  (char *)first,
                  "--plain",
                  "--broad",
                  "0",
                  "--phantoms",
                  (char *)chance,
                  NULL};
  int status = -1;
  g_autoptr (GError) error = NULL;
  g_spawn_sync (
    NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, ret_said, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_remove (list), ==, 0);
  return WEXITSTATUS (status);
}

/* A phantom of seeds that nothing else uses, in the network's pose, with its own volumes. */
static void
test_cohort_phantom (void)
{
  g_autofree char *root = g_dir_make_tmp ("cohort-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (root, "s-0000", NULL), *said = NULL;
  g_assert_cmpint (run_cohort (root, "1000007", "1", &said), ==, 0);
  g_assert_cmpstr (said, ==, "");

  g_autofree char *meta_path = g_build_filename (folder, "meta.csv", NULL), *meta = NULL;
  g_assert_true (g_file_get_contents (meta_path, &meta, NULL, NULL));
  g_auto (GStrv) rows = g_strsplit (meta, "\n", -1);
  g_assert_true (g_str_has_prefix (rows[1], "phantom,ED,"));
  g_assert_true (g_str_has_prefix (rows[2], "phantom,ES,"));

  g_autofree char *labels_path = g_build_filename (folder, "labels.u8", NULL), *labels = NULL;
  const gsize dims[3] = {64, 64, 64}, n = 64 * 64 * 64;
  gsize n_bytes;
  g_assert_true (g_file_get_contents (labels_path, &labels, &n_bytes, NULL));
  g_assert_cmpuint (n_bytes, ==, 2 * n);
  UtAffine grid = ut_canonical_grid ();
  g_autoptr (UtVolume) heart = ut_volume_new (UT_VOXEL_U8, dims, &grid, NULL);
  memcpy (heart->u8, labels, n);
  gsize counts[UT_N_LABELS] = {0};
  for (gsize i = 0; i < n; i++)
    counts[heart->u8[i]]++;
  UtRandom random;
  ut_random_init (&random, 1000007, 2);
  g_autoptr (UtPhantom) phantom = ut_phantom_new_random (&random);
  for (int i = UT_MYO; i < UT_N_LABELS; i++) {
    double exact = ut_phantom_volume_ml (phantom, i);
    g_assert_cmpfloat_with_epsilon (counts[i] * 0.027, exact, 0.03 * exact);
  }
  UtLandmarks marks;
  g_assert_true (ut_landmarks_find (heart, &marks, NULL));
  g_assert_cmpfloat (marks.long_axis.z, <, -0.998);
  g_assert_cmpfloat (marks.septal.x, <, -0.998);
  remove_shard (folder);
  g_assert_cmpint (g_rmdir (root), ==, 0);
}

static void
test_cohort_options (void)
{
  g_autofree char *root = g_dir_make_tmp ("cohort-XXXXXX", NULL);
  const char *const bad[][2] = {{"999999", "0.5"}, {"1000000", "1.5"}, {"1000000", "-1"}};
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *said = NULL;
    g_assert_cmpint (run_cohort (root, bad[i][0], bad[i][1], &said), ==, 2);
    g_assert_nonnull (strstr (said, "--phantoms"));
  }
  g_assert_cmpint (g_rmdir (root), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/shard/files", test_shard_files);
  g_test_add_func ("/train/cohort/phantom", test_cohort_phantom);
  g_test_add_func ("/train/cohort/options", test_cohort_options);
  return g_test_run ();
}
