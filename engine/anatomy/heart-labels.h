/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"

/**
 * ut_heart_labels_read:
 * @path: a NIfTI label map, codes as UtStructure
 *
 * Errors: as ut_nifti_read_labels(); FORMAT where a code is none of UtStructure, naming it.
 *
 * Returns: (transfer full): the map, uint8, or NULL with @error set
 */
UtVolume *ut_heart_labels_read (const char *path, GError **error);
