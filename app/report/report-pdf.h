/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/measurements.h"

#include <cairo.h>
#include <gio/gio.h>

/**
 * UtReport: two A4 pages about a study. Page 1: its name, what a reader must know first, the
 * numbers of the left ventricle with their reference ranges and what the interval of the EF comes
 * from, the heart at ED and ES from three fixed cameras beside the thickness of its wall, the
 * marked echo frames, volumes; its pictures are as small as the rest asks for. Page 2: every other
 * number, where they come from, definitions of all. The research-use line stands on both; no text
 * is smaller than UT_PAPER_SMALLEST.
 *
 * Made once, then only read: any thread may draw it.
 */
typedef struct UtReport UtReport;

/**
 * ut_report_new:
 * @measurements: (transfer none): of @state
 *
 * Draws the pictures that the pages hold; where there is no OpenGL, the pages say so in their
 * place.
 *
 * Errors: RANGE where no phase has a heart, or an occupied view has no spacing; as the
 * surfaces; CANCELLED. Threads: any; a second or two, so use a worker.
 *
 * Returns: (transfer full): ut_report_unref(), or NULL with @error set
 */
UtReport *ut_report_new (const UtStudyState *state,
                         const UtMeasurements *measurements,
                         UtProgress *progress,
                         GCancellable *cancel,
                         GError **error);
UtReport *ut_report_ref (UtReport *self);
void ut_report_unref (UtReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtReport, ut_report_unref)

guint ut_report_n_pages (const UtReport *self);

/** ut_report_draw_page: @page counts from 0; in points, UT_PAPER_WIDTH by UT_PAPER_HEIGHT */
void ut_report_draw_page (const UtReport *self, guint page, cairo_t *cr);

/** ut_report_write: all pages as a PDF, through a temporary file and a rename; G_FILE_ERROR */
gboolean ut_report_write (const UtReport *self, const char *path, GError **error);
