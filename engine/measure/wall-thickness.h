/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/segments.h"
#include "engine/surface/mesh.h"

/**
 * UtWallThickness:
 *
 * How thick the left ventricle's wall is, in mm: at a point of its outer surface, the shortest way
 * to the cavity. Means weigh by outer area.
 *
 * Outer surface: what of the wall's surface is more than UT_DISTANCE_BAND_MM, half a voxel, from
 * the cavity's. On the septum it is the side of the RV. The trabeculae and papillary muscles count
 * as the labels have them, as a rule to the cavity.
 *
 * Resolution: the surfaces come from voxels of 3 mm. On shells of known thickness with
 * such voxels a segment is off by at most a quarter of a voxel, as a rule 0.3 mm too thin, since
 * the shortest way ends at the nearest step (tests/unit/measure/test-wall-thickness.c). A wall
 * thinner than a voxel, and differences below half of one, say nothing.
 */
typedef struct UtWallThickness {
  double mean_mm;                       /* over all segments */
  double segment_mm[UT_N_SEGMENTS + 1]; /* by number; NAN where no wall is seen, as for [0] */
} UtWallThickness;

/**
 * ut_wall_thickness:
 * @myo, @lv: surfaces of wall and cavity in one frame
 *
 * The base is the first level from which there is wall all the way round, looked at in sectors of
 * 15 degrees: "only slices containing myocardium in all 360 degrees", says the source of
 * UtSegments.
 *
 * Errors: FORMAT where the wall is no whole ring at any level of the cavity; RANGE where a surface
 * is empty; MEMORY. Threads: works on all cores. Cost: about 20 ms for surfaces of 3 mm voxels.
 */
gboolean ut_wall_thickness (const UtMesh *myo,
                            const UtMesh *lv,
                            const UtLvFrame *frame,
                            UtWallThickness *ret,
                            GError **error);
