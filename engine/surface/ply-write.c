/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "engine/surface/mesh-file-private.h"

/* A property name for a scalar that none before it in the file has. */
static char *
property_name (GPtrArray *taken, const char *scalar_name)
{
  g_autoptr (GString) name = g_string_new (NULL);
  for (const char *c = scalar_name; *c != '\0'; c++)
    g_string_append_c (name, g_ascii_isalnum (*c) ? g_ascii_tolower (*c) : '_');
  if (name->len == 0)
    g_string_append (name, "scalar");
  while (g_ptr_array_find_with_equal_func (taken, name->str, g_str_equal, NULL))
    g_string_append_c (name, '_');
  g_ptr_array_add (taken, g_strdup (name->str));
  return g_strdup (name->str);
}

static void
append_header (GString *header, const UtMesh *mesh)
{
  static const char *const fixed[] = {"x", "y", "z", "nx", "ny", "nz"};
  g_autoptr (GPtrArray) taken = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) properties = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (fixed); i++) {
    g_ptr_array_add (taken, g_strdup (fixed[i]));
    g_string_append_printf (properties, "property float %s\n", fixed[i]);
  }
  g_string_append_printf (header,
                          "ply\nformat binary_little_endian 1.0\n"
                          "comment UltraTwin: research use only, not for diagnosis\n"
                          "comment frame %s\ncomment unit mm\n",
                          ut_mesh_frame_name (mesh->frame));
  if (mesh->note != NULL)
    g_string_append_printf (header, "comment note %s\n", mesh->note);
  for (guint i = 0; i < mesh->n_scalars; i++) {
    const UtMeshScalar *scalar = &mesh->scalars[i];
    g_autofree char *property = property_name (taken, scalar->name);
    /* one line, whatever the names hold */
    g_autofree char *name = g_strdelimit (g_strdup (scalar->name), "\r\n", ' ');
    g_autofree char *unit = g_strdelimit (g_strdup (scalar->unit), "\r\n ", '_');
    g_string_append_printf (
      header, "comment scalar %s %s %s\n", property, *unit != '\0' ? unit : "-", name);
    g_string_append_printf (properties, "property float %s\n", property);
  }
  g_string_append_printf (header,
                          "element vertex %" G_GSIZE_FORMAT "\n%s"
                          "element face %" G_GSIZE_FORMAT "\n"
                          "property list uchar int vertex_indices\nend_header\n",
                          mesh->n_vertices,
                          properties->str,
                          mesh->n_triangles);
}

GByteArray *
ut_ply_format (const UtMesh *mesh)
{
  g_autoptr (GString) header = g_string_new (NULL);
  append_header (header, mesh);
  GByteArray *bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *)header->str, (guint)header->len);
  for (gsize i = 0; i < mesh->n_vertices; i++) {
    ut_mesh_file_append (bytes, mesh->positions + 3 * i, 3);
    ut_mesh_file_append (bytes, mesh->normals + 3 * i, 3);
    for (guint k = 0; k < mesh->n_scalars; k++)
      ut_mesh_file_append (bytes, mesh->scalars[k].values + i, 1);
  }
  for (gsize i = 0; i < mesh->n_triangles; i++) {
    const guint8 n_corners = 3;
    g_byte_array_append (bytes, &n_corners, 1);
    ut_mesh_file_append (bytes, mesh->triangles + 3 * i, 3);
  }
  return bytes;
}
