/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/anatomy/hearts.h"

#include "engine/anatomy/heart-motion.h"
#include "engine/anatomy/landmarks.h"
#include "engine/base/error.h"

static UtLandmarks
marks_of (const UtVolume *labels)
{
  UtLandmarks marks;
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_landmarks_find (labels, &marks, &error));
  g_assert_no_error (error);
  return marks;
}

/* Against the phantom's own geometry, on fine and on coarse voxels. */
static void
test_places (void)
{
  const double spacings[] = {1, 1.5, 3};
  for (gsize i = 0; i < G_N_ELEMENTS (spacings); i++) {
    g_autoptr (UtPhantom) phantom = ut_phantom_new ();
    g_autoptr (UtVolume) labels = ut_phantom_labels (phantom, spacings[i], NULL);
    UtLandmarks marks = marks_of (labels);
    UtVec3 axis = ut_vec3_sub (ut_phantom_apex (phantom), ut_phantom_mitral (phantom));
    g_assert_cmpfloat (distance (marks.mitral, ut_phantom_mitral (phantom)), <, 1.2);
    g_assert_cmpfloat (distance (marks.apex, ut_phantom_apex (phantom)), <, 4.5);
    g_assert_cmpfloat (angle_deg (marks.long_axis, ut_vec3_normalise (axis)), <, 3);
    g_assert_cmpfloat (fabs (ut_vec3_dot (marks.long_axis, marks.septal)), <, 1e-9);
    g_assert_cmpfloat (
      distance (marks.anterior, ut_vec3_cross (marks.septal, marks.long_axis)), <, 1e-9);
    g_assert_cmpfloat (
      ut_vec3_dot (ut_vec3_sub (marks.apex_epi, marks.apex), marks.long_axis), >, 5);
    g_assert_cmpfloat (
      ut_vec3_dot (ut_vec3_sub (marks.aortic_root, marks.mitral), marks.septal), >, 12);
    g_assert_true (ut_landmarks_check_handedness (&marks, NULL));
  }
}

/* Landmarks move with the heart: turned and shifted voxels give turned and shifted marks. */
static void
test_moved (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (3, 2);
  UtVec3 about = ut_vec3_normalise (ut_vec3 (1, 2, 3));
  UtAffine turn = ut_affine_from_axes (ut_vec3_rotate (ut_vec3 (1, 0, 0), about, 1),
                                       ut_vec3_rotate (ut_vec3 (0, 1, 0), about, 1),
                                       ut_vec3_rotate (ut_vec3 (0, 0, 1), about, 1),
                                       ut_vec3 (10, -20, 30));
  UtAffine grid = ut_affine_multiply (&turn, &labels->m_patient_from_voxel);
  g_autoptr (UtVolume) moved = on_grid (labels, &grid);
  UtLandmarks before = marks_of (labels), after = marks_of (moved);
  g_assert_cmpfloat (distance (after.mitral, ut_affine_point (&turn, before.mitral)), <, 1e-3);
  g_assert_cmpfloat (distance (after.apex, ut_affine_point (&turn, before.apex)), <, 1e-3);
  g_assert_cmpfloat (
    distance (after.aortic_root, ut_affine_point (&turn, before.aortic_root)), <, 1e-3);
  g_assert_cmpfloat (
    distance (after.anterior, ut_affine_direction (&turn, before.anterior)), <, 1e-5);
}

/* Where the motion takes the valve ring is where the rule finds it at end-systole. */
static void
test_end_systole (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 1.5);
  UtLandmarks ed = marks_of (labels);
  UtHeartMotionParams params = ut_heart_motion_params (0.6);
  g_autoptr (UtHeartMotion) motion = ut_heart_motion_new (labels, &ed, &params, NULL);
  g_autoptr (UtVolume) at_es = ut_heart_motion_at (motion, 1, NULL);
  UtLandmarks es = marks_of (at_es);
  UtVec3 mitral = ut_heart_motion_point (motion, 1, ed.mitral);
  g_assert_cmpfloat (distance (es.mitral, mitral), <, 2);
  double descent = ut_vec3_dot (ut_vec3_sub (es.mitral, ed.mitral), ed.long_axis);
  g_assert_cmpfloat_with_epsilon (descent, params.annulus_descent_mm, 1);
}

static void
assert_refused (UtVolume *labels, const char *pattern)
{
  g_autoptr (UtVolume) owned = labels;
  UtLandmarks marks, untouched;
  memset (&marks, 7, sizeof marks);
  untouched = marks;
  g_autoptr (GError) error = NULL;
  g_assert_false (ut_landmarks_find (owned, &marks, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_assert_true (g_regex_match_simple (pattern, error->message, 0, 0));
  g_assert_cmpmem (&marks, sizeof marks, &untouched, sizeof untouched);
}

static void
test_refused (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 3);
  assert_refused (without (labels, UT_RA), "without RA \\(label 5\\)");
  assert_refused (without (labels, UT_LV), "without LV \\(label 2\\)");

  UtVolume *odd = on_grid (labels, &labels->m_patient_from_voxel);
  odd->u8[17] = 9;
  assert_refused (odd, "label 9.*0 to 5");

  const gsize dims[3] = {40, 3, 3};
  UtAffine grid = ut_affine_scale_offset (ut_vec3 (1, 1, 1), ut_vec3 (0, 0, 0));
  UtVolume *apart = ut_volume_new (UT_VOXEL_U8, dims, &grid, NULL);
  apart->u8[0] = UT_MYO;
  apart->u8[1] = UT_LV;
  apart->u8[2] = UT_RV;
  apart->u8[3] = UT_RA;
  apart->u8[30] = UT_LA;
  assert_refused (apart, "LV and LA.*apart");
}

static void
test_mirrored (void)
{
  for (guint64 seed = 0; seed < 3; seed++) {
    g_autoptr (UtVolume) labels = phantom_heart (seed, 2);
    g_autoptr (UtVolume) wrong = mirrored (labels);
    UtLandmarks marks = marks_of (wrong);
    g_autoptr (GError) error = NULL;
    g_assert_false (ut_landmarks_check_handedness (&marks, &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/landmarks/places", test_places);
  g_test_add_func ("/landmarks/moved", test_moved);
  g_test_add_func ("/landmarks/end-systole", test_end_systole);
  g_test_add_func ("/landmarks/refused", test_refused);
  g_test_add_func ("/landmarks/mirrored", test_mirrored);
  return g_test_run ();
}
