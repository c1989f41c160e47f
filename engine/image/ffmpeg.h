/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * ut_ffmpeg_find:
 * @name: "ffmpeg" or "ffprobe"
 *
 * Whether a program of ffmpeg is installed.
 *
 * Errors: UNSUPPORTED.
 */
gboolean ut_ffmpeg_find (const char *name, GError **error);
