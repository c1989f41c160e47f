/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/upright.h"

#include <math.h>
#include <string.h>

#define SIDE 64
#define TURN 0.3

static const UtUpright as_it_is = {.scale = 1};

/* a soft spot at (x, y), in halves of the side from the middle */
static void
add_spot (float *picture, double x, double y)
{
  for (int row = 0; row < SIDE; row++)
    for (int col = 0; col < SIDE; col++) {
      double dx = (col + 0.5) / (SIDE / 2.0) - 1 - x, dy = (row + 0.5) / (SIDE / 2.0) - 1 - y;
      picture[row * SIDE + col] += (float)exp (-(dx * dx + dy * dy) / 0.005);
    }
}

/* where all the light lies on average, in halves of the side from the middle */
static void
find_light (const float *picture, double *ret_x, double *ret_y)
{
  double sum = 0, x = 0, y = 0;
  for (int i = 0; i < SIDE * SIDE; i++) {
    sum += picture[i];
    x += picture[i] * ((i % SIDE + 0.5) / (SIDE / 2.0) - 1);
    y += picture[i] * ((i / SIDE + 0.5) / (SIDE / 2.0) - 1);
  }
  g_assert_cmpfloat (sum, >, 1);
  *ret_x = x / sum;
  *ret_y = y / sum;
}

static void
assert_light (const float *picture, double want_x, double want_y)
{
  double x, y;
  find_light (picture, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, want_x, 0.005);
  g_assert_cmpfloat_with_epsilon (y, want_y, 0.005);
}

static void
test_identity (void)
{
  g_autofree float *picture = g_new0 (float, SIDE *SIDE), *turned = g_new (float, SIDE *SIDE);
  add_spot (picture, 0.3, -0.2);
  ut_upright_turn (picture, SIDE, UT_VIEW_A4C, (UtHeartFrame){0}, as_it_is, turned);
  for (int i = 0; i < SIDE * SIDE; i++)
    g_assert_cmpfloat_with_epsilon (turned[i], picture[i], 1e-6);
}

/* The centroid comes to the middle, and the second structure below it; in the short axis to its
 * left. */
static void
test_directions (void)
{
  static const struct {
    UtView view;
    double x, y; /* unit direction to the second structure in an upright picture */
  } cases[] = {{UT_VIEW_A4C, 0, 1}, {UT_VIEW_A2C, 0, 1}, {UT_VIEW_PSAX, -1, 0}};
  const UtHeartFrame frame = {.x = 0.1, .y = -0.15, .angle = TURN};
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree float *heart = g_new0 (float, SIDE *SIDE), *second = g_new0 (float, SIDE *SIDE);
    g_autofree float *turned = g_new (float, SIDE *SIDE);
    double x = cos (TURN) * cases[i].x - sin (TURN) * cases[i].y;
    double y = sin (TURN) * cases[i].x + cos (TURN) * cases[i].y;
    add_spot (heart, frame.x, frame.y);
    add_spot (second, frame.x + 0.4 * x, frame.y + 0.4 * y);
    ut_upright_turn (heart, SIDE, cases[i].view, frame, as_it_is, turned);
    assert_light (turned, 0, 0);
    ut_upright_turn (second, SIDE, cases[i].view, frame, as_it_is, turned);
    assert_light (turned, 0.4 * cases[i].x, 0.4 * cases[i].y);
    /* half as wide a look, from a quarter of a half on the way to it */
    ut_upright_turn (second, SIDE, cases[i].view, frame, (UtUpright){0.5, 0.25}, turned);
    assert_light (turned, 0.3 * cases[i].x, 0.3 * cases[i].y);
  }
}

static void
test_black_beyond (void)
{
  g_autofree float *picture = g_new (float, SIDE *SIDE), *turned = g_new (float, SIDE *SIDE);
  for (int i = 0; i < SIDE * SIDE; i++)
    picture[i] = 1;
  ut_upright_turn (picture, SIDE, UT_VIEW_A2C, (UtHeartFrame){.x = 1}, as_it_is, turned);
  g_assert_cmpfloat (turned[SIDE / 2 * SIDE + SIDE / 4], ==, 1);
  g_assert_cmpfloat (turned[SIDE / 2 * SIDE + SIDE * 3 / 4], ==, 0);
  ut_upright_turn (picture, SIDE, UT_VIEW_A2C, (UtHeartFrame){.x = 1e30}, as_it_is, turned);
  g_assert_cmpfloat (turned[0], ==, 0);
}

/* Turning by a first look and then by what is seen there is turning by both at once. */
static void
test_compose (void)
{
  g_autofree float *picture = g_new0 (float, SIDE *SIDE), *once = g_new (float, SIDE *SIDE);
  g_autofree float *twice = g_new (float, SIDE *SIDE);
  const UtHeartFrame first = {0.1, -0.05, 0.25}, second = {-0.08, 0.12, -0.4};
  add_spot (picture, 0.25, 0.1);
  ut_upright_turn (picture, SIDE, UT_VIEW_PSAX, first, as_it_is, once);
  ut_upright_turn (once, SIDE, UT_VIEW_PSAX, second, as_it_is, twice);
  ut_upright_turn (
    picture, SIDE, UT_VIEW_PSAX, ut_heart_frame_compose (first, second), as_it_is, once);
  double x, y;
  find_light (twice, &x, &y);
  assert_light (once, x, y);
}

static void
test_read (void)
{
  UtHeartFrame frame = ut_heart_frame_read ((const float[]){0.25f, -0.5f, 0, -3});
  g_assert_cmpfloat (frame.x, ==, 0.25);
  g_assert_cmpfloat (frame.y, ==, -0.5);
  g_assert_cmpfloat_with_epsilon (frame.angle, -G_PI / 2, 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/upright/identity", test_identity);
  g_test_add_func ("/upright/directions", test_directions);
  g_test_add_func ("/upright/black-beyond", test_black_beyond);
  g_test_add_func ("/upright/compose", test_compose);
  g_test_add_func ("/upright/read", test_read);
  return g_test_run ();
}
