/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/segments.h"

/* Apex down -z, septum to -x, so that anterior is -y. */
static const UtSegments segments = {
  .frame = {.mitral = {2, 0, 40},
            .apex = {0, 0, -40},
            .centroid = {0, 0, 0},
            .axis = {0, 0, -1},
            .septal = {-1, 0, 0}},
  .base_mm = 20,
  .apex_mm = 80,
};

static UtVec3
point (double level_mm, double angle_deg)
{
  double angle = angle_deg * G_PI / 180;
  return ut_vec3 (-30 * sin (angle), -30 * cos (angle), 40 - level_mm);
}

static void
test_directions (void)
{
  const double angles[] = {0, 90, 180, 270};
  const UtVec3 points[] = {{0, -9, 5}, {-9, 0, 5}, {0, 9, -5}, {9, 0, -5}};
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (
      ut_lv_frame_angle (&segments.frame, points[i]), angles[i], 1e-9);
  g_assert_cmpfloat (ut_lv_frame_level (&segments.frame, points[0]), ==, 35);
}

/* The numbers at places that the model fixes: level, degrees from anterior by the septum. */
static void
test_model (void)
{
  const struct {
    double level_mm, angle_deg;
    guint segment;
    const char *name;
  } places[] = {
    {21, 0, 1, "basal anterior"},
    {21, 60, 2, "basal anteroseptal"},
    {21, 120, 3, "basal inferoseptal"},
    {39, 180, 4, "basal inferior"},
    {39, 240, 5, "basal inferolateral"},
    {39, 300, 6, "basal anterolateral"},
    {41, 359, 7, "mid anterior"},
    {41, 31, 8, "mid anteroseptal"},
    {59, 149, 9, "mid inferoseptal"},
    {59, 151, 10, "mid inferior"},
    {50, 211, 11, "mid inferolateral"},
    {50, 329, 12, "mid anterolateral"},
    {61, 316, 13, "apical anterior"},
    {61, 46, 14, "apical septal"},
    {79, 224, 15, "apical inferior"},
    {79, 226, 16, "apical lateral"},
    {81, 10, 17, "apex"},
    {81, 200, 17, "apex"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    UtVec3 p = point (places[i].level_mm, places[i].angle_deg);
    g_assert_cmpuint (ut_segment_at (&segments, p), ==, places[i].segment);
    g_assert_cmpstr (ut_segment_name (places[i].segment), ==, places[i].name);
  }
  g_assert_cmpuint (ut_segment_at (&segments, point (19, 100)), ==, 0);
}

/* What is drawn and what is measured are the same sectors. */
static void
test_sectors (void)
{
  const double levels[] = {30, 50, 70, 90};
  for (guint segment = 1; segment <= UT_N_SEGMENTS; segment++) {
    guint ring;
    double start, end;
    ut_segment_sector (segment, &ring, &start, &end);
    for (double angle = start + 1; angle < end; angle += 9)
      g_assert_cmpuint (ut_segment_at (&segments, point (levels[ring], angle)), ==, segment);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measure/segments/directions", test_directions);
  g_test_add_func ("/measure/segments/model", test_model);
  g_test_add_func ("/measure/segments/sectors", test_sectors);
  return g_test_run ();
}
