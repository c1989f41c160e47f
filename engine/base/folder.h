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

/** ut_folder_fail: sets what errno says of a folder that was to be made, as ut_folder_make() does;
 * returns FALSE */
gboolean ut_folder_fail (const char *path, GError **error);

/** ut_folder_is_free: TRUE where nothing is at @path, or an empty folder */
gboolean ut_folder_is_free (const char *path);

/** ut_folder_remove: deletes a folder and all that is in it; links are not followed; what cannot be
 * deleted stays */
void ut_folder_remove (const char *path);

/**
 * ut_folder_hide:
 * @error: (nullable): whose message is changed
 *
 * Takes all but the last part of the path @folder out of a message: folders tell
 * the names of people.
 */
void ut_folder_hide (GError *error, const char *folder);

/**
 * ut_folder_relative:
 * @folder, @path: absolute
 *
 * The way from @folder to @path, by their names alone: no link is followed.
 * g_canonicalize_filename (way, folder) leads back to @path.
 *
 * Returns: (transfer full): "../before", "inside"; "." where they are the same
 */
char *ut_folder_relative (const char *folder, const char *path);

/**
 * ut_folder_compare: a GCompareFunc for arrays of names or paths (const char **): numbers in them
 * count as numbers, so that case-9 goes before case-10
 */
int ut_folder_compare (gconstpointer a, gconstpointer b);
