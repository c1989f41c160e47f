/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/affine.h"

#include <nifti1_io.h>

/** How ut_nifti_file_read() reads the sizes of a file. */
typedef enum {
  UT_NIFTI_VOLUME, /* three axes; a fourth must be 1 */
  UT_NIFTI_LOOP, /* two axes and frames: on the third axis, or on the fourth where the third is 1 */
} UtNiftiKind;

/**
 * ut_nifti_file_recognise:
 *
 * Returns: TRUE where the file at @path begins like NIfTI-1 (plain or gzipped)
 */
gboolean ut_nifti_file_recognise (const char *path);

/**
 * ut_nifti_file_read:
 *
 * Validates the header of a single-file NIfTI-1 (sizes, type, spacing, place and
 * length of the data) and only then lets nifticlib read it with its data.
 *
 * Errors: FORMAT, UNSUPPORTED, RANGE or MEMORY, beginning with the base name.
 *
 * Returns: (transfer full): the picture with data loaded; nifti_image_free()
 */
nifti_image *ut_nifti_file_read (const char *path, UtNiftiKind kind, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (nifti_image, nifti_image_free)

/** ut_nifti_unit_mm: mm of the unit of lengths, as NIFTI_UNITS_METER; what is not told is mm */
double ut_nifti_unit_mm (int unit);

/** ut_nifti_file_value: element @i of the data with scl_slope and scl_inter applied */
double ut_nifti_file_value (const nifti_image *image, gsize i);

/** ut_nifti_turn_ras_lps: RAS and LPS differ by the sign of x and y, whichever way one goes */
UtAffine ut_nifti_turn_ras_lps (const UtAffine *affine);

/**
 * ut_nifti_file_affine:
 * @name: of the file, for the message
 *
 * Errors: RANGE where the affine is singular or a voxel makes no sense.
 */
gboolean ut_nifti_file_affine (const nifti_image *image,
                               const char *name,
                               UtAffine *ret_m_patient_from_voxel,
                               GError **error);
