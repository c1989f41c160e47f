/* SPDX-License-Identifier: Apache-2.0 */
#include "app/selftest-run.h"

#include <gio/gio.h>
#include <string.h>

static void
test_run (void)
{
  g_autoptr (GError) error = NULL;
  gboolean passed = FALSE;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (UtSelfTest) first = ut_self_test_run (NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%.1f s", (double)(g_get_monotonic_time () - start) / 1e6);
  for (gsize i = 0; i < first->n; i++)
    g_test_message ("%s: %s", first->checks[i].name, first->found[i]);
  g_assert_true (first->all_passed);
  g_autoptr (UtSelfTest) again = ut_self_test_run (NULL, NULL, &error);
  g_assert_cmpstr (first->sha256, ==, again->sha256);
  g_assert_cmpuint (strlen (first->model_sha256), ==, 64);

  /* of no other weights, and of none before it is kept */
  g_assert_null (ut_self_test_recall (first->model_sha256, &passed));
  g_assert_true (ut_self_test_remember (first, &error));
  g_autofree char *recalled = ut_self_test_recall (first->model_sha256, &passed);
  g_assert_cmpstr (recalled, ==, first->sha256);
  g_assert_true (passed);
  g_assert_null (ut_self_test_recall ("0123", &passed));
  g_assert_null (ut_self_test_recall (NULL, &passed));

  /* a failure is kept as one */
  again->all_passed = FALSE;
  g_assert_true (ut_self_test_remember (again, &error));
  g_autofree char *failed = ut_self_test_recall (first->model_sha256, &passed);
  g_assert_nonnull (failed);
  g_assert_false (passed);
}

static void
test_damaged (void)
{
  g_autoptr (GError) error = NULL;
  gboolean passed;
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "ultratwin", NULL);
  g_autofree char *path = g_build_filename (folder, "selftest.json", NULL);
  static const char *const texts[] = {
    "", "{", "[]", "{\"version\": 3}", "{\"version\": \"0\", \"model_sha256\": \"a\"}"};
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_assert_true (g_file_set_contents (path, texts[i], -1, &error));
    g_assert_null (ut_self_test_recall ("a", &passed));
  }
}

static void
test_cancelled (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancel = g_cancellable_new ();
  g_cancellable_cancel (cancel);
  g_assert_null (ut_self_test_run (NULL, cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/self-test/run", test_run);
  g_test_add_func ("/self-test/damaged", test_damaged);
  g_test_add_func ("/self-test/cancelled", test_cancelled);
  return g_test_run ();
}
