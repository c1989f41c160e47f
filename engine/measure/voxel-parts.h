/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"

/**
 * UtVoxelPart:
 *
 * Voxels of one code that hang together.
 */
typedef struct UtVoxelPart {
  guint8 code;
  gsize n_voxels;
  gsize low[3], high[3]; /* box of its voxels along x, y, z, ends included */
  double centroid[3];    /* mean of its voxel centres, in voxels */
  gboolean at_edge;      /* a voxel of it lies in the outermost layer of the grid */
} UtVoxelPart;

/**
 * ut_voxel_parts:
 * @codes: [z][y][x] with x fastest; 0 belongs to no part
 * @dims: voxels along x, y, z
 * @by_faces: two voxels hang together by a face (6 neighbours); FALSE: by a face, an edge or a
 *   corner (26 neighbours)
 * @ret_index: (out) (nullable): [z][y][x] 1 + index of the part that a voxel belongs to, 0 for none
 *
 * Threads: pure. Cost: O(voxels).
 *
 * Returns: (transfer full): UtVoxelPart, by their first voxel in memory; NULL with MEMORY
 */
GArray *ut_voxel_parts (
  const guint8 *codes, const gsize dims[3], gboolean by_faces, guint32 *ret_index, GError **error);
