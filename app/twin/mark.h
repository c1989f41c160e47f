/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh.h"

/**
 * ut_mark_mesh_new:
 * @low, @high: mm, canonical frame
 *
 * Returns: (transfer full): the twelve edges of a box as bars, to be drawn round a place; NULL
 * with @error set
 */
UtMesh *ut_mark_mesh_new (UtVec3 low, UtVec3 high, GError **error);
