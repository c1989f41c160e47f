/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine-motion.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_TIME_BAR (ut_time_bar_get_type ())
G_DECLARE_FINAL_TYPE (UtTimeBar, ut_time_bar, UT, TIME_BAR, GtkScale)

/**
 * UtTimeBar:
 *
 * A scale over the frames of a loop, value = frame counted from 0, with the ED and ES marks above
 * it and the motion curve, the beats and the R waves below.
 */

/** ut_time_bar_set_cine: the loop whose frames and R waves to show; NULL for none */
void ut_time_bar_set_cine (UtTimeBar *self, const UtCine *cine);

/** ut_time_bar_set_motion: of the loop; NULL for none. @beat stands out, -1 = none */
void ut_time_bar_set_motion (UtTimeBar *self, UtCineMotion *motion, int beat);

/**
 * ut_time_bar_set_mark:
 * @frame: counted from 0, or -1 for no mark
 * @proposed: (the same): drawn hollow
 */
void ut_time_bar_set_mark (UtTimeBar *self, UtPhase phase, int frame, int proposed);

/** ut_time_bar_set_text: what a screen reader says for the value */
void ut_time_bar_set_text (UtTimeBar *self, const char *text);

G_END_DECLS
