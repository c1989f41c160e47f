/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * UtEngineError:
 * @UT_ENGINE_ERROR_FORMAT: a file or text is damaged or contradicts itself
 * @UT_ENGINE_ERROR_UNSUPPORTED: valid, but of a kind that we do not read
 * @UT_ENGINE_ERROR_RANGE: a value or a size lies outside what makes sense
 * @UT_ENGINE_ERROR_DEVICE: a compute device is absent, failed or was lost
 * @UT_ENGINE_ERROR_MEMORY: the work does not fit into memory
 * @UT_ENGINE_ERROR_ASK: valid, but what it means has to be said by whoever has it
 *
 * Error codes of everything in engine/. Files that cannot be opened or written
 * keep GLib's G_FILE_ERROR and G_IO_ERROR; cancelled is G_IO_ERROR_CANCELLED.
 * The message says what and where, in one sentence, for a log or a dialog body.
 */
typedef enum {
  UT_ENGINE_ERROR_FORMAT,
  UT_ENGINE_ERROR_UNSUPPORTED,
  UT_ENGINE_ERROR_RANGE,
  UT_ENGINE_ERROR_DEVICE,
  UT_ENGINE_ERROR_MEMORY,
  UT_ENGINE_ERROR_ASK,
} UtEngineError;

#define UT_ENGINE_ERROR (ut_engine_error_quark ())
GQuark ut_engine_error_quark (void);

/** ut_fail: FALSE, with @error (nullable) set in UT_ENGINE_ERROR */
gboolean ut_fail (GError **error, UtEngineError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
