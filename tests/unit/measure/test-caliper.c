/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/caliper.h"

static void
test_distance (void)
{
  const UtCaliper caliper = {2, {ut_vec3 (1, 2, 3), ut_vec3 (4, 6, 15)}};
  g_assert_cmpfloat (ut_caliper_distance (&caliper), ==, 13);
}

/* Known angles in a plane that is turned and moved; also next to 0 and 180 degrees, where a
 * micrometre in 100 mm is still told apart. */
static void
test_angle (void)
{
  static const double degrees[] = {0, 1e-5, 30, 90, 135, 180 - 1e-5, 180};
  const UtVec3 x = ut_vec3 (2 / 3.0, -2 / 3.0, 1 / 3.0), y = ut_vec3 (1 / 3.0, 2 / 3.0, 2 / 3.0);
  const UtVec3 corner = ut_vec3 (7, -8, 9);
  for (guint i = 0; i < G_N_ELEMENTS (degrees); i++) {
    double radians = degrees[i] * G_PI / 180;
    UtVec3 side = ut_vec3_add (ut_vec3_scale (x, cos (radians)), ut_vec3_scale (y, sin (radians)));
    const UtCaliper caliper = {
      3, {ut_vec3_mad (corner, 100, x), corner, ut_vec3_mad (corner, 40, side)}};
    g_assert_cmpfloat_with_epsilon (ut_caliper_angle (&caliper), degrees[i], 1e-8);
  }
}

static void
test_no_angle (void)
{
  const UtVec3 p = ut_vec3 (1, 1, 1);
  const UtCaliper caliper = {3, {p, p, ut_vec3 (2, 3, 4)}};
  g_assert_true (isnan (ut_caliper_angle (&caliper)));
}

/* Pixels that are not square: 3 across and 4 down are no 5 mm. */
static void
test_scale (void)
{
  const UtCaliper pixels = {2, {ut_vec3 (10, 10, 0), ut_vec3 (13, 14, 0)}};
  UtCaliper mm = ut_caliper_scale (&pixels, ut_vec3 (2, 0.5, 0));
  g_assert_cmpfloat (ut_caliper_distance (&pixels), ==, 5);
  g_assert_cmpfloat_with_epsilon (ut_caliper_distance (&mm), sqrt (40), 1e-12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/caliper/distance", test_distance);
  g_test_add_func ("/caliper/angle", test_angle);
  g_test_add_func ("/caliper/no-angle", test_no_angle);
  g_test_add_func ("/caliper/scale", test_scale);
  return g_test_run ();
}
