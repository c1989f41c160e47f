/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/bulls-eye.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_RINGS       4
#define SIDE_MARGIN   62 /* for the names of the walls, px */
#define TOP_MARGIN    22
#define LEGEND_HEIGHT 44
#define N_STOPS       32
#define MIN_RADIUS    132

struct _UtBullsEye {
  GtkWidget parent_instance;
  UtBullsEyeMap map;
  char *title;
};

G_DEFINE_FINAL_TYPE (UtBullsEye, ut_bulls_eye, GTK_TYPE_WIDGET)

static const char *
segment_name (guint segment)
{
  const char *const names[UT_N_SEGMENTS] = {
    _ ("basal anterior"),
    _ ("basal anteroseptal"),
    _ ("basal inferoseptal"),
    _ ("basal inferior"),
    _ ("basal inferolateral"),
    _ ("basal anterolateral"),
    _ ("mid anterior"),
    _ ("mid anteroseptal"),
    _ ("mid inferoseptal"),
    _ ("mid inferior"),
    _ ("mid inferolateral"),
    _ ("mid anterolateral"),
    _ ("apical anterior"),
    _ ("apical septal"),
    _ ("apical inferior"),
    _ ("apical lateral"),
    _ ("apex"),
  };
  return names[segment - 1];
}

/* ---- geometry ------------------------------------------------------------------------ */

typedef struct Disc {
  double x, y, radius; /* px */
} Disc;

static Disc
find_disc (UtBullsEye *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - LEGEND_HEIGHT;
  double radius = fmin (width / 2 - SIDE_MARGIN, height / 2 - TOP_MARGIN);
  return (Disc){width / 2, height / 2, fmax (radius, 1)};
}

/* Degrees from anterior by the septum, as of the segments, to radians of cairo */
static double
turn (double angle_deg)
{
  return -(90 + angle_deg) * G_PI / 180;
}

/* The number of the segment at a place, or 0 */
static guint
segment_at (const Disc *disc, double x, double y)
{
  double dx = x - disc->x, dy = y - disc->y;
  double share = hypot (dx, dy) / disc->radius;
  double angle_deg = -atan2 (dy, dx) * 180 / G_PI - 90;
  for (guint segment = 1; segment <= UT_N_SEGMENTS && share < 1; segment++) {
    guint ring;
    double start_deg, end_deg;
    ut_segment_sector (segment, &ring, &start_deg, &end_deg);
    double past_deg = fmod (angle_deg - start_deg + 720, 360);
    if (ring == N_RINGS - 1 - (guint)(share * N_RINGS) && past_deg < end_deg - start_deg)
      return segment;
  }
  return 0;
}

/* ---- drawing ------------------------------------------------------------------------- */

static void
draw_text (UtBullsEye *self, cairo_t *cr, const char *text, double x, double y, double scale)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  int width, height;
  pango_layout_get_pixel_size (layout, &width, &height);
  cairo_save (cr);
  cairo_translate (cr, x - scale * width / 2, y - scale * height / 2);
  cairo_scale (cr, scale, scale);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
}

static void
sector_path (cairo_t *cr, const Disc *disc, guint segment)
{
  guint ring;
  double start_deg, end_deg;
  ut_segment_sector (segment, &ring, &start_deg, &end_deg);
  double outer = disc->radius * (N_RINGS - ring) / N_RINGS;
  double inner = disc->radius * (N_RINGS - 1 - ring) / N_RINGS;
  cairo_new_sub_path (cr);
  cairo_arc_negative (cr, disc->x, disc->y, outer, turn (start_deg), turn (end_deg));
  if (inner > 0)
    cairo_arc (cr, disc->x, disc->y, inner, turn (end_deg), turn (start_deg));
  cairo_close_path (cr);
}

static void
draw_segment (UtBullsEye *self, cairo_t *cr, const Disc *disc, guint segment)
{
  const UtBullsEyeMap *map = &self->map;
  double value = map->values_mm[segment], start_deg, end_deg;
  guint ring;
  float c[3];
  ut_colour_map_lookup (
    map->colours, (float)((value - map->min_mm) / (map->max_mm - map->min_mm)), c);
  sector_path (cr, disc, segment);
  cairo_set_source_rgb (cr, (double)c[0], (double)c[1], (double)c[2]);
  cairo_fill_preserve (cr);
  cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);

  /* ink that stands out: relative luminance, roughly, on the sRGB values */
  double ink = (double)(0.3f * c[0] + 0.59f * c[1] + 0.11f * c[2]) > 0.5 ? 0.05 : 1;
  ut_segment_sector (segment, &ring, &start_deg, &end_deg);
  double middle = turn ((start_deg + end_deg) / 2);
  double out = ring == N_RINGS - 1 ? 0 : disc->radius * (N_RINGS - 0.5 - ring) / N_RINGS;
  double x = disc->x + out * cos (middle), y = disc->y + out * sin (middle);
  g_autofree char *number = g_strdup_printf ("%u", segment);
  g_autofree char *text = isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.1f", value);
  cairo_set_source_rgb (cr, ink, ink, ink);
  draw_text (self, cr, number, x, y - 9, 0.7);
  draw_text (self, cr, text, x, y + 4, 1);
}

static void
draw_legend (UtBullsEye *self, cairo_t *cr, const Disc *disc, const GdkRGBA *ink)
{
  const UtBullsEyeMap *map = &self->map;
  double width = 2 * disc->radius, x = disc->x - disc->radius;
  double y = gtk_widget_get_height (GTK_WIDGET (self)) - LEGEND_HEIGHT + 4;
  cairo_pattern_t *colours = cairo_pattern_create_linear (x, 0, x + width, 0);
  for (guint i = 0; i < N_STOPS; i++) {
    double share = i / (N_STOPS - 1.0);
    float c[3];
    ut_colour_map_lookup (map->colours, (float)share, c);
    cairo_pattern_add_color_stop_rgb (colours, share, (double)c[0], (double)c[1], (double)c[2]);
  }
  cairo_rectangle (cr, x, y, width, 12);
  cairo_set_source (cr, colours);
  cairo_fill (cr);
  cairo_pattern_destroy (colours);

  g_autofree char *low = g_strdup_printf (_ ("%g mm"), map->min_mm);
  g_autofree char *high = g_strdup_printf (_ ("%g mm"), map->max_mm);
  gdk_cairo_set_source_rgba (cr, ink);
  draw_text (self, cr, low, x, y + 26, 0.85);
  draw_text (self, cr, self->title, disc->x, y + 26, 0.85);
  draw_text (self, cr, high, x + width, y + 26, 0.85);
}

static void
ut_bulls_eye_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtBullsEye *self = UT_BULLS_EYE (widget);
  if (self->title == NULL)
    return;
  const Disc disc = find_disc (self);
  GdkRGBA ink;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  cairo_t *cr = gtk_snapshot_append_cairo (
    snapshot,
    &GRAPHENE_RECT_INIT (
      0, 0, (float)gtk_widget_get_width (widget), (float)gtk_widget_get_height (widget)));
  for (guint segment = 1; segment <= UT_N_SEGMENTS; segment++)
    draw_segment (self, cr, &disc, segment);
  gdk_cairo_set_source_rgba (cr, &ink);
  double beside = disc.radius + SIDE_MARGIN / 2.0, above = disc.radius + TOP_MARGIN / 2.0;
  draw_text (self, cr, _ ("anterior"), disc.x, disc.y - above, 0.85);
  draw_text (self, cr, _ ("inferior"), disc.x, disc.y + above, 0.85);
  draw_text (self, cr, _ ("septal"), disc.x - beside, disc.y, 0.85);
  draw_text (self, cr, _ ("lateral"), disc.x + beside, disc.y, 0.85);
  draw_legend (self, cr, &disc, &ink);
  cairo_destroy (cr);
}

static void
ut_bulls_eye_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  int margins =
    orientation == GTK_ORIENTATION_HORIZONTAL ? 2 * SIDE_MARGIN : 2 * TOP_MARGIN + LEGEND_HEIGHT;
  *minimum = *natural = 2 * MIN_RADIUS + margins;
  *minimum_baseline = *natural_baseline = -1;
}

/* ---- words --------------------------------------------------------------------------- */

/* (transfer full): "basal anterior 8.1 mm" */
static char *
describe (UtBullsEye *self, guint segment)
{
  double value = self->map.values_mm[segment];
  return isnan (value)
           ? g_strdup_printf (_ ("%u %s: no wall is seen"), segment, segment_name (segment))
           : g_strdup_printf (_ ("%u %s: %.1f mm"), segment, segment_name (segment), value);
}

static gboolean
ut_bulls_eye_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  UtBullsEye *self = UT_BULLS_EYE (widget);
  const Disc disc = find_disc (self);
  guint segment = keyboard || self->title == NULL ? 0 : segment_at (&disc, x, y);
  if (segment == 0)
    return FALSE;
  g_autofree char *text = describe (self, segment);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

void
ut_bulls_eye_show (UtBullsEye *self, const UtBullsEyeMap *map)
{
  g_return_if_fail (UT_IS_BULLS_EYE (self));
  g_autoptr (GString) words = g_string_new (NULL);
  self->map = *map;
  g_free (self->title);
  self->title = g_strdup (map->title);
  self->map.title = self->title;
  for (guint segment = 1; segment <= UT_N_SEGMENTS; segment++) {
    g_autofree char *text = describe (self, segment);
    g_string_append_printf (words, "%s%s", segment > 1 ? ", " : "", text);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  words->str,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* ---- life ---------------------------------------------------------------------------- */

static void
ut_bulls_eye_finalize (GObject *object)
{
  g_free (UT_BULLS_EYE (object)->title);
  G_OBJECT_CLASS (ut_bulls_eye_parent_class)->finalize (object);
}

static void
ut_bulls_eye_class_init (UtBullsEyeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = ut_bulls_eye_finalize;
  widget_class->snapshot = ut_bulls_eye_snapshot;
  widget_class->measure = ut_bulls_eye_measure;
  widget_class->query_tooltip = ut_bulls_eye_query_tooltip;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
ut_bulls_eye_init (UtBullsEye *self)
{
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
ut_bulls_eye_new (void)
{
  return g_object_new (UT_TYPE_BULLS_EYE, NULL);
}
