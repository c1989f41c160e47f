/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/anatomy/hearts.h"

#include "engine/anatomy/canonical.h"
#include "engine/anatomy/heart-augment.h"
#include "engine/anatomy/heart-blend.h"
#include "engine/base/error.h"

static UtVolume *
blend (const UtVolume *a, const UtVolume *b, double part)
{
  g_autoptr (GError) error = NULL;
  UtVolume *volume = ut_heart_blend (a, b, part, &error);
  g_assert_no_error (error);
  return volume;
}

static double
dice_of_poses (const UtVolume *a, const UtVolume *b, guint8 label)
{
  g_autoptr (UtVolume) p = ut_canonical_resample (a, NULL, NULL);
  g_autoptr (UtVolume) q = ut_canonical_resample (b, NULL, NULL);
  gsize both = 0, sum = 0;
  for (gsize i = 0; i < ut_volume_n_voxels (p); i++) {
    both += p->u8[i] == label && q->u8[i] == label;
    sum += (p->u8[i] == label) + (gsize)(q->u8[i] == label);
  }
  return 2.0 * both / sum;
}

static void
test_ends (void)
{
  g_autoptr (UtVolume) a = phantom_heart (1, 2), b = phantom_heart (2, 2);
  g_autoptr (UtVolume) like_a = blend (a, b, 0), like_b = blend (a, b, 1);
  for (guint8 i = UT_MYO; i < UT_N_LABELS; i++) {
    g_assert_cmpfloat (dice_of_poses (a, like_a, i), >, 0.96);
    g_assert_cmpfloat (dice_of_poses (b, like_b, i), >, 0.93);
    g_assert_cmpfloat (dice_of_poses (a, like_b, i), <, 0.92);
  }
}

/* Larger by a factor along every axis: half way is half the growth, and beyond it goes on. */
static void
test_between (void)
{
  g_autoptr (UtVolume) a = phantom_heart (3, 1.5);
  UtLandmarks marks;
  g_assert_true (ut_landmarks_find (a, &marks, NULL));
  UtHeartShape large = UT_HEART_SHAPE_SAME;
  large.scale[0] = large.scale[1] = large.scale[2] = 1.1;
  g_autoptr (UtVolume) b = ut_heart_augment (a, &marks, &large, NULL);
  g_assert_nonnull (b);
  const double parts[] = {-0.4, 0.5};
  for (gsize k = 0; k < G_N_ELEMENTS (parts); k++) {
    g_autoptr (UtVolume) mixed = blend (a, b, parts[k]);
    for (guint8 i = UT_MYO; i < UT_N_LABELS; i++) {
      double growth = pow (1 + 0.1 * parts[k], 3);
      g_assert_cmpfloat_with_epsilon (volume_ml (mixed, i) / volume_ml (a, i), growth, 0.04);
      g_assert_cmpuint (ut_parts_count (mixed->u8, mixed->dims, i), ==, 1);
    }
    g_assert_cmpuint (contact (mixed, UT_LV, UT_RV), ==, 0);
    g_assert_cmpuint (contact (mixed, UT_LV, UT_LA), >, 50);
  }
}

static void
test_refused (void)
{
  g_autoptr (UtVolume) a = phantom_heart (0, 3), half = without (a, UT_RA);
  g_autoptr (GError) error = NULL;
  g_assert_null (ut_heart_blend (a, a, NAN, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  g_assert_null (ut_heart_blend (a, half, 0.5, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_FORMAT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/heart-blend/ends", test_ends);
  g_test_add_func ("/heart-blend/between", test_between);
  g_test_add_func ("/heart-blend/refused", test_refused);
  return g_test_run ();
}
