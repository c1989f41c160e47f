/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

/**
 * Numbers of a result as they are kept, on disk and in memory: 16 bits each, little endian.
 *
 * Probabilities stand on a logarithmic scale from 1e-6, the floor of the field that surfaces are
 * cut from, to 1: steps of 2e-4 in log p move a surface by less than 1e-4 voxels, where equal
 * steps in p would move it by hundredths. Maps stand on an equal scale from 0 to their largest
 * value. What is outside a scale takes its end; NULL is MEMORY everywhere.
 */

/** ut_result_encode: @max: largest value of a map; 0 for probabilities */
guint16 *ut_result_encode (const float *values, gsize n, double max);

/** ut_result_decode: as ut_result_encode() */
float *ut_result_decode (const guint16 *codes, gsize n, double max);

/** ut_result_write_codes: gzip, through a temporary file and a rename */
gboolean ut_result_write_codes (
  const guint16 *codes, gsize n, const char *path, GCancellable *cancel, GError **error);

/**
 * ut_result_read_codes:
 *
 * Reads exactly @n codes, whatever the file claims to hold. Errors: FORMAT where it holds fewer,
 * more, or is no gzip; MEMORY; G_FILE_ERROR.
 */
guint16 *ut_result_read_codes (const char *path, gsize n, GError **error);

/** ut_result_out_of_memory: sets MEMORY; FALSE */
gboolean ut_result_out_of_memory (GError **error);
