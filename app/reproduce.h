/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"

/** ut_label_hash: (transfer full): SHA-256, lower-case hex, of the labels of the network's last
 * stage, z, y, x */
char *ut_label_hash (const UtTwin *twin);

/**
 * ut_reproduce_command:
 * @folder: (nullable): where the study was saved, for comparison where labels come out otherwise
 *
 * The command line that makes the results of @state again: loops, marks, spacings that take the
 * place of the files', mirror flags, seeds, steps, device, references, and the label hashes that
 * must come out. Edits by hand are not made again. One line; where ED and ES were made differently
 * two, joined by "&&". It holds the paths of the user's own files: for the clipboard, not for a
 * file that leaves the machine.
 *
 * Errors: RANGE where there is no result, one is out of date, or a loop is not at hand.
 *
 * Returns: (transfer full): for a POSIX shell, or NULL with @error set
 */
char *ut_reproduce_command (const UtStudyState *state, const char *folder, GError **error);
