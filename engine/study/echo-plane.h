/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"
#include "engine/surface/section.h"

/**
 * UtEchoPlane:
 *
 * Where the marked frame of a view is taken to lie in the heart: estimated, not measured.
 * Pixels: (column, row) of ut_study_marked_frame(), centres on whole numbers.
 */
typedef struct UtEchoPlane {
  UtViewPlane plane;    /* canonical mm; right and down as in the picture */
  UtVec3 pivot;         /* mm, in the plane: centroid of the LV and its wall there */
  double origin_px[2];  /* (column, row) of plane.origin */
  double spacing_mm[2]; /* row, column, mm per pixel */
  guint width, height;  /* of the picture, pixels */
} UtEchoPlane;

/**
 * ut_echo_plane_estimate:
 * @labels: of a stage of the twin of @phase
 *
 * Two things are known: the network has found the heart in each picture (centroid of the LV and
 * its wall, and the direction from there to a second structure, UtHeartFrame), and the view has a
 * standard plane in the twin. The same two marks are found in the twin's section by that plane,
 * and the picture is laid on it so that both agree. How far the probe was tilted out of the
 * standard plane, nothing says. The user's shift comes on top.
 *
 * Method: ours. On 10 simulated validation hearts at ED, whose planes are known, the plane errs by
 * 6.6 (A4C), 7.2 (A2C) and 2.7 (PSAX) degrees in the mean, and in the picture the outline of the
 * twin's LV lies 1.8, 1.9 and 1.7 mm from the true one (at most 2.8), the twin's own error
 * included. Command: tests/bench/plane-table.
 * Errors: RANGE where @phase has no twin, the view takes no part in it, the twin is out of date
 * or its network turned no pictures; FORMAT where the heart has no such plane.
 * Threads: pure. Cost: about 10 ms.
 */
gboolean ut_echo_plane_estimate (const UtStudyState *state,
                                 UtPhase phase,
                                 UtView view,
                                 const UtVolume *labels,
                                 UtEchoPlane *ret,
                                 GError **error);

/** ut_echo_plane_lay: the picture's pose by both pairs of marks; see ut_echo_plane_estimate()
 * @standard: of @view in @labels
 * @heart_mm: of the picture: centroid below the probe and right of it
 * @turn_deg: of the picture: UtHeartFrame
 *
 * Errors: FORMAT where a mark's structure hardly meets the plane.
 */
gboolean ut_echo_plane_lay (UtView view,
                            const UtVolume *labels,
                            const UtViewPlane *standard,
                            const double heart_mm[2],
                            double turn_deg,
                            UtViewPlane *ret_plane,
                            UtVec3 *ret_pivot,
                            GError **error);

/** ut_echo_plane_point: mm of a pixel */
UtVec3 ut_echo_plane_point (const UtEchoPlane *self, double column, double row);

/** ut_echo_plane_pixel: (column, row) of the foot of a point in the plane */
void ut_echo_plane_pixel (const UtEchoPlane *self, UtVec3 point, double ret_px[2]);

/**
 * ut_echo_plane_outline:
 * @mesh: canonical frame
 *
 * Returns: (transfer full): the section of @mesh by the plane; ut_echo_plane_pixel() of its points
 * is the outline in the picture
 */
UtSection *ut_echo_plane_outline (const UtEchoPlane *self, const UtMesh *mesh);
