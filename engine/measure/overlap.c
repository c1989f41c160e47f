/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/overlap.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/compare.h"
#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/measure/distance-transform.h"

/* Part of the grid that holds both sets: nothing outside it takes part in a distance. */
typedef struct Region {
  gsize first[3], dims[3];
  gsize n_voxels;
} Region;

/* Memory for the distances of one label. */
typedef struct Work {
  Region region;
  guint8 *surfaces[2]; /* [n_voxels] of the predicted set, of the reference */
  double *squared;     /* [n_voxels] mm^2 or voxels^2 */
  double *values;      /* [n_voxels] */
} Work;

/* What is kept of the distances from one surface to the other. */
typedef struct Directed {
  double max, p95, sum;
  gsize n;
} Directed;

const struct UtOverlapNumber ut_overlap_numbers[UT_OVERLAP_N_NUMBERS] = {
  {"dsc", offsetof (UtOverlap, dsc)},
  {"hd_voxels", offsetof (UtOverlap, hd_voxels)},
  {"hd_mm", offsetof (UtOverlap, hd_mm)},
  {"hd95_voxels", offsetof (UtOverlap, hd95_voxels)},
  {"hd95_mm", offsetof (UtOverlap, hd95_mm)},
  {"assd_voxels", offsetof (UtOverlap, assd_voxels)},
  {"assd_mm", offsetof (UtOverlap, assd_mm)},
  {"volume_error_ml", offsetof (UtOverlap, volume_error_ml)},
  {"volume_difference_ml", offsetof (UtOverlap, volume_difference_ml)},
};

/* Largest, 95th percentile and mean, as UtOverlap has them. */
typedef struct Distances {
  double hd, hd95, assd;
} Distances;

static gboolean
check_volumes (const UtVolume *pred, const UtVolume *ref, GError **error)
{
  if (pred->type != UT_VOXEL_U8 || ref->type != UT_VOXEL_U8) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("overlap needs two label volumes, one holds floats"));
    return FALSE;
  }
  if (memcmp (pred->dims, ref->dims, sizeof pred->dims) != 0) {
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("the label volumes to compare have %zu x %zu x %zu and %zu x %zu x %zu voxels; "
                "resample one onto the other"),
      pred->dims[0],
      pred->dims[1],
      pred->dims[2],
      ref->dims[0],
      ref->dims[1],
      ref->dims[2]);
    return FALSE;
  }
  if (!ut_volume_same_grid (pred, ref, UT_VOLUME_GRID_TOLERANCE_MM)) {
    UtVec3 offset = ut_vec3_sub (ut_affine_point (&pred->m_patient_from_voxel, (UtVec3){0}),
                                 ut_affine_point (&ref->m_patient_from_voxel, (UtVec3){0}));
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_RANGE,
      ut_words ("the label volumes to compare lie in other places, turned or scaled otherwise "
                "(first voxels %.3g mm apart); resample one onto the other"),
      ut_vec3_length (offset));
    return FALSE;
  }
  return TRUE;
}

/* Counts both sets and finds the box that holds them. */
static Region
count_voxels (const UtVolume *pred, const UtVolume *ref, guint8 label, UtOverlap *overlap)
{
  const gsize *dims = pred->dims;
  gsize low[3] = {G_MAXSIZE, G_MAXSIZE, G_MAXSIZE}, high[3] = {0, 0, 0}, i = 0;
  for (gsize z = 0; z < dims[2]; z++)
    for (gsize y = 0; y < dims[1]; y++)
      for (gsize x = 0; x < dims[0]; x++, i++) {
        gboolean in_pred = pred->u8[i] == label, in_ref = ref->u8[i] == label;
        if (!in_pred && !in_ref)
          continue;
        overlap->n_pred += (gsize)in_pred;
        overlap->n_ref += (gsize)in_ref;
        overlap->n_common += (gsize)(in_pred && in_ref);
        const gsize at[3] = {x, y, z};
        for (int axis = 0; axis < 3; axis++) {
          low[axis] = MIN (low[axis], at[axis]);
          high[axis] = MAX (high[axis], at[axis]);
        }
      }
  Region region = {.n_voxels = 1};
  for (int axis = 0; axis < 3; axis++) {
    region.first[axis] = low[axis];
    region.dims[axis] = high[axis] - low[axis] + 1;
    region.n_voxels *= region.dims[axis];
  }
  return region;
}

/* Voxels of the label with one of 6 neighbours outside it; outside the grid is outside. */
static void
find_surface (const UtVolume *labels, guint8 label, const Region *region, guint8 *surface)
{
  const gsize *dims = labels->dims;
  const gsize steps[3] = {1, dims[0], dims[0] * dims[1]};
  for (gsize i = 0; i < region->n_voxels; i++) {
    const gsize at[3] = {region->first[0] + i % region->dims[0],
                         region->first[1] + i / region->dims[0] % region->dims[1],
                         region->first[2] + i / (region->dims[0] * region->dims[1])};
    const guint8 *voxel = labels->u8 + ut_volume_index (labels, at[0], at[1], at[2]);
    if (*voxel != label)
      continue;
    for (int axis = 0; axis < 3; axis++)
      if (at[axis] == 0 || at[axis] + 1 == dims[axis] || *(voxel - steps[axis]) != label ||
          voxel[steps[axis]] != label)
        surface[i] = 1;
  }
}

/* Linear between order statistics: rank (n - 1) share, counted from 0. */
static double
percentile (const double *sorted, gsize n, double share)
{
  double rank = (double)(n - 1) * share;
  gsize below = (gsize)rank, above = MIN (below + 1, n - 1);
  return sorted[below] + (rank - (double)below) * (sorted[above] - sorted[below]);
}

static Directed
measure_directed (const Work *work, guint from, guint to, UtVec3 spacing)
{
  Directed directed = {0};
  ut_distance_transform (work->surfaces[to], work->region.dims, spacing, work->squared);
  for (gsize i = 0; i < work->region.n_voxels; i++)
    if (work->surfaces[from][i]) {
      work->values[directed.n] = sqrt (work->squared[i]);
      directed.sum += work->values[directed.n++];
    }
  qsort (work->values, directed.n, sizeof (double), ut_compare_doubles);
  directed.max = work->values[directed.n - 1];
  directed.p95 = percentile (work->values, directed.n, 0.95);
  return directed;
}

static Distances
measure_distances (const Work *work, UtVec3 spacing)
{
  Directed a = measure_directed (work, 0, 1, spacing), b = measure_directed (work, 1, 0, spacing);
  return (Distances){.hd = MAX (a.max, b.max),
                     .hd95 = MAX (a.p95, b.p95),
                     .assd = (a.sum + b.sum) / (double)(a.n + b.n)};
}

static void
work_clear (Work *work)
{
  g_free (work->surfaces[0]);
  g_free (work->surfaces[1]);
  g_free (work->squared);
  g_free (work->values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gboolean
work_init (Work *work, const Region *region, GError **error)
{
  gsize n = region->n_voxels;
  *work = (Work){.region = *region,
                 .surfaces = {g_try_new0 (guint8, n), g_try_new0 (guint8, n)},
                 .squared = g_try_new (double, n),
                 .values = g_try_new (double, n)};
  if (work->surfaces[0] != NULL && work->surfaces[1] != NULL && work->squared != NULL &&
      work->values != NULL)
    return TRUE;
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_MEMORY,
               ut_words ("no memory to compare structures of %zu voxels"),
               n);
  return FALSE;
}

/* Corner centre to corner centre, which stands for the distance to a set that is not there. */
static Distances
diagonal (const gsize dims[3], UtVec3 spacing)
{
  UtVec3 across = {((double)dims[0] - 1) * spacing.x,
                   ((double)dims[1] - 1) * spacing.y,
                   ((double)dims[2] - 1) * spacing.z};
  double length = ut_vec3_length (across);
  return (Distances){length, length, length};
}

static void
set_distances (UtOverlap *overlap, Distances voxels, Distances mm)
{
  overlap->hd_voxels = voxels.hd;
  overlap->hd95_voxels = voxels.hd95;
  overlap->assd_voxels = voxels.assd;
  overlap->hd_mm = mm.hd;
  overlap->hd95_mm = mm.hd95;
  overlap->assd_mm = mm.assd;
}

/* Fills in the distances where both sets have voxels. */
static gboolean
compare_surfaces (const UtVolume *pred,
                  const UtVolume *ref,
                  guint8 label,
                  const Region *region,
                  UtOverlap *overlap,
                  GError **error)
{
  g_auto (Work) work = {0};
  if (!work_init (&work, region, error))
    return FALSE;
  find_surface (pred, label, region, work.surfaces[0]);
  find_surface (ref, label, region, work.surfaces[1]);
  Distances voxels = measure_distances (&work, ut_vec3 (1, 1, 1));
  set_distances (overlap, voxels, measure_distances (&work, ut_volume_spacing (ref)));
  return TRUE;
}

static gboolean
measure_label (
  const UtVolume *pred, const UtVolume *ref, guint8 label, UtOverlap *ret_overlap, GError **error)
{
  UtOverlap overlap = {.dsc = 1};
  Region region = count_voxels (pred, ref, label, &overlap);
  double n_pred = (double)overlap.n_pred, n_ref = (double)overlap.n_ref;
  overlap.volume_difference_ml = (n_pred - n_ref) * ut_volume_voxel_ml (ref);
  overlap.volume_error_ml = fabs (overlap.volume_difference_ml);
  if (n_pred + n_ref > 0)
    overlap.dsc = 2 * (double)overlap.n_common / (n_pred + n_ref);

  if (ut_overlap_one_empty (&overlap)) {
    Distances voxels = diagonal (ref->dims, ut_vec3 (1, 1, 1));
    set_distances (&overlap, voxels, diagonal (ref->dims, ut_volume_spacing (ref)));
  } else if (n_pred > 0 && !compare_surfaces (pred, ref, label, &region, &overlap, error)) {
    return FALSE;
  }
  *ret_overlap = overlap;
  return TRUE;
}

gboolean
ut_overlap_label (
  const UtVolume *pred, const UtVolume *ref, guint8 label, UtOverlap *ret_overlap, GError **error)
{
  return check_volumes (pred, ref, error) && measure_label (pred, ref, label, ret_overlap, error);
}

void
ut_overlap_add (UtOverlap *self, const UtOverlap *one, double share)
{
  for (gsize i = 0; i < UT_OVERLAP_N_NUMBERS; i++) {
    const gsize offset = ut_overlap_numbers[i].offset;
    G_STRUCT_MEMBER (double, self, offset) += share * G_STRUCT_MEMBER (double, one, offset);
  }
}

static void
add_share (UtOverlap *mean, const UtOverlap *one, double share)
{
  mean->n_pred += one->n_pred;
  mean->n_ref += one->n_ref;
  mean->n_common += one->n_common;
  ut_overlap_add (mean, one, share);
}

gboolean
ut_overlap_all (const UtVolume *pred,
                const UtVolume *ref,
                guint n_labels,
                UtOverlap *ret_overlaps,
                UtOverlapMean *ret_mean,
                GError **error)
{
  g_return_val_if_fail (n_labels >= 2 && n_labels <= 256, FALSE);
  if (!check_volumes (pred, ref, error))
    return FALSE;
  UtOverlapMean mean = {0};
  ret_overlaps[0] = (UtOverlap){0};
  for (guint label = 1; label < n_labels; label++) {
    if (!measure_label (pred, ref, (guint8)label, &ret_overlaps[label], error))
      return FALSE;
    add_share (&mean.mean, &ret_overlaps[label], 1.0 / (n_labels - 1));
    mean.n_one_empty += (guint)ut_overlap_one_empty (&ret_overlaps[label]);
  }
  if (ret_mean != NULL)
    *ret_mean = mean;
  return TRUE;
}
