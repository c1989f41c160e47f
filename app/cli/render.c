/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "engine/base/error.h"
#include "engine/study/study-file.h"
#include "engine/study/twin-mesh.h"
#include "engine/surface/marching-cubes.h"
#include "engine/surface/mesh-distance.h"
#include "engine/surface/mesh-file.h"
#include "render/offscreen.h"

#define DISTANCE_LIMIT_MM 8.0f

static char *study_path, *meshes_path, *camera_name, *phase_name, *out;
static int width = 1200, height = 900;
static gboolean distance_map;

/* "Myo" from "myo.ply" or "ed_myo.ply"; FALSE where the name says no structure */
static gboolean
structure_of_file (const char *name, const char *phase, UtStructure *ret_structure)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  g_autofree char *prefix = g_strconcat (phase, "_", NULL);
  char *stem = g_str_has_prefix (lower, prefix) ? lower + strlen (prefix) : lower;
  char *dot = strrchr (stem, '.');
  if (dot == NULL || (!g_str_equal (dot, ".ply") && !g_str_equal (dot, ".stl")))
    return FALSE;
  *dot = '\0';
  return ut_structure_from_name (stem, ret_structure) && *ret_structure != UT_BACKGROUND;
}

static gboolean
add_meshes (UtScene *scene, const char *phase, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (meshes_path, 0, error);
  const char *name;
  guint n = 0;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    UtStructure structure;
    if (!structure_of_file (name, phase, &structure))
      continue;
    g_autofree char *path = g_build_filename (meshes_path, name, NULL);
    g_autoptr (UtMesh) mesh = ut_mesh_read (path, error);
    if (mesh == NULL)
      return FALSE;
    ut_scene_set_mesh (scene, structure, structure, mesh);
    n++;
  }
  if (dir != NULL && n == 0)
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 "the folder holds no mesh named myo, lv, la, rv or ra (.ply or .stl)");
  return n > 0;
}

/* (transfer full): @mesh with its distance to the reference; @mesh itself where either is empty */
static UtMesh *
measured_mesh (UtMesh *mesh,
               const UtStudyReference *reference,
               UtStructure structure,
               GError **error)
{
  g_autoptr (UtMesh) truth =
    ut_mesh_from_labels (reference->labels, (guint8)structure, UT_MESH_FRAME_CANONICAL, error);
  if (truth == NULL)
    return NULL;
  if (truth->n_triangles == 0 || mesh->n_triangles == 0)
    return ut_mesh_ref (mesh);
  g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (mesh, truth, error);
  return distance ? ut_mesh_with_distance (mesh, distance, error) : NULL;
}

static gboolean
add_twin (UtScene *scene, const UtStudyState *state, UtPhase phase, GError **error)
{
  const UtStudyReference *reference = state->references[phase];
  const UtTwin *twin = ut_study_twin (state, phase);
  if (twin == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "the study has no result for %s: reconstruct first",
                 ut_phase_name (phase));
    return FALSE;
  }
  if (distance_map && (reference == NULL || reference->labels == NULL)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "the study has no reference for %s: a distance map needs one",
                 ut_phase_name (phase));
    return FALSE;
  }
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++) {
    g_autoptr (UtMesh) mesh = ut_twin_mesh (twin, ut_twin_final_stage (twin), structure, error);
    g_autoptr (UtMesh) shown = NULL;
    if (mesh != NULL)
      shown = distance_map ? measured_mesh (mesh, reference, structure, error) : ut_mesh_ref (mesh);
    if (shown == NULL)
      return FALSE;
    ut_scene_set_mesh (scene, (guint)structure, structure, shown);
  }
  if (distance_map) {
    UtScalarMap map = ut_scalar_map_distance (DISTANCE_LIMIT_MM);
    ut_scene_set_map (scene, &map);
  }
  return TRUE;
}

static gboolean
fill_scene (UtScene *scene, UtPhase phase, GError **error)
{
  if (study_path == NULL)
    return add_meshes (scene, phase == UT_PHASE_ED ? "ed" : "es", error);
  g_autoptr (UtStudy) study = ut_study_open (study_path, NULL, NULL, error);
  return study != NULL && add_twin (scene, ut_study_get_state (study), phase, error);
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"study", 0, 0, G_OPTION_ARG_FILENAME, &study_path, "Study with results", "DIR"},
    {"meshes",
     0,
     0,
     G_OPTION_ARG_FILENAME,
     &meshes_path,
     "Folder with myo.ply, lv.ply, ... (or ed_myo.ply, ...)",
     "DIR"},
    {"phase", 0, 0, G_OPTION_ARG_STRING, &phase_name, "ed or es (ed)", "PHASE"},
    {"camera",
     0,
     0,
     G_OPTION_ARG_STRING,
     &camera_name,
     "a, p, l, r, h, f, a4c, a2c or psax (a)",
     "NAME"},
    {"distance",
     0,
     0,
     G_OPTION_ARG_NONE,
     &distance_map,
     "Colour by distance to the reference",
     NULL},
    {"width", 0, 0, G_OPTION_ARG_INT, &width, "Pixels (1200)", "N"},
    {"height", 0, 0, G_OPTION_ARG_INT, &height, "Pixels (900)", "N"},
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Picture to write", "P.png"},
    {NULL},
  };
  if (!ut_cli_parse (
        "Draws a heart without a window.", entries, (const char *[]){"out", NULL}, argc, argv))
    return UT_CLI_USAGE;
  UtCameraName name = UT_CAMERA_A;
  gboolean es = phase_name != NULL && g_ascii_strcasecmp (phase_name, "es") == 0;
  if ((study_path == NULL) == (meshes_path == NULL))
    return ut_cli_usage ("give --study or --meshes");
  if (camera_name != NULL && !ut_camera_from_name (camera_name, &name))
    return ut_cli_usage ("there is no camera \"%s\"", camera_name);
  if (phase_name != NULL && !es && g_ascii_strcasecmp (phase_name, "ed") != 0)
    return ut_cli_usage ("--phase is \"%s\", want ed or es", phase_name);
  if (width < 16 || width > 8192 || height < 16 || height > 8192)
    return ut_cli_usage ("a picture of %d x %d pixels, want 16 to 8192", width, height);

  g_autoptr (GError) error = NULL;
  g_autoptr (UtScene) scene = ut_scene_new ();
  if (!fill_scene (scene, es ? UT_PHASE_ES : UT_PHASE_ED, &error))
    return ut_cli_fail (error);
  UtCamera camera;
  float low[3], high[3];
  ut_camera_init (&camera);
  ut_camera_set_named (&camera, name, scene->axes);
  if (ut_scene_bounds (scene, low, high))
    ut_camera_fit (&camera, low, high, (float)width / (float)height);
  g_autoptr (UtOffscreen) offscreen = ut_offscreen_new (&error);
  if (offscreen == NULL ||
      !ut_offscreen_save_png (offscreen, scene, &camera, width, height, 1, out, &error))
    return ut_cli_fail (error);

  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_string (builder, "camera", ut_camera_name (name));
  ut_cli_json_int (builder, "width_px", width);
  ut_cli_json_int (builder, "height_px", height);
  ut_cli_json_string (builder, "renderer", ut_offscreen_device (offscreen));
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_render = {"render", "a picture of a heart, without a window", run};
