/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/train/shard.h"

#include "engine/anatomy/landmarks.h"
#include "engine/anatomy/phantom.h"
#include "engine/image/nifti.h"

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

/* Runs ut-cohort on @hearts, one a line, in the folder @root, for one heart of seed @first and with
 * @option at @chance. Returns: its exit status. */
static int
run_cohort (const char *root,
            const char *hearts,
            const char *first,
            const char *option,
            const char *chance,
            char **ret_said)
{
  g_autofree char *list = g_build_filename (root, "list.txt", NULL);
  g_autofree char *out = g_build_filename (root, "s", NULL);
  g_assert_true (g_file_set_contents (list, hearts, -1, NULL));
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
                  "--broad",
                  "0",
                  (char *)option,
                  (char *)chance,
                  g_str_equal (option, "--phantoms") ? "--plain" : NULL,
                  NULL};
  int status = -1;
  g_autoptr (GError) error = NULL;
  g_spawn_sync (
    NULL, argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, ret_said, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_remove (list), ==, 0);
  return WEXITSTATUS (status);
}

static char *
file_of (const char *folder, const char *name, gsize *ret_size)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *contents = NULL;
  g_assert_true (g_file_get_contents (path, &contents, ret_size, NULL));
  return contents;
}

/* A phantom of seeds that nothing else uses, in the network's pose, with its own volumes. */
static void
test_cohort_phantom (void)
{
  g_autofree char *root = g_dir_make_tmp ("cohort-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (root, "s-0000", NULL), *said = NULL;
  g_assert_cmpint (run_cohort (root, "nowhere", "1000007", "--phantoms", "1", &said), ==, 0);
  g_assert_cmpstr (said, ==, "");

  g_autofree char *meta = file_of (folder, "meta.csv", NULL);
  g_auto (GStrv) rows = g_strsplit (meta, "\n", -1);
  g_assert_true (g_str_has_prefix (rows[1], "phantom,ED,"));
  g_assert_true (g_str_has_prefix (rows[2], "phantom,ES,"));

  const gsize dims[3] = {64, 64, 64}, n = 64 * 64 * 64;
  gsize n_bytes;
  g_autofree char *labels = file_of (folder, "labels.u8", &n_bytes);
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

/* Labels of seed 5 at ED and ES where each of two hearts is blended with @chance. */
static char *
blended (const char *root, const char *chance)
{
  g_autofree char *folder = g_build_filename (root, "s-0000", NULL), *said = NULL;
  g_assert_cmpint (run_cohort (root, "a\nb", "5", "--blends", chance, &said), ==, 0);
  g_assert_cmpstr (said, ==, "");
  gsize n_bytes;
  char *labels = file_of (folder, "labels.u8", &n_bytes);
  g_assert_cmpuint (n_bytes, ==, 2 * 64 * 64 * 64);
  remove_shard (folder);
  return labels;
}

/* Another heart's part changes a heart, and nothing else of its seed. */
static void
test_cohort_blend (void)
{
  g_autofree char *root = g_dir_make_tmp ("cohort-XXXXXX", NULL);
  const char *const names[] = {"a.nii.gz", "b.nii.gz"};
  for (guint64 i = 0; i < 2; i++) {
    UtRandom random;
    ut_random_init (&random, i, 0);
    g_autoptr (UtPhantom) phantom = ut_phantom_new_random (&random);
    g_autoptr (UtVolume) heart = ut_phantom_labels (phantom, 2.0, NULL);
    g_autofree char *path = g_build_filename (root, names[i], NULL);
    g_assert_true (ut_nifti_write (heart, path, "", NULL));
  }
  g_autofree char *own = blended (root, "0"), *mixed = blended (root, "1");
  gsize differ = 0, either = 0;
  for (gsize i = 0; i < 2 * 64 * 64 * 64; i++) {
    differ += own[i] != mixed[i];
    either += own[i] || mixed[i];
  }
  g_assert_cmpuint (differ, >, either / 100);
  g_assert_cmpuint (differ, <, either / 3);
  for (int i = 0; i < 2; i++) {
    g_autofree char *path = g_build_filename (root, names[i], NULL);
    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (root), ==, 0);
}

static void
test_cohort_options (void)
{
  g_autofree char *root = g_dir_make_tmp ("cohort-XXXXXX", NULL);
  const char *const bad[][3] = {{"999999", "--phantoms", "0.5"},
                                {"1000000", "--phantoms", "1.5"},
                                {"1000000", "--phantoms", "-1"},
                                {"0", "--blends", "1.5"}};
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *said = NULL;
    g_assert_cmpint (run_cohort (root, "nowhere", bad[i][0], bad[i][1], bad[i][2], &said), ==, 2);
    g_assert_nonnull (strstr (said, bad[i][1]));
  }
  g_assert_cmpint (g_rmdir (root), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/train/shard/files", test_shard_files);
  g_test_add_func ("/train/cohort/phantom", test_cohort_phantom);
  g_test_add_func ("/train/cohort/blend", test_cohort_blend);
  g_test_add_func ("/train/cohort/options", test_cohort_options);
  return g_test_run ();
}
