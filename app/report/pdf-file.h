/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cairo.h>
#include <glib.h>

/** UtPdfDraw: page @page, counted from 0, in points, UT_PAPER_WIDTH by UT_PAPER_HEIGHT */
typedef void (*UtPdfDraw) (gconstpointer data, guint page, cairo_t *cr);

/** ut_pdf_write: pages as a PDF, through a temporary file and a rename. Errors: G_FILE_ERROR;
 * MEMORY */
gboolean ut_pdf_write (const char *path,
                       const char *title,
                       guint n_pages,
                       UtPdfDraw draw,
                       gconstpointer data,
                       GError **error);
