/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/view.h"

#include <json-glib/json-glib.h>

/** UT_TWIN_N_VIEW_SETS: of all sets of views, each the bits 1 << UtView; the last one is all views
 */
#define UT_TWIN_N_VIEW_SETS (1u << UT_N_VIEWS)
#define UT_TWIN_ALL_VIEWS   (UT_TWIN_N_VIEW_SETS - 1)

/**
 * UtTwinValidation:
 *
 * What is known of a weight file's errors where it is given a set of views, found on hearts whose
 * truth is known and that no training step has seen: the left ventricle's volumes, found - true,
 * and the EF from them. All zero, @n_hearts included, where nothing is known.
 */
typedef struct UtTwinValidation {
  guint n_hearts; /* each at ED and ES */
  guint views;    /* that the network was given: bits 1 << UtView */
  double edv_error_mean_ml, edv_error_sd_ml;
  double esv_error_mean_ml, esv_error_sd_ml;
  double error_correlation; /* of the two volumes' errors, -1 to 1 */
  double ef_error_mean_absolute_points, ef_error_mean_points; /* percentage points */
} UtTwinValidation;

/** ut_twin_view_set: the bits of the views that are @present */
guint ut_twin_view_set (const gboolean present[UT_N_VIEWS]);

/** ut_twin_validation_to_json: (transfer full): members as the fields of the struct; "views" is a
 * list of names, and where it is missing all of them are meant */
JsonObject *ut_twin_validation_to_json (const UtTwinValidation *self);

/**
 * ut_twin_validation_from_json:
 *
 * Errors: FORMAT where a member is missing or of another kind; RANGE.
 */
gboolean ut_twin_validation_from_json (JsonObject *object, UtTwinValidation *ret, GError **error);

/**
 * ut_twin_validation_read:
 * @weights: path of a weight file
 * @sha256: of its content
 * @ret: (out): by set of views; all zero where there is no table, or it is of other weights
 *
 * Reads NAME.validation.json beside NAME.safetensors: format "ultratwin-validation",
 * format_version 1, "model_sha256" of the weights that it was found with, under "validation"
 * the members of ut_twin_validation_to_json() with all views, and under "fewer_views" a list of
 * the same with others; either may be missing. `ultratwin-cli evaluate --ablation --validation`
 * writes it.
 *
 * Errors: FORMAT, RANGE where the file is there and damaged; messages hold its base name only.
 */
gboolean ut_twin_validation_read (const char *weights,
                                  const char *sha256,
                                  UtTwinValidation ret[UT_TWIN_N_VIEW_SETS],
                                  GError **error);

/** ut_twin_validation_write: what ut_twin_validation_read() reads, the tables that are known of
 * @tables; errors of G_FILE_ERROR */
gboolean ut_twin_validation_write (const UtTwinValidation tables[UT_TWIN_N_VIEW_SETS],
                                   const char *sha256,
                                   const char *path,
                                   GError **error);
