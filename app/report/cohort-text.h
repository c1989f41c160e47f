/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/cohort.h"

/** What is said of a cohort, on paper and on screen, in the user's language: (transfer full) all.
 */

/** ut_cohort_title: "3 · Anna's heart" */
char *ut_cohort_title (const UtCohortStudy *study);

/** ut_cohort_counts: "40 studies, 38 with numbers: 2 rejected, ..." */
char *ut_cohort_counts (const UtCohort *self);

/** ut_cohort_number: as a person reads it, "–" where @value is NAN */
char *ut_cohort_number (UtQuantity quantity, double value);

/** ut_cohort_reasons: (nullable): why something of @study was rejected, or is limited; NULL: its
 * verdict is neither */
const char *ut_cohort_reasons (const UtCohortStudy *study);

/** ut_cohort_summary: a line: errors and EF, its verdict and why; or the problem */
char *ut_cohort_summary (const UtCohortStudy *study);
