/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/affine.h"

/** UT_CALIPER_POINTS: most points of one caliper */
#define UT_CALIPER_POINTS 3

/**
 * UtCaliper: a straight-line measurement: two points are a distance, three an angle at the second.
 * Any frame; distances come in its unit.
 */
typedef struct UtCaliper {
  guint n_points; /* 0 to UT_CALIPER_POINTS */
  UtVec3 points[UT_CALIPER_POINTS];
} UtCaliper;

/** ut_caliper_distance: from the first point to the second; @self has two at least */
double ut_caliper_distance (const UtCaliper *self);

/**
 * ut_caliper_angle:
 * @self: with three points
 *
 * The angle at the second point, 0 to 180 degrees: twice the arc tangent of difference over sum of
 * the sides' directions, as exact near 0 and 180 degrees as elsewhere; the arc cosine is not.
 *
 * Source: Kahan, "How futile are mindless assessments of roundoff in floating-point
 * computation?", 2006, "Mangled angles".
 *
 * Returns: degrees, NAN where a side has no length
 */
double ut_caliper_angle (const UtCaliper *self);

/** ut_caliper_scale: the same points, each coordinate times that of @factors: pixels to mm */
UtCaliper ut_caliper_scale (const UtCaliper *self, UtVec3 factors);
