/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/anatomy/hearts.h"

#include "engine/anatomy/heart-motion.h"
#include "engine/base/error.h"

static UtHeartMotion *
motion_of (UtVolume *labels, const UtHeartMotionParams *params)
{
  UtLandmarks marks;
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_landmarks_find (labels, &marks, NULL));
  UtHeartMotion *motion = ut_heart_motion_new (labels, &marks, params, &error);
  g_assert_no_error (error);
  return motion;
}

static UtVolume *
moment_of (const UtHeartMotion *motion, double contraction)
{
  g_autoptr (GError) error = NULL;
  UtVolume *labels = ut_heart_motion_at (motion, contraction, &error);
  g_assert_no_error (error);
  return labels;
}

static void
test_still (void)
{
  g_autoptr (UtVolume) ed = phantom_heart (0, 2);
  UtHeartMotionParams params = ut_heart_motion_params (0.6);
  g_autoptr (UtHeartMotion) motion = motion_of (ed, &params);
  g_autoptr (UtVolume) same = moment_of (motion, 0);
  gsize differ = 0;
  for (gsize i = 0; i < ut_volume_n_voxels (ed); i++)
    differ += ed->u8[i] != same->u8[i];
  g_assert_cmpuint (differ, ==, 0);
}

/* Volumes as counted in voxels, one part each, valves still touching. */
static void
test_volumes (void)
{
  const double fractions[] = {0.2, 0.35, 0.55, 0.75};
  for (gsize i = 0; i < G_N_ELEMENTS (fractions); i++) {
    g_autoptr (UtVolume) ed = phantom_heart (i, 1.5);
    UtHeartMotionParams params = ut_heart_motion_params (fractions[i]);
    g_autoptr (UtHeartMotion) motion = motion_of (ed, &params);
    g_autoptr (UtVolume) es = moment_of (motion, 1);
    const double want[UT_N_LABELS] = {0,
                                      params.wall_volume,
                                      1 - params.ejection_fraction,
                                      params.la_filling,
                                      1 - params.rv_ejection_fraction,
                                      params.ra_filling};
    const double within[UT_N_LABELS] = {0, 0.05, 0.005, 0.03, 0.03, 0.04};
    for (guint8 s = UT_MYO; s < UT_N_LABELS; s++) {
      double ratio = volume_ml (es, s) / volume_ml (ed, s);
      g_assert_cmpfloat_with_epsilon (ratio, want[s], within[s]);
      g_assert_cmpuint (ut_parts_count (es->u8, es->dims, s), ==, 1);
    }
    g_assert_cmpuint (contact (es, UT_LV, UT_LA), >, contact (ed, UT_LV, UT_LA) / 2);
    g_assert_cmpuint (contact (es, UT_RV, UT_RA), >, contact (ed, UT_RV, UT_RA) / 2);
    g_assert_cmpuint (contact (es, UT_LV, UT_RV), ==, 0);
    g_assert_cmpuint (contact (es, UT_LA, UT_RA), ==, 0);
  }
}

/* The cavity empties steadily and the wall thickens. */
static void
test_course (void)
{
  g_autoptr (UtVolume) ed = phantom_heart (0, 2);
  UtHeartMotionParams params = ut_heart_motion_params (0.6);
  g_autoptr (UtHeartMotion) motion = motion_of (ed, &params);
  for (double c = 0.25; c <= 1; c += 0.25) {
    g_autoptr (UtVolume) now = moment_of (motion, c);
    double ratio = volume_ml (now, UT_LV) / volume_ml (ed, UT_LV);
    g_assert_cmpfloat_with_epsilon (ratio, 1 - 0.6 * c, 0.005);
  }
  UtLandmarks m;
  g_assert_true (ut_landmarks_find (ed, &m, NULL));
  UtVec3 middle = ut_vec3_scale (ut_vec3_add (m.mitral, m.apex), 0.5);
  double inner = 0, outer = 0;
  for (double r = 0; r < 60; r += 0.25) {
    UtVec3 p = ut_vec3_mad (middle, -r, m.septal), q = ut_heart_motion_point (motion, 1, p);
    double now = -ut_vec3_dot (ut_vec3_sub (q, middle), m.septal);
    inner = r <= 24 ? now : inner;
    outer = r <= 33 ? now : outer;
  }
  g_assert_cmpfloat (inner, <, 20);              /* endocardium from 24 mm */
  g_assert_cmpfloat (outer - inner, >, 1.2 * 9); /* wall of 9 mm */
  g_assert_cmpfloat (outer, <, 33);
}

/* Neighbours stay neighbours: no tear and no fold along lines through the heart. */
static void
test_continuous (void)
{
  g_autoptr (UtVolume) ed = phantom_heart (3, 2);
  UtHeartMotionParams params = ut_heart_motion_params (0.7);
  g_autoptr (UtHeartMotion) motion = motion_of (ed, &params);
  UtLandmarks m;
  g_assert_true (ut_landmarks_find (ed, &m, NULL));
  const UtVec3 ways[3] = {m.septal, m.anterior, m.long_axis};
  for (int way = 0; way < 3; way++) {
    UtVec3 from = ut_vec3_mad (m.centroid[UT_BACKGROUND], -60, ways[way]);
    UtVec3 last = ut_heart_motion_point (motion, 1, from);
    for (int i = 1; i <= 120; i++) {
      UtVec3 now = ut_heart_motion_point (motion, 1, ut_vec3_mad (from, i, ways[way]));
      UtVec3 step = ut_vec3_sub (now, last);
      g_assert_cmpfloat (ut_vec3_length (step), <, 3);
      g_assert_cmpfloat (ut_vec3_dot (step, ways[way]), >, 0.02);
      last = now;
    }
  }
}

static void
test_refused (void)
{
  g_autoptr (UtVolume) ed = phantom_heart (0, 3);
  UtLandmarks marks;
  g_assert_true (ut_landmarks_find (ed, &marks, NULL));
  UtHeartMotionParams bad[4];
  for (int i = 0; i < 4; i++)
    bad[i] = ut_heart_motion_params (0.5);
  bad[0].ejection_fraction = 0.9;
  bad[1].la_filling = NAN;
  bad[2].annulus_descent_mm = -1;
  bad[3].wall_volume = 2;
  for (int i = 0; i < 4; i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (ut_heart_motion_new (ed, &marks, &bad[i], &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  }
  /* Each value is allowed, together they crush the heart. */
  UtHeartMotionParams crush = ut_heart_motion_params (0.5);
  crush.annulus_descent_mm = 25;
  crush.apex_descent_mm = 15;
  g_autoptr (GError) error = NULL;
  UtAffine smaller = ut_affine_scale_offset (ut_vec3 (0.7, 0.7, 0.7), ut_vec3 (0, 0, 0));
  UtAffine grid = ut_affine_multiply (&smaller, &ed->m_patient_from_voxel);
  g_autoptr (UtVolume) small = on_grid (ed, &grid);
  g_autoptr (UtHeartMotion) motion = motion_of (small, &crush);
  g_assert_null (ut_heart_motion_at (motion, 1, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

static void
test_curve (void)
{
  double es = ut_heart_motion_es_phase (), last = 0;
  g_assert_cmpfloat (ut_heart_motion_contraction (0), ==, 0);
  g_assert_cmpfloat (ut_heart_motion_contraction (1), ==, 0);
  g_assert_cmpfloat_with_epsilon (ut_heart_motion_contraction (es), 1, 1e-12);
  for (double t = 0; t <= 1; t += 0.002) {
    double now = ut_heart_motion_contraction (t);
    g_assert_cmpfloat (now, >=, 0);
    g_assert_cmpfloat (now, <=, 1);
    g_assert_cmpfloat (fabs (now - last), <, 0.02); /* at most 10 stroke volumes a beat */
    if (t < es)
      g_assert_cmpfloat (now, >=, last);
    else if (t > es + 0.002)
      g_assert_cmpfloat (now, <=, last);
    last = now;
  }
  /* rapid filling gives more than the atrial kick */
  g_assert_cmpfloat (ut_heart_motion_contraction (0.7), <, 0.4);
  g_assert_cmpfloat (ut_heart_motion_contraction (0.84), >, 0.15);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heart-motion/still", test_still);
  g_test_add_func ("/heart-motion/volumes", test_volumes);
  g_test_add_func ("/heart-motion/course", test_course);
  g_test_add_func ("/heart-motion/continuous", test_continuous);
  g_test_add_func ("/heart-motion/refused", test_refused);
  g_test_add_func ("/heart-motion/curve", test_curve);
  return g_test_run ();
}
