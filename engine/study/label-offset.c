/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/label-offset.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/measure/distance-transform.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/smoothing.h"
#include "engine/surface/triangle-tree.h"

#include <math.h>
#include <string.h>

#define SLACK_MM 1e-3 /* of a distance that is just met */

/* A centre is at most so much farther from the next centre than from the smoothed surface. */
#define MARGIN_VOXELS 2.0

static gboolean
yields (guint8 label, UtStructure to)
{
  return label == UT_BACKGROUND || (to == UT_LV && label == UT_MYO);
}

/* [n] squared distances of all voxels to those of @label */
static double *
distances_to_voxels (const UtVolume *labels, guint8 label)
{
  gsize n = ut_volume_n_voxels (labels);
  g_autofree guint8 *mask = g_malloc (n);
  double *squared = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    mask[i] = labels->u8[i] == label;
  ut_distance_transform (mask, labels->dims, ut_volume_spacing (labels), squared);
  return squared;
}

static void
voxel_centre (const UtVolume *labels, gsize i, float ret[3])
{
  const gsize *dims = labels->dims;
  UtVec3 voxel = ut_vec3 (
    (double)(i % dims[0]), (double)(i / dims[0] % dims[1]), (double)(i / dims[0] / dims[1]));
  UtVec3 p = ut_affine_point (&labels->m_patient_from_voxel, voxel);
  ret[0] = (float)p.x;
  ret[1] = (float)p.y;
  ret[2] = (float)p.z;
}

/* (transfer full): [n] mm from the voxel centres that lie outside of @label to its surface, right
 * where it is @mm at most, else more than that; infinity inside. NULL with MEMORY. */
static double *
distances_to_surface (const UtVolume *labels, guint8 label, double mm, GError **error)
{
  g_autoptr (UtMesh) stairs = ut_mesh_from_labels (labels, label, UT_MESH_FRAME_CANONICAL, error);
  g_autoptr (UtMesh) surface =
    stairs ? ut_mesh_smooth (stairs, UT_SMOOTHING_DEFAULT_STEPS, error) : NULL;
  if (surface == NULL)
    return NULL;
  UtVec3 spacing = ut_volume_spacing (labels);
  double near_mm = mm + MARGIN_VOXELS * MAX (spacing.x, MAX (spacing.y, spacing.z));
  g_autoptr (UtTriangleTree) tree =
    surface->n_triangles > 0 ? ut_triangle_tree_new (surface) : NULL;
  double *distances = distances_to_voxels (labels, label);
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++) {
    gboolean near = tree != NULL && labels->u8[i] != label && distances[i] <= near_mm * near_mm;
    distances[i] = INFINITY;
    if (!near)
      continue;
    float centre[3];
    UtNearest nearest = UT_NEAREST_NONE;
    voxel_centre (labels, i, centre);
    ut_triangle_tree_find (tree, centre, &nearest);
    distances[i] = sqrt (nearest.squared);
  }
  return distances;
}

static gboolean
grow (const UtVolume *labels, UtStructure structure, double mm, guint8 *ret, GError **error)
{
  g_autofree double *own = distances_to_surface (labels, (guint8)structure, mm, error);
  for (gsize i = 0; own != NULL && i < ut_volume_n_voxels (labels); i++)
    if (yields (labels->u8[i], structure) && own[i] <= mm + SLACK_MM)
      ret[i] = (guint8)structure;
  return own != NULL;
}

static gboolean
shrink (const UtVolume *labels, UtStructure structure, double mm, guint8 *ret, GError **error)
{
  g_autofree double *background = distances_to_surface (labels, UT_BACKGROUND, mm, error);
  g_autofree double *wall =
    background && structure == UT_LV ? distances_to_surface (labels, UT_MYO, mm, error) : NULL;
  if (background == NULL || (structure == UT_LV && wall == NULL))
    return FALSE;
  for (gsize i = 0; i < ut_volume_n_voxels (labels); i++) {
    gboolean to_wall = wall != NULL && wall[i] <= background[i];
    if (labels->u8[i] == structure && (to_wall ? wall[i] : background[i]) <= mm + SLACK_MM)
      ret[i] = to_wall ? UT_MYO : UT_BACKGROUND;
  }
  return TRUE;
}

static gsize
count (const guint8 *labels, gsize n, UtStructure structure)
{
  gsize found = 0;
  for (gsize i = 0; i < n; i++)
    found += labels[i] == structure;
  return found;
}

static gboolean
check_size (double mm, GError **error)
{
  double steps = mm / UT_OFFSET_STEP_MM;
  if (fabs (mm) <= UT_OFFSET_MAX_MM && mm != 0 && steps == round (steps))
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_RANGE,
               ut_words ("an offset of %g mm, want steps of %g up to %g"),
               mm,
               UT_OFFSET_STEP_MM,
               UT_OFFSET_MAX_MM);
  return FALSE;
}

G_GNUC_PRINTF (2, 3)
static UtVolume *
refuse (GError **error, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_propagate_error (
    error, g_error_new_valist (UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE, format, arguments));
  va_end (arguments);
  return NULL;
}

UtVolume *
ut_label_offset (const UtVolume *labels, UtStructure structure, double mm, GError **error)
{
  g_return_val_if_fail (structure > UT_BACKGROUND && structure < UT_N_LABELS, NULL);
  if (!check_size (mm, error))
    return NULL;
  g_autoptr (UtVolume) moved =
    ut_volume_new (UT_VOXEL_U8, labels->dims, &labels->m_patient_from_voxel, error);
  if (moved == NULL)
    return NULL;
  gsize n = ut_volume_n_voxels (labels);
  memcpy (moved->u8, labels->u8, n);
  const char *name = ut_structure_name (structure);
  if (count (labels->u8, n, structure) == 0)
    return refuse (error, ut_words ("%s is not there"), name);
  if (!(mm > 0 ? grow (labels, structure, mm, moved->u8, error)
               : shrink (labels, structure, -mm, moved->u8, error)))
    return NULL;
  if (memcmp (moved->u8, labels->u8, n) == 0)
    return refuse (error, ut_words ("%s has no surface that could move"), name);
  if (count (moved->u8, n, structure) == 0)
    return refuse (error, ut_words ("%s would vanish: shrink it less"), name);
  return g_steal_pointer (&moved);
}
