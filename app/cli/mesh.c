/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "engine/anatomy/structure.h"
#include "engine/base/folder.h"
#include "engine/image/nifti.h"
#include "engine/measure/volumes.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/mesh-file.h"

static char *labels_path, *out;

static gboolean
write_structure (const UtVolume *labels,
                 UtStructure structure,
                 JsonBuilder *builder,
                 GError **error)
{
  g_autoptr (UtMesh) mesh =
    ut_mesh_from_labels (labels, (guint8)structure, UT_MESH_FRAME_LPS, error);
  if (mesh == NULL)
    return FALSE;
  if (mesh->n_triangles == 0)
    return TRUE;
  g_autofree char *lower = g_ascii_strdown (ut_structure_name (structure), -1);
  g_autofree char *name = g_strconcat (lower, ".ply", NULL);
  g_autofree char *path = g_build_filename (out, name, NULL);
  if (!ut_mesh_write (mesh, path, error))
    return FALSE;
  ut_cli_json_object (builder, ut_structure_name (structure));
  ut_cli_json_string (builder, "file", name);
  ut_cli_json_int (builder, "n_vertices", (gint64)mesh->n_vertices);
  ut_cli_json_int (builder, "n_triangles", (gint64)mesh->n_triangles);
  ut_cli_json_double (builder, "mesh_volume_ml", ut_mesh_volume_ml (mesh));
  json_builder_end_object (builder);
  return TRUE;
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"labels", 0, 0, G_OPTION_ARG_FILENAME, &labels_path, "Label map, any grid", "L.nii.gz"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Folder for the meshes", "DIR"},
    {NULL},
  };
  if (!ut_cli_parse ("Writes one voxel-true PLY mesh per structure: mm, LPS.",
                     entries,
                     (const char *[]){"labels", "out", NULL},
                     argc,
                     argv))
    return UT_CLI_USAGE;

  g_autoptr (GError) error = NULL;
  g_autoptr (UtVolume) labels = ut_nifti_read_labels (labels_path, &error);
  if (labels == NULL || !ut_folder_make (out, &error))
    return ut_cli_fail (error);
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_string (builder, "frame", ut_mesh_frame_name (UT_MESH_FRAME_LPS));
  ut_cli_json_string (builder, "unit", "mm");
  ut_cli_json_object (builder, "structures");
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++)
    if (!write_structure (labels, structure, builder, &error)) {
      g_object_unref (builder);
      return ut_cli_fail (error);
    }
  json_builder_end_object (builder);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_mesh = {"mesh", "one PLY mesh per structure of a label map", run};
