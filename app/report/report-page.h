/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/results.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_REPORT_PAGE (ut_report_page_get_type ())
G_DECLARE_FINAL_TYPE (UtReportPage, ut_report_page, UT, REPORT_PAGE, GtkWidget)

/**
 * UtReportPage: every number with its unit, its definition and what it comes from.
 * Signal `message` (const char *): a sentence for a toast.
 */
void ut_report_page_set_up (UtReportPage *self, UtDocument *document, UtResults *results);

G_END_DECLS
