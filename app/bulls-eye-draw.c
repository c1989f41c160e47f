/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/bulls-eye-draw.h"

#include <glib/gi18n.h>
#include <math.h>

#define N_STOPS    32
#define SMALL      0.7  /* of the font: numbers of the segments */
#define NAMES      0.85 /* of the font: what stands round the disc */
#define LINE_WIDTH 0.12 /* of the font's height */
#define FINE       0.05 /* the same of a small disc, whose values lie over its lines */
#define RING       1.15 /* of the font's height: thinner rings have no room for a value */
#define NAME_GAP   0.35 /* of the font's height, from the disc */
#define LEGEND_GAP 0.4

/* A text of @scale times the font; its middle, or where @align is -1 or 1 its end, at (@x, @y). */
static void
draw_text (
  cairo_t *cr, PangoContext *fonts, const char *text, double x, double y, double scale, int align)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (fonts);
  int width, height;
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_size (layout, &width, &height);
  double wide = scale * width / PANGO_SCALE, high = scale * height / PANGO_SCALE;
  cairo_save (cr);
  cairo_translate (cr, x - wide * (1 - align) / 2, y - high / 2);
  cairo_scale (cr, scale, scale);
  cairo_move_to (cr, 0, 0);
  pango_cairo_show_layout (cr, layout);
  cairo_restore (cr);
}

static double
font_height (PangoContext *fonts)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (fonts);
  int height;
  pango_layout_set_text (layout, "0", -1);
  pango_layout_get_size (layout, NULL, &height);
  return (double)height / PANGO_SCALE;
}

/* Degrees from anterior by the septum, as of the segments, to radians of cairo */
static double
turn (double angle_deg)
{
  return -(90 + angle_deg) * G_PI / 180;
}

static void
sector_path (cairo_t *cr, const UtBullsEyeDisc *disc, guint segment)
{
  guint ring;
  double start_deg, end_deg;
  ut_segment_sector (segment, &ring, &start_deg, &end_deg);
  double outer = disc->radius * (UT_BULLS_EYE_RINGS - ring) / UT_BULLS_EYE_RINGS;
  double inner = disc->radius * (UT_BULLS_EYE_RINGS - 1 - ring) / UT_BULLS_EYE_RINGS;
  cairo_new_sub_path (cr);
  cairo_arc_negative (cr, disc->x, disc->y, outer, turn (start_deg), turn (end_deg));
  if (inner > 0)
    cairo_arc (cr, disc->x, disc->y, inner, turn (end_deg), turn (start_deg));
  cairo_close_path (cr);
}

static void
draw_segment (cairo_t *cr,
              PangoContext *fonts,
              const UtBullsEyeMap *map,
              const UtBullsEyeDisc *disc,
              guint segment)
{
  double value = map->values_mm[segment], start_deg, end_deg, high = font_height (fonts);
  guint ring;
  float c[3];
  ut_colour_map_lookup (
    map->colours, (float)((value - map->min_mm) / (map->max_mm - map->min_mm)), c);
  sector_path (cr, disc, segment);
  cairo_set_source_rgb (cr, (double)c[0], (double)c[1], (double)c[2]);
  cairo_fill_preserve (cr);
  cairo_set_source_rgb (cr, 0.1, 0.1, 0.1);
  cairo_set_line_width (cr, (disc->small ? FINE : LINE_WIDTH) * high);
  cairo_stroke (cr);

  if (disc->radius / UT_BULLS_EYE_RINGS < RING * high)
    return;
  /* ink that stands out: relative luminance, roughly, on the sRGB values */
  double ink = (double)(0.3f * c[0] + 0.59f * c[1] + 0.11f * c[2]) > 0.5 ? 0.05 : 1;
  ut_segment_sector (segment, &ring, &start_deg, &end_deg);
  double middle = turn ((start_deg + end_deg) / 2);
  double out = ring == UT_BULLS_EYE_RINGS - 1
                 ? 0
                 : disc->radius * (UT_BULLS_EYE_RINGS - 0.5 - ring) / UT_BULLS_EYE_RINGS;
  double x = disc->x + out * cos (middle), y = disc->y + out * sin (middle);
  g_autofree char *number = g_strdup_printf ("%u", segment);
  g_autofree char *text = isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.1f", value);
  cairo_set_source_rgb (cr, ink, ink, ink);
  if (!disc->small)
    draw_text (cr, fonts, number, x, y - 0.5 * high, SMALL, 0);
  draw_text (cr, fonts, text, x, disc->small ? y : y + 0.25 * high, 1, 0);
}

/* Upwards along the rim. */
static void
draw_upright (cairo_t *cr, PangoContext *fonts, const char *text, double x, double y)
{
  cairo_save (cr);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, -G_PI / 2);
  draw_text (cr, fonts, text, 0, 0, 1, 0);
  cairo_restore (cr);
}

static void
draw_names (cairo_t *cr, PangoContext *fonts, const UtBullsEyeDisc *disc)
{
  double scale = disc->small ? 1 : NAMES, high = font_height (fonts), gap = NAME_GAP * high;
  double above = disc->radius + scale * high / 2 + (disc->small ? 0 : gap / 2);
  double beside = disc->radius + gap;
  draw_text (cr, fonts, _ ("anterior"), disc->x, disc->y - above, scale, 0);
  draw_text (cr, fonts, _ ("inferior"), disc->x, disc->y + above, scale, 0);
  if (disc->small) {
    draw_upright (cr, fonts, _ ("septal"), disc->x - above, disc->y);
    draw_upright (cr, fonts, _ ("lateral"), disc->x + above, disc->y);
  } else {
    draw_text (cr, fonts, _ ("septal"), disc->x - beside, disc->y, scale, -1);
    draw_text (cr, fonts, _ ("lateral"), disc->x + beside, disc->y, scale, 1);
  }
}

void
ut_bulls_eye_draw (cairo_t *cr,
                   PangoContext *fonts,
                   const UtBullsEyeMap *map,
                   const UtBullsEyeDisc *disc)
{
  draw_names (cr, fonts, disc);
  cairo_save (cr);
  for (guint segment = 1; segment <= UT_N_SEGMENTS; segment++)
    draw_segment (cr, fonts, map, disc, segment);
  cairo_restore (cr);
}

void
ut_bulls_eye_draw_legend (cairo_t *cr,
                          PangoContext *fonts,
                          const UtBullsEyeMap *map,
                          double x,
                          double y,
                          double width,
                          double height)
{
  double middle = y + height + (NAMES / 2 + LEGEND_GAP) * font_height (fonts);
  cairo_pattern_t *colours = cairo_pattern_create_linear (x, 0, x + width, 0);
  for (guint i = 0; i < N_STOPS; i++) {
    double share = i / (N_STOPS - 1.0);
    float c[3];
    ut_colour_map_lookup (map->colours, (float)share, c);
    cairo_pattern_add_color_stop_rgb (colours, share, (double)c[0], (double)c[1], (double)c[2]);
  }
  g_autofree char *low = g_strdup_printf (_ ("%g mm"), map->min_mm);
  g_autofree char *high = g_strdup_printf (_ ("%g mm"), map->max_mm);
  draw_text (cr, fonts, low, x, middle, NAMES, 0);
  draw_text (cr, fonts, map->title, x + width / 2, middle, NAMES, 0);
  draw_text (cr, fonts, high, x + width, middle, NAMES, 0);
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_set_source (cr, colours);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_pattern_destroy (colours);
}
