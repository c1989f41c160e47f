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

/**
 * ut_folder_hide:
 * @error: (nullable): whose message is changed
 *
 * Takes all but the last part of the path @folder out of a message: folders tell
 * the names of people.
 */
void ut_folder_hide (GError *error, const char *folder);
