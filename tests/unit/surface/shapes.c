/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/surface/shapes.h"

double
ut_shape_sphere (UtVec3 p_mm, const double *sizes)
{
  return sizes[0] - ut_vec3_length (ut_vec3_sub (p_mm, ut_vec3 (sizes[1], sizes[2], sizes[3])));
}

double
ut_shape_torus (UtVec3 p_mm, const double *sizes)
{
  return sizes[1] - hypot (hypot (p_mm.x, p_mm.y) - sizes[0], p_mm.z);
}

static UtVolume *
shape_volume (UtVoxelType type, gsize n, UtVec3 spacing_mm, UtShapeFunc func, const double *sizes)
{
  UtVec3 offset = ut_vec3_scale (spacing_mm, -0.5 * ((double)n - 1));
  UtAffine m = ut_affine_scale_offset (spacing_mm, offset);
  gsize dims[3] = {n, n, n};
  UtVolume *volume = ut_volume_new (type, dims, &m, NULL);
  for (gsize i = 0; i < n * n * n; i++) {
    UtVec3 p = ut_affine_point (&m, ut_vec3 (i % n, i / n % n, i / (n * n)));
    double value = func (p, sizes);
    if (type == UT_VOXEL_U8)
      volume->u8[i] = value > 0;
    else
      volume->f32[i] = (float)value;
  }
  return volume;
}

UtVolume *
ut_shape_field (gsize n, UtVec3 spacing_mm, UtShapeFunc func, const double *sizes)
{
  return shape_volume (UT_VOXEL_F32, n, spacing_mm, func, sizes);
}

UtVolume *
ut_shape_labels (gsize n, UtVec3 spacing_mm, UtShapeFunc func, const double *sizes)
{
  return shape_volume (UT_VOXEL_U8, n, spacing_mm, func, sizes);
}

UtMesh *
ut_shape_sphere_mesh (double radius_mm, double x_mm)
{
  gsize n = 2 * (gsize)(radius_mm + fabs (x_mm)) + 6;
  double sizes[] = {radius_mm, x_mm, 0, 0};
  g_autoptr (UtVolume) field = ut_shape_field (n, ut_vec3 (1, 1, 1), ut_shape_sphere, sizes);
  return ut_mesh_from_field (field, 0, UT_MESH_FRAME_LPS, NULL);
}

UtMesh *
ut_shape_box_mesh (UtVec3 low, UtVec3 high)
{
  /* corner c: bit 0 x, bit 1 y, bit 2 z; two triangles a face, anticlockwise from outside */
  static const guint32 triangles[36] = {0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5, 0, 1, 5, 0, 5, 4,
                                        2, 6, 7, 2, 7, 3, 0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6};
  UtMesh *mesh = ut_mesh_new (UT_MESH_FRAME_LPS, 8, 12, NULL);
  for (gsize c = 0; c < 8; c++) {
    mesh->positions[3 * c] = (float)(c & 1 ? high.x : low.x);
    mesh->positions[3 * c + 1] = (float)(c & 2 ? high.y : low.y);
    mesh->positions[3 * c + 2] = (float)(c & 4 ? high.z : low.z);
  }
  for (gsize i = 0; i < 36; i++)
    mesh->triangles[i] = triangles[i];
  ut_mesh_compute_normals (mesh);
  return mesh;
}

void
ut_shape_assert_manifold (const UtMesh *mesh)
{
  UtMeshCheck check;
  ut_mesh_check (mesh, &check);
  g_assert_true (check.closed);
  g_assert_cmpuint (check.n_unused, ==, 0);
  g_autofree guint32 *twins = ut_mesh_find_twins (mesh);
  g_autofree guint *degrees = g_new0 (guint, mesh->n_vertices);
  g_autofree gboolean *seen = g_new0 (gboolean, mesh->n_vertices);
  for (gsize h = 0; h < 3 * mesh->n_triangles; h++)
    degrees[mesh->triangles[h]]++;
  for (guint32 h = 0; h < 3 * mesh->n_triangles; h++) {
    guint32 vertex = mesh->triangles[h];
    if (seen[vertex])
      continue;
    seen[vertex] = TRUE;
    /* out along h, back along its twin, on to the next side that starts here */
    guint n = 0;
    guint32 around = h;
    do {
      guint32 back = twins[around];
      around = back - back % 3 + (back + 1) % 3;
      n++;
    } while (around != h && n <= degrees[vertex]);
    g_assert_cmpuint (n, ==, degrees[vertex]);
  }
}

/* Sum of solid angles over 4 pi (van Oosterom & Strackee, IEEE TBME 30(2), 1983). */
double
ut_shape_winding (const UtMesh *mesh, UtVec3 p)
{
  double sum = 0;
  for (gsize i = 0; i < mesh->n_triangles; i++) {
    UtVec3 v[3];
    double r[3];
    for (int k = 0; k < 3; k++) {
      v[k] = ut_vec3_sub (ut_mesh_position (mesh, mesh->triangles[3 * i + (gsize)k]), p);
      r[k] = ut_vec3_length (v[k]);
    }
    double numerator = ut_vec3_dot (v[0], ut_vec3_cross (v[1], v[2]));
    double denominator = r[0] * r[1] * r[2] + ut_vec3_dot (v[0], v[1]) * r[2] +
                         ut_vec3_dot (v[1], v[2]) * r[0] + ut_vec3_dot (v[2], v[0]) * r[1];
    sum += 2 * atan2 (numerator, denominator);
  }
  return sum / (4 * G_PI);
}
