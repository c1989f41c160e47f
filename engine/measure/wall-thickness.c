/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/wall-thickness.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/measure/long-axis.h"
#include "engine/surface/mesh-distance.h"

#define N_SECTORS  24
#define RIM_COSINE (-0.7) /* the rim faces within 45 degrees of straight back */

/* Away from the cavity, and not of the rim, which faces the atria. */
static gboolean
is_outer (const UtMesh *myo,
          const UtMeshDistance *to_cavity,
          const UtLvFrame *frame,
          gsize triangle)
{
  UtVec3 normal = ut_vec3_normalise (ut_mesh_triangle_cross (myo, triangle));
  if (ut_vec3_dot (normal, frame->axis) < RIM_COSINE)
    return FALSE;
  for (guint corner = 0; corner < 3; corner++)
    if (fabsf (to_cavity->signed_mm[myo->triangles[3 * triangle + corner]]) <= UT_DISTANCE_BAND_MM)
      return FALSE;
  return TRUE;
}

static UtVec3
middle (const UtMesh *mesh, gsize triangle)
{
  const guint32 *corners = mesh->triangles + 3 * triangle;
  UtVec3 sum = ut_vec3_add (
    ut_vec3_add (ut_mesh_position (mesh, corners[0]), ut_mesh_position (mesh, corners[1])),
    ut_mesh_position (mesh, corners[2]));
  return ut_vec3_scale (sum, 1.0 / 3);
}

/* Where the wall begins in the sector in which it begins last; infinity where one has none. */
static double
find_base_mm (const UtMesh *myo, const UtMeshDistance *to_cavity, const UtLvFrame *frame)
{
  double first_mm[N_SECTORS], base_mm = 0;
  for (guint i = 0; i < N_SECTORS; i++)
    first_mm[i] = INFINITY;
  for (gsize t = 0; t < myo->n_triangles; t++) {
    if (!is_outer (myo, to_cavity, frame, t))
      continue;
    UtVec3 p = middle (myo, t);
    guint sector = (guint)(ut_lv_frame_angle (frame, p) * N_SECTORS / 360) % N_SECTORS;
    first_mm[sector] = fmin (first_mm[sector], ut_lv_frame_level (frame, p));
  }
  for (guint i = 0; i < N_SECTORS; i++)
    base_mm = fmax (base_mm, first_mm[i]);
  return base_mm;
}

gboolean
ut_wall_thickness (
  const UtMesh *myo, const UtMesh *lv, const UtLvFrame *frame, UtWallThickness *ret, GError **error)
{
  UtSegments segments = {.frame = *frame};
  g_autoptr (UtMeshDistance) to_cavity = ut_mesh_distance_new (myo, lv, error);
  if (to_cavity == NULL)
    return FALSE;
  segments.base_mm = find_base_mm (myo, to_cavity, frame);
  if (!ut_lv_long_axis (lv, frame, &segments.apex_mm) || segments.base_mm >= segments.apex_mm) {
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_FORMAT,
      ut_words ("the wall of the left ventricle is no whole ring at any level of the cavity"));
    return FALSE;
  }

  double area[UT_N_SEGMENTS + 1] = {0}, sum[UT_N_SEGMENTS + 1] = {0}, all_area = 0, all_sum = 0;
  for (gsize t = 0; t < myo->n_triangles; t++) {
    guint segment =
      is_outer (myo, to_cavity, frame, t) ? ut_segment_at (&segments, middle (myo, t)) : 0;
    if (segment == 0)
      continue;
    double weight = ut_vec3_length (ut_mesh_triangle_cross (myo, t)), mm = 0;
    for (guint corner = 0; corner < 3; corner++)
      mm += (double)fabsf (to_cavity->signed_mm[myo->triangles[3 * t + corner]]) / 3;
    area[segment] += weight;
    sum[segment] += weight * mm;
    all_area += weight;
    all_sum += weight * mm;
  }
  ret->mean_mm = all_sum / all_area;
  for (guint i = 0; i <= UT_N_SEGMENTS; i++)
    ret->segment_mm[i] = area[i] > 0 ? sum[i] / area[i] : NAN;
  return TRUE;
}
