/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh.h"
#include "engine/twin/twin.h"

/**
 * UtTwinMorph:
 *
 * Surfaces between those of two twins of one heart, ED and ES. A way of looking from one to the
 * other: only its ends are reconstructed, nothing between them was measured.
 *
 * How: signed distances to the surfaces of solids (ut_distance_field(), cut at UT_TWIN_MORPH_REACH
 * voxels), blended linearly; its zero is the surface. The wall is what the LV with it has more than
 * the LV, so that it stays whole where it moves by more than it is thick; the RV ends where the
 * wall begins, the LA there too, the RA at the RV. Creases are clean (engine/surface/crease.h).
 *
 * Source: shape-based interpolation, Raya & Udupa, IEEE Transactions on Medical Imaging 9(1), 1990.
 *
 * Threads: never changes once made.
 */
typedef struct UtTwinMorph UtTwinMorph;

/** UT_TWIN_MORPH_REACH: surfaces may lie up to twice as many voxels apart */
#define UT_TWIN_MORPH_REACH 8

/**
 * ut_twin_morph_new:
 *
 * Of the last stage of both. About 30 ms for a structure. Errors: MEMORY.
 */
UtTwinMorph *ut_twin_morph_new (const UtTwin *from, const UtTwin *to, GError **error);
void ut_twin_morph_free (UtTwinMorph *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTwinMorph, ut_twin_morph_free)

/**
 * ut_twin_morph_mesh:
 * @t: 0 gives the shape of the first twin, 1 that of the second
 *
 * Returns: (transfer full): the surface, canonical frame; empty where the structure is missing in
 * either; NULL with @error set
 */
UtMesh *
ut_twin_morph_mesh (const UtTwinMorph *self, UtStructure structure, double t, GError **error);
