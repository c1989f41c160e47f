/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/bulls-eye.h"

#include <glib/gi18n.h>
#include <math.h>

#define SIDE_MARGIN   62 /* for the names of the walls, px */
#define TOP_MARGIN    22
#define LEGEND_HEIGHT 44
#define LEGEND_BAR    12
#define MIN_RADIUS    132

struct _UtBullsEye {
  GtkWidget parent_instance;
  UtBullsEyeMap map;
  char *title;
};

G_DEFINE_FINAL_TYPE (UtBullsEye, ut_bulls_eye, GTK_TYPE_WIDGET)

/* ---- geometry ------------------------------------------------------------------------ */

static UtBullsEyeDisc
find_disc (UtBullsEye *self)
{
  double width = gtk_widget_get_width (GTK_WIDGET (self));
  double height = gtk_widget_get_height (GTK_WIDGET (self)) - LEGEND_HEIGHT;
  double radius = fmin (width / 2 - SIDE_MARGIN, height / 2 - TOP_MARGIN);
  return (UtBullsEyeDisc){width / 2, height / 2, fmax (radius, 1)};
}

/* The number of the segment at a place, or 0 */
static guint
segment_at (const UtBullsEyeDisc *disc, double x, double y)
{
  double dx = x - disc->x, dy = y - disc->y;
  double share = hypot (dx, dy) / disc->radius;
  double angle_deg = -atan2 (dy, dx) * 180 / G_PI - 90;
  for (guint segment = 1; segment <= UT_N_SEGMENTS && share < 1; segment++) {
    guint ring;
    double start_deg, end_deg;
    ut_segment_sector (segment, &ring, &start_deg, &end_deg);
    double past_deg = fmod (angle_deg - start_deg + 720, 360);
    if (ring == UT_BULLS_EYE_RINGS - 1 - (guint)(share * UT_BULLS_EYE_RINGS) &&
        past_deg < end_deg - start_deg)
      return segment;
  }
  return 0;
}

/* ---- drawing ------------------------------------------------------------------------- */

static void
ut_bulls_eye_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  UtBullsEye *self = UT_BULLS_EYE (widget);
  if (self->title == NULL)
    return;
  const UtBullsEyeDisc disc = find_disc (self);
  GdkRGBA ink;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  cairo_t *cr = gtk_snapshot_append_cairo (
    snapshot,
    &GRAPHENE_RECT_INIT (
      0, 0, (float)gtk_widget_get_width (widget), (float)gtk_widget_get_height (widget)));
  PangoContext *fonts = gtk_widget_get_pango_context (widget);
  gdk_cairo_set_source_rgba (cr, &ink);
  ut_bulls_eye_draw (cr, fonts, &self->map, &disc);
  double y = gtk_widget_get_height (widget) - LEGEND_HEIGHT + 4;
  ut_bulls_eye_draw_legend (
    cr, fonts, &self->map, disc.x - disc.radius, y, 2 * disc.radius, LEGEND_BAR);
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
           ? g_strdup_printf (_ ("%u %s: no wall is seen"), segment, _ (ut_segment_name (segment)))
           : g_strdup_printf (_ ("%u %s: %.1f mm"), segment, _ (ut_segment_name (segment)), value);
}

static gboolean
ut_bulls_eye_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  UtBullsEye *self = UT_BULLS_EYE (widget);
  const UtBullsEyeDisc disc = find_disc (self);
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
