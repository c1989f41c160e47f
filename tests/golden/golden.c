/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/golden/golden.h"

#include <math.h>
#include <string.h>

char *
golden_path (const char *name)
{
  return g_build_filename (g_getenv ("UT_TEST_GOLDEN"), name, NULL);
}

UtWeights *
golden_open (const char *name)
{
  g_autofree char *path = golden_path (name);
  g_autoptr (GError) error = NULL;
  UtWeights *weights = ut_weights_open (path, &error);
  g_assert_no_error (error);
  return weights;
}

gboolean
golden_has (UtWeights *file, const char *name, const char *what)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", name, what);
  return ut_weights_has (file, full);
}

const float *
golden_expected (UtWeights *file, const char *name, const char *what, UtShape shape)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", name, what);
  g_autoptr (GError) error = NULL;
  const float *data = ut_weights_take (file, full, &shape, &error);
  g_assert_no_error (error);
  return data;
}

const guint8 *
golden_expected_u8 (UtWeights *file, const char *name, const char *what, UtShape shape)
{
  g_autofree char *full = g_strdup_printf ("%s.%s", name, what);
  g_autoptr (GError) error = NULL;
  const guint8 *data = ut_weights_take_u8 (file, full, &shape, &error);
  g_assert_no_error (error);
  return data;
}

void
golden_assert_close (
  const char *what, const float *is, const float *want, gsize n, double tolerance)
{
  double worst = 0, largest = 0;
  for (gsize i = 0; i < n; i++) {
    g_assert_true (isfinite (is[i]));
    worst = MAX (worst, fabs ((double)is[i] - want[i]));
    largest = MAX (largest, fabs (want[i]));
  }
  g_test_message ("%s: max abs error %.2g of values up to %.3g", what, worst, largest);
  g_assert_cmpfloat (worst, <=, tolerance * MAX (1, largest));
}

void
golden_assert_volume (UtWeights *file,
                      const char *name,
                      const char *what,
                      const float *volume,
                      gsize n_channels,
                      gboolean channels_last,
                      double tolerance)
{
  const UtShape shape = UT_SHAPE (n_channels, GOLDEN_KEPT, GOLDEN_KEPT, GOLDEN_KEPT);
  const float *want = golden_expected (file, name, what, shape);
  g_autofree float *kept = g_new (float, ut_shape_count (&shape));
  gsize n = 0;
  for (gsize c = 0; c < n_channels; c++)
    for (gsize z = 0; z < 64; z += GOLDEN_STRIDE)
      for (gsize y = 0; y < 64; y += GOLDEN_STRIDE)
        for (gsize x = 0; x < 64; x += GOLDEN_STRIDE) {
          gsize voxel = (z * 64 + y) * 64 + x;
          kept[n++] = volume[channels_last ? voxel * n_channels + c : c * UT_TWIN_N_VOXELS + voxel];
        }
  g_autofree char *full = g_strdup_printf ("%s.%s", name, what);
  golden_assert_close (full, kept, want, n, tolerance);
}

UtTwinInput *
golden_input (UtWeights *file, const char *name)
{
  const guint8 *images = golden_expected_u8 (file, name, "images", UT_SHAPE (3, 224, 224));
  const guint8 *present = golden_expected_u8 (file, name, "present", UT_SHAPE (3));
  const float *spacing = golden_expected (file, name, "spacing", UT_SHAPE (3, 2));
  UtCine *cines[UT_N_VIEWS] = {NULL};
  guint frames[UT_N_VIEWS] = {0};
  g_autoptr (GError) error = NULL;
  for (int v = 0; v < UT_N_VIEWS; v++) {
    if (!present[v])
      continue;
    cines[v] = ut_cine_new (1, 224, 224, &error);
    g_assert_no_error (error);
    memcpy (cines[v]->pixels, images + v * 224 * 224, 224 * 224);
    cines[v]->calibration = UT_CALIBRATION_MANUAL;
    cines[v]->spacing_mm[0] = spacing[2 * v];
    cines[v]->spacing_mm[1] = spacing[2 * v + 1];
  }
  UtTwinInput *input = ut_twin_input_new (cines, frames, &(UtTwinRaster){.side = 224}, &error);
  g_assert_no_error (error);
  for (int v = 0; v < UT_N_VIEWS; v++)
    g_clear_pointer (&cines[v], ut_cine_unref);
  return input;
}
