/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

#define Q "\\\"" /* a quote inside the configuration, which is a string itself */

/** golden_file: path of the golden file @base ("tiny"); free it */
char *golden_file (const char *base);

/** changed_file: the golden file @base with every @find of its header turned into @replace, and
 * the tensor @drop, which may be NULL, left out. Returns the new file's path; free it */
char *changed_file (const char *base, const char *find, const char *replace, const char *drop);

/** fill_tensor: overwrites all bytes of a tensor of the file at @path */
void fill_tensor (const char *path, const char *tensor, guint8 byte);

/** remove_changed: from the disk */
void remove_changed (void);
