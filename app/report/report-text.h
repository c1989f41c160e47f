/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

/**
 * ut_report_provenance:
 * @result: of one phase
 *
 * Returns: (transfer full): what the twin was made from and with, a line each
 */
char *ut_report_provenance (const UtStudyResult *result);

/**
 * ut_report_text:
 * @measurements: of @state
 *
 * The report as plain text: the research-use line, a tab-separated line per number with
 * phase, structure, quantity, value and unit (decimal point in any locale), what the
 * numbers come from, and the definition of every quantity that occurs.
 *
 * Returns: (transfer full)
 */
char *ut_report_text (const UtStudyState *state, const UtMeasurements *measurements);
