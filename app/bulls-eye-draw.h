/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/segments.h"
#include "render/colour-map.h"

#include <pango/pangocairo.h>

/** UtBullsEyeMap: what a bull's-eye shows. */
typedef struct UtBullsEyeMap {
  const char *title;                   /* "Wall thickness at ED" */
  double values_mm[UT_N_SEGMENTS + 1]; /* by number; NAN where there is none */
  UtColourMap colours;
  double min_mm, max_mm; /* ends of the colours; fixed, so that hearts can be compared by eye */
} UtBullsEyeMap;

/** UtBullsEyeDisc: where it lies; in units of the cairo_t, as the font is. */
typedef struct UtBullsEyeDisc {
  double x, y, radius;
  gboolean small; /* on paper: no numbers of the segments, names along the rim, one size of text */
} UtBullsEyeDisc;

#define UT_BULLS_EYE_RINGS 4 /* base, middle, near the apex, apex */

/** UT_WALL_MAX_MM, UT_THICKENING_MAX_MM: ends of the colours, on screen and on paper */
#define UT_WALL_MAX_MM       16
#define UT_THICKENING_MAX_MM 8

/**
 * ut_bulls_eye_draw:
 * @fonts: its font is that of the values; the numbers of the segments are smaller
 *
 * The 17 segments as the American Heart Association draws them (engine/measure/segments.h): the
 * apex in the middle, anterior above, septal on the left; number and value in each, where there
 * is room. The source of @cr is the colour of the names round it.
 */
void ut_bulls_eye_draw (cairo_t *cr,
                        PangoContext *fonts,
                        const UtBullsEyeMap *map,
                        const UtBullsEyeDisc *disc);

/** ut_bulls_eye_draw_legend: the colours from end to end, @height high, and below them the ends and
 * the title, in the source of @cr */
void ut_bulls_eye_draw_legend (cairo_t *cr,
                               PangoContext *fonts,
                               const UtBullsEyeMap *map,
                               double x,
                               double y,
                               double width,
                               double height);
