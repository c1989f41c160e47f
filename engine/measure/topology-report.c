/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/topology-report.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/measure/plugs.h"
#include "engine/measure/voxel-parts.h"

typedef struct Work {
  const UtVolume *labels;
  UtTopologyReport *report;
} Work;

static gpointer
no_memory (gsize n_voxels, GError **error)
{
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_MEMORY,
               ut_words ("no memory for the topology of %zu voxels"),
               n_voxels);
  return NULL;
}

/* Background outside the grid. 1 less than no column is past the last one. */
static guint8
label_at (const UtVolume *labels, gsize x, gsize y, gsize z)
{
  if (x >= labels->dims[0] || y >= labels->dims[1] || z >= labels->dims[2])
    return 0;
  guint8 label = labels->u8[ut_volume_index (labels, x, y, z)];
  return label < UT_TOPOLOGY_N_LABELS ? label : 0;
}

/* ---- places ------------------------------------------------------------------------ */

static UtPlace
place_box (const UtVolume *labels, const double low[3], const double high[3], UtVec3 centroid)
{
  const UtAffine *m = &labels->m_patient_from_voxel;
  UtPlace place = {{INFINITY, INFINITY, INFINITY},
                   {-INFINITY, -INFINITY, -INFINITY},
                   ut_affine_point (m, centroid)};
  for (int corner = 0; corner < 8; corner++) {
    UtVec3 p = {corner & 1 ? high[0] + 0.5 : low[0] - 0.5,
                corner & 2 ? high[1] + 0.5 : low[1] - 0.5,
                corner & 4 ? high[2] + 0.5 : low[2] - 0.5};
    p = ut_affine_point (m, p);
    place.low_mm =
      ut_vec3 (MIN (place.low_mm.x, p.x), MIN (place.low_mm.y, p.y), MIN (place.low_mm.z, p.z));
    place.high_mm =
      ut_vec3 (MAX (place.high_mm.x, p.x), MAX (place.high_mm.y, p.y), MAX (place.high_mm.z, p.z));
  }
  return place;
}

/* @first: of the grid in which the part was found */
static void
add_defect (
  Work *work, UtDefectKind kind, guint8 label, const UtVoxelPart *part, const gssize first[3])
{
  double low[3], high[3];
  for (int axis = 0; axis < 3; axis++) {
    low[axis] = (double)part->low[axis] + (double)first[axis];
    high[axis] = (double)part->high[axis] + (double)first[axis];
  }
  UtVec3 centroid = {part->centroid[0] + (double)first[0],
                     part->centroid[1] + (double)first[1],
                     part->centroid[2] + (double)first[2]};
  UtDefect defect = {kind, label, part->n_voxels, place_box (work->labels, low, high, centroid)};
  g_array_append_val (work->report->defects, defect);
}

static int
compare_defects (gconstpointer a, gconstpointer b)
{
  const UtDefect *x = a, *y = b;
  if (x->label != y->label)
    return x->label < y->label ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  return (x->n_voxels < y->n_voxels) - (x->n_voxels > y->n_voxels);
}

/* ---- Euler number ------------------------------------------------------------------- */

/* Every corner of the voxel grid owns itself and the edges, faces and the cube in front of it. Of
 * the 8 voxels round it, bit dx + 2 dy + 4 dz is the one behind (0) or in front (1) of it. */
static gssize
owned_euler (guint voxels)
{
  static const guint edges[] = {0xaa, 0xcc, 0xf0}, faces[] = {0xc0, 0xa0, 0x88}, cube = 0x80;
  gssize euler = voxels != 0;
  for (int axis = 0; axis < 3; axis++)
    euler += ((voxels & faces[axis]) != 0) - ((voxels & edges[axis]) != 0);
  return euler - ((voxels & cube) != 0);
}

static gssize
euler_number (const UtVolume *labels, guint8 label, const UtVoxelPart *box)
{
  gssize euler = 0;
  for (gsize z = box->low[2]; z <= box->high[2] + 1; z++)
    for (gsize y = box->low[1]; y <= box->high[1] + 1; y++)
      for (gsize x = box->low[0]; x <= box->high[0] + 1; x++) {
        guint voxels = 0;
        for (gsize k = 0; k < 8; k++) {
          if (label_at (labels, x + (k & 1) - 1, y + (k >> 1 & 1) - 1, z + (k >> 2) - 1) == label)
            voxels |= 1u << k;
        }
        euler += owned_euler (voxels);
      }
  return euler;
}

/* ---- one structure -------------------------------------------------------------------- */

/* Parts of @label in @parts, the box round them in @ret_box; all but the largest are defects. */
static guint
add_parts (Work *work, const GArray *parts, guint8 label, UtVoxelPart *ret_box)
{
  static const gssize first[3] = {0, 0, 0};
  const UtVoxelPart *largest = NULL;
  guint n_parts = 0;
  for (guint i = 0; i < parts->len; i++) {
    const UtVoxelPart *part = &g_array_index (parts, UtVoxelPart, i);
    if (part->code != label)
      continue;
    for (int axis = 0; axis < 3; axis++) {
      gboolean none = n_parts == 0;
      ret_box->low[axis] = none ? part->low[axis] : MIN (ret_box->low[axis], part->low[axis]);
      ret_box->high[axis] = none ? part->high[axis] : MAX (ret_box->high[axis], part->high[axis]);
    }
    n_parts++;
    if (largest == NULL || part->n_voxels > largest->n_voxels)
      largest = part;
  }
  for (guint i = 0; i < parts->len; i++) {
    const UtVoxelPart *part = &g_array_index (parts, UtVoxelPart, i);
    if (part->code == label && part != largest)
      add_defect (work, UT_DEFECT_PART, label, part, first);
  }
  return n_parts;
}

/* A structure cut out with a layer of something else round it: 1 = not the structure. */
typedef struct Cutout {
  gssize first[3]; /* of the grid; -1 where the layer lies outside */
  gsize dims[3];
  guint8 *voxels;
} Cutout;

static gboolean
cut_out (const Work *work, guint8 label, const UtVoxelPart *box, Cutout *cutout, GError **error)
{
  gsize n_voxels = 1, i = 0;
  for (int axis = 0; axis < 3; axis++) {
    cutout->first[axis] = (gssize)box->low[axis] - 1;
    cutout->dims[axis] = box->high[axis] - box->low[axis] + 3;
    n_voxels *= cutout->dims[axis];
  }
  cutout->voxels = g_try_new (guint8, n_voxels);
  if (cutout->voxels == NULL)
    return no_memory (n_voxels, error) != NULL;
  for (gsize z = 0; z < cutout->dims[2]; z++)
    for (gsize y = 0; y < cutout->dims[1]; y++)
      for (gsize x = 0; x < cutout->dims[0]; x++)
        cutout->voxels[i++] = label_at (work->labels,
                                        x + (gsize)cutout->first[0],
                                        y + (gsize)cutout->first[1],
                                        z + (gsize)cutout->first[2]) != label;
  return TRUE;
}

/* What does not reach the layer round the structure is a cavity; afterwards it is filled. */
static gboolean
add_cavities (Work *work, guint8 label, Cutout *cutout, guint *n_cavities, GError **error)
{
  gsize n_voxels = cutout->dims[0] * cutout->dims[1] * cutout->dims[2];
  g_autofree guint32 *index = g_try_new (guint32, n_voxels);
  if (index == NULL)
    return no_memory (n_voxels, error) != NULL;
  g_autoptr (GArray) parts = ut_voxel_parts (cutout->voxels, cutout->dims, TRUE, index, error);
  if (parts == NULL)
    return FALSE;
  for (guint i = 0; i < parts->len; i++) {
    const UtVoxelPart *part = &g_array_index (parts, UtVoxelPart, i);
    if (part->at_edge)
      continue;
    (*n_cavities)++;
    add_defect (work, UT_DEFECT_CAVITY, label, part, cutout->first);
  }
  for (gsize i = 0; i < n_voxels; i++)
    cutout->voxels[i] = index[i] == 0 || !g_array_index (parts, UtVoxelPart, index[i] - 1).at_edge;
  return TRUE;
}

static gboolean
add_plugs (Work *work, guint8 label, Cutout *cutout, GError **error)
{
  if (!ut_plugs_find (cutout->voxels, cutout->dims, error))
    return FALSE;
  gsize n_voxels = cutout->dims[0] * cutout->dims[1] * cutout->dims[2];
  for (gsize i = 0; i < n_voxels; i++)
    cutout->voxels[i] = cutout->voxels[i] == 2;
  g_autoptr (GArray) plugs = ut_voxel_parts (cutout->voxels, cutout->dims, FALSE, NULL, error);
  for (guint i = 0; plugs != NULL && i < plugs->len; i++)
    add_defect (
      work, UT_DEFECT_HANDLE, label, &g_array_index (plugs, UtVoxelPart, i), cutout->first);
  return plugs != NULL;
}

static gboolean
add_structure (Work *work, const GArray *parts, guint8 label, GError **error)
{
  UtStructureTopology *found = &work->report->structures[label];
  UtVoxelPart box = {0};
  found->n_parts = add_parts (work, parts, label, &box);
  if (found->n_parts == 0)
    return TRUE;
  Cutout cutout;
  if (!cut_out (work, label, &box, &cutout, error))
    return FALSE;
  g_autofree guint8 *voxels = cutout.voxels;
  if (!add_cavities (work, label, &cutout, &found->n_cavities, error))
    return FALSE;
  found->euler = euler_number (work->labels, label, &box);
  found->n_handles = (gssize)found->n_parts + (gssize)found->n_cavities - found->euler;
  return found->n_handles == 0 || add_plugs (work, label, &cutout, error);
}

/* ---- contacts and gaps ------------------------------------------------------------------ */

/* What is known of a contact while faces are added up; in voxels. */
typedef struct Sum {
  gsize n_faces;
  double area_mm2, low[3], high[3], centroid[3];
} Sum;

static void
add_face (Sum *sum, const gsize at[3], int axis, double area_mm2)
{
  for (int i = 0; i < 3; i++) {
    double low = (double)at[i] - (i == axis ? 1 : 0), high = (double)at[i];
    sum->low[i] = sum->n_faces > 0 ? MIN (sum->low[i], low) : low;
    sum->high[i] = sum->n_faces > 0 ? MAX (sum->high[i], high) : high;
    sum->centroid[i] += (low + high) / 2;
  }
  sum->n_faces++;
  sum->area_mm2 += area_mm2;
}

static void
add_contacts (Work *work)
{
  const UtVolume *labels = work->labels;
  UtVec3 spacing = ut_volume_spacing (labels);
  double voxel_mm3 = ut_volume_voxel_ml (labels) * 1000;
  const double areas[3] = {voxel_mm3 / spacing.x, voxel_mm3 / spacing.y, voxel_mm3 / spacing.z};
  Sum sums[UT_TOPOLOGY_N_LABELS][UT_TOPOLOGY_N_LABELS] = {0};

  for (gsize z = 0; z <= labels->dims[2]; z++)
    for (gsize y = 0; y <= labels->dims[1]; y++)
      for (gsize x = 0; x <= labels->dims[0]; x++) {
        guint8 here = label_at (labels, x, y, z);
        for (int axis = 0; axis < 3; axis++) {
          guint8 before = label_at (labels, x - (axis == 0), y - (axis == 1), z - (axis == 2));
          if (before != here)
            add_face (&sums[MIN (here, before)][MAX (here, before)],
                      (const gsize[3]){x, y, z},
                      axis,
                      areas[axis]);
        }
      }
  for (int a = 0; a < UT_TOPOLOGY_N_LABELS; a++)
    for (int b = a + 1; b < UT_TOPOLOGY_N_LABELS; b++) {
      const Sum *sum = &sums[a][b];
      if (sum->n_faces == 0)
        continue;
      UtVec3 centroid = ut_vec3_scale (
        ut_vec3 (sum->centroid[0], sum->centroid[1], sum->centroid[2]), 1.0 / (double)sum->n_faces);
      work->report->contacts[a][b] = work->report->contacts[b][a] =
        (UtContact){sum->n_faces, sum->area_mm2, place_box (labels, sum->low, sum->high, centroid)};
    }
}

static gboolean
add_gaps (Work *work, GError **error)
{
  static const gssize first[3] = {0, 0, 0};
  gsize n_voxels = ut_volume_n_voxels (work->labels);
  g_autofree guint8 *leaks = g_try_new0 (guint8, n_voxels);
  if (leaks == NULL)
    return no_memory (n_voxels, error) != NULL;
  ut_topology_mark_leaks (work->labels, leaks);
  g_autoptr (GArray) gaps = ut_voxel_parts (leaks, work->labels->dims, FALSE, NULL, error);
  for (guint i = 0; gaps != NULL && i < gaps->len; i++)
    add_defect (work, UT_DEFECT_GAP, UT_TOPOLOGY_LV, &g_array_index (gaps, UtVoxelPart, i), first);
  return gaps != NULL;
}

/* ---- whole -------------------------------------------------------------------------------- */

UtTopologyReport *
ut_topology_report_new (const UtVolume *labels, GError **error)
{
  g_autoptr (UtTopologyReport) report = g_new0 (UtTopologyReport, 1);
  report->defects = g_array_new (FALSE, FALSE, sizeof (UtDefect));
  if (!ut_topology_check (labels, &report->topology, error))
    return NULL;
  Work work = {labels, report};
  g_autoptr (GArray) parts = ut_voxel_parts (labels->u8, labels->dims, FALSE, NULL, error);
  if (parts == NULL || !add_gaps (&work, error))
    return NULL;
  for (guint8 label = 1; label < UT_TOPOLOGY_N_LABELS; label++)
    if (!add_structure (&work, parts, label, error))
      return NULL;
  add_contacts (&work);
  g_array_sort (report->defects, compare_defects);
  return g_steal_pointer (&report);
}

void
ut_topology_report_free (UtTopologyReport *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->defects, g_array_unref);
  g_free (self);
}
