/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/label-offset.h"

#include "engine/base/error.h"
#include "engine/measure/distance-transform.h"

#include <math.h>
#include <string.h>

#define SLACK_MM 1e-3 /* of a distance that is just met */

/* Labels with the distances that decide about them. */
typedef struct Grid {
  const guint8 *labels;
  gsize n;
  const gsize *dims;
  UtVec3 spacing_mm;
  double half_mm; /* from a centre to the surface beside it */
} Grid;

static gboolean
yields (guint8 label, UtStructure to)
{
  return label == UT_BACKGROUND || (to == UT_LV && label == UT_MYO);
}

/* [n] squared distances of all voxels to those of @label */
static double *
distances_to (const Grid *grid, guint8 label)
{
  g_autofree guint8 *mask = g_malloc (grid->n);
  double *squared = g_new (double, grid->n);
  for (gsize i = 0; i < grid->n; i++)
    mask[i] = grid->labels[i] == label;
  ut_distance_transform (mask, grid->dims, grid->spacing_mm, squared);
  return squared;
}

static gsize
grow (const Grid *grid, UtStructure structure, double mm, guint8 *ret)
{
  g_autofree double *own = distances_to (grid, (guint8)structure);
  gsize n_changed = 0;
  for (gsize i = 0; i < grid->n; i++)
    if (yields (grid->labels[i], structure) && sqrt (own[i]) - grid->half_mm <= mm + SLACK_MM) {
      ret[i] = (guint8)structure;
      n_changed++;
    }
  return n_changed;
}

static gsize
shrink (const Grid *grid, UtStructure structure, double mm, guint8 *ret)
{
  g_autofree double *background = distances_to (grid, UT_BACKGROUND);
  g_autofree double *wall = structure == UT_LV ? distances_to (grid, UT_MYO) : NULL;
  gsize n_changed = 0;
  for (gsize i = 0; i < grid->n; i++) {
    if (grid->labels[i] != structure)
      continue;
    gboolean to_wall = wall != NULL && wall[i] <= background[i];
    if (sqrt (to_wall ? wall[i] : background[i]) - grid->half_mm > mm + SLACK_MM)
      continue;
    ret[i] = to_wall ? UT_MYO : UT_BACKGROUND;
    n_changed++;
  }
  return n_changed;
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
               "an offset of %g mm, want steps of %g up to %g",
               mm,
               UT_OFFSET_STEP_MM,
               UT_OFFSET_MAX_MM);
  return FALSE;
}

UtVolume *
ut_label_offset (const UtVolume *labels, UtStructure structure, double mm, GError **error)
{
  g_return_val_if_fail (structure > UT_BACKGROUND && structure < UT_N_LABELS, NULL);
  if (!check_size (mm, error))
    return NULL;
  UtVec3 spacing = ut_volume_spacing (labels);
  Grid grid = {.labels = labels->u8,
               .n = ut_volume_n_voxels (labels),
               .dims = labels->dims,
               .spacing_mm = spacing,
               .half_mm = (spacing.x + spacing.y + spacing.z) / 6};
  g_autoptr (UtVolume) moved =
    ut_volume_new (UT_VOXEL_U8, labels->dims, &labels->m_patient_from_voxel, error);
  if (moved == NULL)
    return NULL;
  memcpy (moved->u8, labels->u8, grid.n);
  gboolean there = count (labels->u8, grid.n, structure) > 0;
  gsize n_changed = !there   ? 0
                    : mm > 0 ? grow (&grid, structure, mm, moved->u8)
                             : shrink (&grid, structure, -mm, moved->u8);
  const char *problem = !there           ? "is not there"
                        : n_changed == 0 ? "has no surface that could move"
                        : count (moved->u8, grid.n, structure) == 0 ? "would vanish: shrink it less"
                                                                    : NULL;
  if (problem == NULL)
    return g_steal_pointer (&moved);
  g_set_error (
    error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE, "%s %s", ut_structure_name (structure), problem);
  return NULL;
}
