/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/surface/mesh-file.h"

#include <string.h>

#include "engine/base/error.h"
#include "engine/base/words.h"
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

/* Of a mesh in any format: no vertex or triangle takes more than 120 bytes but for its scalars. */
static gsize
estimate_bytes (const UtMesh *self)
{
  return 120 * (self->n_vertices + self->n_triangles) +
         (gsize)4 * self->n_scalars * self->n_vertices;
}

static gboolean
check_size (gsize n_bytes, const char *name, GError **error)
{
  return n_bytes <= UT_MESH_FILE_MAX_BYTES ||
         ut_mesh_file_fail (error,
                            UT_ENGINE_ERROR_RANGE,
                            name,
                            ut_words ("the mesh is too large to be written: %zu bytes"),
                            n_bytes);
}

static gboolean
write_bytes (const GByteArray *bytes, const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  gboolean written = g_file_set_contents_full (
    path, (const char *)bytes->data, bytes->len, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
  if (!written)
    hide_path (error, name, ut_words ("the mesh cannot be written"));
  return written;
}

typedef GByteArray *(*FormatFunc) (const UtMesh *mesh);

static gboolean
write_formatted (const UtMesh *self, const char *path, FormatFunc format, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  if (!check_size (estimate_bytes (self), name, error))
    return FALSE;
  g_autoptr (GByteArray) bytes = format (self);
  return write_bytes (bytes, path, error);
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
ut_mesh_write_glb (const UtMeshPart *parts, guint n_parts, const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  gsize n_bytes = 0;
  for (guint i = 0; i < n_parts; i++)
    n_bytes += estimate_bytes (parts[i].mesh);
  if (!check_size (n_bytes, name, error))
    return FALSE;
  g_autoptr (GByteArray) bytes = ut_glb_format (parts, n_parts);
  return write_bytes (bytes, path, error);
}

static const char *const format_names[UT_N_MESH_FORMATS] = {"ply", "stl", "obj", "glb"};

const char *
ut_mesh_format_name (UtMeshFormat format)
{
  g_return_val_if_fail (format < UT_N_MESH_FORMATS, "");
  return format_names[format];
}

gboolean
ut_mesh_format_from_name (const char *name, UtMeshFormat *ret_format)
{
  for (UtMeshFormat i = 0; i < UT_N_MESH_FORMATS; i++)
    if (g_ascii_strcasecmp (name, format_names[i]) == 0) {
      *ret_format = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
write_lone_glb (const UtMesh *self, const char *path, const char *name, GError **error)
{
  g_autofree char *stem = g_strndup (name, strlen (name) - 4);
  return ut_mesh_write_glb (&(UtMeshPart){stem, self, {0.7f, 0.7f, 0.7f}, 1}, 1, path, error);
}

gboolean
ut_mesh_write (const UtMesh *self, const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  const char *dot = strrchr (name, '.');
  UtMeshFormat format;
  if (dot == NULL || !ut_mesh_format_from_name (dot + 1, &format))
    return ut_mesh_file_fail (error,
                              UT_ENGINE_ERROR_UNSUPPORTED,
                              name,
                              ut_words ("meshes are written to .ply, .stl, .obj or .glb"));
  switch (format) {
  case UT_MESH_FORMAT_STL:
    return ut_mesh_write_stl (self, path, error);
  case UT_MESH_FORMAT_OBJ:
    return write_formatted (self, path, ut_obj_format, error);
  case UT_MESH_FORMAT_GLB:
    return write_lone_glb (self, path, name, error);
  case UT_MESH_FORMAT_PLY:
  default:
    return ut_mesh_write_ply (self, path, error);
  }
}

UtMesh *
ut_mesh_parse (const guint8 *data, gsize n_bytes, const char *name, GError **error)
{
  if (n_bytes > UT_MESH_FILE_MAX_BYTES)
    ut_mesh_file_fail (error,
                       UT_ENGINE_ERROR_RANGE,
                       name,
                       ut_words ("%zu bytes, want at most %zu"),
                       n_bytes,
                       UT_MESH_FILE_MAX_BYTES);
  else if (ut_ply_recognise (data, n_bytes))
    return ut_ply_parse (data, n_bytes, name, error);
  else if (ut_stl_recognise (data, n_bytes, name))
    return ut_stl_parse (data, n_bytes, name, error);
  else
    ut_mesh_file_fail (
      error, UT_ENGINE_ERROR_UNSUPPORTED, name, ut_words ("neither a PLY nor an STL mesh file"));
  return NULL;
}

UtMesh *
ut_mesh_read (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, error);
  if (map == NULL) {
    hide_path (error, name, ut_words ("the mesh cannot be read"));
    return NULL;
  }
  const char *data = g_mapped_file_get_contents (map);
  return ut_mesh_parse (
    (const guint8 *)(data != NULL ? data : ""), g_mapped_file_get_length (map), name, error);
}
