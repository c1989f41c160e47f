/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine.h"
#include "engine/measure/caliper.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_CINE_VIEW (ut_cine_view_get_type ())
G_DECLARE_FINAL_TYPE (UtCineView, ut_cine_view, UT, CINE_VIEW, GtkWidget)

/**
 * UtCineView:
 *
 * Shows one frame of a loop, fitted to its place with the right shape of pixel,
 * with the probe's orientation mark and, where the spacing is known, a scale bar.
 * Display only: zoom and mirror change nothing that the network sees.
 *
 * Points of the picture are pixels of the file: x to the right, y down, the
 * upper left corner of the first pixel at (0, 0), as if it were not mirrored.
 *
 * Signals: `line-drawn` (double x0, y0, x1, y1): a line was drawn with the ruler; `pressed`
 * (double x, y): a place was pressed while calipers are drawn, with the pointer or a cross for the
 * keyboard; `back`: the last of these is to be set anew; `moved`: the picture stands elsewhere in
 * the widget, or in another size.
 */

/** ut_cine_view_set_cine: @cine (nullable) is referenced; goes to its first frame */
void ut_cine_view_set_cine (UtCineView *self, UtCine *cine);

/** ut_cine_view_exchange_cine: @cine is referenced, as large as the one before; the picture stays
 * where it is, as large as it is, at the first frame of @cine */
void ut_cine_view_exchange_cine (UtCineView *self, UtCine *cine);

/** ut_cine_view_set_bare: whether nothing is drawn on the picture, where what is written in it is
 * looked for: neither the probe's mark nor the scale bar */
void ut_cine_view_set_bare (UtCineView *self, gboolean bare);

/** ut_cine_view_set_frame: @frame is counted from 0 and clamped */
void ut_cine_view_set_frame (UtCineView *self, guint frame);
guint ut_cine_view_get_frame (UtCineView *self);

/** ut_cine_view_set_spacing: mm per pixel (row, column), 0, 0 where unknown */
void ut_cine_view_set_spacing (UtCineView *self, const double spacing_mm[2]);

void ut_cine_view_set_mirrored (UtCineView *self, gboolean mirrored);
gboolean ut_cine_view_get_mirrored (UtCineView *self);

/** ut_cine_view_set_ruler: dragging draws a line instead of moving the picture */
void ut_cine_view_set_ruler (UtCineView *self, gboolean ruler);

/** ut_cine_view_set_line: the line to show (x0, y0, x1, y1), or NULL for none */
void ut_cine_view_set_line (UtCineView *self, const double line[4]);

/** ut_cine_view_set_measuring: pressing a place emits `pressed` */
void ut_cine_view_set_measuring (UtCineView *self, gboolean measuring);

/** ut_cine_view_place_cross: the keyboard's cross to a point of the picture */
void ut_cine_view_place_cross (UtCineView *self, const double point[2]);

/** ut_cine_view_clear_calipers: shows none from now on */
void ut_cine_view_clear_calipers (UtCineView *self);

/** ut_cine_view_add_caliper: shows one more: points of the picture, z unused; @text (nullable) */
void ut_cine_view_add_caliper (UtCineView *self, const UtCaliper *caliper, const char *text);

/** ut_cine_view_to_widget: where a point of the picture stands; there must be a loop */
graphene_point_t ut_cine_view_to_widget (UtCineView *self, const double point[2]);

/** ut_cine_view_to_picture: the point of the picture at a place of the widget */
void ut_cine_view_to_picture (UtCineView *self, double x, double y, double ret[2]);

/** ut_cine_view_zoom_at: by @factor about a place of the widget */
void ut_cine_view_zoom_at (UtCineView *self, double factor, double x, double y);

/** ut_cine_view_zoom: by @factor about the middle; ut_cine_view_zoom_fit() shows the whole frame */
void ut_cine_view_zoom (UtCineView *self, double factor);
void ut_cine_view_zoom_fit (UtCineView *self);

G_END_DECLS
