/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/twin-mesh.h"

#include "engine/anatomy/canonical.h"
#include "engine/base/error.h"
#include "engine/measure/uncertainty.h"
#include "engine/surface/marching-cubes.h"
#include "engine/twin/twin-mean.h"

#include <string.h>

static gboolean
add_map (UtMesh *mesh, const char *name, const float *values, const UtVolume *like, GError **error)
{
  if (values == NULL)
    return TRUE;
  g_autoptr (UtVolume) field =
    ut_volume_new (UT_VOXEL_F32, like->dims, &like->m_patient_from_voxel, error);
  if (field == NULL)
    return FALSE;
  memcpy (field->f32, values, UT_TWIN_N_VOXELS * sizeof *values);
  return ut_mesh_add_sampled (mesh, name, "", field, error);
}

static gboolean
add_uncertainty (UtMesh *mesh, const UtTwin *twin, const UtVolume *like, GError **error)
{
  g_autofree float *disagreement = ut_twin_disagreement (twin);
  return add_map (mesh, UT_SPREAD_SCALAR, twin->spread, like, error) &&
         add_map (mesh, UT_DISAGREEMENT_SCALAR, disagreement, like, error);
}

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
  /* what a person left as it was keeps its smooth surface */
  if (stage == UT_TWIN_EDITED && !ut_twin_is_edited (twin, structure))
    stage = ut_twin_network_stage (twin);
  const UtVolume *labels = twin->labels[stage];
  g_autoptr (UtMesh) mesh =
    twin->probabilities[stage] == NULL
      ? ut_mesh_from_labels (labels, (guint8)structure, UT_MESH_FRAME_CANONICAL, error)
      : ut_mesh_from_probabilities (twin->probabilities[stage],
                                    UT_N_LABELS,
                                    labels->dims,
                                    &labels->m_patient_from_voxel,
                                    structure,
                                    UT_MESH_FRAME_CANONICAL,
                                    error);
  if (mesh == NULL || !add_uncertainty (mesh, twin, labels, error))
    return NULL;
  return g_steal_pointer (&mesh);
}
