/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/measurements.h"

#include <gio/gio.h>

/** UtExportOptions: all zero is the default. */
typedef struct UtExportOptions {
  gboolean stages;    /* also every stage and the branches' maps */
  guint mesh_formats; /* bits 1 << UtMeshFormat; 0 = PLY */
} UtExportOptions;

/**
 * ut_export_results:
 * @state: at least one phase has a result
 * @folder: made where missing; files of the same names are replaced
 * @options: (nullable)
 * @ret_result: (out) (transfer full) (nullable): the object written to result.json
 *
 * Writes what leaves the program, the same from the window and the command: per phase
 * ed.nii.gz / es.nii.gz (labels of the final stage, canonical frame), ed_myo.ply ...
 * es_ra.ply (canonical frame, mm; with uncertainty as vertex properties where there is one; or
 * in other formats, see app/mesh-export.h; whether it was edited, and the verdict on it, stand in
 * the head of each),
 * ed_spread.nii.gz where there were several seeds, result.json (numbers, definitions,
 * provenance, the hash of the last self-test with this version and these weights) and result.csv
 * (numbers, app/report/measurements-csv.h). With stages also ed_template.nii.gz, ed_coarse.nii.gz,
 * ed_refined.nii.gz, ed_autoencoder.nii.gz and ed_corrected.nii.gz (labels) and
 * ed_edited.nii.gz where a person changed it,
 * ed_variance-x.nii.gz ... ed_weight-z.nii.gz (floats), as far as the twin has them.
 *
 * Errors: RANGE where there is no result; as ut_study_is_calibrated() and the writers;
 * G_IO_ERROR_CANCELLED. Threads: any; takes up to a second.
 */
gboolean ut_export_results (const UtStudyState *state,
                            const char *folder,
                            const UtExportOptions *options,
                            JsonNode **ret_result,
                            UtProgress *progress,
                            GCancellable *cancellable,
                            GError **error);

/**
 * ut_export_inputs:
 * @raster: of the network: ut_twin_model_get_raster()
 *
 * Writes what the network is given of each phase that is ready: ut_twin_input_write() of
 * ut_study_twin_input(), which is what ut_reconstruct_study() hands to it.
 *
 * Errors: as ut_study_is_calibrated() and these two. Threads: any.
 */
gboolean ut_export_inputs (const UtStudyState *state,
                           const UtTwinRaster *raster,
                           const char *folder,
                           GError **error);
