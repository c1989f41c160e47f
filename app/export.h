/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/measurements.h"

#include <gio/gio.h>

/**
 * ut_export_results:
 * @state: at least one phase has a result
 * @folder: made where missing; files of the same names are replaced
 * @ret_result: (out) (transfer full) (nullable): the object written to result.json
 *
 * Writes what leaves the program, the same from the window and the command: per phase
 * ed.nii.gz / es.nii.gz (labels of the final stage, canonical frame), ed_myo.ply ...
 * es_ra.ply (canonical frame, mm), and result.json (numbers, definitions, provenance).
 *
 * Errors: RANGE where there is no result; as the writers; G_IO_ERROR_CANCELLED.
 * Threads: any; takes up to a second.
 */
gboolean ut_export_results (const UtStudyState *state,
                            const char *folder,
                            JsonNode **ret_result,
                            UtProgress *progress,
                            GCancellable *cancellable,
                            GError **error);
