/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** UT_CONTOUR_MIN_POINTS: fewest of a closed contour: both ends of the annulus, the apex, and one
 * on either wall */
#define UT_CONTOUR_MIN_POINTS 5

#define UT_CONTOUR_MAX_POINTS 64

/** UT_CONTOUR_STEPS: straight pieces of the curve from one point to the next */
#define UT_CONTOUR_STEPS     8

#define UT_CONTOUR_MAX_CURVE ((UT_CONTOUR_MAX_POINTS - 1) * UT_CONTOUR_STEPS + 1)

/**
 * UtContour: the border of a cavity as a person traces it, from one end of the mitral annulus over
 * the apex to the other end; the mitral plane, a straight line between the ends, closes it.
 */
typedef struct UtContour {
  guint n_points;                          /* up to UT_CONTOUR_MAX_POINTS */
  double points[UT_CONTOUR_MAX_POINTS][2]; /* (x, y), in one frame and unit */
} UtContour;

/**
 * ut_contour_curve:
 *
 * The smooth curve through all points: what is drawn is what is measured. Its piece from point i to
 * i + 1 begins at i * UT_CONTOUR_STEPS. Beyond its ends it goes on as the point reflection of its
 * first and last piece.
 *
 * Source: Catmull and Rom, "A class of local interpolating splines", 1974, centripetal after Yuksel
 * et al., "Parameterization and applications of Catmull-Rom curves", Computer-Aided Design 43,
 * 2011: no loop and no cusp between two points; evaluated as Barry and Goldman do (SIGGRAPH 1988).
 *
 * Returns: the number of corners written to @ret
 */
guint ut_contour_curve (const UtContour *self, double ret[UT_CONTOUR_MAX_CURVE][2]);

/** UtContourFault: why a contour cannot be measured. */
typedef enum {
  UT_CONTOUR_SOUND,
  UT_CONTOUR_TOO_FEW, /* closed with less than UT_CONTOUR_MIN_POINTS */
  UT_CONTOUR_CROSSES, /* the curve crosses itself or, closed, the mitral plane */
  UT_CONTOUR_FLAT,    /* closed, and encloses less than one square unit */
} UtContourFault;

/** ut_contour_fault: @closed: with the mitral plane; without it a contour may still grow */
UtContourFault ut_contour_fault (const UtContour *self, gboolean closed);
