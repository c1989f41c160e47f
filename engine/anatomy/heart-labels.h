/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/heart-codes.h"

/**
 * ut_heart_labels_read:
 * @path: a NIfTI label map that this program wrote, codes as UtStructure
 *
 * Errors: as ut_nifti_read_labels(); FORMAT where a code is none of UtStructure, naming it.
 *
 * Returns: (transfer full): the map, uint8, or NULL with @error set
 */
UtVolume *ut_heart_labels_read (const char *path, GError **error);

/**
 * ut_heart_labels_open:
 * @path: a label map of anyone, see ut_label_file_read()
 * @told: (nullable): which code is which; NULL: only where that is certain
 * @ret_codes: (out) (nullable): how it was read
 *
 * Errors: as ut_label_file_read(), ut_heart_codes_find() and ut_heart_codes_apply(), beginning with
 * the base name.
 *
 * Returns: (transfer full): the map, uint8, codes as UtStructure, or NULL with @error set
 */
UtVolume *ut_heart_labels_open (const char *path,
                                const UtHeartCodes *told,
                                UtHeartCodes *ret_codes,
                                GError **error);
