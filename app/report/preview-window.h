/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/report/report-pdf.h"

#include <adwaita.h>

/**
 * ut_preview_window_new:
 * @report: (transfer full)
 *
 * Returns: (transfer none): a window over @parent that shows the pages of @report as they are
 * printed, and saves them as a PDF; present it
 */
GtkWidget *ut_preview_window_new (GtkWindow *parent, UtReport *report);
