/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * ut_folder_make:
 *
 * Makes a folder and those above it where they are missing.
 *
 * Errors: G_FILE_ERROR, naming the last part of @path only.
 */
gboolean ut_folder_make (const char *path, GError **error);
