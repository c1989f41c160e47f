/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/anatomy/hearts.h"

#include "engine/anatomy/heart-augment.h"
#include "engine/base/error.h"

static UtVolume *
changed (const UtVolume *labels, const UtHeartShape *shape)
{
  UtLandmarks marks;
  g_autoptr (GError) error = NULL;
  g_assert_true (ut_landmarks_find (labels, &marks, NULL));
  UtVolume *volume = ut_heart_augment (labels, &marks, shape, &error);
  g_assert_no_error (error);
  return volume;
}

static void
assert_ratios (const UtVolume *before, const UtVolume *after, const UtHeartShape *shape, double by)
{
  const double want[UT_N_LABELS] = {0, shape->wall, shape->lv, shape->la, shape->rv, shape->ra};
  double scale = shape->scale[0] * shape->scale[1] * shape->scale[2];
  for (guint8 i = UT_MYO; i < UT_N_LABELS; i++) {
    double ratio = volume_ml (after, i) / volume_ml (before, i) / scale;
    g_assert_cmpfloat_with_epsilon (ratio, want[i], by * want[i]);
    g_assert_cmpuint (ut_parts_count (after->u8, after->dims, i), ==, 1);
  }
}

static void
test_same (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 2);
  UtHeartShape shape = UT_HEART_SHAPE_SAME;
  g_autoptr (UtVolume) after = changed (labels, &shape);
  assert_ratios (labels, after, &shape, 1e-6);
}

static void
test_scale (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (1, 2);
  UtHeartShape shape = UT_HEART_SHAPE_SAME;
  shape.scale[0] = 1.1;
  shape.scale[1] = 0.95;
  shape.scale[2] = 1.05;
  g_autoptr (UtVolume) after = changed (labels, &shape);
  assert_ratios (labels, after, &shape, 0.012);
  UtLandmarks a, b;
  g_assert_true (ut_landmarks_find (labels, &a, NULL));
  g_assert_true (ut_landmarks_find (after, &b, NULL));
  g_assert_cmpfloat (distance (a.centroid[0], b.centroid[0]), <, 0.3);
  double length = distance (b.apex, b.mitral) / distance (a.apex, a.mitral);
  g_assert_cmpfloat_with_epsilon (length, 1.05, 0.02);
}

static void
test_disease (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (2, 1.5);
  UtHeartShape shape = UT_HEART_SHAPE_SAME;
  shape.lv = 1.7;
  shape.wall = 1.3;
  shape.la = 1.5;
  shape.rv = 0.9;
  shape.ra = 1.2;
  g_autoptr (UtVolume) after = changed (labels, &shape);
  assert_ratios (labels, after, &shape, 0.05);
  g_assert_cmpfloat_with_epsilon (volume_ml (after, UT_LV) / volume_ml (labels, UT_LV), 1.7, 0.02);
}

static void
test_random (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (3, 2);
  for (UtHeartKind kind = 0; kind < UT_N_HEART_KINDS; kind++) {
    UtRandom random;
    ut_random_init (&random, 11, kind);
    UtHeartShape shape = ut_heart_shape_random (kind, &random);
    g_autoptr (UtVolume) after = changed (labels, &shape);
    assert_ratios (labels, after, &shape, 0.09); /* the bend changes volumes too */
    g_assert_cmpuint (contact (after, UT_LV, UT_LA), >, 50);
    g_assert_cmpuint (contact (after, UT_RV, UT_RA), >, 50);
    g_assert_cmpuint (contact (after, UT_LV, UT_RV), ==, 0);

    g_autoptr (UtVolume) again = changed (labels, &shape);
    g_assert_cmpmem (after->u8, ut_volume_n_voxels (after), again->u8, ut_volume_n_voxels (again));
    shape.bend_seed++;
    shape.bend_mm = 4;
    g_autoptr (UtVolume) other = changed (labels, &shape);
    g_assert_false (ut_volume_n_voxels (other) == ut_volume_n_voxels (after) &&
                    memcmp (other->u8, after->u8, ut_volume_n_voxels (after)) == 0);
  }
}

static void
test_margin (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 2);
  UtRandom random;
  ut_random_init (&random, 4, 0);
  UtHeartShape shape = ut_heart_shape_random (UT_HEART_LARGE_ATRIA, &random);
  g_autoptr (UtVolume) after = changed (labels, &shape);
  const gsize *dims = after->dims;
  for (gsize i = 0; i < ut_volume_n_voxels (after); i++) {
    gsize at[3] = {i % dims[0], i / dims[0] % dims[1], i / dims[0] / dims[1]};
    for (int axis = 0; axis < 3 && after->u8[i]; axis++) {
      g_assert_cmpuint (at[axis], >=, 3);
      g_assert_cmpuint (at[axis] + 3, <, dims[axis]);
    }
  }
}

static void
test_refused (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 3);
  UtLandmarks marks;
  g_assert_true (ut_landmarks_find (labels, &marks, NULL));
  UtHeartShape bad[3] = {UT_HEART_SHAPE_SAME, UT_HEART_SHAPE_SAME, UT_HEART_SHAPE_SAME};
  bad[0].scale[1] = 0;
  bad[1].bend_mm = 7;
  bad[2].lv = NAN;
  for (int i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (ut_heart_augment (labels, &marks, &bad[i], &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heart-augment/same", test_same);
  g_test_add_func ("/heart-augment/scale", test_scale);
  g_test_add_func ("/heart-augment/disease", test_disease);
  g_test_add_func ("/heart-augment/random", test_random);
  g_test_add_func ("/heart-augment/margin", test_margin);
  g_test_add_func ("/heart-augment/refused", test_refused);
  return g_test_run ();
}
