/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/distance-chart.h"

#include "app/twin/surface-map.h"
#include "app/widgets.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_BINS    UT_DISTANCE_CHART_BINS
#define HEIGHT_PX 150
#define AXIS_PX   34.0 /* below the bars: colour strip, numbers, unit */
#define STRIP_PX  6.0
#define TICK_MM   2.0

struct _UtDistanceChart {
  GtkWidget parent_instance;
  double areas_mm2[N_BINS];
  UtDistanceStats stats;
  gboolean filled;
  gboolean brushed;
  int low, high; /* bars in the brush, both ends included */
  int anchor;    /* bar where the running drag began */
};

enum { BRUSHED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtDistanceChart, ut_distance_chart, GTK_TYPE_WIDGET)

/* ---- drawing --------------------------------------------------------------------------- */

/* What one drawing needs to know. */
typedef struct Canvas {
  cairo_t *cr;
  double width, height; /* of the plot */
  double limit_mm;
  GdkRGBA ink, accent;
} Canvas;

static double
x_of (const Canvas *canvas, double mm)
{
  return (CLAMP (mm, -canvas->limit_mm, canvas->limit_mm) / canvas->limit_mm + 1) / 2 *
         canvas->width;
}

static void
set_ink (const Canvas *canvas, const GdkRGBA *colour, double alpha)
{
  cairo_set_source_rgba (
    canvas->cr, (double)colour->red, (double)colour->green, (double)colour->blue, alpha);
}

static void
draw_line (const Canvas *canvas, double mm, double top, double bottom)
{
  cairo_move_to (canvas->cr, x_of (canvas, mm), top);
  cairo_line_to (canvas->cr, x_of (canvas, mm), bottom);
  cairo_stroke (canvas->cr);
}

static gboolean
in_brush (UtDistanceChart *self, int bin)
{
  return !self->brushed || (bin >= self->low && bin <= self->high);
}

static void
draw_bars (UtDistanceChart *self, const Canvas *canvas, const UtScalarMap *map)
{
  guint8 rgba[4 * N_BINS];
  double highest = 0;
  ut_scalar_map_fill (map, N_BINS, rgba);
  for (int i = 0; i < N_BINS; i++)
    highest = MAX (highest, self->areas_mm2[i]);
  for (int i = 0; i < N_BINS; i++) {
    double x = canvas->width * i / N_BINS, step = canvas->width / N_BINS;
    double height = highest > 0 ? (canvas->height - 2) * self->areas_mm2[i] / highest : 0;
    cairo_set_source_rgba (canvas->cr,
                           rgba[4 * i] / 255.0,
                           rgba[4 * i + 1] / 255.0,
                           rgba[4 * i + 2] / 255.0,
                           in_brush (self, i) ? 1 : 0.25);
    cairo_rectangle (canvas->cr, x, canvas->height - height, step - 0.5, height);
    cairo_rectangle (canvas->cr, x, canvas->height + 3, step + 0.5, STRIP_PX);
    cairo_fill (canvas->cr);
  }
}

/* The band below the resolution, and the brush. */
static void
draw_ranges (UtDistanceChart *self, const Canvas *canvas)
{
  double left = x_of (canvas, -UT_DISTANCE_BAND_MM), right = x_of (canvas, UT_DISTANCE_BAND_MM);
  set_ink (canvas, &canvas->ink, 0.08);
  cairo_rectangle (canvas->cr, left, 0, right - left, canvas->height);
  cairo_fill (canvas->cr);
  if (!self->brushed)
    return;
  double step = canvas->width / N_BINS;
  set_ink (canvas, &canvas->accent, 0.9);
  cairo_set_line_width (canvas->cr, 1.5);
  cairo_rectangle (
    canvas->cr, self->low * step, 0.75, (self->high + 1 - self->low) * step, canvas->height - 1.5);
  cairo_stroke (canvas->cr);
}

static void
draw_cumulative (UtDistanceChart *self, const Canvas *canvas)
{
  double sum = 0;
  cairo_move_to (canvas->cr, 0, canvas->height);
  for (int i = 0; i < N_BINS; i++) {
    sum += self->areas_mm2[i];
    cairo_line_to (canvas->cr,
                   canvas->width * (i + 1) / N_BINS,
                   canvas->height - (canvas->height - 2) * sum / self->stats.area_mm2);
  }
  set_ink (canvas, &canvas->ink, 0.85);
  cairo_set_line_width (canvas->cr, 1.5);
  cairo_stroke (canvas->cr);

  const double dashes[] = {3, 3};
  const double percentiles[] = {self->stats.p5, self->stats.p50, self->stats.p95};
  cairo_set_line_width (canvas->cr, 1);
  cairo_set_dash (canvas->cr, dashes, 2, 0);
  set_ink (canvas, &canvas->ink, 0.55);
  for (guint i = 0; i < G_N_ELEMENTS (percentiles); i++)
    draw_line (canvas, percentiles[i], 0, canvas->height);
  cairo_set_dash (canvas->cr, NULL, 0, 0);
}

static void
draw_axis (UtDistanceChart *self, GtkSnapshot *snapshot, const Canvas *canvas)
{
  for (double mm = -canvas->limit_mm; mm <= canvas->limit_mm; mm += TICK_MM) {
    g_autofree char *text = mm == 0 ? g_strdup (_ ("0 mm")) : g_strdup_printf ("%+.0f", mm);
    g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
    int width, height;
    pango_layout_get_pixel_size (layout, &width, &height);
    double x = CLAMP (x_of (canvas, mm) - width / 2.0, 0, canvas->width - width);
    gtk_snapshot_save (snapshot);
    gtk_snapshot_translate (
      snapshot, &GRAPHENE_POINT_INIT ((float)x, (float)(canvas->height + STRIP_PX + 4)));
    gtk_snapshot_append_layout (snapshot, layout, &canvas->ink);
    gtk_snapshot_restore (snapshot);
  }
}

static void
ut_distance_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtDistanceChart *self = UT_DISTANCE_CHART (widget);
  UtScalarMap map = ut_surface_map_get (UT_SURFACE_MAP_DISTANCE);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  Canvas canvas = {.width = width, .height = height - AXIS_PX, .limit_mm = (double)map.max};
  if (!self->filled || canvas.height <= 0)
    return;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &canvas.ink);
  ut_widget_colour (widget, "ut_accent_color", &canvas.accent);
  canvas.cr =
    gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height));
  draw_bars (self, &canvas, &map);
  draw_ranges (self, &canvas);
  draw_cumulative (self, &canvas);
  cairo_destroy (canvas.cr);
  draw_axis (self, snapshot, &canvas);
}

/* ---- brush ------------------------------------------------------------------------------ */

static void
set_brush (UtDistanceChart *self, gboolean brushed, int low, int high)
{
  self->brushed = brushed;
  self->low = CLAMP (low, 0, N_BINS - 1);
  self->high = CLAMP (high, self->low, N_BINS - 1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[BRUSHED], 0);
}

static int
bin_at (UtDistanceChart *self, double x)
{
  int bin = (int)floor (x / MAX (1, gtk_widget_get_width (GTK_WIDGET (self))) * N_BINS);
  return CLAMP (bin, 0, N_BINS - 1);
}

static void
drag_begin_cb (UtDistanceChart *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->anchor = bin_at (self, x);
}

static void
drag_update_cb (UtDistanceChart *self, double dx, double dy, GtkGestureDrag *drag)
{
  double x, y;
  ut_drag_get_start (drag, &x, &y);
  int bin = bin_at (self, x + dx);
  set_brush (self, TRUE, MIN (bin, self->anchor), MAX (bin, self->anchor));
}

/* A click without a drag lets the range go. */
static void
drag_end_cb (UtDistanceChart *self, double dx, double dy)
{
  if (self->brushed && fabs (dx) < 2)
    set_brush (self, FALSE, 0, 0);
}

static gboolean
key_cb (UtDistanceChart *self, guint keyval, guint keycode, GdkModifierType state)
{
  int step = keyval == GDK_KEY_Right ? 1 : keyval == GDK_KEY_Left ? -1 : 0;
  if (keyval == GDK_KEY_Escape && self->brushed) {
    set_brush (self, FALSE, 0, 0);
    return GDK_EVENT_STOP;
  }
  if (step == 0)
    return GDK_EVENT_PROPAGATE;
  if (!self->brushed)
    set_brush (self, TRUE, N_BINS / 2, N_BINS / 2);
  else if (state & GDK_SHIFT_MASK)
    set_brush (self, TRUE, self->low, self->high + step);
  else if (self->low + step >= 0 && self->high + step < N_BINS)
    set_brush (self, TRUE, self->low + step, self->high + step);
  return GDK_EVENT_STOP;
}

gboolean
ut_distance_chart_get_brush (UtDistanceChart *self, float *ret_low_mm, float *ret_high_mm)
{
  g_return_val_if_fail (UT_IS_DISTANCE_CHART (self), FALSE);
  if (!self->brushed)
    return FALSE;
  UtScalarMap map = ut_surface_map_get (UT_SURFACE_MAP_DISTANCE);
  float step = (map.max - map.min) / N_BINS;
  *ret_low_mm = map.min + step * (float)self->low;
  *ret_high_mm = map.min + step * (float)(self->high + 1);
  return TRUE;
}

double
ut_distance_chart_share (UtDistanceChart *self)
{
  g_return_val_if_fail (UT_IS_DISTANCE_CHART (self), 0);
  double inside = 0;
  for (int i = self->low; self->brushed && i <= self->high; i++)
    inside += self->areas_mm2[i];
  return self->filled ? inside / self->stats.area_mm2 : 0;
}

void
ut_distance_chart_set (UtDistanceChart *self,
                       const double *areas_mm2,
                       const UtDistanceStats *stats,
                       const char *words)
{
  g_return_if_fail (UT_IS_DISTANCE_CHART (self));
  memcpy (self->areas_mm2, areas_mm2, sizeof self->areas_mm2);
  self->stats = *stats;
  self->filled = stats->area_mm2 > 0;
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- life --------------------------------------------------------------------------------- */

static void
ut_distance_chart_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * N_BINS : HEIGHT_PX;
}

static void
ut_distance_chart_class_init (UtDistanceChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  widget_class->snapshot = ut_distance_chart_snapshot;
  widget_class->measure = ut_distance_chart_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "chart");
  signals[BRUSHED] = g_signal_new (
    "brushed", UT_TYPE_DISTANCE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ut_distance_chart_init (UtDistanceChart *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *drag = ut_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_direction (widget, GTK_TEXT_DIR_LTR); /* the axis and its signs */
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (widget, keys);
}
