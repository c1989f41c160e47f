/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/affine.h"

UtAffine
ut_affine_from_axes (UtVec3 x, UtVec3 y, UtVec3 z, UtVec3 origin)
{
  return (UtAffine){
    {{x.x, y.x, z.x, origin.x}, {x.y, y.y, z.y, origin.y}, {x.z, y.z, z.z, origin.z}}};
}

UtAffine
ut_affine_scale_offset (UtVec3 scale, UtVec3 offset)
{
  return (UtAffine){
    {{scale.x, 0, 0, offset.x}, {0, scale.y, 0, offset.y}, {0, 0, scale.z, offset.z}}};
}

UtAffine
ut_affine_multiply (const UtAffine *a, const UtAffine *b)
{
  UtAffine product;
  for (int r = 0; r < 3; r++)
    for (int c = 0; c < 4; c++) {
      double sum = c == 3 ? a->m[r][3] : 0;
      for (int k = 0; k < 3; k++)
        sum += a->m[r][k] * b->m[k][c];
      product.m[r][c] = sum;
    }
  return product;
}

static UtVec3
column (const UtAffine *self, int c)
{
  return ut_vec3 (self->m[0][c], self->m[1][c], self->m[2][c]);
}

double
ut_affine_determinant (const UtAffine *self)
{
  return ut_vec3_dot (column (self, 0), ut_vec3_cross (column (self, 1), column (self, 2)));
}

gboolean
ut_affine_invert (const UtAffine *self, UtAffine *ret_inverse)
{
  double determinant = ut_affine_determinant (self);
  if (!isnormal (determinant))
    return FALSE;

  /* rows of the inverse are cross products of the columns over the determinant */
  UtVec3 x = column (self, 0), y = column (self, 1), z = column (self, 2), t = column (self, 3);
  UtVec3 rows[3] = {ut_vec3_cross (y, z), ut_vec3_cross (z, x), ut_vec3_cross (x, y)};
  UtAffine inverse;
  for (int r = 0; r < 3; r++) {
    UtVec3 row = ut_vec3_scale (rows[r], 1 / determinant);
    inverse.m[r][0] = row.x;
    inverse.m[r][1] = row.y;
    inverse.m[r][2] = row.z;
    inverse.m[r][3] = -ut_vec3_dot (row, t);
    if (!isfinite (inverse.m[r][0] + inverse.m[r][1] + inverse.m[r][2] + inverse.m[r][3]))
      return FALSE;
  }
  *ret_inverse = inverse;
  return TRUE;
}
