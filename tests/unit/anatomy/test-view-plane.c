/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/anatomy/hearts.h"

#include "engine/anatomy/view-plane.h"
#include "engine/base/error.h"

static UtViewPlane
plane_of (UtView view, const UtVolume *labels, UtLandmarks *ret_marks)
{
  UtViewPlane plane;
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_landmarks_find (labels, ret_marks, NULL));
  g_assert_true (ut_view_plane_standard (view, labels, ret_marks, &plane, &error));
  g_assert_no_error (error);
  return plane;
}

/* Picture coordinates of a point. */
static UtVec3
seen (const UtViewPlane *plane, UtVec3 p)
{
  UtVec3 d = ut_vec3_sub (p, plane->origin);
  return ut_vec3 (
    ut_vec3_dot (d, plane->right), ut_vec3_dot (d, plane->down), ut_vec3_dot (d, plane->normal));
}

static void
test_a4c (void)
{
  for (guint64 seed = 0; seed < 3; seed++) {
    g_autoptr (UtVolume) labels = phantom_heart (seed, 1.5);
    UtLandmarks m;
    UtViewPlane plane = plane_of (UT_VIEW_A4C, labels, &m);
    UtVec3 la = seen (&plane, m.centroid[UT_LA]), ra = seen (&plane, m.centroid[UT_RA]);
    UtVec3 lv = seen (&plane, m.centroid[UT_LV]), rv = seen (&plane, m.centroid[UT_RV]);
    g_assert_cmpfloat (fabs (la.z) + fabs (ra.z) + fabs (seen (&plane, m.apex).z), <, 1e-6);
    g_assert_cmpfloat (lv.x, >, rv.x);
    g_assert_cmpfloat (la.x, >, ra.x);
    g_assert_cmpfloat (la.y, >, lv.y);
    g_assert_cmpfloat_with_epsilon (seen (&plane, m.apex_epi).x, 0, 1e-6);
    g_assert_cmpfloat_with_epsilon (seen (&plane, m.apex_epi).y, 10, 1e-6);
    g_assert_cmpfloat (plane.depth_mm, >=, 120);
    g_assert_cmpfloat (plane.depth_mm, >, la.y + 15);
    g_assert_cmpfloat (plane.depth_mm, <, 220);
  }
}

static void
test_a2c (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 1.5);
  UtLandmarks m;
  UtViewPlane plane = plane_of (UT_VIEW_A2C, labels, &m);
  g_assert_cmpfloat (fabs (seen (&plane, m.mitral).z) + fabs (seen (&plane, m.apex).z), <, 1e-6);
  g_assert_cmpfloat (distance (plane.normal, m.septal), <, 1e-9);
  g_assert_cmpfloat (distance (plane.right, m.anterior), <, 1e-9);
  g_assert_cmpfloat (seen (&plane, m.centroid[UT_LA]).y, >, seen (&plane, m.centroid[UT_LV]).y);
}

static void
test_psax (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 1.5);
  UtLandmarks m;
  UtViewPlane plane = plane_of (UT_VIEW_PSAX, labels, &m);
  UtVec3 mitral = seen (&plane, m.mitral), apex = seen (&plane, m.apex);
  g_assert_cmpfloat_with_epsilon (mitral.z, -apex.z, 1e-6); /* half-way */
  g_assert_cmpfloat (seen (&plane, m.centroid[UT_RV]).x, <, -20);
  UtVec3 on_top = ut_vec3_mad (m.centroid[UT_LV], 20, m.anterior);
  g_assert_cmpfloat (seen (&plane, on_top).y, <, seen (&plane, m.centroid[UT_LV]).y);
  /* wall of about 26 + 9 mm above the middle, and 25 mm to the probe */
  g_assert_cmpfloat_with_epsilon (mitral.y, 60, 8);
}

static void
test_axes (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (2, 2);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    UtLandmarks m;
    UtViewPlane plane = plane_of (view, labels, &m);
    UtVec3 normal = ut_vec3_cross (plane.right, plane.down);
    g_assert_cmpfloat (distance (normal, plane.normal), <, 1e-9);
    g_assert_cmpfloat (fabs (ut_vec3_length (plane.right) - 1), <, 1e-9);
    g_assert_cmpfloat (fabs (ut_vec3_dot (plane.right, plane.down)), <, 1e-9);
  }
}

static void
test_mirrored (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (1, 2);
  g_autoptr (UtVolume) wrong = mirrored (labels);
  UtLandmarks marks;
  g_assert_true (ut_landmarks_find (wrong, &marks, NULL));
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    UtViewPlane plane;
    g_autoptr (GError) error = NULL;
    g_assert_false (ut_view_plane_standard (view, wrong, &marks, &plane, &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  }
}

/* By hand: a quarter turn about the normal and 3 mm to the new right. Then any shift leaves right
 * angles, and a turn leaves the pivot where it lies in the picture. */
static void
test_shift (void)
{
  UtViewPlane plane = {.origin = ut_vec3 (10, 0, 0),
                       .right = ut_vec3 (1, 0, 0),
                       .down = ut_vec3 (0, 1, 0),
                       .normal = ut_vec3 (0, 0, 1)};
  UtViewPlane same = plane, quarter = plane, turned = plane;
  UtPlaneShift none = {{0}}, shift = {.mm = {3, 0, 0}, .deg = {0, 0, 90}};
  UtPlaneShift turn = {.deg = {20, -35, 70}};
  UtVec3 pivot = ut_vec3 (12, 5, 0);
  ut_view_plane_shift (&same, &none, pivot);
  g_assert_cmpmem (&same, sizeof same, &plane, sizeof plane);
  ut_view_plane_shift (&quarter, &shift, ut_vec3 (0, 0, 0));
  g_assert_cmpfloat (distance (quarter.right, ut_vec3 (0, 1, 0)), <, 1e-12);
  g_assert_cmpfloat (distance (quarter.origin, ut_vec3 (0, 13, 0)), <, 1e-12);
  ut_view_plane_shift (&turned, &turn, pivot);
  g_assert_cmpfloat (distance (ut_vec3_cross (turned.right, turned.down), turned.normal), <, 1e-12);
  g_assert_cmpfloat (distance (ut_view_plane_point (&turned, 2, 5), pivot), <, 1e-12);
  g_assert_cmpfloat (distance (turned.normal, plane.normal), >, 0.5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/view-plane/a4c", test_a4c);
  g_test_add_func ("/view-plane/a2c", test_a2c);
  g_test_add_func ("/view-plane/psax", test_psax);
  g_test_add_func ("/view-plane/axes", test_axes);
  g_test_add_func ("/view-plane/mirrored", test_mirrored);
  g_test_add_func ("/view-plane/shift", test_shift);
  return g_test_run ();
}
