/* SPDX-License-Identifier: Apache-2.0 */
#include "app/mesh-export.h"

#include "engine/base/error.h"
#include "render/colour-map.h"

#include <glib/gi18n.h>

#define WALL_OPACITY 0.35f /* the cavity is seen through it */

gboolean
ut_mesh_formats_parse (const char *list, guint *ret_formats, GError **error)
{
  g_auto (GStrv) words = g_strsplit (list, ",", -1);
  guint formats = 0;
  for (char **word = words; *word != NULL; word++) {
    UtMeshFormat format;
    if (!ut_mesh_format_from_name (*word, &format)) {
      g_set_error (error,
                   UT_ENGINE_ERROR,
                   UT_ENGINE_ERROR_RANGE,
                   _ ("\"%s\" is no mesh format: ply, stl, obj or glb"),
                   *word);
      return FALSE;
    }
    formats |= 1u << format;
  }
  *ret_formats = formats;
  return TRUE;
}

static gboolean
write_structure (const UtMesh *mesh,
                 UtStructure structure,
                 const char *folder,
                 const char *prefix,
                 UtMeshFormat format,
                 GError **error)
{
  g_autofree char *mixed = g_strconcat (prefix ? prefix : "",
                                        prefix ? "_" : "",
                                        ut_structure_name (structure),
                                        ".",
                                        ut_mesh_format_name (format),
                                        NULL);
  g_autofree char *name = g_ascii_strdown (mixed, -1);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  return ut_mesh_write (mesh, path, error);
}

static gboolean
write_heart (UtMesh *const meshes[UT_N_LABELS],
             const char *folder,
             const char *prefix,
             GError **error)
{
  UtMeshPart parts[UT_N_LABELS];
  guint n_parts = 0;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    if (meshes[s] == NULL)
      continue;
    parts[n_parts] =
      (UtMeshPart){ut_structure_name (s), meshes[s], {0}, s == UT_MYO ? WALL_OPACITY : 1};
    ut_structure_colour (s, parts[n_parts++].colour);
  }
  g_autofree char *name = g_strconcat (prefix ? prefix : "heart", ".glb", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  return ut_mesh_write_glb (parts, n_parts, path, error);
}

gboolean
ut_mesh_export (UtMesh *const meshes[UT_N_LABELS],
                const char *folder,
                const char *prefix,
                guint formats,
                GError **error)
{
  for (UtMeshFormat format = 0; format < UT_MESH_FORMAT_GLB; format++)
    for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
      if ((formats & 1u << format) != 0 && meshes[s] != NULL &&
          !write_structure (meshes[s], s, folder, prefix, format, error))
        return FALSE;
  return (formats & 1u << UT_MESH_FORMAT_GLB) == 0 || write_heart (meshes, folder, prefix, error);
}
