/* SPDX-License-Identifier: Apache-2.0 */
#include "render/colour-map.h"

#include <math.h>
#include <string.h>

#include "engine/base/srgb.h"

#define MAX_NODES 11

static const struct {
  int n_nodes;
  guint8 nodes[MAX_NODES][3];
} maps[UT_N_COLOUR_MAPS] = {
  [UT_COLOUR_MAP_VIK] = {11,
                         {{0, 18, 97},
                          {3, 62, 125},
                          {30, 111, 157},
                          {113, 168, 196},
                          {190, 213, 226},
                          {236, 229, 224},
                          {229, 199, 180},
                          {211, 151, 116},
                          {190, 101, 51},
                          {139, 39, 6},
                          {89, 0, 8}}},
  [UT_COLOUR_MAP_BATLOW] = {10,
                            {{1, 25, 89},
                             {16, 63, 96},
                             {28, 90, 98},
                             {60, 109, 86},
                             {104, 123, 62},
                             {157, 137, 43},
                             {210, 147, 67},
                             {248, 161, 123},
                             {253, 183, 188},
                             {250, 204, 250}}},
  [UT_COLOUR_MAP_VIRIDIS] = {10,
                             {{68, 1, 84},
                              {72, 40, 120},
                              {62, 74, 137},
                              {49, 104, 142},
                              {38, 130, 142},
                              {31, 158, 137},
                              {53, 183, 121},
                              {110, 206, 88},
                              {181, 222, 43},
                              {253, 231, 37}}},
};

static const guint8 structure_colours[UT_N_LABELS][3] = {
  [UT_BACKGROUND] = {128, 128, 128},
  [UT_MYO] = {222, 140, 120},
  [UT_LV] = {200, 44, 44},
  [UT_LA] = {247, 146, 66},
  [UT_RV] = {46, 92, 190},
  [UT_RA] = {98, 190, 222},
};

static float
srgb_from_linear (float c)
{
  c = CLAMP (c, 0, 1);
  return c <= 0.0031308f ? 12.92f * c : 1.055f * powf (c, 1 / 2.4f) - 0.055f;
}

static void
multiply (const float m[3][3], const float v[3], float ret[3])
{
  for (int r = 0; r < 3; r++)
    ret[r] = m[r][0] * v[0] + m[r][1] * v[1] + m[r][2] * v[2];
}

static void
oklab_from_bytes (const guint8 bytes[3], float ret[3])
{
  static const float lms_from_rgb[3][3] = {{0.4122214708f, 0.5363325363f, 0.0514459929f},
                                           {0.2119034982f, 0.6806995451f, 0.1073969566f},
                                           {0.0883024619f, 0.2817188376f, 0.6299787005f}};
  static const float lab_from_lms[3][3] = {{0.2104542553f, 0.7936177850f, -0.0040720468f},
                                           {1.9779984951f, -2.4285922050f, 0.4505937099f},
                                           {0.0259040371f, 0.7827717662f, -0.8086757660f}};
  float rgb[3], lms[3];
  for (int c = 0; c < 3; c++)
    rgb[c] = (float)ut_srgb_linear (bytes[c] / 255.0);
  multiply (lms_from_rgb, rgb, lms);
  for (int c = 0; c < 3; c++)
    lms[c] = cbrtf (lms[c]);
  multiply (lab_from_lms, lms, ret);
}

static void
srgb_from_oklab (const float lab[3], float ret[3])
{
  static const float lms_from_lab[3][3] = {{1, 0.3963377774f, 0.2158037573f},
                                           {1, -0.1055613458f, -0.0638541728f},
                                           {1, -0.0894841775f, -1.2914855480f}};
  static const float rgb_from_lms[3][3] = {{4.0767416621f, -3.3077115913f, 0.2309699292f},
                                           {-1.2684380046f, 2.6097574011f, -0.3413193965f},
                                           {-0.0041960863f, -0.7034186147f, 1.7076147010f}};
  float lms[3], rgb[3];
  multiply (lms_from_lab, lab, lms);
  for (int c = 0; c < 3; c++)
    lms[c] = lms[c] * lms[c] * lms[c];
  multiply (rgb_from_lms, lms, rgb);
  for (int c = 0; c < 3; c++)
    ret[c] = srgb_from_linear (rgb[c]);
}

void
ut_colour_map_lookup (UtColourMap map, float t, float ret_srgb[3])
{
  g_return_if_fail (map < UT_N_COLOUR_MAPS);
  if (isnan (t)) {
    ret_srgb[0] = ret_srgb[1] = ret_srgb[2] = 0.5f;
    return;
  }

  int n_nodes = maps[map].n_nodes;
  float at = CLAMP (t, 0, 1) * (n_nodes - 1);
  int node = MIN ((int)at, n_nodes - 2);
  float low[3], high[3], lab[3];
  oklab_from_bytes (maps[map].nodes[node], low);
  oklab_from_bytes (maps[map].nodes[node + 1], high);
  for (int c = 0; c < 3; c++)
    lab[c] = low[c] + (at - node) * (high[c] - low[c]);
  srgb_from_oklab (lab, ret_srgb);
}

/* -1..1 with the middle pressed flat, and the rest stretched to reach 0 there */
static float
flatten_middle (float t, float neutral)
{
  float side = 2 * t - 1, over = fabsf (side) - neutral;
  return over <= 0 ? 0.5f : 0.5f + copysignf (over / (1 - neutral), side) / 2;
}

void
ut_colour_map_fill (UtColourMap map, guint n, float neutral, guint8 *ret_rgba)
{
  g_return_if_fail (n >= 2);
  neutral = CLAMP (neutral, 0, 0.99f);
  for (guint i = 0; i < n; i++) {
    float srgb[3];
    ut_colour_map_lookup (map, flatten_middle (i / (n - 1.0f), neutral), srgb);
    for (int c = 0; c < 3; c++)
      ret_rgba[4 * i + c] = lrintf (255 * srgb[c]);
    ret_rgba[4 * i + 3] = 255;
  }
}

void
ut_structure_colour (UtStructure structure, float ret_srgb[3])
{
  g_return_if_fail (structure < UT_N_LABELS);
  for (int c = 0; c < 3; c++)
    ret_srgb[c] = structure_colours[structure][c] / 255.0f;
}
