/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"

/** Labels whose parts ut_topology_check() counts: the background and the five structures. */
#define UT_TOPOLOGY_N_LABELS 6

/** Code of the LV, which this folder takes from the labels' order as UtStructure has it. */
#define UT_TOPOLOGY_LV 2

/** Share of the way from mitral opening to apex within which the LV may meet the background. */
#define UT_TOPOLOGY_BASE_SHARE 0.3

/**
 * UtTopology:
 *
 * Whether a label map hangs together as a heart does.
 *
 * Parts: pieces of one label whose voxels share a face, an edge or a corner (26 neighbours). A
 * thin wall on 3 mm voxels hangs together by corners: by faces alone one true wall in twenty is
 * one piece.
 * Leak: an LV voxel with a background voxel, or the end of the grid, at one of its 6 faces, more
 * than UT_TOPOLOGY_BASE_SHARE of the way from the mitral opening to the apex. Nearer to the base
 * the LV meets the background rightly, at the aortic root and round the valve, since these labels
 * have no vessels. In 330 true hearts at ED and ES the farthest such voxel lies at 0.21.
 * Mitral opening: mean of the LV voxels that share a face with the LA; apex: the LV voxel
 * farthest from it. Where LV and LA do not touch there is no base, and every LV voxel at the
 * background counts.
 */
typedef struct UtTopology {
  guint n_parts[UT_TOPOLOGY_N_LABELS]; /* by label; 0 where there is none; [0] is always 0 */
  gsize n_leak_voxels;
  gboolean one_part; /* each of the five structures is there in exactly one part */
  gboolean no_leak;
} UtTopology;

/**
 * ut_topology_check:
 * @labels: uint8, codes as UtStructure; higher ones are left out
 *
 * Errors: UNSUPPORTED where @labels holds floats; MEMORY.
 * Threads: pure. Cost: O(voxels).
 */
gboolean ut_topology_check (const UtVolume *labels, UtTopology *ret_topology, GError **error);

/**
 * ut_topology_mark_leaks:
 * @labels: uint8, codes as UtStructure
 * @ret_leaks: (inout) (nullable): [z][y][x] becomes 1 where a leak is, see UtTopology
 *
 * Returns: how many voxels leak
 */
gsize ut_topology_mark_leaks (const UtVolume *labels, guint8 *ret_leaks);
