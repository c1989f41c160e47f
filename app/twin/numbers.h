/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** UtNumbersColumn: one quantity of one phase, a column of a table over the structures. */
typedef struct UtNumbersColumn {
  UtQuantity quantity;
  int phase;
  const char *title; /* NULL = name and unit of the quantity */
} UtNumbersColumn;

/**
 * ut_numbers_fill_table:
 * @mean: with a last row for the mean over the structures
 *
 * Fills @grid: a row for each structure, a column for each of @columns. Every number is
 * a button that opens its passport. What is odd about a volume stands under the table.
 */
void ut_numbers_fill_table (GtkGrid *grid,
                            const UtMeasurements *measurements,
                            const UtNumbersColumn *columns,
                            guint n_columns,
                            gboolean mean);

/** ut_numbers_fill_headline: EF with its interval, the LV numbers that it comes from, in large
 * type, whether any of them is out of date, and what the interval comes from */
void ut_numbers_fill_headline (GtkGrid *grid, const UtMeasurements *measurements);

/** ut_numbers_fill_function: EF, volume, mass, length, roundness and wall of the left ventricle at
 * ED and ES, beside the ranges that echo finds in healthy men and women */
void ut_numbers_fill_function (GtkGrid *grid, const UtMeasurements *measurements);

/** ut_numbers_fill_body: what is indexed to the body's surface, and the cardiac output, beside such
 * ranges, and what they were made with */
void ut_numbers_fill_body (GtkGrid *grid, const UtMeasurements *measurements);

G_END_DECLS
