/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/cohort.h"

#include <cairo.h>

/** ut_cohort_pdf_draw: the sheet: an A4 page in points. How many studies there are and what is said
 * of them, medians of DSC, HD95 and ASSD, twin against reference (Bland and Altman), the worst
 * studies, those with something rejected and why, those without numbers. What does not fit is
 * counted. */
void ut_cohort_pdf_draw (const UtCohort *self, cairo_t *cr);

/** ut_cohort_pdf_write: as ut_pdf_write() */
gboolean ut_cohort_pdf_write (const UtCohort *self, const char *path, GError **error);
