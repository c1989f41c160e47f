/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cairo.h>
#include <glib.h>

/** A4, in points of 1/72 inch. */
#define UT_PAPER_WIDTH  595.276
#define UT_PAPER_HEIGHT 841.890

/** UT_PAPER_MARGIN: points, on all sides; a heading right below it needs no room above */
#define UT_PAPER_MARGIN 36.0

/** UT_PAPER_SMALLEST: points; below it nobody reads: no text on paper is smaller */
#define UT_PAPER_SMALLEST 7.0

/**
 * UtPaper: a column of a page that is filled from the top: every piece goes to (@x, @y) and moves
 * @y below itself. Points; text in Sans, dark on white.
 */
typedef struct UtPaper {
  cairo_t *cr;
  double x, y, width;
} UtPaper;

typedef enum {
  UT_PAPER_TITLE,   /* of the report */
  UT_PAPER_HEADING, /* of a part */
  UT_PAPER_TEXT,
  UT_PAPER_STRONG, /* text that must be seen */
  UT_PAPER_SMALL,  /* notes, definitions */
} UtPaperStyle;

/** ut_paper_blank: the whole page, white */
void ut_paper_blank (cairo_t *cr);

/** ut_paper_foot: the research-use line and the page, counted from 0, at the lower margin */
void ut_paper_foot (cairo_t *cr, guint page, guint n_pages);

/** ut_paper_text: @text, wrapped at the column's width */
void ut_paper_text (UtPaper *self, UtPaperStyle style, const char *text);

/**
 * ut_paper_columns:
 * @text: paragraphs, one a line; what stands before the first colon of each is set in bold
 * @height: what is left of the page
 *
 * Small text in two columns of the same length. What does not fit into @height is left out.
 *
 * Returns: FALSE where it was cut off
 */
gboolean ut_paper_columns (UtPaper *self, const char *text, double height);

/**
 * ut_paper_table:
 * @cells: (array length=n_rows*n_columns): row by row; the first row is the head, the first column
 *   the names
 * @n_columns: at least 2
 * @first: share of the width that the first column takes
 *
 * Names to the left, numbers to the right. Names and heads that are wider than their column go on
 * in a second line, numbers are written smaller.
 */
void ut_paper_table (
  UtPaper *self, const char *const *cells, guint n_columns, guint n_rows, double first);

/** ut_paper_word: @text, its middle at (@x, @y), in the colour that is set */
void ut_paper_word (cairo_t *cr, const char *text, double x, double y, double size);

/** ut_paper_fitted_word: the same, but smaller where it would be wider than @width */
void
ut_paper_fitted_word (cairo_t *cr, const char *text, double x, double y, double size, double width);

/** ut_paper_caption: @text, centred on @x, its top at @y, wrapped at @width. Returns: its height */
double
ut_paper_caption (cairo_t *cr, const char *text, double x, double y, double size, double width);

/** ut_paper_picture: @surface, scaled to fit a box of which (@x, @y) is the upper left corner */
void ut_paper_picture (
  cairo_t *cr, cairo_surface_t *surface, double x, double y, double width, double height);
