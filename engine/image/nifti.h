/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/volume.h"

/**
 * ut_nifti_read:
 * @path: a .nii or .nii.gz file
 *
 * Reads a 3D NIfTI-1 file (a fourth dimension must be 1). Integer types become
 * UT_VOXEL_U8 where every value fits 0..255 and no scaling is set, else
 * UT_VOXEL_F32 with scl_slope and scl_inter applied. The header is validated
 * before nifticlib is trusted with it. RAS turns into LPS in the readers of files;
 * voxel axes keep the file's order.
 *
 * Errors: FORMAT, UNSUPPORTED, RANGE with file name, field and value; G_FILE_ERROR.
 *
 * Returns: (transfer full): the volume, or NULL with @error set
 */
UtVolume *ut_nifti_read (const char *path, GError **error);

/**
 * ut_nifti_read_labels:
 *
 * As ut_nifti_read(), but the result is always UT_VOXEL_U8 (float files that hold
 * whole numbers 0..255 are accepted) and a file with other values is FORMAT.
 */
UtVolume *ut_nifti_read_labels (const char *path, GError **error);

/**
 * ut_nifti_write:
 * @description: (nullable): text for the descrip field, at most 79 bytes kept
 *
 * Writes @volume (uint8 or float32), gzipped where @path ends in .gz, sform and
 * qform code 2 (aligned: hearts are written in the canonical frame, whose axes are not those of a
 * scanner), units mm, through a temporary file and a rename.
 */
gboolean
ut_nifti_write (const UtVolume *volume, const char *path, const char *description, GError **error);
