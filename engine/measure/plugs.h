/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * ut_plugs_find:
 * @solid: (inout): [z][y][x] 1 = the object, without cavities, none of it in the outermost layer;
 *   the voxels of its plugs become 2
 * @dims: voxels along x, y, z
 *
 * Closes every way through an object with a thin plug: starts from the whole grid and takes voxels
 * beside the object away, the farthest first, as long as what is taken hangs together by faces
 * round each of them and so opens no way through.
 *
 * Source: Aktouf, Bertrand and Perroton, "A three-dimensional holes closing algorithm", Pattern
 * Recognition Letters 23(5), 2002; object 26-connected, the rest 6-connected.
 * Errors: MEMORY.
 * Threads: pure. Cost: O(voxels).
 */
gboolean ut_plugs_find (guint8 *solid, const gsize dims[3], GError **error);
