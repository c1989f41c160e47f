/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"

/**
 * Connected parts of labelled voxels, 26-connected (voxels that share a face, an
 * edge or a corner and carry the same label, 0 excepted).
 *
 * Method: two-pass labelling of runs along x with union-find (Rosenfeld and
 * Pfaltz 1966 on runs); O(voxels + runs).
 */

/**
 * ut_parts_keep_largest:
 * @labels: (inout): voxels (z, y, x), x fastest; smaller parts become 0
 * @dims: voxels along x, y, z
 *
 * Keeps the largest part of each label; of equal parts the first in memory.
 * Threads: pure.
 */
void ut_parts_keep_largest (guint8 *labels, const gsize dims[3]);

/** ut_parts_drop_small: the same, but parts of more than @n_voxels stay */
void ut_parts_drop_small (guint8 *labels, const gsize dims[3], gsize n_voxels);

/**
 * ut_parts_count:
 * @label: 1 to 255
 *
 * Returns: number of parts of @label
 */
guint ut_parts_count (const guint8 *labels, const gsize dims[3], guint8 label);

/**
 * ut_labels_largest_parts:
 * @labels: UT_VOXEL_U8
 *
 * Returns: (transfer full): copy of @labels with only the largest part of each
 * label kept, or NULL with @error (MEMORY) set
 */
UtVolume *ut_labels_largest_parts (const UtVolume *labels, GError **error);
