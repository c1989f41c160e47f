/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/disks.h"

#include "engine/anatomy/phantom.h"
#include "engine/anatomy/view-plane.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/section.h"

#include <math.h>

static const double square_mm[2] = {1, 1};

/* A ventricle as half an ellipse: from one end of the annulus over the apex to the other, @n
 * points, in pixels of @spacing_mm, turned by @angle about its annulus. */
static UtContour
half_ellipse (
  guint n, double half_width_mm, double length_mm, double angle, const double spacing_mm[2])
{
  UtContour self = {.n_points = n};
  for (guint i = 0; i < n; i++) {
    double t = G_PI * i / (n - 1);
    double across = half_width_mm * cos (t), along = length_mm * sin (t);
    self.points[i][0] = 200 + (across * cos (angle) - along * sin (angle)) / spacing_mm[1];
    self.points[i][1] = 150 + (across * sin (angle) + along * cos (angle)) / spacing_mm[0];
  }
  return self;
}

static UtDisks
cut (const UtContour *contour, const double spacing_mm[2])
{
  UtDisks disks;
  g_assert_cmpint (ut_contour_fault (contour, TRUE), ==, UT_CONTOUR_SOUND);
  ut_disks_cut (contour, spacing_mm, &disks);
  return disks;
}

static void
assert_within (double value, double wanted, double share)
{
  g_assert_cmpfloat_with_epsilon (value, wanted, share * wanted);
}

/* Half an ellipsoid: 2/3 pi a b L. Turned in the frame, of pixels that are not square, its volume
 * is the same. */
static void
test_closed_forms (void)
{
  static const double angles[] = {0, 0.3, 1.2, 2.9, -2}, other_mm[2] = {0.31, 0.47};
  const double a = 24, b = 21, length = 86;
  for (guint i = 0; i < G_N_ELEMENTS (angles); i++)
    for (int other = 0; other < 2; other++) {
      const double *spacing_mm = other ? other_mm : square_mm;
      UtContour a4c = half_ellipse (15, a, length, angles[i], spacing_mm);
      UtContour a2c = half_ellipse (15, b, length, angles[i], spacing_mm);
      UtDisks four = cut (&a4c, spacing_mm), two = cut (&a2c, spacing_mm);
      assert_within (four.long_axis_mm, length, 0.002);
      assert_within (ut_disks_volume_ml (&four, &four), G_PI * 2 / 3 * a * a * length / 1000, 0.01);
      assert_within (ut_disks_volume_ml (&four, &two), G_PI * 2 / 3 * a * b * length / 1000, 0.01);
      for (int k = 1; k < UT_DISKS_N; k++)
        g_assert_cmpfloat (four.diameter_mm[k], <, four.diameter_mm[k - 1]);
    }
}

/* Seven points do where there is a curve through them: straight lines would lose 7 %. */
static void
test_few_points (void)
{
  UtContour contour = half_ellipse (7, 24, 86, 0, square_mm);
  UtDisks disks = cut (&contour, square_mm);
  assert_within (ut_disks_volume_ml (&disks, &disks), G_PI * 2 / 3 * 24 * 24 * 86 / 1000, 0.02);
}

/* A cone stands on its point: pi / 3 r^2 L, and its disks are as wide as its sides say. */
static void
test_cone (void)
{
  UtContour cone = {.n_points = 9};
  for (guint i = 0; i < 9; i++) {
    cone.points[i][0] = 100 + 5 * i;
    cone.points[i][1] = 40 + 20.0 * (i <= 4 ? i : 8 - i);
  }
  UtDisks disks = cut (&cone, square_mm);
  g_assert_cmpfloat_with_epsilon (disks.base[0], 120, 1e-9);
  g_assert_cmpfloat_with_epsilon (disks.apex[1], 120, 1e-9);
  g_assert_cmpfloat_with_epsilon (disks.diameter_mm[4], 40 * (1 - 4.5 / 20), 0.01);
  assert_within (ut_disks_volume_ml (&disks, &disks), G_PI / 3 * 20 * 20 * 80 / 1000, 0.01);
}

/* A finger of wall that hangs into the cavity: a line across it crosses four times, and the finger
 * is not counted. */
static void
test_finger (void)
{
  const UtContour contour = {10,
                             {{0, 0},
                              {-10, 40},
                              {0, 80},
                              {15, 100},
                              {26, 85},
                              {14, 45},
                              {18, 43},
                              {32, 70},
                              {36, 40},
                              {30, 0}}};
  UtDisks disks = cut (&contour, square_mm);
  g_assert_cmpfloat_with_epsilon (disks.diameter_mm[11], 44 - 8, 2); /* at 57.5, the finger is 8 */
  g_assert_cmpfloat_with_epsilon (disks.diameter_mm[7], 46, 2);
}

/* The longer axis counts, and views that disagree are told. */
static void
test_lengths (void)
{
  UtContour long_one = half_ellipse (15, 24, 90, 0, square_mm);
  UtContour short_one = half_ellipse (15, 24, 78, 0, square_mm);
  UtDisks a = cut (&long_one, square_mm), b = cut (&short_one, square_mm);
  assert_within (ut_disks_volume_ml (&b, &a), G_PI * 2 / 3 * 24 * 24 * 90 / 1000, 0.01);
  g_assert_cmpfloat_with_epsilon (ut_disks_apart (&a, &b), 12 / 90.0, 1e-3);
  g_assert_cmpfloat (ut_disks_apart (&a, &b), ==, ut_disks_apart (&b, &a));
  g_assert_cmpfloat (ut_disks_apart (&a, &a), ==, 0);
}

static void
test_curve (void)
{
  double curve[UT_CONTOUR_MAX_CURVE][2];
  UtContour contour = half_ellipse (UT_CONTOUR_MAX_POINTS, 24, 86, 0.2, square_mm);
  g_assert_cmpuint (ut_contour_curve (&contour, curve), ==, UT_CONTOUR_MAX_CURVE);
  for (guint i = 0; i < contour.n_points; i++)
    for (int k = 0; k < 2; k++)
      g_assert_cmpfloat_with_epsilon (
        curve[i * UT_CONTOUR_STEPS][k], contour.points[i][k], 1e-9); /* through every point */
  contour.n_points = 1;
  g_assert_cmpuint (ut_contour_curve (&contour, curve), ==, 1);
  contour.n_points = 0;
  g_assert_cmpuint (ut_contour_curve (&contour, curve), ==, 0);
  g_assert_cmpint (ut_contour_fault (&contour, FALSE), ==, UT_CONTOUR_SOUND);
}

static void
test_faults (void)
{
  UtContour sound = half_ellipse (9, 24, 86, 0.7, square_mm), few = sound, twice = sound;
  few.n_points = 4;
  g_assert_cmpint (ut_contour_fault (&few, FALSE), ==, UT_CONTOUR_SOUND);
  g_assert_cmpint (ut_contour_fault (&few, TRUE), ==, UT_CONTOUR_TOO_FEW);

  const UtContour eight = {6, {{0, 0}, {40, 60}, {30, 90}, {10, 90}, {0, 60}, {40, 0}}};
  g_assert_cmpint (ut_contour_fault (&eight, FALSE), ==, UT_CONTOUR_CROSSES);

  /* the wall comes round the annulus: open it may still grow, closed it crosses the mitral plane */
  const UtContour hook = {6, {{0, 0}, {-30, 50}, {0, 90}, {30, 50}, {20, -20}, {10, 30}}};
  g_assert_cmpint (ut_contour_fault (&hook, FALSE), ==, UT_CONTOUR_SOUND);
  g_assert_cmpint (ut_contour_fault (&hook, TRUE), ==, UT_CONTOUR_SOUND);
  const UtContour over = {6, {{0, 0}, {-30, 50}, {0, 90}, {10, -30}, {30, -30}, {40, 10}}};
  g_assert_cmpint (ut_contour_fault (&over, FALSE), ==, UT_CONTOUR_SOUND);
  g_assert_cmpint (ut_contour_fault (&over, TRUE), ==, UT_CONTOUR_CROSSES);

  /* a point set twice bends nothing */
  for (guint i = 4; i < 9; i++)
    for (int k = 0; k < 2; k++)
      twice.points[i][k] = sound.points[i - 1][k];
  UtDisks disks = cut (&twice, square_mm);
  g_assert_true (isfinite (ut_disks_volume_ml (&disks, &disks)));

  UtContour flat = {.n_points = 5};
  g_assert_cmpint (ut_contour_fault (&flat, TRUE), ==, UT_CONTOUR_FLAT);
  for (guint i = 0; i < 5; i++)
    flat.points[i][0] = 10 * i;
  g_assert_cmpint (ut_contour_fault (&flat, TRUE), ==, UT_CONTOUR_FLAT);
}

/* ---- a heart whose volume is known --------------------------------------------------- */

#define PIXEL_MM 0.5
#define BASE_MM  3.0 /* what lies nearer to the mitral plane is the plane */

static const double pixel_mm[2] = {PIXEL_MM, PIXEL_MM};

/* As a person would trace what @view cuts out of the cavity: from one end of the annulus to the
 * other, 17 points. */
static UtContour
trace_view (UtView view, const UtVolume *labels, const UtLandmarks *landmarks)
{
  g_autoptr (UtMesh) cavity = ut_mesh_from_labels (labels, UT_LV, UT_MESH_FRAME_LPS, NULL);
  UtViewPlane plane;
  g_assert_true (ut_view_plane_standard (view, labels, landmarks, &plane, NULL));
  const UtPlane cut = {plane.origin, plane.normal};
  g_autoptr (UtSection) section = ut_section_new (cavity, &cut);
  g_assert_cmpuint (section->n_curves, ==, 1);
  guint n = section->curves[0].n_points, first = n, n_wall = 0;
  g_autofree gboolean *wall = g_new (gboolean, n);
  for (guint i = 0; i < n; i++)
    wall[i] = ut_vec3_dot (ut_vec3_sub (section->points[i], landmarks->mitral),
                           landmarks->long_axis) > BASE_MM;
  for (guint i = 0; i < n; i++)
    if (wall[i] && !wall[(i + n - 1) % n])
      first = i;
  g_assert_cmpuint (first, <, n);
  while (wall[(first + n_wall) % n])
    n_wall++;
  UtContour contour = {.n_points = 17};
  for (guint i = 0; i < contour.n_points; i++) {
    UtVec3 p = ut_vec3_sub (section->points[(first + i * (n_wall - 1) / 16) % n], plane.origin);
    contour.points[i][0] = ut_vec3_dot (p, plane.right) / PIXEL_MM;
    contour.points[i][1] = ut_vec3_dot (p, plane.down) / PIXEL_MM;
  }
  return contour;
}

/* Hearts of known volume, traced without error in their standard planes. */
static void
test_hearts (void)
{
  for (guint64 seed = 0; seed < 4; seed++) {
    UtRandom random;
    UtLandmarks landmarks;
    ut_random_init (&random, seed, 0);
    g_autoptr (UtPhantom) phantom = ut_phantom_new_random (&random);
    g_autoptr (UtVolume) labels = ut_phantom_labels (phantom, 1.5, NULL);
    g_assert_true (ut_landmarks_find (labels, &landmarks, NULL));
    UtContour a4c = trace_view (UT_VIEW_A4C, labels, &landmarks);
    UtContour a2c = trace_view (UT_VIEW_A2C, labels, &landmarks);
    UtDisks four = cut (&a4c, pixel_mm), two = cut (&a2c, pixel_mm);
    double known_ml = ut_phantom_volume_ml (phantom, UT_LV);
    g_test_message ("%.1f ml by disks, %.1f ml", ut_disks_volume_ml (&four, &two), known_ml);
    g_assert_cmpfloat (ut_disks_apart (&four, &two), <, UT_DISKS_MAX_APART);
    assert_within (ut_disks_volume_ml (&four, &two), known_ml, 0.1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disks/closed-forms", test_closed_forms);
  g_test_add_func ("/disks/few-points", test_few_points);
  g_test_add_func ("/disks/cone", test_cone);
  g_test_add_func ("/disks/finger", test_finger);
  g_test_add_func ("/disks/lengths", test_lengths);
  g_test_add_func ("/disks/curve", test_curve);
  g_test_add_func ("/disks/faults", test_faults);
  g_test_add_func ("/disks/hearts", test_hearts);
  return g_test_run ();
}
