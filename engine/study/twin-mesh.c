/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/twin-mesh.h"

#include "engine/anatomy/canonical.h"
#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/measure/uncertainty.h"
#include "engine/surface/crease.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/smoothing.h"
#include "engine/twin/twin-mean.h"

#include <string.h>

#define CHANGED_LOG_ODDS 3.0f /* of a voxel that a person changed: p of 0.95 */

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

/* Where voxels were changed @field says so, and beside them it is no surer than that, so that the
 * surface runs midway between them and what lies far from the network's own. */
static void
change_field (UtVolume *field, const guint8 *before, const guint8 *after, guint8 label)
{
  const gsize *dims = field->dims;
  const gsize steps[3] = {1, dims[0], dims[0] * dims[1]};
  gsize n = ut_volume_n_voxels (field);
  for (gsize i = 0; i < n; i++) {
    if ((before[i] == label) == (after[i] == label))
      continue;
    const gsize at[3] = {i % dims[0], i / dims[0] % dims[1], i / steps[2]};
    field->f32[i] = after[i] == label ? CHANGED_LOG_ODDS : -CHANGED_LOG_ODDS;
    for (int axis = 0; axis < 3; axis++) {
      float *low = at[axis] > 0 ? &field->f32[i - steps[axis]] : NULL;
      float *high = at[axis] + 1 < dims[axis] ? &field->f32[i + steps[axis]] : NULL;
      if (low)
        *low = CLAMP (*low, -CHANGED_LOG_ODDS, CHANGED_LOG_ODDS);
      if (high)
        *high = CLAMP (*high, -CHANGED_LOG_ODDS, CHANGED_LOG_ODDS);
    }
  }
}

/* The smooth surface of the network with what a person changed. */
static UtMesh *
edited_mesh (const UtTwin *twin, UtStructure structure, GError **error)
{
  UtTwinStage before = ut_twin_network_stage (twin);
  const UtVolume *labels = twin->labels[before];
  g_autoptr (UtVolume) field = ut_log_odds_field (twin->probabilities[before],
                                                  UT_N_LABELS,
                                                  labels->dims,
                                                  &labels->m_patient_from_voxel,
                                                  structure,
                                                  error);
  if (field == NULL)
    return NULL;
  change_field (field, labels->u8, twin->labels[UT_TWIN_EDITED]->u8, (guint8)structure);
  return ut_mesh_from_field (field, 0, UT_MESH_FRAME_CANONICAL, error);
}

static UtMesh *
stage_mesh (const UtTwin *twin, UtTwinStage stage, UtStructure structure, GError **error)
{
  const UtVolume *labels = twin->labels[stage];
  if (stage == UT_TWIN_EDITED && twin->probabilities[ut_twin_network_stage (twin)] != NULL)
    return edited_mesh (twin, structure, error);
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

UtMesh *
ut_twin_mesh (const UtTwin *twin, UtTwinStage stage, UtStructure structure, GError **error)
{
  if (!ut_twin_has_stage (twin, stage)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("the twin has no %s stage"),
                 ut_twin_stage_name (stage));
    return NULL;
  }
  g_autoptr (UtMesh) mesh = stage_mesh (twin, stage, structure, error);
  if (mesh == NULL || !add_uncertainty (mesh, twin, twin->labels[stage], error))
    return NULL;
  return g_steal_pointer (&mesh);
}

/* That the surface of ut_twin_mesh() was made of; NULL where it was made of something else. */
static const float *
own_probabilities (const UtTwin *twin, UtTwinStage stage, UtStructure structure)
{
  if (stage != UT_TWIN_EDITED)
    return twin->probabilities[stage];
  return ut_twin_is_edited (twin, structure) ? NULL
                                             : twin->probabilities[ut_twin_network_stage (twin)];
}

/* What lies between the voxels of a stage. */
typedef struct Between {
  const float *logs; /* ut_log_probabilities() */
  const gsize *dims;
  UtStructure structure;
  UtAffine m_voxel_from_mm;
} Between;

static double
odds_between (UtVec3 point, gconstpointer user_data)
{
  const Between *self = user_data;
  return ut_log_odds_at (self->logs,
                         UT_N_LABELS,
                         self->dims,
                         self->structure,
                         ut_affine_point (&self->m_voxel_from_mm, point));
}

UtMesh *
ut_twin_shown_mesh (
  const UtTwin *twin, UtTwinStage stage, UtStructure structure, UtMesh *mesh, GError **error)
{
  const UtVolume *labels = twin->labels[stage];
  const float *probabilities = own_probabilities (twin, stage, structure);
  Between between = {NULL, labels->dims, structure, {{{0}}}};
  gboolean invertible = ut_affine_invert (&labels->m_patient_from_voxel, &between.m_voxel_from_mm);
  g_return_val_if_fail (invertible, NULL); /* of every volume */
  if (probabilities == NULL && stage == UT_TWIN_EDITED)
    return ut_mesh_ref (mesh);
  if (probabilities == NULL)
    return ut_mesh_smooth (mesh, UT_SMOOTHING_DEFAULT_STEPS, error);
  g_autofree float *logs = ut_log_probabilities (probabilities, UT_N_LABELS * UT_TWIN_N_VOXELS);
  between.logs = logs;
  return ut_mesh_with_creases (mesh, odds_between, &between, UT_CANONICAL_SPACING, error);
}
