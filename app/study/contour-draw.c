/* SPDX-License-Identifier: Apache-2.0 */
#include "app/study/contour-draw.h"

#include "engine/measure/disks.h"

#define HANDLE_PX 4.0 /* radius */

static const double dashes[] = {6, 5};

graphene_point_t
ut_contour_place (UtCineView *cine_view, const double point[2])
{
  const double corner[2] = {point[0] + 0.5, point[1] + 0.5}; /* from centres on whole numbers */
  return ut_cine_view_to_widget (cine_view, corner);
}

static void
line_to (cairo_t *cr, UtCineView *cine_view, const double point[2])
{
  graphene_point_t p = ut_contour_place (cine_view, point);
  cairo_line_to (cr, (double)p.x, (double)p.y);
}

/* Dark below, so that it is seen on bright echo too. */
static void
stroke (cairo_t *cr, const GdkRGBA *colour, double width, double alpha)
{
  cairo_set_source_rgba (cr, 0, 0, 0, 0.5 * alpha);
  cairo_set_line_width (cr, width + 2);
  cairo_stroke_preserve (cr);
  cairo_set_source_rgba (
    cr, (double)colour->red, (double)colour->green, (double)colour->blue, alpha);
  cairo_set_line_width (cr, width);
  cairo_stroke (cr);
}

static void
add_curve (cairo_t *cr, UtCineView *cine_view, const UtContour *trace)
{
  double corners[UT_CONTOUR_MAX_CURVE][2];
  guint n = ut_contour_curve (trace, corners);
  for (guint i = 0; i < n; i++)
    line_to (cr, cine_view, corners[i]);
}

/* Lines across the axis, right angles in mm, as far as they lie inside. */
static void
draw_disks (cairo_t *cr,
            UtCineView *cine_view,
            const UtStudyContour *contour,
            const UtContourLook *look)
{
  UtDisks disks;
  ut_disks_cut (&contour->trace, look->spacing_mm, &disks);
  const double mm[2] = {look->spacing_mm[1], look->spacing_mm[0]};
  const double axis[2] = {disks.apex[0] - disks.base[0], disks.apex[1] - disks.base[1]};
  const double across[2] = {-axis[1] * mm[1] / mm[0], axis[0] * mm[0] / mm[1]};
  cairo_save (cr);
  add_curve (cr, cine_view, &contour->trace);
  cairo_close_path (cr);
  cairo_clip (cr);
  for (int i = 0; i < UT_DISKS_N; i++) {
    double share = (i + 0.5) / UT_DISKS_N;
    for (int end = -1; end <= 1; end += 2) {
      const double point[2] = {disks.base[0] + share * axis[0] + end * across[0],
                               disks.base[1] + share * axis[1] + end * across[1]};
      line_to (cr, cine_view, point);
    }
    cairo_new_sub_path (cr);
  }
  line_to (cr, cine_view, disks.base);
  line_to (cr, cine_view, disks.apex);
  stroke (cr, &look->colour, 1, 0.45);
  cairo_restore (cr);
}

static void
draw_handles (cairo_t *cr, UtCineView *cine_view, const UtContour *trace, const GdkRGBA *colour)
{
  for (guint i = 0; i < trace->n_points; i++) {
    graphene_point_t p = ut_contour_place (cine_view, trace->points[i]);
    cairo_new_sub_path (cr);
    cairo_arc (cr, (double)p.x, (double)p.y, HANDLE_PX, 0, 2 * G_PI);
  }
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.7);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

void
ut_contour_draw (cairo_t *cr,
                 UtCineView *cine_view,
                 const UtStudyContour *contour,
                 const UtContourLook *look)
{
  const UtContour *trace = &contour->trace;
  cairo_save (cr);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  if (contour->closed && look->counts && look->spacing_mm[0] > 0)
    draw_disks (cr, cine_view, contour, look);
  cairo_set_dash (cr, dashes, look->counts ? 0 : G_N_ELEMENTS (dashes), 0);
  add_curve (cr, cine_view, trace);
  stroke (cr, &look->colour, 2, 1);
  if (contour->closed) {
    cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
    line_to (cr, cine_view, trace->points[0]);
    line_to (cr, cine_view, trace->points[trace->n_points - 1]);
    stroke (cr, &look->colour, 1.5, 1);
  }
  cairo_set_dash (cr, NULL, 0, 0);
  if (look->handles)
    draw_handles (cr, cine_view, trace, &look->colour);
  cairo_restore (cr);
}
