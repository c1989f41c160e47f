/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ut_dicom_check:
 * @bytes: a DICOM file, with or without preamble
 *
 * Walks the structure of a file up to the end of its pixel data (PS3.5 chapter 7 and
 * annex A: elements, sequences, items, fragments) and compares every length with the
 * bytes that are left. It reads no values: that is GDCM's part, which stops the whole
 * program on files that end early, so it only gets files that have passed here.
 *
 * Errors: FORMAT where the structure is damaged; UNSUPPORTED for the deflated
 * transfer syntax and for files without pixel data.
 * Threads: pure.
 */
gboolean ut_dicom_check (const guint8 *bytes, gsize n_bytes, GError **error);

G_END_DECLS
