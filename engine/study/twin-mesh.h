/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/surface/mesh.h"
#include "engine/twin/twin.h"

/**
 * ut_twin_mesh:
 * @stage: a stage that @twin has
 *
 * The surface of one structure as it is exported and measured: smooth where the stage keeps
 * its probabilities, else voxel-true. UT_TWIN_EDITED has the smooth surface of the network's last
 * stage wherever nothing was changed near it, and stairs where a person changed voxels. Canonical
 * frame. Carries UT_SPREAD_SCALAR where the twin has a spread and UT_DISAGREEMENT_SCALAR where it
 * has branches, whatever the stage: both say how sure the network was at that place.
 *
 * Errors: RANGE where the stage is absent; MEMORY.
 *
 * Returns: (transfer full): a mesh, empty where the structure is; NULL with @error set
 */
UtMesh *ut_twin_mesh (const UtTwin *twin, UtTwinStage stage, UtStructure structure, GError **error);

/**
 * ut_twin_shown_mesh:
 * @mesh: that of ut_twin_mesh(), with any scalars
 *
 * The same for the eye. Where the stage keeps its probabilities, with clean creases
 * (engine/surface/crease.h); where it has labels only, without their stairs (ut_mesh_smooth()). A
 * structure that a person edited is as it is measured: every voxel counts there. It holds some
 * tenths of a millilitre more or less, so no number is taken of it.
 *
 * Errors: MEMORY.
 *
 * Returns: (transfer full): a mesh, or NULL with @error set
 */
UtMesh *ut_twin_shown_mesh (
  const UtTwin *twin, UtTwinStage stage, UtStructure structure, UtMesh *mesh, GError **error);
