/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/cli.h"
#include "engine/anatomy/structure.h"
#include "engine/image/nifti.h"
#include "engine/measure/overlap.h"

static char *pred_path, *ref_path;

static void
add_overlap (JsonBuilder *builder, const char *key, const UtOverlap *overlap)
{
  ut_cli_json_object (builder, key);
  ut_cli_json_double (builder, "dsc", overlap->dsc);
  ut_cli_json_double (builder, "hd_voxels", overlap->hd_voxels);
  ut_cli_json_double (builder, "hd_mm", overlap->hd_mm);
  ut_cli_json_double (builder, "hd95_voxels", overlap->hd95_voxels);
  ut_cli_json_double (builder, "hd95_mm", overlap->hd95_mm);
  ut_cli_json_double (builder, "assd_voxels", overlap->assd_voxels);
  ut_cli_json_double (builder, "assd_mm", overlap->assd_mm);
  ut_cli_json_double (builder, "volume_error_ml", overlap->volume_error_ml);
  ut_cli_json_double (builder, "volume_difference_ml", overlap->volume_difference_ml);
  json_builder_end_object (builder);
}

static int
run (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"pred", 0, 0, G_OPTION_ARG_FILENAME, &pred_path, "Predicted label map", "P.nii.gz"},
    {"ref",
     0,
     0,
     G_OPTION_ARG_FILENAME,
     &ref_path,
     "Reference label map on the same grid",
     "R.nii.gz"},
    {NULL},
  };
  if (!ut_cli_parse ("Compares two label maps: DSC, HD, HD95, ASSD and volume error per structure.",
                     entries,
                     (const char *[]){"pred", "ref", NULL},
                     argc,
                     argv))
    return UT_CLI_USAGE;

  g_autoptr (GError) error = NULL;
  UtOverlap overlaps[UT_N_LABELS];
  UtOverlapMean mean;
  g_autoptr (UtVolume) pred = ut_nifti_read_labels (pred_path, &error);
  g_autoptr (UtVolume) ref = pred ? ut_nifti_read_labels (ref_path, &error) : NULL;
  if (ref == NULL || !ut_overlap_all (pred, ref, UT_N_LABELS, overlaps, &mean, &error))
    return ut_cli_fail (error);

  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_object (builder, "structures");
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++)
    add_overlap (builder, ut_structure_name (structure), &overlaps[structure]);
  json_builder_end_object (builder);
  add_overlap (builder, "mean", &mean.mean);
  ut_cli_json_int (builder, "n_structures_with_one_side_empty", mean.n_one_empty);
  return ut_cli_succeed (ut_cli_json_end (builder));
}

const UtCliCommand ut_cli_evaluate = {
  "evaluate", "DSC, HD, HD95, ASSD and volume error of one label map against another", run};
