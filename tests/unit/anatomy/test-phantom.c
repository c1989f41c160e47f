/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/anatomy/hearts.h"

#include "engine/anatomy/parts.h"
#include "engine/base/error.h"

static void
test_volumes (void)
{
  for (guint64 seed = 0; seed < 4; seed++) {
    UtRandom random;
    ut_random_init (&random, seed, 0);
    g_autoptr (UtPhantom) phantom = seed ? ut_phantom_new_random (&random) : ut_phantom_new ();
    g_autoptr (UtVolume) labels = ut_phantom_labels (phantom, 1, NULL);
    for (guint8 i = UT_MYO; i < UT_N_LABELS; i++) {
      double exact = ut_phantom_volume_ml (phantom, i);
      g_assert_cmpfloat_with_epsilon (volume_ml (labels, i), exact, 0.005 * exact);
      g_assert_cmpuint (ut_parts_count (labels->u8, labels->dims, i), ==, 1);
    }
  }
}

/* The mean heart has the sizes it was made from. */
static void
test_average (void)
{
  const double want_ml[UT_N_LABELS] = {0, 127 / 1.05, 142, 68, 145, 86};
  g_autoptr (UtPhantom) phantom = ut_phantom_new ();
  for (guint8 i = UT_MYO; i < UT_N_LABELS; i++)
    g_assert_cmpfloat_with_epsilon (ut_phantom_volume_ml (phantom, i), want_ml[i], 0.01);
  double length = distance (ut_phantom_apex (phantom), ut_phantom_mitral (phantom));
  g_assert_cmpfloat (length, >, 80);
  g_assert_cmpfloat (length, <, 82);
}

static void
test_contacts (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (0, 1);
  g_assert_cmpuint (contact (labels, UT_LV, UT_LA), >, 500);
  g_assert_cmpuint (contact (labels, UT_RV, UT_RA), >, 500);
  g_assert_cmpuint (contact (labels, UT_LV, UT_BACKGROUND), >, 300); /* way to the aorta */
  g_assert_cmpuint (contact (labels, UT_LV, UT_RV), ==, 0);
  g_assert_cmpuint (contact (labels, UT_LA, UT_RA), ==, 0);
  g_assert_cmpuint (contact (labels, UT_LV, UT_RA), ==, 0);
  g_assert_cmpuint (contact (labels, UT_RV, UT_LA), ==, 0);
}

static void
test_margin (void)
{
  g_autoptr (UtVolume) labels = phantom_heart (5, 2);
  const gsize *dims = labels->dims;
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++) {
    gsize at[3] = {i % dims[0], i / dims[0] % dims[1], i / dims[0] / dims[1]};
    for (int axis = 0; axis < 3 && labels->u8[i]; axis++) {
      g_assert_cmpuint (at[axis], >=, 3);
      g_assert_cmpuint (at[axis] + 3, <, dims[axis]);
    }
  }
}

static void
test_seeds (void)
{
  g_autoptr (UtVolume) a = phantom_heart (7, 3);
  g_autoptr (UtVolume) b = phantom_heart (7, 3);
  g_autoptr (UtVolume) c = phantom_heart (8, 3);
  g_assert_cmpmem (a->u8, ut_volume_n_voxels (a), b->u8, ut_volume_n_voxels (b));
  g_assert_cmpfloat (fabs (volume_ml (a, UT_LV) - volume_ml (c, UT_LV)), >, 0.5);
}

static void
test_spacing (void)
{
  g_autoptr (UtPhantom) phantom = ut_phantom_new ();
  const double bad[] = {0, -1, 0.49, 4.1, NAN, INFINITY};
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (ut_phantom_labels (phantom, bad[i], &error));
    g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/phantom/volumes", test_volumes);
  g_test_add_func ("/phantom/average", test_average);
  g_test_add_func ("/phantom/contacts", test_contacts);
  g_test_add_func ("/phantom/margin", test_margin);
  g_test_add_func ("/phantom/seeds", test_seeds);
  g_test_add_func ("/phantom/spacing", test_spacing);
  return g_test_run ();
}
