/* SPDX-License-Identifier: Apache-2.0 */
#include "app/export.h"

#include "app/mesh-export.h"
#include "app/report/measurements-csv.h"
#include "app/review-text.h"
#include "app/selftest-run.h"
#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/json.h"
#include "engine/image/nifti.h"
#include "engine/study/twin-mesh.h"
#include "engine/twin/twin-input-file.h"
#include "engine/twin/twin.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
file_path (const char *folder, UtPhase phase, const char *structure, const char *suffix)
{
  g_autofree char *mixed = g_strconcat (
    ut_phase_name (phase), structure ? "_" : "", structure ? structure : "", suffix, NULL);
  g_autofree char *name = g_ascii_strdown (mixed, -1);
  return g_build_filename (folder, name, NULL);
}

#define DESCRIPTION "UltraTwin, canonical frame, research use only"

/* One map of 64^3 floats on the grid of the twin; nothing where it is not there. */
static gboolean
export_map (
  const UtTwin *twin, const float *values, const char *folder, const char *name, GError **error)
{
  if (values == NULL)
    return TRUE;
  const UtVolume *labels = twin->labels[ut_twin_final_stage (twin)];
  g_autofree char *path = file_path (folder, twin->phase, name, ".nii.gz");
  g_autoptr (UtVolume) map =
    ut_volume_new (UT_VOXEL_F32, labels->dims, &labels->m_patient_from_voxel, error);
  if (map == NULL)
    return FALSE;
  memcpy (map->f32, values, UT_TWIN_N_VOXELS * sizeof *values);
  return ut_nifti_write (map, path, DESCRIPTION, error);
}

static gboolean
export_stages (const UtTwin *twin, const char *folder, GCancellable *cancel, GError **error)
{
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    g_autofree char *path = file_path (folder, twin->phase, ut_twin_stage_name (stage), ".nii.gz");
    if (g_cancellable_set_error_if_cancelled (cancel, error) ||
        (ut_twin_has_stage (twin, stage) &&
         !ut_nifti_write (twin->labels[stage], path, DESCRIPTION, error)))
      return FALSE;
  }
  for (gsize branch = 0; twin->variance != NULL && branch < UT_TWIN_N_BRANCHES; branch++) {
    char variance[] = "variance-x", weight[] = "weight-x";
    variance[strlen (variance) - 1] = weight[strlen (weight) - 1] = (char)('x' + branch);
    gsize first = branch * UT_TWIN_N_VOXELS;
    if (!export_map (twin, twin->variance + first, folder, variance, error) ||
        !export_map (twin, twin->weight + first, folder, weight, error))
      return FALSE;
  }
  return TRUE;
}

/* What is known of the labels of the last stage. */
static char *
describe (const UtStudyState *state, UtPhase phase)
{
  return g_strdup_printf ("%s%s, %s",
                          DESCRIPTION,
                          ut_study_is_edited (state, phase, -1) ? ", edited" : "",
                          ut_verdict_name (ut_study_verdict (state, (int)phase, -1)));
}

static gboolean
export_meshes (const UtStudyState *state,
               const UtTwin *twin,
               const char *folder,
               guint formats,
               UtProgress *progress,
               GCancellable *cancel,
               GError **error)
{
  UtMesh *meshes[UT_N_LABELS] = {NULL};
  gboolean ok = TRUE;
  for (UtStructure s = UT_MYO; ok && s < UT_N_LABELS; s++) {
    ut_progress_set (progress, (double)s / UT_N_LABELS, UT_STAGE_WRITE);
    ok = !g_cancellable_set_error_if_cancelled (cancel, error) &&
         (meshes[s] = ut_twin_mesh (twin, ut_twin_final_stage (twin), s, error)) != NULL;
    if (ok)
      meshes[s]->note = ut_review_note (state, twin->phase, s);
  }
  const char *prefix = twin->phase == UT_PHASE_ED ? "ed" : "es";
  ok = ok && ut_mesh_export (meshes, folder, prefix, formats, error);
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    g_clear_pointer (&meshes[s], ut_mesh_unref);
  return ok;
}

static gboolean
export_phase (const UtStudyState *state,
              const UtTwin *twin,
              const char *folder,
              const UtExportOptions *options,
              UtProgress *progress,
              GCancellable *cancel,
              GError **error)
{
  guint formats = options->mesh_formats != 0 ? options->mesh_formats : 1u << UT_MESH_FORMAT_PLY;
  g_autofree char *labels_path = file_path (folder, twin->phase, NULL, ".nii.gz");
  g_autofree char *description = describe (state, twin->phase);
  return ut_nifti_write (
           twin->labels[ut_twin_final_stage (twin)], labels_path, description, error) &&
         export_map (twin, twin->spread, folder, "spread", error) &&
         (!options->stages || export_stages (twin, folder, cancel, error)) &&
         export_meshes (state, twin, folder, formats, progress, cancel, error);
}

/* What the program found of itself, where that was asked with this version and these weights. */
static void
add_self_test (JsonNode *result, const UtStudyState *state)
{
  JsonObject *root = json_node_get_object (result);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    const UtTwin *twin = ut_study_twin (state, phase);
    gboolean passed;
    g_autofree char *sha256 =
      twin != NULL ? ut_self_test_recall (twin->provenance.model_sha256, &passed) : NULL;
    if (sha256 == NULL)
      continue;
    JsonObject *test = json_object_new ();
    json_object_set_boolean_member (test, "passed", passed);
    json_object_set_string_member (test, "sha256", sha256);
    json_object_set_object_member (root, "self_test", test);
    return;
  }
}

static gboolean
write_csv (const UtStudyState *state,
           const UtMeasurements *measurements,
           const char *folder,
           GError **error)
{
  g_autofree char *text = ut_measurements_csv (state, measurements);
  g_autofree char *path = g_build_filename (folder, "result.csv", NULL);
  gboolean written =
    g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
  if (!written && error != NULL)
    ut_folder_hide (*error, folder);
  return written;
}

gboolean
ut_export_results (const UtStudyState *state,
                   const char *folder,
                   const UtExportOptions *options,
                   JsonNode **ret_result,
                   UtProgress *progress,
                   GCancellable *cancellable,
                   GError **error)
{
  if (ut_study_twin (state, UT_PHASE_ED) == NULL && ut_study_twin (state, UT_PHASE_ES) == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 _ ("there is no result to export: reconstruct first"));
    return FALSE;
  }
  if (!ut_study_is_calibrated (state, error) || !ut_folder_make (folder, error))
    return FALSE;
  const UtExportOptions defaults = {0};
  options = options != NULL ? options : &defaults;
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    UtProgress part = ut_progress_step (progress, 0.3);
    ut_progress_set (&part, 0, UT_STAGE_WRITE);
    const UtTwin *twin = ut_study_twin (state, phase);
    if (twin != NULL && !export_phase (state, twin, folder, options, &part, cancellable, error))
      return FALSE;
  }

  UtProgress part = ut_progress_step (progress, 0.4);
  ut_progress_set (&part, 0, UT_STAGE_MEASURE);
  g_autoptr (UtMeasurements) measurements = ut_study_measure (state, cancellable, error);
  if (measurements == NULL)
    return FALSE;
  g_autoptr (JsonNode) result = ut_study_result_json (state, measurements);
  add_self_test (result, state);
  g_autofree char *path = g_build_filename (folder, "result.json", NULL);
  if (!ut_json_write (result, path, error) || !write_csv (state, measurements, folder, error))
    return FALSE;
  if (ret_result != NULL)
    *ret_result = g_steal_pointer (&result);
  return TRUE;
}

gboolean
ut_export_inputs (const UtStudyState *state,
                  const UtTwinRaster *raster,
                  const char *folder,
                  GError **error)
{
  if (!ut_study_is_calibrated (state, error))
    return FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (!ut_study_is_ready (state, phase))
      continue;
    g_autoptr (UtTwinInput) input = ut_study_twin_input (state, phase, raster, error);
    if (input == NULL ||
        !ut_twin_input_write (input, folder, phase == UT_PHASE_ED ? "ed" : "es", error))
      return FALSE;
  }
  return TRUE;
}
