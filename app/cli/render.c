/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "app/figures.h"
#include "app/film.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/study/study-file.h"
#include "engine/surface/mesh-file.h"

static char *study_path, *meshes_path, *camera_name, *phase_name, *film_name, *out;
static int width = 1200, height = 900;
static int turntable, beats;
static gboolean distance_map, figures;

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

/* (transfer full): of a study */
static UtScene *
twin_scene (const UtStudyState *state, UtPhase phase, GError **error)
{
  const UtStudyReference *reference = state->references[phase];
  const UtTwin *twin = ut_study_twin (state, phase);
  if (twin == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "the study has no result for %s: reconstruct first",
                 ut_phase_name (phase));
    return NULL;
  }
  if (distance_map && (reference == NULL || reference->labels == NULL)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "the study has no reference for %s: a distance map needs one",
                 ut_phase_name (phase));
    return NULL;
  }
  return ut_figure_scene (twin, distance_map ? reference : NULL, error);
}

static UtScene *
make_scene (const UtStudyState *state, UtPhase phase, GError **error)
{
  if (state != NULL)
    return twin_scene (state, phase, error);
  g_autoptr (UtScene) scene = ut_scene_new ();
  return add_meshes (scene, phase == UT_PHASE_ED ? "ed" : "es", error) ? g_steal_pointer (&scene)
                                                                       : NULL;
}

static gboolean
draw_picture (UtOffscreen *offscreen, const UtScene *scene, UtCameraName name, GError **error)
{
  UtCamera camera;
  float low[3], high[3];
  ut_camera_init (&camera);
  ut_camera_set_named (&camera, name, scene->axes);
  if (ut_scene_bounds (scene, low, high))
    ut_camera_fit (&camera, low, high, (float)width / (float)height);
  return ut_offscreen_save_png (offscreen, scene, &camera, width, height, 1, out, error);
}

static gboolean
draw_turntable (UtOffscreen *offscreen, const UtScene *scene, UtPhase phase, GError **error)
{
  g_autofree char *stem =
    g_build_filename (out, phase == UT_PHASE_ED ? "ed_turn" : "es_turn", NULL);
  return ut_folder_make (out, error) &&
         ut_turntable_write (
           offscreen, scene, ut_phase_name (phase), (guint)turntable, stem, NULL, NULL, error);
}

/* "turn-beat"; 0 where the word names no film */
static guint
film_kind (const char *word)
{
  static const char *const words[] = {
    [UT_FILM_TURN] = "turn", [UT_FILM_BEAT] = "beat", [UT_FILM_TURN | UT_FILM_BEAT] = "turn-beat"};
  for (guint kind = 1; kind < G_N_ELEMENTS (words); kind++)
    if (g_str_equal (word, words[kind]))
      return kind;
  return 0;
}

static int
write_film (const UtStudyState *state, UtPhase phase, UtCameraName name, GCancellable *cancel)
{
  g_autoptr (GError) error = NULL;
  const UtFilm film = {.kind = film_kind (film_name),
                       .phase = phase,
                       .camera = name,
                       .n_beats = (guint)beats,
                       .width_px = width,
                       .height_px = height};
  if (!ut_film_write (state, &film, out, NULL, cancel, &error))
    return ut_cli_fail (error);
  guint n_frames = ut_film_n_frames (&film);
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_string (builder, "camera", ut_camera_name (name));
  ut_cli_json_int (builder, "frames", n_frames);
  ut_cli_json_int (builder, "fps", UT_FILM_FPS);
  ut_cli_json_double (builder, "seconds", (double)n_frames / UT_FILM_FPS);
  ut_cli_json_int (builder, "width_px", width);
  ut_cli_json_int (builder, "height_px", height);
  ut_cli_json_boolean (builder, "interpolated", (film.kind & UT_FILM_BEAT) != 0);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

static int
draw (UtPhase phase, UtCameraName name)
{
  g_autoptr (GError) error = NULL;
  GCancellable *cancel = film_name != NULL ? ut_cli_cancellable () : NULL;
  g_autoptr (UtStudy) study = study_path != NULL ? ut_cli_study_open (study_path, &error) : NULL;
  if (study_path != NULL && study == NULL)
    return ut_cli_fail (error);
  const UtStudyState *state = study != NULL ? ut_study_get_state (study) : NULL;
  if (film_name != NULL)
    return write_film (state, phase, name, cancel);
  JsonBuilder *builder = ut_cli_json ();
  g_autoptr (UtOffscreen) offscreen = NULL;
  gboolean drawn;
  if (figures) {
    drawn = ut_figures_write (state, out, (guint)turntable, NULL, NULL, &error);
    ut_cli_json_int (builder, "width_px", UT_FIGURE_WIDTH_PX);
    ut_cli_json_int (builder, "height_px", UT_FIGURE_HEIGHT_PX);
  } else {
    g_autoptr (UtScene) scene = make_scene (state, phase, &error);
    offscreen = scene != NULL ? ut_offscreen_new (&error) : NULL;
    drawn = offscreen != NULL && (turntable > 0 ? draw_turntable (offscreen, scene, phase, &error)
                                                : draw_picture (offscreen, scene, name, &error));
    ut_cli_json_string (builder, "camera", ut_camera_name (name));
    ut_cli_json_int (builder, "width_px", turntable > 0 ? UT_FIGURE_WIDTH_PX : width);
    ut_cli_json_int (builder, "height_px", turntable > 0 ? UT_FIGURE_HEIGHT_PX : height);
    if (drawn)
      ut_cli_json_string (builder, "renderer", ut_offscreen_device (offscreen));
  }
  g_autoptr (JsonNode) answer = ut_cli_json_end (builder);
  return drawn ? ut_cli_succeed (g_steal_pointer (&answer)) : ut_cli_fail (error);
}

static const GOptionEntry entries[] = {
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
  {"distance", 0, 0, G_OPTION_ARG_NONE, &distance_map, "Colour by distance to the reference", NULL},
  {"width", 0, 0, G_OPTION_ARG_INT, &width, "Pixels (1200)", "N"},
  {"height", 0, 0, G_OPTION_ARG_INT, &height, "Pixels (900)", "N"},
  {"figures",
   0,
   0,
   G_OPTION_ARG_NONE,
   &figures,
   "Both phases from every fixed camera, with legend, into the folder --out",
   NULL},
  {"turntable",
   0,
   0,
   G_OPTION_ARG_INT,
   &turntable,
   "N pictures of a full turn into the folder --out (0)",
   "N"},
  {"film",
   0,
   0,
   G_OPTION_ARG_STRING,
   &film_name,
   "turn, beat (interpolated between ED and ES) or turn-beat: an MP4 with legend, by ffmpeg",
   "KIND"},
  {"beats",
   0,
   0,
   G_OPTION_ARG_INT,
   &beats,
   "Beats of 1.6 s that a film lasts (5; 1 for beat)",
   "N"},
  {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Picture or film to write, or folder", "P.png"},
  {NULL},
};

static int
run (int argc, char **argv)
{
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

  if (figures && study_path == NULL)
    return ut_cli_usage ("--figures needs --study");
  if (turntable < 0 || turntable > UT_TURNTABLE_MAX)
    return ut_cli_usage ("--turntable is %d, want 0 to %d", turntable, UT_TURNTABLE_MAX);
  if (film_name != NULL && film_kind (film_name) == 0)
    return ut_cli_usage ("--film is \"%s\", want turn, beat or turn-beat", film_name);
  if (film_name != NULL && (study_path == NULL || figures || turntable > 0 || distance_map))
    return ut_cli_usage ("--film needs --study, and no --figures, --turntable or --distance");
  if (film_name != NULL && (width % 2 != 0 || height % 2 != 0 || width < UT_FILM_MIN_WIDTH_PX ||
                            height < UT_FILM_MIN_HEIGHT_PX))
    return ut_cli_usage ("a film of %d x %d pixels, want even numbers from %d x %d on",
                         width,
                         height,
                         UT_FILM_MIN_WIDTH_PX,
                         UT_FILM_MIN_HEIGHT_PX);
  if (beats < 0 || beats > 100)
    return ut_cli_usage ("--beats is %d, want 1 to 100", beats);
  return draw (es ? UT_PHASE_ES : UT_PHASE_ED, name);
}

const UtCliCommand ut_cli_render = {"render", "a picture of a heart, without a window", run};
