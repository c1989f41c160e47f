/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "app/cli/expected.h"
#include "app/cli/label-map.h"
#include "app/cli/network.h"
#include "app/export.h"
#include "app/mesh-export.h"
#include "app/reproduce.h"
#include "engine/base/error.h"
#include "engine/study/study-file.h"

static char *loop_paths[UT_N_VIEWS], *reference_paths[UT_N_PHASES], *mark_lists[UT_N_PHASES];
static char *reference_codes[UT_N_PHASES];
static char *spacing_list, *study_path, *mesh_list, *out;
static char *mirror_list, *expect_list, *expect_path, *sex_name;
static double height_cm, weight_kg;
static guint mesh_formats;
static gboolean save, stages, export_input;

/* One "VIEW:VALUE" of a list "A4C:12,A2C:15"; FALSE with a usage sentence printed */
typedef gboolean (*ItemFunc) (
  UtStudy *study, UtView view, const char *value, gpointer data, GError **error);

static gboolean
for_each_item (UtStudy *study,
               const char *option,
               const char *list,
               ItemFunc func,
               gpointer data,
               GError **error)
{
  g_auto (GStrv) items = g_strsplit (list, ",", -1);
  for (char **item = items; *item != NULL; item++) {
    g_auto (GStrv) pair = g_strsplit (*item, ":", 2);
    UtView view;
    if (g_strv_length (pair) != 2 || !ut_view_from_name (pair[0], &view)) {
      g_set_error (error,
                   G_OPTION_ERROR,
                   G_OPTION_ERROR_BAD_VALUE,
                   "--%s: \"%s\" is not VIEW:VALUE with A4C, A2C or PSAX",
                   option,
                   *item);
      return FALSE;
    }
    if (!func (study, view, pair[1], data, error)) {
      g_prefix_error (error, "--%s: ", option);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
set_mark (UtStudy *study, UtView view, const char *value, gpointer data, GError **error)
{
  guint64 frame;
  if (g_str_equal (value, "none")) {
    ut_study_clear_mark (study, view, *(UtPhase *)data);
    return TRUE;
  }
  if (!g_ascii_string_to_unsigned (value, 10, 1, G_MAXUINT, &frame, NULL)) {
    g_set_error (error,
                 G_OPTION_ERROR,
                 G_OPTION_ERROR_BAD_VALUE,
                 "%s: \"%s\" is no frame number; frames count from 1, \"none\" takes a mark away",
                 ut_view_name (view),
                 value);
    return FALSE;
  }
  return ut_study_set_mark (study, view, *(UtPhase *)data, (guint)frame - 1, error);
}

static gboolean
set_spacing (UtStudy *study, UtView view, const char *value, gpointer data, GError **error)
{
  g_auto (GStrv) pair = g_strsplit (value, "x", 2);
  double spacing_mm[2] = {0};
  for (guint i = 0; i < g_strv_length (pair); i++) {
    char *end;
    spacing_mm[i] = g_ascii_strtod (pair[i], &end);
    if (end == pair[i] || *end != '\0') {
      g_set_error (error,
                   G_OPTION_ERROR,
                   G_OPTION_ERROR_BAD_VALUE,
                   "%s: \"%s\" is not ROWxCOLUMN in mm per pixel, like 0.31x0.31",
                   ut_view_name (view),
                   value);
      return FALSE;
    }
  }
  if (g_strv_length (pair) == 1)
    spacing_mm[1] = spacing_mm[0];
  return ut_study_calibrate_spacing (study, view, spacing_mm, error);
}

static gboolean
set_mirror (UtStudy *study, GError **error)
{
  g_auto (GStrv) names = g_strsplit (mirror_list, ",", -1);
  for (char **name = names; *name != NULL; name++) {
    UtView view;
    if (!ut_view_from_name (*name, &view)) {
      g_set_error (error,
                   G_OPTION_ERROR,
                   G_OPTION_ERROR_BAD_VALUE,
                   "--mirror: \"%s\" is none of A4C, A2C and PSAX",
                   *name);
      return FALSE;
    }
    ut_study_set_mirrored (study, view, TRUE);
  }
  return TRUE;
}

/* What was given takes the place of what the study or its loops say. */
static gboolean
set_body (UtStudy *study, GError **error)
{
  UtBody body = ut_study_get_state (study)->body;
  if (sex_name != NULL && !ut_sex_from_name (sex_name, &body.sex)) {
    g_set_error (error,
                 G_OPTION_ERROR,
                 G_OPTION_ERROR_BAD_VALUE,
                 "--sex is \"%s\", want female, male or unknown",
                 sex_name);
    return FALSE;
  }
  body.height_cm = height_cm != 0 ? height_cm : body.height_cm;
  body.weight_kg = weight_kg != 0 ? weight_kg : body.weight_kg;
  return ut_study_set_body (study, &body, error);
}

/* A still without a mark is taken for ED: there is nothing else to choose. */
static gboolean
add_loop (UtStudy *study, UtView view, const char *path, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr (UtCine) cine = ut_cine_open (absolute, error);
  if (cine == NULL) {
    g_prefix_error (error, "%s: ", ut_view_name (view));
    return FALSE;
  }
  if (cine->note != NULL)
    g_printerr ("%s: %s: %s\n", g_get_prgname (), ut_view_name (view), cine->note);
  ut_study_set_cine (study, view, cine, absolute);
  const int *marks = ut_study_get_state (study)->views[view].marks;
  gboolean unmarked = marks[UT_PHASE_ED] < 0 && marks[UT_PHASE_ES] < 0;
  if (cine->n_frames == 1 && unmarked && mark_lists[UT_PHASE_ED] == NULL &&
      mark_lists[UT_PHASE_ES] == NULL)
    return ut_study_set_mark (study, view, UT_PHASE_ED, 0, error);
  return TRUE;
}

static const char *const code_options[UT_N_PHASES] = {"reference-ed-codes", "reference-es-codes"};

static gboolean
add_reference (UtStudy *study, UtPhase phase, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (reference_paths[phase], NULL);
  g_autoptr (GError) cause = NULL;
  UtHeartCodes told;
  const char *list = reference_codes[phase];
  if (list != NULL && !ut_heart_codes_parse (list, &told, error))
    return FALSE;
  g_autoptr (UtStudyReference) reference =
    ut_study_reference_read (absolute, list != NULL ? &told : NULL, &cause);
  if (reference == NULL) {
    ut_cli_name_option (cause, code_options[phase]);
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  ut_study_set_reference (study, phase, reference);
  return TRUE;
}

/* (transfer full): the study that the arguments describe; sentences about its files are printed */
static UtStudy *
make_study (GError **error)
{
  g_autoptr (UtStudy) study =
    study_path != NULL ? ut_cli_study_open (study_path, error) : ut_study_new ();
  if (study == NULL)
    return NULL;

  for (int view = 0; view < UT_N_VIEWS; view++)
    if (loop_paths[view] != NULL && !add_loop (study, view, loop_paths[view], error))
      return NULL;
  if (spacing_list != NULL &&
      !for_each_item (study, "spacing", spacing_list, set_spacing, NULL, error))
    return NULL;
  if ((mirror_list != NULL && !set_mirror (study, error)) || !set_body (study, error))
    return NULL;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const char *option = phase == UT_PHASE_ED ? "ed" : "es";
    if (mark_lists[phase] != NULL &&
        !for_each_item (study, option, mark_lists[phase], set_mark, &phase, error))
      return NULL;
    if (reference_paths[phase] != NULL && !add_reference (study, phase, error))
      return NULL;
  }
  return g_steal_pointer (&study);
}

/* Results of loose loops become a study in the output folder; those of a study stay out of it
 * unless asked for. */
static gboolean
keep_study (UtStudy *study, GError **error)
{
  if (study_path != NULL && !save)
    return TRUE;
  if (study_path == NULL) {
    g_autofree char *folder = g_canonicalize_filename (out, NULL);
    ut_study_set_folder (study, folder);
  }
  return ut_study_save (study, error);
}

/* also what the network is given, where that was asked for */
static gboolean
run_network (const UtStudyState *inputs, UtStudyResult *ret_results[UT_N_PHASES], GError **error)
{
  UtTwinModel *model = ut_cli_network_open (error);
  const UtTwinRaster raster = model ? ut_twin_model_get_raster (model) : (UtTwinRaster){0};
  return model != NULL && (!export_input || ut_export_inputs (inputs, &raster, out, error)) &&
         ut_cli_network_run (inputs, ret_results, error);
}

static gboolean
reconstruct (JsonNode **ret_result, GError **error)
{
  g_autoptr (UtExpected) expected = NULL;
  if (expect_list != NULL && (expected = ut_expected_new (expect_list, expect_path, error)) == NULL)
    return FALSE;
  if (study_path == NULL && !ut_study_check_free (out, error))
    return FALSE;
  g_autoptr (UtStudy) study = make_study (error);
  if (study == NULL)
    return FALSE;
  UtStudyResult *results[UT_N_PHASES] = {NULL};
  g_autoptr (UtStudyState) inputs = ut_study_dup_state (study);
  if (!ut_study_is_calibrated (inputs, error) || !run_network (inputs, results, error))
    return FALSE;
  ut_study_add_results (study, results);
  for (int phase = 0; phase < UT_N_PHASES; phase++)
    g_clear_pointer (&results[phase], ut_study_result_unref);

  g_autoptr (UtStudyState) state = ut_study_dup_state (study);
  const UtExportOptions options = {stages, mesh_formats};
  if (!ut_export_results (state, out, &options, ret_result, NULL, NULL, error))
    return FALSE;
  if (expected != NULL)
    ut_expected_compare (expected, state, json_node_get_object (*ret_result));
  return keep_study (study, error);
}

static const GOptionEntry entries[] = {
  {"a4c",
   0,
   0,
   G_OPTION_ARG_FILENAME,
   &loop_paths[UT_VIEW_A4C],
   "Loop: DICOM, NIfTI (CAMUS), a video, a picture or a folder of pictures",
   "F"},
  {"a2c", 0, 0, G_OPTION_ARG_FILENAME, &loop_paths[UT_VIEW_A2C], "The same", "F"},
  {"psax", 0, 0, G_OPTION_ARG_FILENAME, &loop_paths[UT_VIEW_PSAX], "The same", "F"},
  {"ed",
   0,
   0,
   G_OPTION_ARG_STRING,
   &mark_lists[UT_PHASE_ED],
   "End-diastolic frames, counted from 1 (as the files propose)",
   "A4C:12,A2C:15,PSAX:9"},
  {"es", 0, 0, G_OPTION_ARG_STRING, &mark_lists[UT_PHASE_ES], "End-systolic frames", "A4C:20,..."},
  {"spacing",
   0,
   0,
   G_OPTION_ARG_STRING,
   &spacing_list,
   "Row x column in mm per pixel (as the files say)",
   "A4C:0.31x0.31,..."},
  {"mirror",
   0,
   0,
   G_OPTION_ARG_STRING,
   &mirror_list,
   "Views to be swapped left to right",
   "A4C,PSAX"},
  {"expect",
   0,
   0,
   G_OPTION_ARG_STRING,
   &expect_list,
   "Warn where the labels have another SHA-256; \"reproduced\" in the JSON",
   "ED:HASH,ES:HASH"},
  {"expect-study",
   0,
   0,
   G_OPTION_ARG_FILENAME,
   &expect_path,
   "Holds the expected hearts: where labels differ, \"dsc_with_expected\" says how far",
   "DIR"},
  {"study", 0, 0, G_OPTION_ARG_FILENAME, &study_path, "Begin with this study", "DIR"},
  {"save", 0, 0, G_OPTION_ARG_NONE, &save, "Keep the results in that study too", NULL},
  {"stages",
   0,
   0,
   G_OPTION_ARG_NONE,
   &stages,
   "Also write every stage, and the branches' variance and weight",
   NULL},
  {"export-input",
   0,
   0,
   G_OPTION_ARG_NONE,
   &export_input,
   "Also write what the network is given: ed_input.npy, its spacing, a picture",
   NULL},
  {"mesh-format",
   0,
   0,
   G_OPTION_ARG_STRING,
   &mesh_list,
   "Of the meshes: any of ply, stl, obj, glb (ply)",
   "ply,glb"},
  {"sex", 0, 0, G_OPTION_ARG_STRING, &sex_name, "female or male: whose ranges are shown", "SEX"},
  {"height", 0, 0, G_OPTION_ARG_DOUBLE, &height_cm, "For numbers per m² of body surface", "CM"},
  {"weight", 0, 0, G_OPTION_ARG_DOUBLE, &weight_kg, "The same", "KG"},
  UT_CLI_NETWORK_ENTRIES,
  {"reference-ed",
   0,
   0,
   G_OPTION_ARG_FILENAME,
   &reference_paths[UT_PHASE_ED],
   "Truth at ED: a label map (NIfTI, NRRD), or a folder of five surfaces (PLY, STL)",
   "L.nii.gz"},
  UT_CLI_CODES_ENTRY ("reference-ed-codes", &reference_codes[UT_PHASE_ED], "--reference-ed"),
  {"reference-es",
   0,
   0,
   G_OPTION_ARG_FILENAME,
   &reference_paths[UT_PHASE_ES],
   "Truth at ES",
   "L.nii.gz"},
  UT_CLI_CODES_ENTRY ("reference-es-codes", &reference_codes[UT_PHASE_ES], "--reference-es"),
  {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Folder for labels, meshes and result.json", "DIR"},
  {NULL},
};

static int
run (int argc, char **argv)
{
  if (!ut_cli_parse (
        "Reconstructs the heart from one to three echo loops: labels, meshes, numbers.",
        entries,
        (const char *[]){"out", NULL},
        argc,
        argv) ||
      !ut_cli_network_check () ||
      !ut_cli_codes_check (reference_codes[UT_PHASE_ED], code_options[UT_PHASE_ED]) ||
      !ut_cli_codes_check (reference_codes[UT_PHASE_ES], code_options[UT_PHASE_ES]))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) result = NULL;
  if (mesh_list != NULL && !ut_mesh_formats_parse (mesh_list, &mesh_formats, &error))
    return ut_cli_usage ("--mesh-format: %s", error->message);
  if (reconstruct (&result, &error))
    return ut_cli_succeed (g_steal_pointer (&result));
  if (error->domain == G_OPTION_ERROR)
    return ut_cli_usage ("%s", error->message);
  return ut_cli_fail (error);
}

const UtCliCommand ut_cli_reconstruct = {
  "reconstruct", "the heart from one to three loops: labels, meshes, numbers", run};
