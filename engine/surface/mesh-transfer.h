/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh.h"

/**
 * ut_mesh_with_scalars_of:
 * @self: a surface near @from; may be empty
 * @from: with at least one triangle
 *
 * Copy of @self with every scalar of @from: at each vertex its value at the nearest point of @from,
 * linear within the triangle there. These are numbers of @from, shown in another place: statistics
 * of them are for @from alone.
 *
 * Errors: those of ut_mesh_distance_new(). Threads: as there.
 *
 * Returns: (transfer full): a new mesh, or NULL with @error set
 */
UtMesh *ut_mesh_with_scalars_of (const UtMesh *self, const UtMesh *from, GError **error);
