/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/study/view-slot.h"

G_BEGIN_DECLS

#define UT_TYPE_VIEWS_PAGE (ut_views_page_get_type ())
G_DECLARE_FINAL_TYPE (UtViewsPage, ut_views_page, UT, VIEWS_PAGE, GtkWidget)

/**
 * UtViewsPage:
 *
 * The three views side by side: the page of Load, Calibrate and Mark.
 *
 * Signals: `open` (int UtView) asks for a file for a view; `message` (const char *)
 * is a sentence for a toast.
 */

void ut_views_page_set_document (UtViewsPage *self, UtDocument *document);

/** ut_views_page_set_step: "load", "calibrate" or "mark" */
void ut_views_page_set_step (UtViewsPage *self, const char *step);

/** ut_views_page_get_slot: (transfer none) */
UtViewSlot *ut_views_page_get_slot (UtViewsPage *self, UtView view);

/** ut_views_page_get_calipers: (transfer none): what was measured on frames of the loops */
UtCalipers *ut_views_page_get_calipers (UtViewsPage *self);

/** ut_views_page_begin: plays the loops of a study just opened, where things may move on their own
 */
void ut_views_page_begin (UtViewsPage *self);
void ut_views_page_set_playing (UtViewsPage *self, gboolean playing);

/**
 * ut_views_page_view_at:
 * @x, @y: in the coordinates of @widget
 *
 * Returns: the view whose slot lies there, -1 = none
 */
int ut_views_page_view_at (UtViewsPage *self, GtkWidget *widget, double x, double y);

/** ut_views_page_highlight: shows where a drop would go; -1 = nowhere */
void ut_views_page_highlight (UtViewsPage *self, int view);

G_END_DECLS
