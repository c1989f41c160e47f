/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/image/volume.h"

/** Offsets come in steps of half a voxel of the canonical grid, up to three voxels. */
#define UT_OFFSET_STEP_MM 1.5
#define UT_OFFSET_MAX_MM  9.0

/**
 * ut_label_offset:
 * @labels: UT_VOXEL_U8, codes as UtStructure, [z][y][x]; voxels may be oblong
 * @structure: what is moved, UT_MYO to UT_RA
 * @mm: by how much its surface moves outwards; inwards where negative. A whole number of
 *   UT_OFFSET_STEP_MM, not 0, at most UT_OFFSET_MAX_MM
 *
 * A copy of @labels with one structure grown or shrunk. What may yield is the background, and to
 * the LV its wall: only surface that faces it moves, the rest stays where it is, and all other
 * voxels keep their label. Growing takes yielding voxels whose centre lies within @mm of the
 * surface. Shrinking gives up voxels whose centre lies within -@mm of yielding ones, each to the
 * kind that is nearest, so that the wall follows the LV. The border of the grid is no surface.
 *
 * Where the surface lies within a voxel is taken from ut_mesh_smooth(): measured to the centres
 * beside it, or to the stairs, 3 mm would be 3.8 on slants. Judged by the volume of balls of 12 to
 * 38 mm it moves by @mm to 0.2 mm outwards, to 0.4 inwards; flat surface along the grid can move by
 * whole voxels only.
 *
 * Errors: RANGE where @mm is none of the above, @structure is absent, would vanish or would not
 * change; MEMORY.
 * Threads: pure. Cost: a few exact distance transforms and the nearest points of a mesh:
 * about 0.1 s.
 *
 * Returns: (transfer full): the copy, or NULL with @error set
 */
UtVolume *
ut_label_offset (const UtVolume *labels, UtStructure structure, double mm, GError **error);
