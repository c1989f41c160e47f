/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"

/**
 * UtColourMap:
 * @UT_COLOUR_MAP_VIK: diverging, blue below, red-brown above, pale middle; signed quantities
 * @UT_COLOUR_MAP_BATLOW: sequential, dark blue to pale pink; quantities from zero up
 * @UT_COLOUR_MAP_VIRIDIS: sequential, violet to yellow
 *
 * Perceptually uniform maps that stay readable with colour-vision deficiency.
 * Source: Crameri, "Scientific colour maps" (2018), vik and batlow; van der Walt
 * and Smith, matplotlib 2.0, viridis. Ten or eleven nodes of each, joined in Oklab
 * (Ottosson 2020).
 */
typedef enum {
  UT_COLOUR_MAP_VIK,
  UT_COLOUR_MAP_BATLOW,
  UT_COLOUR_MAP_VIRIDIS,
  UT_N_COLOUR_MAPS,
} UtColourMap;

/**
 * ut_colour_map_lookup:
 * @t: position in the map, cut to 0..1; not a number gives mid grey
 * @ret_srgb: (out): red, green, blue, 0..1, sRGB as a screen takes it
 */
void ut_colour_map_lookup (UtColourMap map, float t, float ret_srgb[3]);

/**
 * ut_colour_map_fill:
 * @n: colours to write, at least 2
 * @neutral: share of the range around its middle that takes the middle colour, 0..1;
 *   the colours left and right of it still run the whole map
 * @ret_rgba: (out): n x 4 bytes, sRGB, opaque, from the low to the high end
 */
void ut_colour_map_fill (UtColourMap map, guint n, float neutral, guint8 *ret_rgba);

/**
 * ut_structure_colour:
 * @ret_srgb: (out): 0..1, sRGB
 *
 * The structure's own colour: warm for the left heart, cool for the right, atria
 * lighter than their ventricle. Any two differ by at least 20 in CIE L*a*b* also as a
 * deuteranope or protanope sees them (Machado, Oliveira and Fernandes 2009, severity 1).
 */
void ut_structure_colour (UtStructure structure, float ret_srgb[3]);
