/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/canonical.h"
#include "engine/anatomy/phantom.h"
#include "engine/base/error.h"
#include "engine/measure/long-axis.h"
#include "engine/measure/sphericity.h"
#include "engine/measure/wall-thickness.h"
#include "engine/surface/marching-cubes.h"

#define CAVITY_MM    25.0
#define OUTER_MM     35.0
#define MITRAL_Z     12.0
#define TOLERANCE_MM 0.75 /* a quarter of a 3 mm voxel, as the header says */
#define WALL_LEAST   0.94 /* see ut_phantom_wall_mm() */
#define TRUTH_POINTS 40000

/* Canonical directions: apex down -z, septum to -x, anterior -y. */
static const UtLvFrame ball_frame = {
  .mitral = {0, 0, MITRAL_Z}, .apex = {0, 0, -CAVITY_MM}, .axis = {0, 0, -1}, .septal = {-1, 0, 0}};

/* A cup: ball of cavity in a ball of wall whose centre lies at @shift, open above the mitral plane;
 * without wall where x is above @end_x. */
static UtVolume *
cup (double spacing_mm, UtVec3 shift, double end_x)
{
  const gsize n = (gsize)(90 / spacing_mm), dims[3] = {n, n, n};
  double corner_mm = -spacing_mm * ((double)n - 1) / 2;
  UtAffine m = ut_affine_scale_offset (ut_vec3 (spacing_mm, spacing_mm, spacing_mm),
                                       ut_vec3 (corner_mm, corner_mm, corner_mm));
  UtVolume *labels = ut_volume_new (UT_VOXEL_U8, dims, &m, NULL);
  for (gsize i = 0; i < n * n * n; i++) {
    UtVec3 p = ut_affine_point (&m, ut_vec3 (i % n, i / n % n, i / (n * n)));
    if (p.z > MITRAL_Z)
      continue;
    if (ut_vec3_length (p) < CAVITY_MM)
      labels->u8[i] = UT_LV;
    else if (ut_vec3_length (ut_vec3_sub (p, shift)) < OUTER_MM && p.x < end_x)
      labels->u8[i] = UT_MYO;
  }
  return labels;
}

static gboolean
measure (const UtVolume *labels, const UtLvFrame *frame, UtWallThickness *ret, GError **error)
{
  g_autoptr (UtMesh) myo = ut_mesh_from_labels (labels, UT_MYO, UT_MESH_FRAME_LPS, NULL);
  g_autoptr (UtMesh) lv = ut_mesh_from_labels (labels, UT_LV, UT_MESH_FRAME_LPS, NULL);
  return ut_wall_thickness (myo, lv, frame, ret, error);
}

/* Mean thickness of each segment of the cup from points spread evenly over the outer ball; the
 * segments' borders are written out here once more. */
static void
true_thickness (UtVec3 shift, double ret_mm[UT_N_SEGMENTS + 1])
{
  double n[UT_N_SEGMENTS + 1] = {0}, third = (MITRAL_Z + CAVITY_MM) / 3;
  for (guint i = 0; i <= UT_N_SEGMENTS; i++)
    ret_mm[i] = 0;
  for (guint i = 0; i < TRUTH_POINTS; i++) {
    double z = 1 - (2 * i + 1.0) / TRUTH_POINTS, r = sqrt (1 - z * z), turn = i * 2.399963229728653;
    UtVec3 p = ut_vec3_mad (shift, OUTER_MM, ut_vec3 (r * cos (turn), r * sin (turn), z));
    double level = MITRAL_Z - p.z, from_anterior = atan2 (-p.x, -p.y) * 180 / G_PI + 360;
    if (level < 0)
      continue;
    guint segment = level < third                  ? 1 + (guint)((from_anterior + 30) / 60) % 6
                    : level < 2 * third            ? 7 + (guint)((from_anterior + 30) / 60) % 6
                    : level < MITRAL_Z + CAVITY_MM ? 13 + (guint)((from_anterior + 45) / 90) % 4
                                                   : 17;
    ret_mm[segment] += ut_vec3_length (p) - CAVITY_MM;
    n[segment]++;
  }
  for (guint i = 1; i <= UT_N_SEGMENTS; i++)
    ret_mm[i] /= n[i];
}

static void
test_cups (void)
{
  const UtVec3 shifts[] = {{0, 0, 0}, {4, 0, 0}, {0, -4, 0}, {-2, 2, 0}};
  const double spacings[] = {1.5, 3};
  for (gsize i = 0; i < G_N_ELEMENTS (shifts); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (spacings); j++) {
      g_autoptr (UtVolume) labels = cup (spacings[j], shifts[i], INFINITY);
      UtWallThickness found;
      double truth[UT_N_SEGMENTS + 1], worst = 0;
      g_assert_true (measure (labels, &ball_frame, &found, NULL));
      true_thickness (shifts[i], truth);
      for (guint segment = 1; segment <= UT_N_SEGMENTS; segment++)
        worst = fmax (worst, fabs (found.segment_mm[segment] - truth[segment]));
      g_test_message ("shift %g, %g: %g mm voxels, worst segment %.2f mm, mean %.2f mm",
                      shifts[i].x,
                      shifts[i].y,
                      spacings[j],
                      worst,
                      found.mean_mm);
      g_assert_cmpfloat (worst, <, TOLERANCE_MM);
      g_assert_true (isnan (found.segment_mm[0]));
    }
}

static void
test_thickest (void)
{
  g_autoptr (UtVolume) labels = cup (3, ut_vec3 (4, 0, 0), INFINITY); /* lateral wall */
  UtWallThickness found;
  g_assert_true (measure (labels, &ball_frame, &found, NULL));
  const guint pairs[][2] = {{5, 3}, {6, 2}, {11, 9}, {12, 8}, {16, 14}};
  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_cmpfloat (found.segment_mm[pairs[i][0]], >, found.segment_mm[pairs[i][1]] + 3);
}

static void
test_no_ring (void)
{
  g_autoptr (UtVolume) half = cup (3, ut_vec3 (0, 0, 0), 8);
  g_autoptr (UtVolume) none = cup (3, ut_vec3 (0, 0, 0), -INFINITY);
  g_autoptr (GError) error = NULL;
  UtWallThickness found;
  g_assert_false (measure (half, &ball_frame, &found, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
  g_clear_error (&error);
  g_assert_false (measure (none, &ball_frame, &found, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
}

/* ---- a whole heart --------------------------------------------------------------------- */

static void
check_phantom (const UtPhantom *phantom, const UtVolume *labels, double long_axis_tolerance_mm)
{
  UtLandmarks marks;
  g_assert_true (ut_landmarks_find (labels, &marks, NULL));
  const UtLvFrame frame = {
    marks.mitral, marks.apex, marks.centroid[UT_LV], marks.long_axis, marks.septal};
  g_autoptr (UtMesh) lv = ut_mesh_from_labels (labels, UT_LV, UT_MESH_FRAME_LPS, NULL);

  double wanted_mm =
    ut_vec3_length (ut_vec3_sub (ut_phantom_apex (phantom), ut_phantom_mitral (phantom)));
  double long_axis_mm;
  g_assert_true (ut_lv_long_axis (lv, &frame, &long_axis_mm));
  g_test_message ("long axis %.2f mm, wanted %.2f", long_axis_mm, wanted_mm);
  g_assert_cmpfloat_with_epsilon (long_axis_mm, wanted_mm, long_axis_tolerance_mm);
  double ml = ut_phantom_volume_ml (phantom, UT_LV);
  g_assert_cmpfloat_with_epsilon (ut_lv_sphericity (ml, long_axis_mm) /
                                    ut_lv_sphericity (ml, wanted_mm),
                                  1,
                                  3.3 * long_axis_tolerance_mm / wanted_mm);

  UtWallThickness wall;
  g_assert_true (measure (labels, &frame, &wall, NULL));
  for (guint segment = 1; segment <= UT_N_SEGMENTS; segment++) {
    g_test_message ("%s %.2f mm", ut_segment_name (segment), wall.segment_mm[segment]);
    g_assert_cmpfloat (
      wall.segment_mm[segment], >, WALL_LEAST * ut_phantom_wall_mm (phantom) - TOLERANCE_MM);
    g_assert_cmpfloat (wall.segment_mm[segment], <, ut_phantom_wall_mm (phantom) + TOLERANCE_MM);
  }
}

static void
test_phantom (void)
{
  g_autoptr (UtPhantom) phantom = ut_phantom_new ();
  g_autoptr (UtVolume) fine = ut_phantom_labels (phantom, 1.5, NULL);
  g_autoptr (UtVolume) canonical = ut_canonical_resample (fine, NULL, NULL);
  g_test_message ("wall %.2f mm", ut_phantom_wall_mm (phantom));
  check_phantom (phantom, fine, 1);
  check_phantom (phantom, canonical, 1.5);
}

static void
test_shape (void)
{
  g_assert_cmpfloat_with_epsilon (ut_lv_sphericity (4 / 3.0 * G_PI * 27, 60), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon (
    ut_lv_sphericity (60, 80) / ut_lv_sphericity (120, 80), 0.5, 1e-12);
  g_autoptr (UtVolume) labels = cup (1.5, ut_vec3 (0, 0, 0), INFINITY);
  g_autoptr (UtMesh) lv = ut_mesh_from_labels (labels, UT_LV, UT_MESH_FRAME_LPS, NULL);
  g_autoptr (UtMesh) nothing = ut_mesh_new (UT_MESH_FRAME_LPS, 0, 0, NULL);
  double mm = -1;
  g_assert_false (ut_lv_long_axis (nothing, &ball_frame, &mm));
  g_assert_cmpfloat (mm, ==, -1);
  g_assert_true (ut_lv_long_axis (lv, &ball_frame, &mm));
  g_assert_cmpfloat_with_epsilon (mm, MITRAL_Z + CAVITY_MM, 0.75);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measure/wall-thickness/cups", test_cups);
  g_test_add_func ("/measure/wall-thickness/thickest", test_thickest);
  g_test_add_func ("/measure/wall-thickness/no-ring", test_no_ring);
  g_test_add_func ("/measure/wall-thickness/phantom", test_phantom);
  g_test_add_func ("/measure/wall-thickness/shape", test_shape);
  return g_test_run ();
}
