/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/deidentify.h"

#include <adwaita.h>

/**
 * ut_deidentify_window_new:
 * @copy: (transfer none)
 * @agreed: called once with @user_data where the person saw nothing written and saves the copy
 * @free_data: frees @user_data with the window
 *
 * The loops as they go into a copy, each pixel as bright as it ever is, and the question whether a
 * name is to be seen. They can be zoomed by the wheel.
 *
 * Returns: (transfer none): a modal window over @parent, closed by Cancel and Escape; present it
 */
GtkWidget *ut_deidentify_window_new (GtkWindow *parent,
                                     const UtDeidentification *copy,
                                     void (*agreed) (gpointer user_data),
                                     gpointer user_data,
                                     GDestroyNotify free_data);
