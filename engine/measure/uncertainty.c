/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/uncertainty.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/measure/statistics.h"

#include <math.h>

/* Between which two voxels of an axis a place lies, and how far from the first. */
typedef struct Place {
  gsize low, high;
  double share;
} Place;

static Place
place (double at, gsize n)
{
  double inside = CLAMP (at, 0, (double)(n - 1)), low = floor (inside);
  return (Place){(gsize)low, MIN ((gsize)low + 1, n - 1), inside - low};
}

static double
sample (const UtVolume *field, UtVec3 p_voxel)
{
  Place x = place (p_voxel.x, field->dims[0]), y = place (p_voxel.y, field->dims[1]),
        z = place (p_voxel.z, field->dims[2]);
  double sum = 0;
  for (int corner = 0; corner < 8; corner++) {
    gboolean right = (corner & 1) != 0, down = (corner & 2) != 0, far = (corner & 4) != 0;
    gsize i =
      ut_volume_index (field, right ? x.high : x.low, down ? y.high : y.low, far ? z.high : z.low);
    sum += (right ? x.share : 1 - x.share) * (down ? y.share : 1 - y.share) *
           (far ? z.share : 1 - z.share) * (double)field->f32[i];
  }
  return sum;
}

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
  for (gsize i = 0; i < self->n_vertices; i++)
    values[i] =
      (float)sample (field, ut_affine_point (&m_voxel_from_patient, ut_mesh_position (self, i)));
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
