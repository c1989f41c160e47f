/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh.h"

#define UT_ERROR_BINS_X 24 /* of uncertainty */
#define UT_ERROR_BINS_Y 16 /* of error */

/**
 * UtErrorBins:
 *
 * Vertices of surfaces by how uncertain and how wrong they are: a scatter plot in bins. Set both
 * ends, greater than 0, and the rest to 0 before the first surface is added. What lies beyond an
 * end belongs to the last bin.
 */
typedef struct UtErrorBins {
  double max_uncertainty, max_error_mm;
  gsize n_vertices;
  gsize n[UT_ERROR_BINS_Y][UT_ERROR_BINS_X];
  double error_sum_mm[UT_ERROR_BINS_X]; /* of the vertices of a column, as they are */
} UtErrorBins;

/**
 * ut_error_bins_add:
 * @mesh: surface of a reconstructed structure
 * @uncertainty: name of its scalar, values from 0 up
 * @distance: name of its scalar, mm; its size is the error
 *
 * Returns: FALSE, @self untouched, where @mesh lacks either
 */
gboolean ut_error_bins_add (UtErrorBins *self,
                            const UtMesh *mesh,
                            const char *uncertainty,
                            const char *distance);

/** ut_error_bins_mean: mean error of a column in mm; FALSE, @ret_mm untouched, where it is empty */
gboolean ut_error_bins_mean (const UtErrorBins *self, guint column, double *ret_mm);
