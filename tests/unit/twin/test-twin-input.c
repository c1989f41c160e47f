/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/twin/twin-input.h"

#include <string.h>

#define SIDE 64

/* A grey ramp to the right, 1 mm x 0.5 mm per pixel */
static UtCine *
ramp (guint height, guint width)
{
  UtCine *cine = ut_cine_new (1, height, width, NULL);
  for (guint i = 0; i < height * width; i++)
    cine->pixels[i] = (guint8)(i % width);
  cine->calibration = UT_CALIBRATION_COMMAND;
  cine->spacing_mm[0] = 1;
  cine->spacing_mm[1] = 0.5;
  return cine;
}

static UtTwinInput *
see (UtCine *cine, GError **error)
{
  UtCine *cines[UT_N_VIEWS] = {NULL, cine, NULL};
  return ut_twin_input_new (cines, (const guint[UT_N_VIEWS]){0}, SIDE, error);
}

static float
pixel (const UtTwinInput *input, guint row, guint column)
{
  return 255 * input->grey[((gsize)UT_VIEW_A2C * SIDE + row) * SIDE + column];
}

/* 128 x 64 pixels: halved, padded by 16 black columns on either side */
static void
test_reduce_and_pad (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = ramp (128, 64);
  g_autoptr (UtTwinInput) input = see (cine, &error);
  g_assert_no_error (error);
  g_assert_true (input->present[UT_VIEW_A2C]);
  g_assert_false (input->present[UT_VIEW_A4C]);
  g_assert_cmpfloat (input->spacing_mm[UT_VIEW_A2C][0], ==, 2);
  g_assert_cmpfloat (input->spacing_mm[UT_VIEW_A2C][1], ==, 1);
  g_assert_cmpfloat (pixel (input, 10, 15), ==, 0);
  g_assert_cmpfloat_with_epsilon (pixel (input, 10, 16), 0.5, 1e-4); /* mean of 0 and 1 */
  g_assert_cmpfloat_with_epsilon (pixel (input, 50, 47), 62.5, 1e-4);
  g_assert_cmpfloat (pixel (input, 50, 48), ==, 0);
}

static void
test_enlarge (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = ramp (32, 32);
  g_autoptr (UtTwinInput) input = see (cine, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (input->spacing_mm[UT_VIEW_A2C][0], ==, 0.5);
  g_assert_cmpfloat_with_epsilon (pixel (input, 20, 20), 9.75, 1e-4); /* (20.5) / 2 - 0.5 */
  g_assert_cmpfloat_with_epsilon (pixel (input, 20, 0), 0, 1e-4);
  g_assert_cmpfloat_with_epsilon (pixel (input, 20, 63), 31, 1e-4);
}

/* Only the echo's region counts: 64 x 64 pixels from column 100 on */
static void
test_region (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = ramp (80, 200);
  memcpy (cine->region, (const guint[4]){100, 8, 64, 64}, sizeof cine->region);
  g_autoptr (UtTwinInput) input = see (cine, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (input->spacing_mm[UT_VIEW_A2C][0], ==, 1);
  for (guint column = 0; column < SIDE; column++)
    g_assert_cmpfloat_with_epsilon (pixel (input, 5, column), 100 + column, 1e-4);

  cine->region[2] = 101;
  g_assert_null (see (cine, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

static void
test_refuses (void)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (see (NULL, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);

  g_autoptr (UtCine) cine = ramp (32, 32);
  cine->calibration = UT_CALIBRATION_NONE;
  g_assert_null (see (cine, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_assert_true (g_str_has_prefix (error->message, "A2C has no pixel spacing"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/twin/input/reduce-and-pad", test_reduce_and_pad);
  g_test_add_func ("/twin/input/enlarge", test_enlarge);
  g_test_add_func ("/twin/input/region", test_region);
  g_test_add_func ("/twin/input/refuses", test_refuses);
  return g_test_run ();
}
