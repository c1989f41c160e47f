/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"

/**
 * UtOverlap:
 *
 * How well two voxel sets agree: predicted A, reference B.
 *
 * Surface: voxels of a set with one of 6 neighbours outside it; outside the grid
 * counts as outside. Distances run between voxel centres, once in voxels (every
 * step along an axis counts 1) and once in mm (spacing of the grid, whose axes are
 * taken as perpendicular).
 * HD: largest distance from one surface to the other, either way. HD95: the
 * larger of the two directed 95th percentiles, linear between order statistics.
 * ASSD: mean of the pooled directed distances.
 * Empty sets: both empty gives DSC 1 and distances 0; one empty gives DSC 0 and
 * for all distances the diagonal of the grid, corner centre to corner centre
 * (63 sqrt 3 voxels on 64^3).
 */
typedef struct UtOverlap {
  gsize n_pred, n_ref, n_common; /* voxels of A, B and both */
  double dsc;                    /* 0 to 1 */
  double hd_voxels, hd_mm;
  double hd95_voxels, hd95_mm;
  double assd_voxels, assd_mm;
  double volume_error_ml;      /* |A| - |B| in ml, its absolute value: E_vol */
  double volume_difference_ml; /* the same with its sign */
} UtOverlap;

#define UT_OVERLAP_N_NUMBERS 9

/** The numbers of UtOverlap from dsc on, each with its name in files. */
extern const struct UtOverlapNumber {
  const char *key; /* "hd_voxels" */
  gsize offset;    /* in UtOverlap, of a double */
} ut_overlap_numbers[UT_OVERLAP_N_NUMBERS];

/** ut_overlap_add: adds @share of each number of @one to those of @self; voxel counts stay */
void ut_overlap_add (UtOverlap *self, const UtOverlap *one, double share);

/** ut_overlap_one_empty: TRUE where the distances are the stand-in for an empty set */
static inline gboolean
ut_overlap_one_empty (const UtOverlap *self)
{
  return (self->n_pred == 0) != (self->n_ref == 0);
}

/**
 * ut_overlap_label:
 * @pred: uint8 labels
 * @ref: uint8 labels on the same grid; its affine gives mm and ml
 * @label: code to compare
 *
 * Errors: UNSUPPORTED where a volume holds floats; RANGE where the grids differ
 * by size, or by more than 0.01 mm at a corner; MEMORY.
 * Threads: works on all cores; same result for any number of them.
 */
gboolean ut_overlap_label (
  const UtVolume *pred, const UtVolume *ref, guint8 label, UtOverlap *ret_overlap, GError **error);

/**
 * UtOverlapMean:
 *
 * Means over labels, the "average" columns of a table.
 */
typedef struct UtOverlapMean {
  UtOverlap mean;    /* voxel counts are sums */
  guint n_one_empty; /* labels whose distances are stand-ins; report it with the means */
} UtOverlapMean;

/**
 * ut_overlap_all:
 * @n_labels: labels 1 to @n_labels - 1 are compared; 2 to 256
 * @ret_overlaps: (out) (array length=n_labels): by label code; entry 0 is all zeros
 * @ret_mean: (out) (nullable): over labels 1 to @n_labels - 1
 *
 * ut_overlap_label() for every label but the background. Errors as there.
 */
gboolean ut_overlap_all (const UtVolume *pred,
                         const UtVolume *ref,
                         guint n_labels,
                         UtOverlap *ret_overlaps,
                         UtOverlapMean *ret_mean,
                         GError **error);
