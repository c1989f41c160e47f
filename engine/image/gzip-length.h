/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define UT_GZIP_DAMAGED G_MAXUINT64

/**
 * ut_gzip_length:
 * @offset: where in the file the stream begins
 * @most: how many bytes are wanted
 *
 * Inflates a gzip stream, or reads what is not compressed, and keeps nothing of it: so that no
 * memory is taken for what a header promises and the file does not hold.
 *
 * Returns: how many bytes it gives, at least @most where it has so many; 0 where it cannot be
 * opened; UT_GZIP_DAMAGED
 */
guint64 ut_gzip_length (const char *path, gsize offset, guint64 most);
