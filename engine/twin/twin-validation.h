/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <json-glib/json-glib.h>

/**
 * UtTwinValidation:
 *
 * What is known of a weight file's errors, found on hearts whose truth is known and that no
 * training step has seen: the left ventricle's volumes, found - true, and the EF from them. All
 * zero, @n_hearts included, where nothing is known.
 */
typedef struct UtTwinValidation {
  guint n_hearts; /* each at ED and ES */
  double edv_error_mean_ml, edv_error_sd_ml;
  double esv_error_mean_ml, esv_error_sd_ml;
  double error_correlation; /* of the two volumes' errors, -1 to 1 */
  double ef_error_mean_absolute_points, ef_error_mean_points; /* percentage points */
} UtTwinValidation;

/** ut_twin_validation_to_json: (transfer full): members as the fields of the struct */
JsonObject *ut_twin_validation_to_json (const UtTwinValidation *self);

/**
 * ut_twin_validation_from_json:
 *
 * Errors: FORMAT where a member is missing or no number; RANGE.
 */
gboolean ut_twin_validation_from_json (JsonObject *object, UtTwinValidation *ret, GError **error);

/**
 * ut_twin_validation_read:
 * @weights: path of a weight file
 * @sha256: of its content
 * @ret: (out): all zero where there is no table, or it is of other weights
 *
 * Reads NAME.validation.json beside NAME.safetensors: format "ultratwin-validation",
 * format_version 1, "model_sha256" of the weights that it was found with, and under "validation"
 * the members of ut_twin_validation_to_json(). `ultratwin-cli evaluate --ablation --validation`
 * writes it.
 *
 * Errors: FORMAT, RANGE where the file is there and damaged; messages hold its base name only.
 */
gboolean ut_twin_validation_read (const char *weights,
                                  const char *sha256,
                                  UtTwinValidation *ret,
                                  GError **error);

/** ut_twin_validation_write: what ut_twin_validation_read() reads; errors of G_FILE_ERROR */
gboolean ut_twin_validation_write (const UtTwinValidation *self,
                                   const char *sha256,
                                   const char *path,
                                   GError **error);
