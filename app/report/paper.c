/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/paper.h"

#include <glib/gi18n.h>
#include <pango/pangocairo.h>

#define CELL_SIZE 8.0 /* points, in a table */
#define CELL_GAP  5
#define ROW_GAP   2.5
#define INK       0.12
#define PALE      0.45

static const struct {
  double size; /* points */
  PangoWeight weight;
  double grey, above, below;
} styles[] = {
  [UT_PAPER_TITLE] = {20, PANGO_WEIGHT_BOLD, INK, 0, 2},
  [UT_PAPER_HEADING] = {10.5, PANGO_WEIGHT_BOLD, INK, 10, 3},
  [UT_PAPER_TEXT] = {8.5, PANGO_WEIGHT_NORMAL, INK, 0, 1},
  [UT_PAPER_STRONG] = {8.5, PANGO_WEIGHT_BOLD, INK, 0, 1},
  [UT_PAPER_SMALL] = {7, PANGO_WEIGHT_NORMAL, PALE, 0, 1},
};

static PangoLayout *
make_layout (cairo_t *cr, const char *text, double size, PangoWeight weight, double width)
{
  PangoLayout *layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font = pango_font_description_new ();
  pango_font_description_set_family_static (font, "Sans");
  pango_font_description_set_absolute_size (font, MAX (size, UT_PAPER_SMALLEST) * PANGO_SCALE);
  pango_font_description_set_weight (font, weight);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  if (width > 0)
    pango_layout_set_width (layout, (int)(width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  return layout;
}

static double
layout_height (PangoLayout *layout)
{
  int height;
  pango_layout_get_size (layout, NULL, &height);
  return (double)height / PANGO_SCALE;
}

static void
set_grey (cairo_t *cr, double grey)
{
  cairo_set_source_rgb (cr, grey, grey, grey);
}

static double
layout_width (PangoLayout *layout)
{
  int width;
  pango_layout_get_size (layout, &width, NULL);
  return (double)width / PANGO_SCALE;
}

void
ut_paper_text (UtPaper *self, UtPaperStyle style, const char *text)
{
  PangoLayout *layout =
    make_layout (self->cr, text, styles[style].size, styles[style].weight, self->width);
  if (self->y > UT_PAPER_MARGIN)
    self->y += styles[style].above;
  set_grey (self->cr, styles[style].grey);
  cairo_move_to (self->cr, self->x, self->y);
  pango_cairo_show_layout (self->cr, layout);
  self->y += layout_height (layout) + styles[style].below;
  g_object_unref (layout);
}

/* The line at which the second column begins, so that both are as long. */
static int
half_of_lines (PangoLayout *layout)
{
  return (pango_layout_get_line_count (layout) + 1) / 2;
}

static void
show_lines (UtPaper *self, PangoLayout *layout, double x, int from, int to)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);
  double top = -1;
  int line = 0;
  do {
    PangoRectangle box;
    pango_layout_iter_get_line_extents (iter, NULL, &box);
    if (line == from)
      top = (double)box.y / PANGO_SCALE;
    if (line >= from && line < to) {
      double baseline = (double)pango_layout_iter_get_baseline (iter) / PANGO_SCALE;
      cairo_move_to (self->cr, x + (double)box.x / PANGO_SCALE, self->y + baseline - top);
      pango_cairo_show_layout_line (self->cr, pango_layout_iter_get_line_readonly (iter));
    }
    line++;
  } while (pango_layout_iter_next_line (iter));
  pango_layout_iter_free (iter);
}

/* What stands before the first colon of each line. */
static void
embolden_heads (PangoLayout *layout)
{
  g_autoptr (PangoAttrList) bold = pango_attr_list_new ();
  const char *text = pango_layout_get_text (layout);
  for (const char *line = text; line != NULL && *line != '\0';) {
    const char *end = strchr (line, '\n'), *colon = strchr (line, ':');
    if (colon != NULL && (end == NULL || colon < end)) {
      PangoAttribute *head = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
      head->start_index = (guint)(line - text);
      head->end_index = (guint)(colon - text);
      pango_attr_list_insert (bold, head);
    }
    line = end != NULL ? end + 1 : NULL;
  }
  pango_layout_set_attributes (layout, bold);
}

gboolean
ut_paper_columns (UtPaper *self, const char *text, double height)
{
  const double gap = 14, column = (self->width - gap) / 2;
  PangoLayout *layout =
    make_layout (self->cr, text, styles[UT_PAPER_SMALL].size, PANGO_WEIGHT_NORMAL, column);
  embolden_heads (layout);
  int n = pango_layout_get_line_count (layout), half = half_of_lines (layout);
  double needed = layout_height (layout) * half / MAX (1, n);
  int fits = needed > height ? (int)(half * height / needed) : half;
  set_grey (self->cr, PALE);
  show_lines (self, layout, self->x, 0, fits);
  show_lines (self, layout, self->x + column + gap, half, MIN (n, half + fits));
  self->y += MIN (needed, height);
  g_object_unref (layout);
  return needed <= height;
}

/* Words wrap, numbers are made smaller: nothing is wider than its column unless it is smallest. */
static PangoLayout *
make_cell (cairo_t *cr, const char *text, double width, gboolean head, gboolean name)
{
  PangoWeight weight = head || name ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL;
  if (head || name) {
    PangoLayout *words = make_layout (cr, text, CELL_SIZE, weight, width);
    pango_layout_set_alignment (words, name ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT);
    return words;
  }
  PangoLayout *number = make_layout (cr, text, CELL_SIZE, weight, 0);
  double needed = layout_width (number);
  if (needed > width) {
    g_object_unref (number);
    number = make_layout (cr, text, CELL_SIZE * width / needed, weight, 0);
  }
  return number;
}

/* A row, all cells on the last line's foot. */
static void
draw_row (
  UtPaper *self, const char *const *cells, guint n_columns, double name_width, gboolean head)
{
  const double column = (self->width - name_width) / (n_columns - 1);
  g_autoptr (GPtrArray) layouts = g_ptr_array_new_with_free_func (g_object_unref);
  double height = 0;
  for (guint c = 0; c < n_columns; c++) {
    double width = (c == 0 ? name_width : column) - CELL_GAP;
    g_ptr_array_add (layouts, make_cell (self->cr, cells[c], width, head, c == 0));
    height = MAX (height, layout_height (layouts->pdata[c]));
  }
  set_grey (self->cr, head ? PALE : INK);
  for (guint c = 0; c < n_columns; c++) {
    PangoLayout *layout = layouts->pdata[c];
    double left =
      c == 0 ? 0 : name_width + c * column - (head ? column - CELL_GAP : layout_width (layout));
    cairo_move_to (self->cr, self->x + left, self->y + height - layout_height (layout));
    pango_cairo_show_layout (self->cr, layout);
  }
  self->y += height + ROW_GAP;
}

void
ut_paper_table (
  UtPaper *self, const char *const *cells, guint n_columns, guint n_rows, double first)
{
  for (guint row = 0; row < n_rows; row++) {
    draw_row (self, cells + row * n_columns, n_columns, first * self->width, row == 0);
    set_grey (self->cr, row == 0 ? PALE : 0.85);
    cairo_set_line_width (self->cr, 0.4);
    cairo_move_to (self->cr, self->x, self->y - 1);
    cairo_rel_line_to (self->cr, self->width, 0);
    cairo_stroke (self->cr);
  }
}

double
ut_paper_caption (cairo_t *cr, const char *text, double x, double y, double size, double width)
{
  PangoLayout *layout = make_layout (cr, text, size, PANGO_WEIGHT_NORMAL, width);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  cairo_move_to (cr, x - width / 2, y);
  pango_cairo_show_layout (cr, layout);
  double height = layout_height (layout);
  g_object_unref (layout);
  return height;
}

void
ut_paper_fitted_word (cairo_t *cr, const char *text, double x, double y, double size, double width)
{
  PangoLayout *layout = make_layout (cr, text, size, PANGO_WEIGHT_NORMAL, 0);
  double needed = layout_width (layout);
  g_object_unref (layout);
  ut_paper_word (cr, text, x, y, size * MIN (1, width / MAX (1, needed)));
}

void
ut_paper_word (cairo_t *cr, const char *text, double x, double y, double size)
{
  PangoLayout *layout = make_layout (cr, text, size, PANGO_WEIGHT_NORMAL, 0);
  cairo_move_to (cr, x - 0.5 * layout_width (layout), y - 0.5 * layout_height (layout));
  pango_cairo_show_layout (cr, layout);
  g_object_unref (layout);
}

void
ut_paper_picture (
  cairo_t *cr, cairo_surface_t *surface, double x, double y, double width, double height)
{
  double wide = cairo_image_surface_get_width (surface);
  double high = cairo_image_surface_get_height (surface);
  double scale = MIN (width / wide, height / high);
  cairo_save (cr);
  cairo_translate (cr, x + (width - scale * wide) / 2, y + (height - scale * high) / 2);
  cairo_scale (cr, scale, scale);
  cairo_set_source_surface (cr, surface, 0, 0);
  cairo_paint (cr);
  cairo_restore (cr);
}

void
ut_paper_blank (cairo_t *cr)
{
  set_grey (cr, 1);
  cairo_rectangle (cr, 0, 0, UT_PAPER_WIDTH, UT_PAPER_HEIGHT);
  cairo_fill (cr);
}

void
ut_paper_foot (cairo_t *cr, guint page, guint n_pages)
{
  g_autofree char *text = g_strdup_printf (
    _ ("Research use only – not for diagnosis  ·  page %u of %u"), page + 1, n_pages);
  set_grey (cr, 0.1);
  ut_paper_word (cr, text, UT_PAPER_WIDTH / 2, UT_PAPER_HEIGHT - UT_PAPER_MARGIN, 8);
}
