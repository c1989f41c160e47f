/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"

/**
 * ut_heart_damage:
 * @labels: UT_VOXEL_U8, codes as UtStructure
 *
 * A copy with three faults that a network's answer may have, put there on purpose, at places that
 * depend on @labels only:
 * - an island: 3^3 voxels of RV in the background, at least UT_DAMAGE_CLEAR voxels from all else;
 * - a hole: 2 voxels of background inside Myo, no face of them outside it;
 * - a leak: a way of 2 x 2 voxels from LV through Myo to the background, as near to the middle
 *   between mitral opening and apex as there is one.
 *
 * Method: ours; island and hole as in engine/train/check_ae.py.
 * Errors: RANGE where the heart has no place for one of them; UNSUPPORTED for floats.
 * Threads: pure. Cost: O(voxels).
 */
UtVolume *ut_heart_damage (const UtVolume *labels, GError **error);

/** UT_DAMAGE_CLEAR: voxels between the island and all else */
#define UT_DAMAGE_CLEAR 3
