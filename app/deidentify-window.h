/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/deidentify.h"

#include <adwaita.h>

/**
 * ut_deidentify_window_new:
 * @copy: (transfer none): not touched by others while the window is there
 * @agreed: called once with @user_data where the person saves the copy: what she drew is blacked
 * out in @copy then, and nothing that is written is left to be seen
 * @free_data: frees @user_data with the window
 *
 * The loops as they go into a copy, each pixel as bright as it ever is, or one frame of them, and
 * the question whether a name is to be seen. They are shown as they were filmed, for mirrored
 * letters are hard to read; areas are drawn on them (blackout-layer.h) that become black in every
 * frame.
 *
 * Returns: (transfer none): a modal window over @parent, closed by Cancel and Escape; present it
 */
GtkWidget *ut_deidentify_window_new (GtkWindow *parent,
                                     UtDeidentification *copy,
                                     void (*agreed) (gpointer user_data),
                                     gpointer user_data,
                                     GDestroyNotify free_data);
