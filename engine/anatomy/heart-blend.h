/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"

/**
 * ut_heart_blend:
 * @a: UT_VOXEL_U8 heart; codes as UtStructure
 * @b: another one, anywhere
 * @part: how much of @b: 0 gives @a, 1 the shape of @b; -0.5 to 1.5, as the way from one heart
 *   to the other goes on beyond either
 *
 * A heart between two: both in the canonical pose (canonical.h), the signed distances to each
 * structure's surface mixed, and at every voxel the structure furthest inside. Structures thicker
 * than the distance between the two hearts' surfaces stay whole; of each only the largest part is
 * kept. The grid keeps place, spacing and directions of @a and is enlarged on every side.
 *
 * Errors: FORMAT as ut_landmarks_find(); RANGE for a @part outside its range; MEMORY.
 * Threads: pure. Cost: about 0.15 us per voxel.
 * Source: Raya and Udupa, "Shape-based interpolation of multidimensional objects", IEEE Trans Med
 * Imaging 9:32, 1990.
 *
 * Returns: (transfer full): new volume, or NULL with @error set
 */
UtVolume *ut_heart_blend (const UtVolume *a, const UtVolume *b, double part, GError **error);
