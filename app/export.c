/* SPDX-License-Identifier: Apache-2.0 */
#include "app/export.h"

#include "engine/base/error.h"
#include "engine/base/folder.h"
#include "engine/base/json.h"
#include "engine/image/nifti.h"
#include "engine/study/twin-mesh.h"
#include "engine/surface/mesh-file.h"
#include "engine/twin/twin.h"

static char *
file_path (const char *folder, UtPhase phase, const char *structure, const char *suffix)
{
  g_autofree char *mixed = g_strconcat (
    ut_phase_name (phase), structure ? "_" : "", structure ? structure : "", suffix, NULL);
  g_autofree char *name = g_ascii_strdown (mixed, -1);
  return g_build_filename (folder, name, NULL);
}

static gboolean
export_phase (const UtTwin *twin,
              UtPhase phase,
              const char *folder,
              UtProgress *progress,
              GCancellable *cancel,
              GError **error)
{
  UtTwinStage stage = ut_twin_final_stage (twin);
  g_autofree char *labels_path = file_path (folder, phase, NULL, ".nii.gz");
  if (!ut_nifti_write (
        twin->labels[stage], labels_path, "UltraTwin, canonical frame, research use only", error))
    return FALSE;
  for (int structure = UT_MYO; structure < UT_N_LABELS; structure++) {
    g_autofree char *path = file_path (folder, phase, ut_structure_name (structure), ".ply");
    ut_progress_set (progress, (double)structure / UT_N_LABELS, UT_STAGE_WRITE);
    if (g_cancellable_set_error_if_cancelled (cancel, error))
      return FALSE;
    g_autoptr (UtMesh) mesh = ut_twin_mesh (twin, stage, structure, error);
    if (mesh == NULL || !ut_mesh_write (mesh, path, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
ut_export_results (const UtStudyState *state,
                   const char *folder,
                   JsonNode **ret_result,
                   UtProgress *progress,
                   GCancellable *cancellable,
                   GError **error)
{
  if (state->results[UT_PHASE_ED] == NULL && state->results[UT_PHASE_ES] == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 "there is no result to export: reconstruct first");
    return FALSE;
  }
  if (!ut_folder_make (folder, error))
    return FALSE;
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    UtProgress part = ut_progress_step (progress, 0.3);
    ut_progress_set (&part, 0, UT_STAGE_WRITE);
    if (state->results[phase] != NULL &&
        !export_phase (state->results[phase]->twin, phase, folder, &part, cancellable, error))
      return FALSE;
  }

  UtProgress part = ut_progress_step (progress, 0.4);
  ut_progress_set (&part, 0, UT_STAGE_MEASURE);
  g_autoptr (UtMeasurements) measurements = ut_study_measure (state, cancellable, error);
  if (measurements == NULL)
    return FALSE;
  g_autoptr (JsonNode) result = ut_study_result_json (state, measurements);
  g_autofree char *path = g_build_filename (folder, "result.json", NULL);
  if (!ut_json_write (result, path, error))
    return FALSE;
  if (ret_result != NULL)
    *ret_result = g_steal_pointer (&result);
  return TRUE;
}
