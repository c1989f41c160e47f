/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/error-bins.h"

#include <math.h>

static guint
bin_of (double value, double max, guint n)
{
  return (guint)CLAMP (floor (value / max * n), 0, n - 1.0);
}

gboolean
ut_error_bins_add (UtErrorBins *self,
                   const UtMesh *mesh,
                   const char *uncertainty,
                   const char *distance)
{
  const UtMeshScalar *x = ut_mesh_find_scalar (mesh, uncertainty);
  const UtMeshScalar *y = ut_mesh_find_scalar (mesh, distance);
  g_return_val_if_fail (self->max_uncertainty > 0 && self->max_error_mm > 0, FALSE);
  if (x == NULL || y == NULL)
    return FALSE;
  for (gsize i = 0; i < mesh->n_vertices; i++) {
    double error_mm = fabs ((double)y->values[i]);
    guint column = bin_of ((double)x->values[i], self->max_uncertainty, UT_ERROR_BINS_X);
    self->n[bin_of (error_mm, self->max_error_mm, UT_ERROR_BINS_Y)][column]++;
    self->error_sum_mm[column] += error_mm;
  }
  self->n_vertices += mesh->n_vertices;
  return TRUE;
}

gboolean
ut_error_bins_mean (const UtErrorBins *self, guint column, double *ret_mm)
{
  g_return_val_if_fail (column < UT_ERROR_BINS_X, FALSE);
  gsize n = 0;
  for (guint row = 0; row < UT_ERROR_BINS_Y; row++)
    n += self->n[row][column];
  if (n > 0)
    *ret_mm = self->error_sum_mm[column] / (double)n;
  return n > 0;
}
