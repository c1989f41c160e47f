/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/canonical.h"
#include "app/cli/cli.h"
#include "app/cli/label-map.h"
#include "engine/image/nifti.h"
#include "engine/measure/volumes.h"

static char *labels_path, *code_list, *out;

static void
add_affine (JsonBuilder *builder, const char *key, const UtAffine *affine)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
  for (int r = 0; r < 3; r++) {
    json_builder_begin_array (builder);
    for (int c = 0; c < 4; c++)
      json_builder_add_double_value (builder, affine->m[r][c]);
    json_builder_end_array (builder);
  }
  json_builder_end_array (builder);
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
     "Labelled heart, NIfTI or NRRD",
     "L.nii.gz"},
    UT_CLI_CODES_ENTRY ("codes", &code_list, "it"),
    {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "64 x 64 x 64 label map to write", "C.nii.gz"},
    {NULL},
  };
  if (!ut_cli_parse ("Brings a labelled heart to the canonical pose: 64 x 64 x 64 voxels of 3 mm.",
                     entries,
                     (const char *[]){"labels", "out", NULL},
                     argc,
                     argv))
    return UT_CLI_USAGE;
  if (!ut_cli_codes_check (code_list, "codes"))
    return UT_CLI_USAGE;

  g_autoptr (GError) error = NULL;
  UtAffine m_patient_from_canonical;
  UtLabelVolume volumes[UT_N_LABELS];
  UtHeartCodes codes;
  g_autoptr (UtVolume) labels =
    ut_cli_labels_open (labels_path, code_list, "codes", &codes, &error);
  g_autoptr (UtVolume) canonical =
    labels ? ut_canonical_resample (labels, &m_patient_from_canonical, &error) : NULL;
  if (canonical == NULL || !ut_label_volumes (canonical, UT_N_LABELS, volumes, &error) ||
      !ut_nifti_write (canonical, out, "UltraTwin canonical labels, research use only", &error))
    return ut_cli_fail (error);

  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_codes (builder, "codes", &codes);
  add_affine (builder, "lps_mm_from_canonical_mm", &m_patient_from_canonical);
  ut_cli_json_object (builder, "volume_ml");
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++)
    ut_cli_json_double (builder, ut_structure_name (structure), volumes[structure].ml);
  json_builder_end_object (builder);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_canonical = {
  "canonical", "a labelled heart in the pose and grid of the network", run};
