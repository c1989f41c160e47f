/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** Islands up to this size sink: 3^3 voxels, 0.7 ml. A larger one is a fault that should be seen.
 */
#define UT_TWIN_ISLAND_VOXELS 27

/**
 * ut_twin_sink_islands:
 * @probabilities: (inout): [UT_N_LABELS, 64, 64, 64], adding up to 1 over the classes
 *
 * Voxels of a structure that hang together (26 neighbours), but not with its largest part, become
 * what is likeliest there otherwise. Fusion by local variance is a choice of each voxel, and leaves
 * such crumbs of a thin wall where neither of its volumes has one.
 *
 * Threads: pure. Cost: O(voxels).
 */
void ut_twin_sink_islands (float *probabilities);
