/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-file.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/surface/mesh-file-private.h"

/* GLib's messages hold the whole path, which may name a patient: keep the cause behind it. */
static void
hide_path (GError **error, const char *name, const char *what)
{
  if (error == NULL)
    return;
  const char *cause = strrchr ((*error)->message, ':');
  g_autofree char *message = g_strdup_printf ("%s: %s%s", name, what, cause != NULL ? cause : "");
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&message);
}

typedef GByteArray *(*FormatFunc) (const UtMesh *mesh);

static gboolean
write_formatted (const UtMesh *self, const char *path, FormatFunc format, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  /* no vertex or triangle takes more than 100 bytes but for its scalars */
  gsize estimate =
    100 * (self->n_vertices + self->n_triangles) + (gsize)4 * self->n_scalars * self->n_vertices;
  if (estimate > UT_MESH_FILE_MAX_BYTES)
    return ut_mesh_file_fail (error,
                              UT_ENGINE_ERROR_RANGE,
                              name,
                              "a mesh of %" G_GSIZE_FORMAT " triangles is too large to be written",
                              self->n_triangles);
  g_autoptr (GByteArray) bytes = format (self);
  gboolean written = g_file_set_contents_full (
    path, (const char *)bytes->data, bytes->len, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
  if (!written)
    hide_path (error, name, "cannot be written");
  return written;
}

gboolean
ut_mesh_write_ply (const UtMesh *self, const char *path, GError **error)
{
  return write_formatted (self, path, ut_ply_format, error);
}

gboolean
ut_mesh_write_stl (const UtMesh *self, const char *path, GError **error)
{
  return write_formatted (self, path, ut_stl_format, error);
}

gboolean
ut_mesh_write (const UtMesh *self, const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *lower = g_ascii_strdown (name, -1);
  if (g_str_has_suffix (lower, ".ply"))
    return ut_mesh_write_ply (self, path, error);
  if (g_str_has_suffix (lower, ".stl"))
    return ut_mesh_write_stl (self, path, error);
  return ut_mesh_file_fail (
    error, UT_ENGINE_ERROR_UNSUPPORTED, name, "meshes are written to .ply or .stl");
}

UtMesh *
ut_mesh_parse (const guint8 *data, gsize n_bytes, const char *name, GError **error)
{
  if (n_bytes > UT_MESH_FILE_MAX_BYTES)
    ut_mesh_file_fail (error,
                       UT_ENGINE_ERROR_RANGE,
                       name,
                       "%" G_GSIZE_FORMAT " bytes, want at most %" G_GSIZE_FORMAT,
                       n_bytes,
                       UT_MESH_FILE_MAX_BYTES);
  else if (ut_ply_recognise (data, n_bytes))
    return ut_ply_parse (data, n_bytes, name, error);
  else if (ut_stl_recognise (data, n_bytes, name))
    return ut_stl_parse (data, n_bytes, name, error);
  else
    ut_mesh_file_fail (
      error, UT_ENGINE_ERROR_UNSUPPORTED, name, "neither a PLY nor an STL mesh file");
  return NULL;
}

UtMesh *
ut_mesh_read (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, error);
  if (map == NULL) {
    hide_path (error, name, "cannot be read");
    return NULL;
  }
  const char *data = g_mapped_file_get_contents (map);
  return ut_mesh_parse (
    (const guint8 *)(data != NULL ? data : ""), g_mapped_file_get_length (map), name, error);
}
