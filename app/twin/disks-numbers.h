/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

#include <gtk/gtk.h>

/**
 * ut_disks_numbers_fill:
 * @group: hidden where nothing is traced
 * @grid: in it
 * @measurements: (nullable)
 *
 * The cross-check: volumes, EF and long axes from traced contours, those of the twin beside them,
 * the difference, and the sentences that go with them. Every number opens its passport.
 */
void ut_disks_numbers_fill (GtkWidget *group, GtkGrid *grid, const UtMeasurements *measurements);
