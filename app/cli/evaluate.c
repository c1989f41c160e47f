/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/ablation.h"
#include "app/cli/cli.h"
#include "app/cli/label-map.h"
#include "app/cli/network.h"
#include "engine/anatomy/structure.h"
#include "engine/base/json.h"
#include "engine/image/nifti.h"
#include "engine/measure/topology-report.h"
#include "engine/measure/uncertainty.h"
#include "engine/surface/marching-cubes.h"
#include "engine/twin/twin-mean.h"

static char *pred_path, *ref_path, *map_path, *pred_codes, *ref_codes;
static gboolean ablation, only_full;
static char *cases, *weights, *baseline, *view_list, *out, *validation;

static void
add_overlap (JsonBuilder *builder, const char *key, const UtOverlap *overlap)
{
  ut_cli_json_object (builder, key);
  for (gsize i = 0; i < UT_OVERLAP_N_NUMBERS; i++)
    ut_cli_json_double (builder,
                        ut_overlap_numbers[i].key,
                        G_STRUCT_MEMBER (double, overlap, ut_overlap_numbers[i].offset));
  json_builder_end_object (builder);
}

/* ---- two label maps -------------------------------------------------------------- */

/* Rank correlation of the map with the error, over the surface of each structure */
static gboolean
add_ranks (JsonBuilder *builder,
           const UtVolume *pred,
           const UtVolume *ref,
           const UtVolume *map,
           GError **error)
{
  ut_cli_json_object (builder, "uncertainty_error_rank_correlation");
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++) {
    double rho;
    g_autoptr (UtMesh) mesh =
      ut_mesh_from_labels (pred, (guint8)structure, UT_MESH_FRAME_LPS, error);
    g_autoptr (UtMesh) truth =
      mesh ? ut_mesh_from_labels (ref, (guint8)structure, UT_MESH_FRAME_LPS, error) : NULL;
    if (truth == NULL || !ut_mesh_add_sampled (mesh, "uncertainty", "", map, error))
      return FALSE;
    if (mesh->n_triangles == 0 || truth->n_triangles == 0)
      continue;
    g_autoptr (UtMeshDistance) distance = ut_mesh_distance_new (mesh, truth, error);
    if (distance == NULL)
      return FALSE;
    if (ut_uncertainty_rank (mesh, "uncertainty", distance, &rho))
      ut_cli_json_double (builder, ut_structure_name ((UtStructure)structure), rho);
  }
  json_builder_end_object (builder);
  return TRUE;
}

static void
add_contacts (JsonBuilder *builder, const UtTopologyReport *report)
{
  ut_cli_json_object (builder, "contacts");
  for (int a = UT_BACKGROUND; a < UT_N_LABELS; a++)
    for (int b = a + 1; b < UT_N_LABELS; b++) {
      const UtContact *contact = &report->contacts[a][b];
      g_autofree char *pair = g_strdup_printf (
        "%s-%s", ut_structure_name ((UtStructure)a), ut_structure_name ((UtStructure)b));
      ut_cli_json_object (builder, pair);
      ut_cli_json_int (builder, "n_faces", (gint64)contact->n_faces);
      ut_cli_json_double (builder, "area_mm2", contact->area_mm2);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
add_topology (JsonBuilder *builder, const UtTopologyReport *report)
{
  static const char *const counts[] = {"n_parts", "n_cavities", "n_handles"};
  ut_cli_json_object (builder, "topology");
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    ut_cli_json_object (builder, counts[i]);
    for (int structure = UT_MYO; structure < UT_N_LABELS; structure++) {
      const UtStructureTopology *found = &report->structures[structure];
      const gint64 values[] = {found->n_parts, found->n_cavities, found->n_handles};
      ut_cli_json_int (builder, ut_structure_name ((UtStructure)structure), values[i]);
    }
    json_builder_end_object (builder);
  }
  ut_cli_json_int (builder, "n_leak_voxels", (gint64)report->topology.n_leak_voxels);
  add_contacts (builder, report);
  json_builder_end_object (builder);
}

static int
compare (void)
{
  g_autoptr (GError) error = NULL;
  UtOverlap overlaps[UT_N_LABELS];
  UtOverlapMean mean;
  UtHeartCodes of_pred, of_ref;
  g_autoptr (UtVolume) pred =
    ut_cli_labels_open (pred_path, pred_codes, "pred-codes", &of_pred, &error);
  g_autoptr (UtVolume) ref =
    pred ? ut_cli_labels_open (ref_path, ref_codes, "ref-codes", &of_ref, &error) : NULL;
  g_autoptr (UtVolume) map = ref && map_path ? ut_nifti_read (map_path, &error) : NULL;
  g_autoptr (UtTopologyReport) topology = NULL;
  if (ref == NULL || (map_path && map == NULL) ||
      !ut_overlap_all (pred, ref, UT_N_LABELS, overlaps, &mean, &error) ||
      (topology = ut_topology_report_new (pred, &error)) == NULL)
    return ut_cli_fail (error);

  JsonBuilder *builder = ut_cli_json ();
  ut_cli_json_codes (builder, "pred_codes", &of_pred);
  ut_cli_json_codes (builder, "ref_codes", &of_ref);
  ut_cli_json_object (builder, "structures");
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++)
    add_overlap (builder, ut_structure_name (structure), &overlaps[structure]);
  json_builder_end_object (builder);
  add_overlap (builder, "mean", &mean.mean);
  ut_cli_json_int (builder, "n_structures_with_one_side_empty", mean.n_one_empty);
  add_topology (builder, topology);
  if (map != NULL && !add_ranks (builder, pred, ref, map, &error)) {
    g_object_unref (builder);
    return ut_cli_fail (error);
  }
  return ut_cli_succeed (ut_cli_json_end (builder));
}

/* ---- the ablation ------------------------------------------------------------------ */

/* "A4C,A2C" into flags; FALSE where a name is none */
static gboolean
read_views (gboolean ret_use[UT_N_VIEWS])
{
  g_auto (GStrv) names = g_strsplit (view_list ? view_list : "A4C,A2C,PSAX", ",", -1);
  for (char **name = names; *name != NULL; name++) {
    UtView view;
    if (!ut_view_from_name (*name, &view))
      return FALSE;
    ret_use[view] = TRUE;
  }
  return names[0] != NULL;
}

/* What lies beside the weights, and the table of these views. */
static gboolean
write_validation (const UtAblation *done, GError **error)
{
  const char *sha256 = ut_twin_model_get_sha256 (done->full);
  UtTwinValidation tables[UT_TWIN_N_VIEW_SETS], found;
  if (!ut_twin_validation_read (done->options.weights, sha256, tables, error) ||
      !ut_ablation_validation (done, &found, error))
    return FALSE;
  tables[found.views] = found;
  return ut_twin_validation_write (tables, sha256, validation, error);
}

static int
run_ablation (void)
{
  UtAblationOptions options = {.cases = cases,
                               .baseline = baseline,
                               .device = ut_cli_network.device ? ut_cli_network.device : "auto",
                               .seed = (guint64)ut_cli_network.seed,
                               .n_seeds = (guint)ut_cli_network.n_seeds,
                               .steps = (guint)ut_cli_network.steps,
                               .only_full = only_full};
  if (cases == NULL || out == NULL)
    return ut_cli_usage ("--%s is missing", cases == NULL ? "cases" : "out");
  if (pred_path != NULL || ref_path != NULL || map_path != NULL)
    return ut_cli_usage ("--ablation makes its own predictions: leave --pred, --ref and "
                         "--uncertainty out");
  if (!read_views (options.use_view))
    return ut_cli_usage ("--views is \"%s\", want names out of A4C,A2C,PSAX", view_list);
  if (!ut_cli_network_check ())
    return UT_CLI_USAGE;

  g_autoptr (GError) error = NULL;
  g_autofree char *path = weights ? g_strdup (weights) : ut_twin_model_default_path (&error);
  options.weights = path;
  g_autoptr (UtAblation) done = path ? ut_ablation_run (&options, &error) : NULL;
  if (done == NULL)
    return ut_cli_fail (error);
  g_autoptr (JsonNode) json = ut_ablation_to_json (done);
  g_autofree char *text = ut_ablation_to_text (done);
  if (!ut_json_write (json, out, &error) ||
      (validation != NULL && !write_validation (done, &error)))
    return ut_cli_fail (error);
  g_print ("%s", text);
  return UT_CLI_DONE;
}

static const GOptionEntry entries[] = {
  {"pred", 0, 0, G_OPTION_ARG_FILENAME, &pred_path, "Predicted label map", "P.nii.gz"},
  {"ref",
   0,
   0,
   G_OPTION_ARG_FILENAME,
   &ref_path,
   "Reference label map on the same grid",
   "R.nii.gz"},
  UT_CLI_CODES_ENTRY ("pred-codes", &pred_codes, "--pred"),
  UT_CLI_CODES_ENTRY ("ref-codes", &ref_codes, "--ref"),
  {"uncertainty",
   0,
   0,
   G_OPTION_ARG_FILENAME,
   &map_path,
   "Map of floats (ed_spread.nii.gz): its rank correlation with the error",
   "U.nii.gz"},
  {"ablation",
   0,
   0,
   G_OPTION_ARG_NONE,
   &ablation,
   "Instead: what each part of the network is worth; prints a table, JSON goes to --out",
   NULL},
  {"cases", 0, 0, G_OPTION_ARG_FILENAME, &cases, "Folder of studies with references", "DIR"},
  {"weights",
   0,
   0,
   G_OPTION_ARG_FILENAME,
   &weights,
   "Weights of the full network (the ones that come along)",
   "W.safetensors"},
  {"baseline",
   0,
   0,
   G_OPTION_ARG_FILENAME,
   &baseline,
   "Weights of the baseline (the full ones, refinement left out)",
   "B.safetensors"},
  {"validation",
   0,
   0,
   G_OPTION_ARG_FILENAME,
   &validation,
   "Write the errors of the left ventricle's volumes with these views, and what is known of "
   "others, "
   "to lie beside the weights",
   "W.validation.json"},
  {"views", 0, 0, G_OPTION_ARG_STRING, &view_list, "Views to use (A4C,A2C,PSAX)", "LIST"},
  {"only-full",
   0,
   0,
   G_OPTION_ARG_NONE,
   &only_full,
   "Leave out the rows without refinement, for half the time",
   NULL},
  {"seed", 0, 0, G_OPTION_ARG_INT64, &ut_cli_network.seed, "Of the start noise (1)", "N"},
  {"seeds", 0, 0, G_OPTION_ARG_INT, &ut_cli_network.n_seeds, "Mean over so many seeds (2)", "N"},
  {"steps",
   0,
   0,
   G_OPTION_ARG_INT,
   &ut_cli_network.steps,
   "Sampler steps (0: the weight file's)",
   "N"},
  {"device",
   0,
   0,
   G_OPTION_ARG_STRING,
   &ut_cli_network.device,
   "auto, cpu or cuda[:N] (auto)",
   "NAME"},
  {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "JSON of the ablation", "TABLE.json"},
  {NULL},
};

static int
run (int argc, char **argv)
{
  if (!ut_cli_parse (
        "Compares two label maps: DSC, HD, HD95, ASSD, volume error per structure, "
        "topology; or, with --ablation, the network with and without its parts on many.",
        entries,
        NULL,
        argc,
        argv))
    return UT_CLI_USAGE;
  if (ablation)
    return run_ablation ();
  if (!ut_cli_codes_check (pred_codes, "pred-codes") ||
      !ut_cli_codes_check (ref_codes, "ref-codes"))
    return UT_CLI_USAGE;
  if (pred_path == NULL || ref_path == NULL)
    return ut_cli_usage ("--%s is missing", pred_path == NULL ? "pred" : "ref");
  return compare ();
}

const UtCliCommand ut_cli_evaluate = {
  "evaluate", "one label map against another; --ablation: the network's parts on many", run};
