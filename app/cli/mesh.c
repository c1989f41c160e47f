/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "app/cli/label-map.h"
#include "app/mesh-export.h"
#include "engine/anatomy/structure.h"
#include "engine/base/folder.h"
#include "engine/measure/volumes.h"
#include "engine/surface/marching-cubes.h"

static char *labels_path, *code_list, *format_list, *out;
static guint formats = 1u << UT_MESH_FORMAT_PLY;

/* the files of one mesh each are named; the .glb with all is not */
static void
add_structure (JsonBuilder *builder, UtStructure structure, const UtMesh *mesh)
{
  g_autofree char *lower = g_ascii_strdown (ut_structure_name (structure), -1);
  ut_cli_json_object (builder, ut_structure_name (structure));
  for (UtMeshFormat format = 0; format < UT_MESH_FORMAT_GLB; format++)
    if ((formats & 1u << format) != 0) {
      const char *suffix = ut_mesh_format_name (format);
      g_autofree char *name = g_strconcat (lower, ".", suffix, NULL);
      g_autofree char *other = g_strconcat (suffix, "_file", NULL);
      ut_cli_json_string (builder, format == UT_MESH_FORMAT_PLY ? "file" : other, name);
    }
  ut_cli_json_int (builder, "n_vertices", (gint64)mesh->n_vertices);
  ut_cli_json_int (builder, "n_triangles", (gint64)mesh->n_triangles);
  ut_cli_json_double (builder, "mesh_volume_ml", ut_mesh_volume_ml (mesh));
  json_builder_end_object (builder);
}

/* NULL where the labels have none of it */
static gboolean
cut_surfaces (const UtVolume *labels, UtMesh *ret_meshes[UT_N_LABELS], GError **error)
{
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    ret_meshes[s] = ut_mesh_from_labels (labels, (guint8)s, UT_MESH_FRAME_LPS, error);
    if (ret_meshes[s] == NULL)
      return FALSE;
    if (ret_meshes[s]->n_triangles == 0)
      g_clear_pointer (&ret_meshes[s], ut_mesh_unref);
  }
  return TRUE;
}

static int
write_meshes (void)
{
  g_autoptr (GError) error = NULL;
  UtMesh *meshes[UT_N_LABELS] = {NULL};
  UtHeartCodes codes = {0};
  g_autoptr (UtVolume) labels =
    ut_cli_labels_open (labels_path, code_list, "codes", &codes, &error);
  gboolean written = labels != NULL && ut_folder_make (out, &error) &&
                     cut_surfaces (labels, meshes, &error) &&
                     ut_mesh_export (meshes, out, NULL, formats, &error);
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_string (builder, "frame", ut_mesh_frame_name (UT_MESH_FRAME_LPS));
  ut_cli_json_string (builder, "unit", "mm");
  ut_cli_json_codes (builder, "codes", &codes);
  if (formats & 1u << UT_MESH_FORMAT_GLB)
    ut_cli_json_string (builder, "glb_file", "heart.glb");
  ut_cli_json_object (builder, "structures");
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (meshes[s] != NULL) {
      add_structure (builder, s, meshes[s]);
      ut_mesh_unref (meshes[s]);
    }
  json_builder_end_object (builder);
  g_autoptr (JsonNode) answer = ut_cli_json_end (builder);
  return written ? ut_cli_succeed (g_steal_pointer (&answer)) : ut_cli_fail (error);
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"labels",
     0,
     0,
     G_OPTION_ARG_FILENAME,
     &labels_path,
     "Label map, any grid, NIfTI or NRRD",
     "L.nii.gz"},
    UT_CLI_CODES_ENTRY ("codes", &code_list, "it"),
    {"mesh-format",
     0,
     0,
     G_OPTION_ARG_STRING,
     &format_list,
     "Any of ply, stl, obj, glb (ply)",
     "ply,glb"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Folder for the meshes", "DIR"},
    {NULL},
  };
  if (!ut_cli_parse ("Writes one voxel-true mesh per structure: mm, LPS; a .glb holds all of them.",
                     entries,
                     (const char *[]){"labels", "out", NULL},
                     argc,
                     argv))
    return UT_CLI_USAGE;
  if (!ut_cli_codes_check (code_list, "codes"))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  if (format_list != NULL && !ut_mesh_formats_parse (format_list, &formats, &error))
    return ut_cli_usage ("--mesh-format: %s", error->message);
  return write_meshes ();
}

const UtCliCommand ut_cli_mesh = {"mesh", "the meshes of a label map", run};
