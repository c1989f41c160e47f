/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-fill.h"

#include <string.h>

/* Lines run beside the voxels' centres by so little of a voxel: surfaces like to have vertices and
 * edges exactly on the grid, where a line would meet two triangles, or none. */
#define ASIDE_Y 1.7e-5
#define ASIDE_Z 2.9e-5

static double
side (UtVec3 a, UtVec3 b, double y, double z)
{
  return (b.y - a.y) * (z - a.z) - (b.z - a.z) * (y - a.y);
}

/* Where the line at (y, z) meets the triangle, in voxels along x; FALSE where it does not */
static gboolean
meet (const UtVec3 corners[3], double y, double z, double *ret_x)
{
  double a = side (corners[1], corners[2], y, z);
  double b = side (corners[2], corners[0], y, z);
  double c = side (corners[0], corners[1], y, z);
  double sum = a + b + c;
  if (!((a >= 0 && b >= 0 && c >= 0) || (a <= 0 && b <= 0 && c <= 0)) || sum == 0)
    return FALSE;
  *ret_x = (a * corners[0].x + b * corners[1].x + c * corners[2].x) / sum;
  return TRUE;
}

static void
range_of (double a, double b, double c, double aside, gsize n, gsize *ret_from, gsize *ret_to)
{
  double low = ceil (MIN (MIN (a, b), c) - aside), high = floor (MAX (MAX (a, b), c) - aside);
  *ret_from = low > 0 ? (gsize)MIN (low, (double)n) : 0;
  *ret_to = high >= 0 ? MIN ((gsize)MIN (high, (double)n) + 1, n) : 0;
}

/* Each line that meets the triangle changes sides there: noted at the next voxel */
static void
note_triangle (const UtVec3 corners[3], const gsize dims[3], guint8 *changes)
{
  gsize y_from, y_to, z_from, z_to;
  range_of (corners[0].y, corners[1].y, corners[2].y, ASIDE_Y, dims[1], &y_from, &y_to);
  range_of (corners[0].z, corners[1].z, corners[2].z, ASIDE_Z, dims[2], &z_from, &z_to);
  for (gsize z = z_from; z < z_to; z++)
    for (gsize y = y_from; y < y_to; y++) {
      double x;
      if (!meet (corners, (double)y + ASIDE_Y, (double)z + ASIDE_Z, &x) || x > (double)dims[0] - 1)
        continue;
      gsize next = x > 0 ? (gsize)ceil (x) : 0;
      changes[(z * dims[1] + y) * dims[0] + next] ^= 1;
    }
}

void
ut_mesh_fill (const UtMesh *mesh, const UtVolume *grid, guint8 *ret_inside)
{
  UtAffine m_voxel_from_mm;
  g_return_if_fail (ut_affine_invert (&grid->m_patient_from_voxel, &m_voxel_from_mm));
  memset (ret_inside, 0, ut_volume_n_voxels (grid));
  for (gsize t = 0; t < mesh->n_triangles; t++) {
    UtVec3 corners[3];
    for (int c = 0; c < 3; c++)
      corners[c] =
        ut_affine_point (&m_voxel_from_mm, ut_mesh_position (mesh, mesh->triangles[3 * t + c]));
    note_triangle (corners, grid->dims, ret_inside);
  }
  for (gsize line = 0; line < grid->dims[1] * grid->dims[2]; line++) {
    guint8 *inside = ret_inside + line * grid->dims[0];
    for (gsize x = 1; x < grid->dims[0]; x++)
      inside[x] ^= inside[x - 1];
  }
}
