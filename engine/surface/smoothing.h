/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh.h"

/** Steps that take the voxel stairs off a label map's surface. */
#define UT_SMOOTHING_DEFAULT_STEPS 20

/**
 * ut_mesh_smooth:
 * @n_steps: pairs of a shrinking and a growing step
 *
 * For pictures, and for where an offset takes a surface to lie (engine/study/label-offset.h): moves
 * vertices towards the mean of their neighbours, then away, which removes stairs and nearly keeps
 * the volume. No number that is shown or exported is ever taken from the result.
 *
 * Source: Taubin, "A signal processing approach to fair surface design",
 * SIGGRAPH 1995; pass band k_PB = 0.1, lambda = 0.5, mu = 1 / (k_PB - 1 / lambda).
 * Threads: works on all cores; same result for any number of them.
 *
 * Returns: (transfer full): a new mesh, same triangles and scalars, or NULL with MEMORY
 */
UtMesh *ut_mesh_smooth (const UtMesh *self, guint n_steps, GError **error);
