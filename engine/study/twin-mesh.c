/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/twin-mesh.h"

#include "engine/anatomy/canonical.h"
#include "engine/base/error.h"
#include "engine/surface/marching-cubes.h"

UtMesh *
ut_twin_mesh (const UtTwin *twin, UtTwinStage stage, UtStructure structure, GError **error)
{
  if (!ut_twin_has_stage (twin, stage)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "the twin has no %s stage",
                 ut_twin_stage_name (stage));
    return NULL;
  }
  const UtVolume *labels = twin->labels[stage];
  if (twin->probabilities[stage] == NULL)
    return ut_mesh_from_labels (labels, (guint8)structure, UT_MESH_FRAME_CANONICAL, error);
  return ut_mesh_from_probabilities (twin->probabilities[stage],
                                     UT_N_LABELS,
                                     labels->dims,
                                     &labels->m_patient_from_voxel,
                                     structure,
                                     UT_MESH_FRAME_CANONICAL,
                                     error);
}
