/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/uncertainty.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/measure/statistics.h"

#include <math.h>

gboolean
ut_mesh_add_sampled (
  UtMesh *self, const char *name, const char *unit, const UtVolume *field, GError **error)
{
  UtAffine m_voxel_from_patient;
  if (field->type != UT_VOXEL_F32) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("a surface can be coloured by a map of floats, not by labels"));
    return FALSE;
  }
  gboolean invertible = ut_affine_invert (&field->m_patient_from_voxel, &m_voxel_from_patient);
  g_return_val_if_fail (invertible, FALSE); /* of every volume */
  float *values = ut_mesh_add_scalar (self, name, unit);
  for (gsize i = 0; i < self->n_vertices; i++) {
    UtVec3 p_voxel = ut_affine_point (&m_voxel_from_patient, ut_mesh_position (self, i));
    UtVoxelMean mean = ut_voxel_mean (field->dims, p_voxel);
    values[i] = (float)ut_voxel_mean_of (&mean, field->f32);
  }
  return TRUE;
}

gboolean
ut_uncertainty_rank (const UtMesh *self,
                     const char *name,
                     const UtMeshDistance *distance,
                     double *ret_rho)
{
  const UtMeshScalar *scalar = ut_mesh_find_scalar (self, name);
  g_return_val_if_fail (self->n_vertices == distance->n_vertices, FALSE);
  if (scalar == NULL)
    return FALSE;
  g_autofree float *error_mm = g_new (float, self->n_vertices);
  for (gsize i = 0; i < self->n_vertices; i++)
    error_mm[i] = fabsf (distance->signed_mm[i]);
  return ut_spearman (scalar->values, error_mm, self->n_vertices, ret_rho);
}
