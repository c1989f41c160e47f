/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/topology.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/measure/voxel-parts.h"

/* codes of UtStructure, which this folder does not know */
enum { BACKGROUND = 0, LV = UT_TOPOLOGY_LV, LA = 3 };

/* ---- parts ---------------------------------------------------------------------- */

static gboolean
count_parts (const UtVolume *labels, guint *n_parts, GError **error)
{
  g_autoptr (GArray) parts = ut_voxel_parts (labels->u8, labels->dims, FALSE, NULL, error);
  if (parts == NULL)
    return FALSE;
  for (guint i = 0; i < parts->len; i++) {
    guint8 label = g_array_index (parts, UtVoxelPart, i).code;
    if (label < UT_TOPOLOGY_N_LABELS)
      n_parts[label]++;
  }
  return TRUE;
}

/* ---- leak ------------------------------------------------------------------------ */

/* Whether a voxel has @label at one of its faces; outside the grid is background. */
static gboolean
touches (const UtVolume *labels, const gsize at[3], guint8 label)
{
  const gsize *dims = labels->dims, steps[3] = {1, dims[0], dims[0] * dims[1]};
  const guint8 *voxel = labels->u8 + ut_volume_index (labels, at[0], at[1], at[2]);
  for (int axis = 0; axis < 3; axis++) {
    guint8 before = at[axis] > 0 ? *(voxel - steps[axis]) : BACKGROUND;
    guint8 after = at[axis] + 1 < dims[axis] ? voxel[steps[axis]] : BACKGROUND;
    if (before == label || after == label)
      return TRUE;
  }
  return FALSE;
}

typedef void (*VoxelFunc) (const UtVolume *labels, const gsize at[3], UtVec3 p_mm, gpointer data);

static void
for_each_lv_voxel (const UtVolume *labels, VoxelFunc func, gpointer data)
{
  const gsize *dims = labels->dims;
  const guint8 *voxel = labels->u8;
  for (gsize z = 0; z < dims[2]; z++)
    for (gsize y = 0; y < dims[1]; y++)
      for (gsize x = 0; x < dims[0]; x++) {
        const gsize at[3] = {x, y, z};
        UtVec3 p_voxel = {(double)x, (double)y, (double)z};
        if (*voxel++ == LV)
          func (labels, at, ut_affine_point (&labels->m_patient_from_voxel, p_voxel), data);
      }
}

/* The line from the mitral opening to the apex. */
typedef struct Axis {
  gsize n_mitral;
  UtVec3 mitral, apex; /* mm; the first is a sum until add_mitral() is through */
  double length_mm;
  gsize n_leak;
  guint8 *leaks; /* marked where there is one, or NULL */
} Axis;

static void
add_mitral (const UtVolume *labels, const gsize at[3], UtVec3 p_mm, gpointer data)
{
  Axis *axis = data;
  if (!touches (labels, at, LA))
    return;
  axis->mitral = ut_vec3_add (axis->mitral, p_mm);
  axis->n_mitral++;
}

static void
find_apex (const UtVolume *labels, const gsize at[3], UtVec3 p_mm, gpointer data)
{
  Axis *axis = data;
  double distance = ut_vec3_length (ut_vec3_sub (p_mm, axis->mitral));
  if (distance <= axis->length_mm)
    return;
  axis->apex = p_mm;
  axis->length_mm = distance;
}

static void
count_leak (const UtVolume *labels, const gsize at[3], UtVec3 p_mm, gpointer data)
{
  Axis *axis = data;
  if (!touches (labels, at, BACKGROUND))
    return;
  UtVec3 down = ut_vec3_sub (axis->apex, axis->mitral), here = ut_vec3_sub (p_mm, axis->mitral);
  double share = ut_vec3_dot (here, down) / ut_vec3_dot (down, down);
  if (axis->n_mitral > 0 && share <= UT_TOPOLOGY_BASE_SHARE)
    return;
  axis->n_leak++;
  if (axis->leaks != NULL)
    axis->leaks[ut_volume_index (labels, at[0], at[1], at[2])] = 1;
}

gsize
ut_topology_mark_leaks (const UtVolume *labels, guint8 *ret_leaks)
{
  Axis axis = {.leaks = ret_leaks};
  for_each_lv_voxel (labels, add_mitral, &axis);
  if (axis.n_mitral > 0)
    axis.mitral = ut_vec3_scale (axis.mitral, 1.0 / (double)axis.n_mitral);
  for_each_lv_voxel (labels, find_apex, &axis);
  for_each_lv_voxel (labels, count_leak, &axis);
  return axis.n_leak;
}

gboolean
ut_topology_check (const UtVolume *labels, UtTopology *ret_topology, GError **error)
{
  UtTopology found = {.one_part = TRUE};
  if (labels->type != UT_VOXEL_U8) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("topology needs a label volume, this one holds floats"));
    return FALSE;
  }
  if (!count_parts (labels, found.n_parts, error))
    return FALSE;
  for (int label = 1; label < UT_TOPOLOGY_N_LABELS; label++)
    found.one_part = found.one_part && found.n_parts[label] == 1;
  found.n_leak_voxels = ut_topology_mark_leaks (labels, NULL);
  found.no_leak = found.n_leak_voxels == 0;
  *ret_topology = found;
  return TRUE;
}
