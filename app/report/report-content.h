/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

/** UtReportTable: texts, row by row; the first row is the head, the first column the names. */
typedef struct UtReportTable {
  guint n_columns, n_rows;
  GPtrArray *cells; /* char *, then NULL */
} UtReportTable;

void ut_report_table_free (UtReportTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtReportTable, ut_report_table_free)

/**
 * ut_report_number_table:
 *
 * Every number of one phase but those of the tables below: a row for each quantity that was
 * measured, with its unit, ED and ES of each structure and of the mean over them as columns.
 *
 * Returns: (transfer full) (nullable): NULL where there is no number
 */
UtReportTable *ut_report_number_table (const UtMeasurements *measurements);

/** ut_report_volume_table: (transfer full): volumes by voxels and surface, and per m² where the
 * body is known, a row per structure */
UtReportTable *ut_report_volume_table (const UtMeasurements *measurements);

/** ut_report_disks_table: (transfer full) (nullable): the cross-check by disks beside the twin;
 * NULL where nothing is traced */
UtReportTable *ut_report_disks_table (const UtMeasurements *measurements);

/**
 * ut_report_warnings:
 *
 * Returns: (transfer full) (array zero-terminated=1): what a reader must know before the numbers:
 * phases that are missing or out of date, structures that are cut off, ut_review_lines()
 */
char **ut_report_warnings (const UtStudyState *state, const UtMeasurements *measurements);
