/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/cohort.h"

#include <json-glib/json-glib.h>

#define UT_COHORT_WORST 5 /* studies that are named as the worst */

/**
 * ut_cohort_csv:
 *
 * A row for each study: number, label, problem ("" = none), review, reasons, out_of_date and edited
 * (0 or 1), volumes and EF of the LV with the interval of the EF, those of the reference, then for
 * each phase and structure (mean first) DSC, HD95 and ASSD, and the notice. Units stand in the
 * names of the columns; cells of what there is not are empty. Studies are told by their number, in
 * the order of their folders' names, and the label that their user gave them.
 *
 * Returns: (transfer full)
 */
char *ut_cohort_csv (const UtCohort *self);

/** ut_cohort_json: (transfer full): an object: counts, medians, agreement with the references, the
 * worst studies, those with something rejected, those without numbers */
JsonNode *ut_cohort_json (const UtCohort *self);

/** ut_cohort_write: cohort.csv, cohort.json and cohort.pdf into @folder, which is made. Errors:
 * G_FILE_ERROR */
gboolean ut_cohort_write (const UtCohort *self, const char *folder, GError **error);

/** UtCohortMedians: of the studies on a sheet, per phase and structure; NAN where there is none. */
typedef struct UtCohortMedians {
  guint n_studies; /* with numbers */
  double dsc[UT_N_PHASES][UT_N_LABELS], hd95_mm[UT_N_PHASES][UT_N_LABELS];
  double assd_mm[UT_N_PHASES][UT_N_LABELS];
} UtCohortMedians;

/** ut_cohort_read_medians: from cohort.json in @folder. Returns: FALSE where there is no such sheet
 */
gboolean ut_cohort_read_medians (const char *folder, UtCohortMedians *ret);
