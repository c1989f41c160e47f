/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"
#include "engine/surface/mesh.h"

/**
 * ut_mesh_fill:
 * @mesh: closed (ut_mesh_check()), in the millimetres that @grid maps its voxels to
 * @grid: any uint8 or float volume; only its grid is read
 * @ret_inside: (array): a byte for each voxel: 1 where its centre lies inside, else 0
 *
 * Inside is where a line along the first axis has met the surface an odd number of times, so the
 * cavity of a shell is outside, whichever way its triangles face.
 *
 * Cost: O(voxels + triangles + voxels of their shadows). Threads: pure.
 */
void ut_mesh_fill (const UtMesh *mesh, const UtVolume *grid, guint8 *ret_inside);
