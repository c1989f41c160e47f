/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/affine.h"

/**
 * ut_distance_transform:
 * @mask: [z][y][x] not 0 where distances start
 * @dims: voxels along x, y, z
 * @spacing: distance of neighbouring centres along x, y, z; each > 0 and finite
 * @ret_squared: (out): [z][y][x] squared distance of each voxel centre to the
 *   nearest centre in @mask; infinity everywhere where the mask is empty
 *
 * Exact Euclidean distance transform, also on anisotropic grids.
 *
 * Source: Felzenszwalb & Huttenlocher, "Distance transforms of sampled
 * functions", Theory of Computing 8, 2012: lower envelope of parabolas per axis.
 * Threads: works on all cores. Cost: O(voxels).
 */
void ut_distance_transform (const guint8 *mask,
                            const gsize dims[3],
                            UtVec3 spacing,
                            double *ret_squared);
