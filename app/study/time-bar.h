/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_TIME_BAR (ut_time_bar_get_type ())
G_DECLARE_FINAL_TYPE (UtTimeBar, ut_time_bar, UT, TIME_BAR, GtkScale)

/**
 * UtTimeBar:
 *
 * A scale over the frames of a loop, value = frame counted from 0, with the ED
 * and ES marks and the R waves drawn on it.
 */

/** ut_time_bar_set_cine: the loop whose frames and R waves to show; NULL for none */
void ut_time_bar_set_cine (UtTimeBar *self, const UtCine *cine);

/**
 * ut_time_bar_set_mark:
 * @frame: counted from 0, or -1 for no mark
 * @confirmed: by a person; a proposal is drawn hollow
 */
void ut_time_bar_set_mark (UtTimeBar *self, UtPhase phase, int frame, gboolean confirmed);

/** ut_time_bar_set_text: what a screen reader says for the value */
void ut_time_bar_set_text (UtTimeBar *self, const char *text);

G_END_DECLS
