/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

/**
 * ut_report_definitions:
 *
 * What the numbers that occur mean: a line for each formula, then one for each way of sampling.
 * What holds for several quantities is said once, after their names; a colon ends the names. Left
 * to result.json and the window: how empty structures count.
 *
 * Returns: (transfer full): lines, parted by line ends; "" where there is no number
 */
char *ut_report_definitions (const UtMeasurements *measurements);
