/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine.h"

G_BEGIN_DECLS

/**
 * ut_dicom_decode:
 *
 * Decodes an ultrasound loop with GDCM, in this process: only the decoder program
 * calls it, since GDCM may stop the process on a damaged file. Everyone else opens
 * loops with ut_cine_open().
 *
 * Errors: FORMAT, UNSUPPORTED, RANGE, MEMORY; the message does not name the file.
 */
UtCine *ut_dicom_decode (const char *path, GError **error);

G_END_DECLS
