/* SPDX-License-Identifier: Apache-2.0 */

/* phantom and simulate: a study to open, with its truth. */

#include "app/cli/cli.h"
#include "app/cli/label-map.h"
#include "app/sample.h"
#include "engine/anatomy/heart-labels.h"
#include "engine/anatomy/phantom.h"
#include "engine/anatomy/structure.h"
#include "engine/image/view.h"
#include "engine/measure/volumes.h"

static gint64 seed = UT_SAMPLE_SEED;
static double ejection_fraction;
static char *labels_path, *code_list, *frames, *out;

#define FRAMES_ENTRY                                                                               \
  {                                                                                                \
    "frames", 0, 0, G_OPTION_ARG_STRING, &frames,                                                  \
      "all, or marked: loops of the ED and the ES frame only (all)", "WHICH"                       \
  }

/* What --frames says; FALSE, and told, where it says nothing known. */
static gboolean
take_frames (gboolean *ret_marked_only)
{
  *ret_marked_only = g_strcmp0 (frames, "marked") == 0;
  if (frames == NULL || *ret_marked_only || g_str_equal (frames, "all"))
    return TRUE;
  ut_cli_usage ("--frames is \"%s\", want all or marked", frames);
  return FALSE;
}

static void
add_volumes (JsonBuilder *builder, const char *key, const UtLabelVolume *volumes)
{
  ut_cli_json_object (builder, key);
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++) {
    g_autofree char *lower = g_ascii_strdown (ut_structure_name (structure), -1);
    g_autofree char *field = g_strconcat (lower, "_ml", NULL);
    ut_cli_json_double (builder, field, volumes[structure].ml);
  }
  json_builder_end_object (builder);
}

/* What was written, and the truth as the references hold it; @codes: (nullable): of the heart */
static int
report (const UtHeartCodes *codes)
{
  static const char *const files[UT_N_PHASES] = {UT_SAMPLE_REFERENCE_ED, UT_SAMPLE_REFERENCE_ES};
  g_autoptr (GError) error = NULL;
  UtLabelVolume volumes[UT_N_PHASES][UT_N_LABELS];
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    g_autofree char *path = g_build_filename (out, files[phase], NULL);
    g_autoptr (UtVolume) labels = ut_heart_labels_read (path, &error);
    if (labels == NULL || !ut_label_volumes (labels, UT_N_LABELS, volumes[phase], &error))
      return ut_cli_fail (error);
  }
  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_int (builder, "seed", seed);
  ut_cli_json_string (builder, "study", "study.json");
  if (codes != NULL)
    ut_cli_json_codes (builder, "codes", codes);
  ut_cli_json_object (builder, "truth");
  add_volumes (builder, "ed", volumes[UT_PHASE_ED]);
  add_volumes (builder, "es", volumes[UT_PHASE_ES]);
  double ef;
  if (ut_ejection_fraction (volumes[UT_PHASE_ED][UT_LV].ml, volumes[UT_PHASE_ES][UT_LV].ml, &ef))
    ut_cli_json_double (builder, "ef_percent", 100 * ef);
  json_builder_end_object (builder);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

static int
run_phantom (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Which heart, probe and scanner (1)", "N"},
    FRAMES_ENTRY,
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Folder for the study", "DIR"},
    {NULL},
  };
  if (!ut_cli_parse (
        "Makes a study of a parametric heart: three simulated loops, marks, reference.",
        entries,
        (const char *[]){"out", NULL},
        argc,
        argv))
    return UT_CLI_USAGE;
  UtSimulation simulation = {.seed = (guint64)seed};
  if (!take_frames (&simulation.marked_only))
    return UT_CLI_USAGE;
  g_autoptr (GError) error = NULL;
  if (!ut_sample_study_make (&simulation, out, NULL, NULL, &error))
    return ut_cli_fail (error);
  return report (NULL);
}

static int
run_simulate (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"labels",
     0,
     0,
     G_OPTION_ARG_FILENAME,
     &labels_path,
     "Labelled heart at ED, NIfTI or NRRD",
     "L.nii.gz"},
    UT_CLI_CODES_ENTRY ("codes", &code_list, "it"),
    {"seed", 0, 0, G_OPTION_ARG_INT64, &seed, "Which probe and scanner (1)", "N"},
    {"ef",
     0,
     0,
     G_OPTION_ARG_DOUBLE,
     &ejection_fraction,
     "LV ejection fraction, 0.05 to 0.8 (drawn from the seed)",
     "EF"},
    FRAMES_ENTRY,
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "Folder for the study", "DIR"},
    {NULL},
  };
  if (!ut_cli_parse ("Makes a study of a labelled heart: it beats, and is filmed in three views.",
                     entries,
                     (const char *[]){"labels", "out", NULL},
                     argc,
                     argv))
    return UT_CLI_USAGE;
  if (!ut_cli_codes_check (code_list, "codes"))
    return UT_CLI_USAGE;
  if (ejection_fraction != 0 && !(ejection_fraction >= 0.05 && ejection_fraction <= 0.8))
    return ut_cli_usage ("--ef is %g, want 0.05 to 0.8", ejection_fraction);

  UtSimulation simulation = {.seed = (guint64)seed,
                             .ejection_fraction = ejection_fraction,
                             .label = "Simulated echo of a labelled heart"};
  if (!take_frames (&simulation.marked_only))
    return UT_CLI_USAGE;

  g_autoptr (GError) error = NULL;
  UtHeartCodes codes;
  g_autoptr (UtVolume) labels =
    ut_cli_labels_open (labels_path, code_list, "codes", &codes, &error);
  if (labels == NULL || !ut_simulated_study_make (labels, &simulation, out, NULL, NULL, &error))
    return ut_cli_fail (error);
  return report (&codes);
}

const UtCliCommand ut_cli_phantom = {
  "phantom", "a parametric heart as a study: three loops, marks, reference", run_phantom};
const UtCliCommand ut_cli_simulate = {
  "simulate", "the same from any labelled heart at ED", run_simulate};
