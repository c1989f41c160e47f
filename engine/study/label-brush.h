/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/image/volume.h"

/** Radius of the brush: steps of half a voxel of the canonical grid, from one voxel on. */
#define UT_BRUSH_STEP_MM 1.5
#define UT_BRUSH_MIN_MM  3.0
#define UT_BRUSH_MAX_MM  30.0

/**
 * ut_label_brush:
 * @labels: UT_VOXEL_U8, codes as UtStructure; changed in place, so not shared yet
 * @structure: what the voxels become; UT_BACKGROUND erases
 * @radius_mm: > 0
 * @from, @to: mm frame of @labels; anywhere, also outside of the grid
 *
 * Paints with a ball that goes from @from to @to: every voxel whose centre lies within @radius_mm
 * of that line, whatever it was before, and no other. Longer ways are painted piece by piece: the
 * order does not matter.
 *
 * A ball, no disc: slices along echo planes are oblique to the grid, where a disc has no voxels of
 * its own, and what is painted with discs comes out as sheets with stairs.
 *
 * Threads: pure. Cost: the voxels of the box round the line.
 *
 * Returns: voxels that changed
 */
gsize
ut_label_brush (UtVolume *labels, UtStructure structure, double radius_mm, UtVec3 from, UtVec3 to);
