/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/pdf-file.h"

#include "app/report/paper.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/study/study-file.h"

#include <cairo-pdf.h>

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t
draw_all (GByteArray *bytes, const char *title, guint n_pages, UtPdfDraw draw, gconstpointer data)
{
  cairo_surface_t *surface =
    cairo_pdf_surface_create_for_stream (append_bytes, bytes, UT_PAPER_WIDTH, UT_PAPER_HEIGHT);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_SUBJECT, UT_STUDY_NOTICE);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "UltraTwin " UT_VERSION);
  cairo_t *cr = cairo_create (surface);
  for (guint page = 0; page < n_pages; page++) {
    draw (data, page, cr);
    cairo_show_page (cr);
  }
  cairo_destroy (cr);
  cairo_surface_finish (surface);
  cairo_status_t status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

gboolean
ut_pdf_write (const char *path,
              const char *title,
              guint n_pages,
              UtPdfDraw draw,
              gconstpointer data,
              GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autofree char *name = g_path_get_basename (path), *folder = g_path_get_dirname (path);
  cairo_status_t status = draw_all (bytes, title, n_pages, draw, data);
  if (status != CAIRO_STATUS_SUCCESS) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_MEMORY,
                 "%s: %s",
                 name,
                 cairo_status_to_string (status));
    return FALSE;
  }
  gboolean written = g_file_set_contents_full (
    path, (const char *)bytes->data, bytes->len, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
  if (!written && error != NULL)
    ut_folder_hide (*error, folder);
  return written;
}
