/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/cohort.h"

#include <adwaita.h>

/** UtCohortOpenFunc: the study in @folder was chosen */
typedef void (*UtCohortOpenFunc) (const char *folder, gpointer user_data);

/**
 * ut_cohort_window_new:
 * @cohort: (transfer none)
 * @open: called with @user_data while the window is there
 *
 * The studies of a cohort, the largest error first, then those without a reference, then those
 * without numbers; a row that is activated has its study opened, and the list stays.
 *
 * Returns: (transfer none): a window beside @parent; present it
 */
GtkWidget *ut_cohort_window_new (GtkWindow *parent,
                                 const UtCohort *cohort,
                                 UtCohortOpenFunc open,
                                 gpointer user_data);
