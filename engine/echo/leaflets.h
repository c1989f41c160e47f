/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/echo/beams.h"

#define UT_LEAFLET_MAX_POINTS 512
#define UT_LEAFLET_GAP_MM     6.5f /* between LV and LA at the hinges */

/** UtLeafletFinder: collects where a ventricle touches its atrium in a picture */
typedef struct UtLeafletFinder {
  guint n;
  float x[UT_LEAFLET_MAX_POINTS], y[UT_LEAFLET_MAX_POINTS]; /* mm, in the picture */
} UtLeafletFinder;

static inline void
ut_leaflet_finder_init (UtLeafletFinder *self)
{
  self->n = 0;
}

/** ut_leaflet_finder_add: keeps the point where both signed distances are small and alike */
static inline void
ut_leaflet_finder_add (UtLeafletFinder *self, float x, float y, float ventricle_mm, float atrium_mm)
{
  float gap = ventricle_mm - atrium_mm, sum = ventricle_mm + atrium_mm;
  if (gap * gap > 0.16f || sum > UT_LEAFLET_GAP_MM || self->n >= UT_LEAFLET_MAX_POINTS)
    return;
  self->x[self->n] = x;
  self->y[self->n++] = y;
}

/**
 * ut_leaflet_draw:
 * @opening: 0 closed, 1 leaflets along the walls
 * @grey: of a leaflet that faces the beam
 *
 * Draws the two leaflets into @beams->grey: hinged at the ends of the contact line,
 * meeting on the ventricular side (closed) or turned into the ventricle. Nothing
 * where the valve is not in the plane.
 */
void ut_leaflet_draw (const UtLeafletFinder *self, double opening, double grey, UtBeams *beams);
