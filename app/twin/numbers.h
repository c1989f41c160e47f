/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** ut_numbers_grows_with_size: of a structure that is cut off, at least this much is there */
gboolean ut_numbers_grows_with_size (UtQuantity quantity);

/** UtNumbersColumn: one quantity of one phase, a column of a table over the structures. */
typedef struct UtNumbersColumn {
  UtQuantity quantity;
  int phase;
  const char *title; /* NULL = name and unit of the quantity */
} UtNumbersColumn;

/**
 * ut_numbers_text:
 * @measurement: (nullable)
 * @unit: with the unit
 *
 * Returns: (transfer full): the number as it is shown: digits that the resolution bears,
 * "≥" before the volume of a structure that is cut off, "–" where there is no number
 */
char *ut_numbers_text (const UtMeasurement *measurement, gboolean unit);

/**
 * ut_numbers_fill_table:
 * @mean: with a last row for the mean over the structures
 *
 * Fills @grid: a row for each structure, a column for each of @columns. Every number has the
 * definition of its quantity as its tooltip.
 */
void ut_numbers_fill_table (GtkGrid *grid,
                            const UtMeasurements *measurements,
                            const UtNumbersColumn *columns,
                            guint n_columns,
                            gboolean mean);

/** ut_numbers_clear: empties @grid */
void ut_numbers_clear (GtkGrid *grid);

/** ut_numbers_fill_headline: EF, and the LV numbers that it comes from, in large type */
void ut_numbers_fill_headline (GtkGrid *grid, const UtMeasurements *measurements);

G_END_DECLS
