/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** UtPassport: which number. */
typedef struct UtPassport {
  UtQuantity quantity;
  int phase, structure; /* as of UtMeasurement */
} UtPassport;

/**
 * ut_passport_button_new:
 * @measurements: to find it in; copied from, not kept
 * @unit: show the unit behind the number
 *
 * A number as a button that opens its passport: value (mm and voxels both), formula, direction,
 * percentile rule, sampling, unit, rule for empty structures, and what is odd about this one. By
 * keyboard as by pointer. "–" where there is no such number: the passport then says when there is.
 */
GtkWidget *
ut_passport_button_new (const UtMeasurements *measurements, const UtPassport *spec, gboolean unit);

/** ut_passport_button_attach: such a button in a column of numbers, which are read by their ends */
void ut_passport_button_attach (GtkGrid *grid,
                                int column,
                                int row,
                                const UtMeasurements *measurements,
                                const UtPassport *spec,
                                gboolean unit);

G_END_DECLS
