/* SPDX-License-Identifier: Apache-2.0 */
#include "app/run-forecast.h"

static void
assert_forecast (const char *device, double seconds, guint n_hearts, const char *pattern)
{
  g_autofree char *text = ut_run_forecast (device, seconds, n_hearts);
  g_test_message ("%s", text);
  g_assert_true (g_regex_match_simple (pattern, text, 0, 0));
}

static void
test_forecast (void)
{
  assert_forecast (
    "ref", 0, 2, "^plain loops.*; [\\d.]+.[kMGT]B of memory free\\. How long .* first\\.$");
  assert_forecast ("ref", 0.3, 1, "free\\. About 1 second, as");
  assert_forecast ("ref", 1.2, 4, "free\\. About 5 seconds, as");
  assert_forecast ("auto", 0, 2, "of memory free");
  /* of a device that cannot be used only why */
  assert_forecast ("abacus", 1.2, 4, "abacus(?!.*(About|free))");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/run-forecast", test_forecast);
  return g_test_run ();
}
