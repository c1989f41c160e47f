/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/calipers.h"
#include "app/study/cine-view.h"
#include "engine/study/study.h"

/** Calipers on the frames of a view's loop. */

/** ut_frame_calipers_name: (transfer full): what they are on: "A4C 12", frames counted from 1 */
char *ut_frame_calipers_name (UtView view, guint frame);

/** ut_frame_calipers_follow: from now on what is pressed on @cine_view, which shows @view, is a
 * point, and what is to be set anew is one no more */
void ut_frame_calipers_follow (UtCalipers *calipers, UtView view, UtCineView *cine_view);

/**
 * ut_frame_calipers_show:
 *
 * Shows those on the frame that @cine_view shows.
 *
 * Returns: (transfer full) (nullable): the youngest of them in words: "Angle 87°"
 */
char *ut_frame_calipers_show (UtCalipers *calipers,
                              const UtStudyView *study_view,
                              UtView view,
                              UtCineView *cine_view);

/** ut_frame_calipers_show_ruler: shows the line of known length that @calibration was made with, or
 * none */
void ut_frame_calipers_show_ruler (const UtStudyCalibration *calibration, UtCineView *cine_view);

/** ut_frame_calipers_forget: takes away those on any frame of @view */
void ut_frame_calipers_forget (UtCalipers *calipers, UtView view);
