/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

/**
 * ut_measurements_csv:
 * @measurements: of @state
 *
 * The numbers as comma-separated values (RFC 4180, UTF-8): a head, then a row for each quantity,
 * phase and structure: phase (ED, ES, ED-ES), structure (LV, ..., mean), quantity with its unit in
 * its name as in result.json, value with every digit and a decimal point in any locale, low and
 * high of its interval or nothing, unit, at_least, out_of_date and edited (0 or 1), review
 * (unreviewed, accepted, limited: reason, rejected: reason; rows of what was rejected stay),
 * reviewed_by, reviewed_at (who said so, and when last, as ISO 8601, UTC), edited_by, edited_at
 * (who made the edit, and the last step of it; all four empty where there is nothing or it is not
 * known), study, notice. The research-use line is a column, for a comment line would be data to
 * most readers.
 *
 * Returns: (transfer full)
 */
char *ut_measurements_csv (const UtStudyState *state, const UtMeasurements *measurements);
