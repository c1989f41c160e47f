/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/view.h"
#include "engine/surface/mesh.h"

/** Name of the scalar that ut_mesh_with_motion() adds; its unit is "mm". */
#define UT_MOTION_SCALAR "inward motion"

/**
 * ut_mesh_with_motion:
 * @self: a structure's surface at @phase
 * @other: the same structure's surface at the other phase, with at least one triangle
 *
 * Copy of @self with UT_MOTION_SCALAR: at each vertex the way to the nearest point of @other,
 * positive where the surface of ES lies inside that of ED. The nearest point is no tissue point:
 * motion along the surface (shortening, twist) does not show.
 *
 * Errors: those of ut_mesh_distance_new(). Threads: as there.
 *
 * Returns: (transfer full): a new mesh, or NULL with @error set
 */
UtMesh *
ut_mesh_with_motion (const UtMesh *self, const UtMesh *other, UtPhase phase, GError **error);
