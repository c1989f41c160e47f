/* SPDX-License-Identifier: Apache-2.0 */
#include "render/colour-map.h"

#include <math.h>
#include <string.h>

static void
linear (const float srgb[3], double ret[3])
{
  for (int c = 0; c < 3; c++)
    ret[c] = srgb[c] <= 0.04045 ? srgb[c] / 12.92 : pow ((srgb[c] + 0.055) / 1.055, 2.4);
}

/* CIE L*a*b*, D65, from linear sRGB */
static void
lab (const double rgb[3], double ret[3])
{
  static const double xyz[3][3] = {{0.4124564, 0.3575761, 0.1804375},
                                   {0.2126729, 0.7151522, 0.0721750},
                                   {0.0193339, 0.1191920, 0.9503041}};
  static const double white[3] = {0.95047, 1, 1.08883};
  double f[3];
  for (int r = 0; r < 3; r++) {
    double v = 0;
    for (int c = 0; c < 3; c++)
      v += xyz[r][c] * CLAMP (rgb[c], 0, 1);
    v /= white[r];
    f[r] = v > 216.0 / 24389 ? cbrt (v) : (24389.0 / 27 * v + 16) / 116;
  }
  ret[0] = 116 * f[1] - 16;
  ret[1] = 500 * (f[0] - f[1]);
  ret[2] = 200 * (f[1] - f[2]);
}

static double
lightness (UtColourMap map, float t)
{
  float srgb[3];
  double rgb[3], ret[3];
  ut_colour_map_lookup (map, t, srgb);
  linear (srgb, rgb);
  lab (rgb, ret);
  return ret[0];
}

static void
test_monotone (void)
{
  for (int i = 1; i <= 100; i++) {
    float t = i / 100.0f, before = (i - 1) / 100.0f;
    g_assert_cmpfloat (
      lightness (UT_COLOUR_MAP_BATLOW, t), >, lightness (UT_COLOUR_MAP_BATLOW, before) - 0.3);
    g_assert_cmpfloat (
      lightness (UT_COLOUR_MAP_VIRIDIS, t), >, lightness (UT_COLOUR_MAP_VIRIDIS, before) - 0.1);
    /* diverging: light in the middle, dark at both ends */
    double change = lightness (UT_COLOUR_MAP_VIK, t) - lightness (UT_COLOUR_MAP_VIK, before);
    if (i <= 50)
      g_assert_cmpfloat (change, >, -0.1);
    else
      g_assert_cmpfloat (change, <, 0.1);
  }
}

static void
test_vik_sides (void)
{
  float low[3], middle[3], high[3];
  ut_colour_map_lookup (UT_COLOUR_MAP_VIK, 0.2f, low);
  ut_colour_map_lookup (UT_COLOUR_MAP_VIK, 0.5f, middle);
  ut_colour_map_lookup (UT_COLOUR_MAP_VIK, 0.8f, high);
  g_assert_cmpfloat (low[2], >, low[0] + 0.3f);
  g_assert_cmpfloat (high[0], >, high[2] + 0.3f);
  g_assert_cmpfloat (fabsf (middle[0] - middle[2]), <, 0.06f);
}

static void
test_ends (void)
{
  float inside[3], outside[3], nothing[3];
  ut_colour_map_lookup (UT_COLOUR_MAP_VIK, 1, inside);
  ut_colour_map_lookup (UT_COLOUR_MAP_VIK, 7, outside);
  g_assert_cmpmem (inside, sizeof inside, outside, sizeof outside);
  ut_colour_map_lookup (UT_COLOUR_MAP_VIK, NAN, nothing);
  g_assert_cmpfloat (nothing[0], ==, 0.5f);
}

/* +-1.5 of +-10 mm: the middle 15 % have one colour, and the ends still reach the map's ends. */
static void
test_neutral (void)
{
  guint8 rgba[201 * 4], plain[201 * 4];
  ut_colour_map_fill (UT_COLOUR_MAP_VIK, 201, 0.15f, rgba);
  ut_colour_map_fill (UT_COLOUR_MAP_VIK, 201, 0, plain);
  for (int i = 86; i <= 114; i++)
    g_assert_cmpmem (rgba + 4 * i, 4, rgba + 4 * 100, 4);
  g_assert_true (memcmp (rgba + 4 * 80, rgba + 4 * 100, 4) != 0);
  g_assert_true (memcmp (rgba + 4 * 120, rgba + 4 * 100, 4) != 0);
  g_assert_cmpmem (rgba, 4, plain, 4);
  g_assert_cmpmem (rgba + 4 * 200, 4, plain + 4 * 200, 4);
  g_assert_cmpuint (rgba[3], ==, 255);
}

/* Severity 1 matrices of Machado, Oliveira and Fernandes 2009, linear sRGB */
static void
test_structures_differ (void)
{
  static const double eyes[3][3][3] = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {{0.152286, 1.052583, -0.204868},
     {0.114503, 0.786281, 0.099216},
     {-0.003882, -0.048116, 1.051998}},
    {{0.367322, 0.860646, -0.227968},
     {0.280085, 0.672501, 0.047413},
     {-0.011820, 0.042940, 0.968881}},
  };
  for (int eye = 0; eye < 3; eye++) {
    double seen[UT_N_LABELS][3];
    for (int s = UT_MYO; s < UT_N_LABELS; s++) {
      float srgb[3];
      double rgb[3], as_seen[3] = {0};
      ut_structure_colour (s, srgb);
      linear (srgb, rgb);
      for (int r = 0; r < 3; r++)
        for (int c = 0; c < 3; c++)
          as_seen[r] += eyes[eye][r][c] * rgb[c];
      lab (as_seen, seen[s]);
    }
    for (int a = UT_MYO; a < UT_N_LABELS; a++)
      for (int b = a + 1; b < UT_N_LABELS; b++) {
        double d =
          hypot (hypot (seen[a][0] - seen[b][0], seen[a][1] - seen[b][1]), seen[a][2] - seen[b][2]);
        g_assert_cmpfloat (d, >=, 20);
      }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/render/colour-map/monotone", test_monotone);
  g_test_add_func ("/render/colour-map/vik-sides", test_vik_sides);
  g_test_add_func ("/render/colour-map/ends", test_ends);
  g_test_add_func ("/render/colour-map/neutral", test_neutral);
  g_test_add_func ("/render/colour-map/structures", test_structures_differ);
  return g_test_run ();
}
