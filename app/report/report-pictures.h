/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/study.h"

#include <cairo.h>
#include <gio/gio.h>

/** Cameras of the heart on the page: from the front, as A4C, as PSAX. */
#define UT_REPORT_N_CAMERAS 3

/** UtReportPictures: what is drawn before the pages are, of a calibrated study. NULL where there is
 * nothing to show. */
typedef struct UtReportPictures {
  cairo_surface_t *hearts[UT_N_PHASES][UT_REPORT_N_CAMERAS];
  cairo_surface_t *echo[UT_N_VIEWS][UT_N_PHASES]; /* the marked frames: the echo, no text beside it,
                                                   * mirrored as seen, square pixels */
  double echo_mm[UT_N_VIEWS][UT_N_PHASES];        /* their width */
  char *no_hearts;                                /* why there are no hearts, or NULL */
} UtReportPictures;

/** ut_report_pictures_init: Errors: those of the surfaces, CANCELLED; no OpenGL is no error */
gboolean ut_report_pictures_init (UtReportPictures *self,
                                  const UtStudyState *state,
                                  UtProgress *progress,
                                  GCancellable *cancel,
                                  GError **error);
void ut_report_pictures_clear (UtReportPictures *self);

/** ut_report_heart_caption: (transfer full): of column @i: "ED, A4C", "ED, edited, A4C" */
char *ut_report_heart_caption (const UtStudyState *state, UtPhase phase, guint i);
