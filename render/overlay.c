/* SPDX-License-Identifier: Apache-2.0 */
#include "render/overlay.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define BAR_COLOURS 256

/* logical pixels */
#define PADDING     12.0
#define BAR_WIDTH   14.0
#define BAR_MIN     80.0
#define BAR_MAX     280.0
#define TICK_LENGTH 5.0
#define TICK_GAP    5.0
#define TITLE_GAP   10.0
#define TITLE_WIDTH 112.0
#define TEXT_SIZE   12.0
#define NOTE_SIZE   11.0

static PangoLayout *
make_layout (cairo_t *cr, const char *text, double size, PangoWeight weight)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  pango_font_description_set_family_static (font, "Sans");
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, weight);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  return layout;
}

static void
layout_size (PangoLayout *layout, double *ret_width, double *ret_height)
{
  PangoRectangle box;
  pango_layout_get_extents (layout, NULL, &box);
  *ret_width = (double)box.width / PANGO_SCALE;
  *ret_height = (double)box.height / PANGO_SCALE;
}

/* A canvas of no size: text can be measured before the real one is made. */
static cairo_t *
scratch_canvas (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 1, 1);
  cairo_t *cr = cairo_create (surface);
  cairo_surface_destroy (surface);
  return cr;
}

static cairo_t *
make_canvas (double width, double height, float scale)
{
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, ceil (width * scale), ceil (height * scale));
  cairo_t *cr = cairo_create (surface);
  cairo_scale (cr, scale, scale);
  cairo_surface_destroy (surface);
  return cr;
}

static cairo_surface_t *
finish_canvas (cairo_t *cr)
{
  cairo_surface_t *surface = cairo_surface_reference (cairo_get_target (cr));
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static void
rounded_box (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_sub_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 1.5 * G_PI);
  cairo_close_path (cr);
}

double
ut_overlay_tick_step (double range, int max_ticks)
{
  g_return_val_if_fail (range > 0 && max_ticks > 0, 1);
  double least = range / max_ticks, decade = pow (10, floor (log10 (least)));
  for (int i = 0; i < 3; i++) {
    double step = (const double[]){1, 2, 5}[i] * decade;
    if (step >= least * (1 - 1e-9))
      return step;
  }
  return 10 * decade;
}

static char *
tick_text (double value, gboolean with_sign, gboolean local)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  if (local)
    g_snprintf (digits, sizeof digits, "%g", fabs (value));
  else
    g_ascii_formatd (digits, sizeof digits, "%g", fabs (value));
  const char *sign = value < 0 ? "\u2212" : with_sign && value > 0 ? "+" : "";
  return g_strconcat (sign, digits, NULL);
}

static void
draw_bar (cairo_t *cr, const UtScalarMap *map, double x, double y, double height)
{
  guint8 rgba[BAR_COLOURS * 4];
  double range = map->max - map->min;
  ut_scalar_map_fill (map, BAR_COLOURS, rgba);
  cairo_pattern_t *ramp = cairo_pattern_create_linear (0, y + height, 0, y);
  for (int i = 0; i < BAR_COLOURS; i++)
    cairo_pattern_add_color_stop_rgb (ramp,
                                      i / (BAR_COLOURS - 1.0),
                                      rgba[4 * i] / 255.0,
                                      rgba[4 * i + 1] / 255.0,
                                      rgba[4 * i + 2] / 255.0);
  cairo_save (cr);
  rounded_box (cr, x, y, BAR_WIDTH, height, 3);
  cairo_clip (cr);
  cairo_set_source (cr, ramp);
  cairo_paint (cr);
  cairo_pattern_destroy (ramp);

  double middle = (map->min + map->max) / 2;
  cairo_set_source_rgba (cr, 0, 0, 0, 0.45);
  cairo_set_line_width (cr, 1);
  for (double v = map->contour_step; map->contour_step > 0 && v < range / 2; v += map->contour_step)
    for (int side = -1; v > map->neutral && side <= 1; side += 2) {
      double at = y + height * (map->max - (middle + side * v)) / range;
      cairo_move_to (cr, x, at);
      cairo_line_to (cr, x + BAR_WIDTH, at);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

/* Returns: the width of the widest label */
static double
draw_ticks (cairo_t *cr, const UtScalarMap *map, double x, double y, double height)
{
  double range = map->max - map->min, widest = 0;
  double step = ut_overlay_tick_step (range, MAX (2, (int)(height / 26)));
  gboolean with_sign = map->min < 0 && map->max > 0;
  cairo_set_line_width (cr, 1);
  for (double k = ceil (map->min / step - 1e-6); k * step <= map->max + 1e-6 * step; k++) {
    double at = y + height * (map->max - k * step) / range, width, text_height;
    g_autofree char *text = tick_text (k * step, with_sign, map->local_numbers);
    g_autoptr (PangoLayout) layout = make_layout (cr, text, TEXT_SIZE, PANGO_WEIGHT_NORMAL);
    layout_size (layout, &width, &text_height);
    widest = fmax (widest, width);
    cairo_set_source_rgba (cr, 1, 1, 1, 0.6);
    cairo_move_to (cr, x, at);
    cairo_line_to (cr, x + TICK_LENGTH, at);
    cairo_stroke (cr);
    cairo_set_source_rgba (cr, 1, 1, 1, 0.92);
    cairo_move_to (cr, x + TICK_LENGTH + TICK_GAP, at - text_height / 2);
    pango_cairo_show_layout (cr, layout);
  }
  return widest;
}

cairo_surface_t *
ut_overlay_legend (const UtScalarMap *map, int max_height_px, float scale)
{
  const char *quantity = map->quantity ? map->quantity : map->scalar;
  g_autofree char *title =
    map->unit && *map->unit ? g_strdup_printf ("%s, %s", quantity, map->unit) : g_strdup (quantity);
  cairo_t *scratch = scratch_canvas ();
  g_autoptr (PangoLayout) layout = make_layout (scratch, title, TEXT_SIZE, PANGO_WEIGHT_SEMIBOLD);
  pango_layout_set_width (layout, TITLE_WIDTH * PANGO_SCALE);
  double title_width, title_height;
  layout_size (layout, &title_width, &title_height);

  double bar = CLAMP (0.5 * max_height_px / scale, BAR_MIN, BAR_MAX);
  double bar_y = PADDING + title_height + TITLE_GAP;
  double ticks_width = draw_ticks (scratch, map, 0, 0, bar);
  cairo_destroy (scratch);
  double width = 2 * PADDING + fmax (title_width, BAR_WIDTH + TICK_LENGTH + TICK_GAP + ticks_width);
  double height = bar_y + bar + PADDING + TEXT_SIZE / 2;

  cairo_t *cr = make_canvas (width, height, scale);
  rounded_box (cr, 0, 0, width, height, 8);
  cairo_set_source_rgba (cr, 0.04, 0.04, 0.05, 0.55);
  cairo_fill (cr);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.92);
  cairo_move_to (cr, PADDING, PADDING);
  pango_cairo_update_layout (cr, layout);
  pango_cairo_show_layout (cr, layout);
  draw_bar (cr, map, PADDING, bar_y, bar);
  draw_ticks (cr, map, PADDING + BAR_WIDTH, bar_y, bar);
  return finish_canvas (cr);
}

cairo_surface_t *
ut_overlay_note (const char *text, int max_width_px, float scale)
{
  cairo_t *scratch = scratch_canvas ();
  g_autoptr (PangoLayout) layout = make_layout (scratch, text, NOTE_SIZE, PANGO_WEIGHT_NORMAL);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  double width, height, most = fmax (16, max_width_px / scale);
  layout_size (layout, &width, &height);
  if (width > most) {
    pango_layout_set_width (layout, most * PANGO_SCALE);
    layout_size (layout, &width, &height);
  }
  cairo_destroy (scratch);

  cairo_t *cr = make_canvas (width + 2, height + 2, scale);
  pango_cairo_update_layout (cr, layout);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.6);
  cairo_move_to (cr, 1, 1.6);
  pango_cairo_show_layout (cr, layout);
  cairo_set_source_rgba (cr, 1, 1, 1, 0.72);
  cairo_move_to (cr, 1, 1);
  pango_cairo_show_layout (cr, layout);
  return finish_canvas (cr);
}

cairo_surface_t *
ut_overlay_letters (int cell_px)
{
  static const char *const letters[6] = {"L", "R", "P", "A", "H", "F"};
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 6 * cell_px, cell_px);
  cairo_t *cr = cairo_create (surface);
  cairo_surface_destroy (surface);
  cairo_set_source_rgba (cr, 1, 1, 1, 1);
  for (int i = 0; i < 6; i++) {
    PangoRectangle ink;
    g_autoptr (PangoLayout) layout =
      make_layout (cr, letters[i], 0.72 * cell_px, PANGO_WEIGHT_SEMIBOLD);
    pango_layout_get_extents (layout, &ink, NULL);
    cairo_move_to (cr,
                   (i + 0.5) * cell_px - (ink.x + ink.width / 2.0) / PANGO_SCALE,
                   0.5 * cell_px - (ink.y + ink.height / 2.0) / PANGO_SCALE);
    pango_cairo_show_layout (cr, layout);
  }
  return finish_canvas (cr);
}
