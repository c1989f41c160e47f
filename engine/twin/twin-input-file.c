/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-input-file.h"

#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/words.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

#define ORDER       (G_BYTE_ORDER == G_LITTLE_ENDIAN ? '<' : '>')
#define NPY_ALIGNED 64 /* where the data begin */

/* @shape: as Python writes it, "(3, 2)" */
static gboolean
write_npy (const char *path,
           const char *type,
           const char *shape,
           const void *data,
           gsize n_bytes,
           GError **error)
{
  static const char magic[] = "\x93NUMPY\x01";
  const gsize before = 10; /* magic, version and the header's length */
  g_autoptr (GString) header = g_string_new (NULL);
  g_string_printf (
    header, "{'descr': '%c%s', 'fortran_order': False, 'shape': %s, }", ORDER, type, shape);
  while ((before + header->len + 1) % NPY_ALIGNED != 0)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');

  g_autoptr (GByteArray) file = g_byte_array_new ();
  guint16 length = GUINT16_TO_LE ((guint16)header->len);
  g_byte_array_append (file, (const guint8 *)magic, sizeof magic); /* its end is the minor 0 */
  g_byte_array_append (file, (const guint8 *)&length, sizeof length);
  g_byte_array_append (file, (const guint8 *)header->str, (guint)header->len);
  g_byte_array_append (file, data, (guint)n_bytes);
  return g_file_set_contents (path, (const char *)file->data, (gssize)file->len, error);
}

static gboolean
write_picture (const UtTwinInput *self, const char *path, GError **error)
{
  gsize side = self->side;
  g_autoptr (GdkPixbuf) picture =
    gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, (int)(UT_N_VIEWS * side), (int)side);
  if (picture == NULL) {
    g_set_error (
      error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_MEMORY, ut_words ("no memory for a picture"));
    return FALSE;
  }
  guint8 *pixels = gdk_pixbuf_get_pixels (picture);
  gsize stride = (gsize)gdk_pixbuf_get_rowstride (picture);
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    for (gsize i = 0; i < side * side; i++) {
      int grey = (int)lrintf (255 * ut_twin_input_view (self, view)[i]);
      memset (pixels + i / side * stride + 3 * (view * side + i % side), grey, 3);
    }
  return gdk_pixbuf_save (picture, path, "png", error, NULL);
}

static gboolean
write_all (const UtTwinInput *self, const char *folder, const char *prefix, GError **error)
{
  g_autofree char *stem = g_build_filename (folder, prefix, NULL);
  g_autofree char *grey = g_strconcat (stem, "_input.npy", NULL);
  g_autofree char *spacing = g_strconcat (stem, "_input_spacing_mm.npy", NULL);
  g_autofree char *picture = g_strconcat (stem, "_input.png", NULL);
  g_autofree char *shape = g_strdup_printf ("(%d, 1, %u, %u)", UT_N_VIEWS, self->side, self->side);
  gsize n_bytes = sizeof *self->grey * UT_N_VIEWS * self->side * self->side;
  return write_npy (grey, "f4", shape, self->grey, n_bytes, error) &&
         write_npy (spacing, "f8", "(3, 2)", self->spacing_mm, sizeof self->spacing_mm, error) &&
         write_picture (self, picture, error);
}

gboolean
ut_twin_input_write (const UtTwinInput *self,
                     const char *folder,
                     const char *prefix,
                     GError **error)
{
  g_return_val_if_fail (self != NULL && folder != NULL && prefix != NULL, FALSE);
  g_autoptr (GError) own = NULL;
  if (ut_folder_make (folder, &own) && write_all (self, folder, prefix, &own))
    return TRUE;
  ut_folder_hide (own, folder);
  g_propagate_error (error, g_steal_pointer (&own));
  return FALSE;
}
