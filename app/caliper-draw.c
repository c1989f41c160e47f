/* SPDX-License-Identifier: Apache-2.0 */
#include "app/caliper-draw.h"

#include "app/widgets.h"
#include "engine/measure/caliper.h"

#define DOT_PX     3.5  /* radius of an end */
#define ARC_PX     16.0 /* radius of an angle's arc */
#define PADDING_PX 5    /* beside a number */

/* Its middle at @x, @y. */
static void
draw_number (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, float x, float y)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  GdkRGBA ground, colour;
  int width, height;
  ut_widget_colour (widget, "ut_number_ground_color", &ground);
  ut_widget_colour (widget, "ut_ruler_color", &colour);
  pango_layout_get_pixel_size (layout, &width, &height);
  int w = width + 2 * PADDING_PX;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot, &GRAPHENE_POINT_INIT (floorf (x - (float)w / 2), floorf (y - (float)height / 2)));
  gtk_snapshot_append_color (
    snapshot, &ground, &GRAPHENE_RECT_INIT (0, 0, (float)w, (float)height));
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (PADDING_PX, 0));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

/* Across the picture from the first side to the second, the short way round. */
static void
add_arc (cairo_t *cr, const graphene_point_t *p)
{
  double from = atan2 ((double)(p[0].y - p[1].y), (double)(p[0].x - p[1].x));
  double to = atan2 ((double)(p[2].y - p[1].y), (double)(p[2].x - p[1].x));
  double turn = remainder (to - from, 2 * G_PI);
  cairo_new_sub_path (cr);
  if (turn > 0)
    cairo_arc (cr, (double)p[1].x, (double)p[1].y, ARC_PX, from, from + turn);
  else
    cairo_arc_negative (cr, (double)p[1].x, (double)p[1].y, ARC_PX, from, from + turn);
}

static void
draw_lines (cairo_t *cr, const graphene_point_t *points, guint n_points)
{
  cairo_set_line_width (cr, 2);
  for (guint i = 0; i < n_points; i++)
    cairo_line_to (cr, (double)points[i].x, (double)points[i].y);
  if (n_points == UT_CALIPER_POINTS)
    add_arc (cr, points);
  cairo_stroke (cr);
  for (guint i = 0; i < n_points; i++) {
    cairo_new_sub_path (cr);
    cairo_arc (cr, (double)points[i].x, (double)points[i].y, DOT_PX, 0, 2 * G_PI);
  }
  cairo_fill (cr);
}

void
ut_caliper_draw (GtkWidget *widget,
                 GtkSnapshot *snapshot,
                 const graphene_point_t *points,
                 guint n_points,
                 const char *text)
{
  GdkRGBA colour;
  cairo_t *cr = gtk_snapshot_append_cairo (
    snapshot,
    &GRAPHENE_RECT_INIT (
      0, 0, (float)gtk_widget_get_width (widget), (float)gtk_widget_get_height (widget)));
  ut_widget_colour (widget, "ut_ruler_color", &colour);
  gdk_cairo_set_source_rgba (cr, &colour);
  draw_lines (cr, points, n_points);
  cairo_destroy (cr);
  if (text != NULL && n_points == 2)
    draw_number (
      widget, snapshot, text, (points[0].x + points[1].x) / 2, (points[0].y + points[1].y) / 2);
  else if (text != NULL)
    draw_number (widget, snapshot, text, points[1].x, points[1].y + 2 * (float)ARC_PX);
}
