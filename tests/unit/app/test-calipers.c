/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calipers.h"

#include <locale.h>

static const UtVec3 a = {0, 0, 0}, b = {3, 4, 0}, c = {3, 0, 0};

static void
count_cb (guint *n)
{
  (*n)++;
}

/* Two points, a third, and the fourth begins anew; a single point does not stay. */
static void
test_points (void)
{
  g_autoptr (UtCalipers) calipers = ut_calipers_new ();
  guint n = 0;
  g_signal_connect_swapped (calipers, "changed", G_CALLBACK (count_cb), &n);
  ut_calipers_set_measuring (calipers, TRUE);
  ut_calipers_add_point (calipers, "ED corrected", a);
  g_assert_null (ut_calipers_last_on (calipers, "ED corrected"));
  ut_calipers_add_point (calipers, "ED corrected", b);
  g_assert_cmpuint (ut_calipers_last_on (calipers, "ED corrected")->n_points, ==, 2);
  ut_calipers_add_point (calipers, "ED corrected", c);
  g_assert_cmpuint (ut_calipers_last_on (calipers, "ED corrected")->n_points, ==, 3);
  ut_calipers_add_point (calipers, "ED corrected", a);
  g_assert_cmpuint (ut_calipers_count (calipers), ==, 2);
  g_assert_cmpuint (n, ==, 5);
  ut_calipers_set_measuring (calipers, FALSE);
  g_assert_cmpuint (ut_calipers_count (calipers), ==, 1);
  g_assert_cmpuint (ut_calipers_get (calipers, 0)->caliper.n_points, ==, 3);
}

/* A line has both ends on one thing. */
static void
test_other_thing (void)
{
  g_autoptr (UtCalipers) calipers = ut_calipers_new ();
  ut_calipers_add_point (calipers, "ED corrected", a);
  g_assert_true (ut_calipers_get_measuring (calipers));
  ut_calipers_add_point (calipers, "ES corrected", b);
  ut_calipers_add_point (calipers, "ES corrected", c);
  g_assert_cmpuint (ut_calipers_count (calipers), ==, 1);
  g_assert_null (ut_calipers_last_on (calipers, "ED corrected"));
  g_assert_nonnull (ut_calipers_last_on (calipers, "ES corrected"));
}

/* The point that was taken back is where the next one goes, whatever was measured in between. */
static void
test_take_back (void)
{
  g_autoptr (UtCalipers) calipers = ut_calipers_new ();
  UtVec3 point;
  g_assert_false (ut_calipers_take_back (calipers, "ED corrected", &point));
  ut_calipers_add_point (calipers, "ED corrected", a);
  ut_calipers_add_point (calipers, "ED corrected", b);
  ut_calipers_add_point (calipers, "ED corrected", c);
  ut_calipers_add_point (calipers, "A4C 1", a);
  g_assert_true (ut_calipers_take_back (calipers, "ED corrected", &point));
  g_assert_cmpmem (&point, sizeof point, &c, sizeof c);
  g_assert_cmpuint (ut_calipers_count (calipers), ==, 1); /* a point alone went */
  ut_calipers_add_point (calipers, "ED corrected", a);
  g_assert_cmpuint (ut_calipers_last_on (calipers, "ED corrected")->n_points, ==, 3);
  for (int i = 0; i < 3; i++)
    g_assert_true (ut_calipers_take_back (calipers, "ED corrected", &point));
  g_assert_cmpuint (ut_calipers_count (calipers), ==, 0);
  ut_calipers_add_point (calipers, "ED corrected", a);
  g_assert_cmpuint (ut_calipers_get (calipers, 0)->caliper.n_points, ==, 1);
}

static void
test_delete (void)
{
  g_autoptr (UtCalipers) calipers = ut_calipers_new ();
  g_assert_false (ut_calipers_delete_last (calipers, "ED corrected"));
  ut_calipers_add_point (calipers, "ED corrected", a);
  ut_calipers_add_point (calipers, "ED corrected", b);
  ut_calipers_add_point (calipers, "ES corrected", a);
  ut_calipers_add_point (calipers, "ES corrected", b);
  ut_calipers_forget (calipers, "ED");
  g_assert_cmpuint (ut_calipers_count (calipers), ==, 1);
  g_assert_cmpstr (ut_calipers_get (calipers, 0)->on, ==, "ES corrected");
  g_assert_false (ut_calipers_delete_last (calipers, "ED corrected"));
  g_assert_true (ut_calipers_delete_last (calipers, "ES corrected"));
  ut_calipers_add_point (calipers, "ED corrected", a); /* begins anew */
  g_assert_cmpuint (ut_calipers_get (calipers, 0)->caliper.n_points, ==, 1);
}

static void
test_many (void)
{
  g_autoptr (UtCalipers) calipers = ut_calipers_new ();
  for (guint i = 0; i < 3 * (UT_CALIPERS_MAX + 2); i++)
    ut_calipers_add_point (calipers, "A4C 1", ut_vec3 (i, 0, 0));
  g_assert_cmpuint (ut_calipers_count (calipers), ==, UT_CALIPERS_MAX);
  g_assert_cmpfloat (ut_calipers_get (calipers, 0)->caliper.points[0].x, ==, 6);
}

static void
test_place (void)
{
  g_autoptr (UtCalipers) calipers = ut_calipers_new (), again = ut_calipers_new ();
  ut_calipers_add_point (calipers, "ED corrected", a);
  ut_calipers_add_point (calipers, "ED corrected", b);
  ut_calipers_add_point (calipers, "ED corrected", c);
  ut_calipers_add_point (calipers, "A4C 12", c);
  g_autoptr (JsonNode) saved = ut_calipers_to_json (calipers);
  ut_calipers_from_json (again, saved);
  g_assert_cmpuint (ut_calipers_count (again), ==, 1);
  const UtCaliper *read = ut_calipers_last_on (again, "ED corrected");
  g_assert_cmpmem (
    read, sizeof *read, ut_calipers_last_on (calipers, "ED corrected"), sizeof *read);
}

/* What a foreign file may hold: of all these only the last one is a caliper. */
static void
test_foreign_place (void)
{
  static const char text[] =
    "[3, null, [], {}, {'on': 4, 'points': [0,0,0,1,1,1]}, {'on': 'x'}, {'on': 'x', 'points': 1},"
    "{'on': 'x', 'points': [0,0,0]}, {'on': 'x', 'points': [0,0,0,1,1]},"
    "{'on': 'x', 'points': [0,0,0,1,1,1e9]}, {'on': 'x', 'points': [0,0,0,1,1,[]]},"
    "{'on': 'ED corrected', 'points': [0,0,0,1,1,1]}]";
  g_autoptr (UtCalipers) calipers = ut_calipers_new ();
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (JsonNode) node = json_from_string (json, NULL);
  g_assert_nonnull (node);
  ut_calipers_from_json (calipers, node);
  g_assert_cmpuint (ut_calipers_count (calipers), ==, 1);
  g_assert_nonnull (ut_calipers_last_on (calipers, "ED corrected"));
  ut_calipers_from_json (calipers, NULL);
  g_assert_cmpuint (ut_calipers_count (calipers), ==, 0);
}

static void
test_words (void)
{
  const UtCaliper distance = {2, {a, b}}, angle = {3, {a, b, c}}, none = {3, {a, a, b}};
  g_autofree char *mm = ut_caliper_text (&distance), *degrees = ut_caliper_text (&angle);
  g_autofree char *px = ut_caliper_text_px (&distance), *square = ut_caliper_text_px (&angle);
  g_autofree char *nothing = ut_caliper_text (&none);
  g_autofree char *words = ut_caliper_words (&angle, degrees);
  g_assert_cmpstr (mm, ==, "5.0 mm");
  g_assert_cmpstr (degrees, ==, "37°");
  g_assert_cmpstr (px, ==, "5 px");
  g_assert_cmpstr (square, ==, "37° if pixels are square");
  g_assert_cmpstr (nothing, ==, "no angle");
  g_assert_cmpstr (words, ==, "Angle 37°");
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calipers/points", test_points);
  g_test_add_func ("/calipers/other-thing", test_other_thing);
  g_test_add_func ("/calipers/take-back", test_take_back);
  g_test_add_func ("/calipers/delete", test_delete);
  g_test_add_func ("/calipers/many", test_many);
  g_test_add_func ("/calipers/place", test_place);
  g_test_add_func ("/calipers/foreign-place", test_foreign_place);
  g_test_add_func ("/calipers/words", test_words);
  return g_test_run ();
}
