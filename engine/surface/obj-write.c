/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/surface/mesh-file-private.h"

/* Nine digits bring every float back to the bit. */
static void
append_vector (GByteArray *bytes, const char *keyword, const float *vector)
{
  char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE], z[G_ASCII_DTOSTR_BUF_SIZE];
  char line[3 * G_ASCII_DTOSTR_BUF_SIZE + 8];
  int n = g_snprintf (line,
                      sizeof line,
                      "%s %s %s %s\n",
                      keyword,
                      g_ascii_formatd (x, sizeof x, "%.9g", vector[0]),
                      g_ascii_formatd (y, sizeof y, "%.9g", vector[1]),
                      g_ascii_formatd (z, sizeof z, "%.9g", vector[2]));
  g_byte_array_append (bytes, (const guint8 *)line, (guint)n);
}

GByteArray *
ut_obj_format (const UtMesh *mesh)
{
  GByteArray *bytes = g_byte_array_new ();
  g_autofree char *header =
    g_strdup_printf ("# UltraTwin: research use only, not for diagnosis\n# frame %s\n# unit mm\n"
                     "%s%s%s",
                     ut_mesh_frame_name (mesh->frame),
                     mesh->note != NULL ? "# note " : "",
                     mesh->note != NULL ? mesh->note : "",
                     mesh->note != NULL ? "\n" : "");
  g_byte_array_append (bytes, (const guint8 *)header, (guint)strlen (header));
  for (gsize i = 0; i < mesh->n_vertices; i++)
    append_vector (bytes, "v", mesh->positions + 3 * i);
  for (gsize i = 0; i < mesh->n_vertices; i++)
    append_vector (bytes, "vn", mesh->normals + 3 * i);
  for (gsize i = 0; i < mesh->n_triangles; i++) {
    const guint32 *t = mesh->triangles + 3 * i;
    char line[96];
    /* vertex//normal, counted from 1 */
    int n = g_snprintf (line,
                        sizeof line,
                        "f %u//%u %u//%u %u//%u\n",
                        t[0] + 1,
                        t[0] + 1,
                        t[1] + 1,
                        t[1] + 1,
                        t[2] + 1,
                        t[2] + 1);
    g_byte_array_append (bytes, (const guint8 *)line, (guint)n);
  }
  return bytes;
}
