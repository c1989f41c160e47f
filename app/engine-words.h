/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * ut_engine_words: (transfer full): what the engine says, in the user's language
 * @message: one sentence, or several as paragraphs
 *
 * The engine and the self-test write English, for the command and for logs. Messages that ordinary
 * work in the window can meet stand in a table here, with %s for each part that varies, and are
 * found again by their words. Any other, of GLib in the user's language already or of a damaged
 * file in the terms of its format, comes back as it is.
 */
char *ut_engine_words (const char *message);

/** ut_engine_words_known: (transfer none) (nullable): the entry of the table that is @message */
const char *ut_engine_words_known (const char *message);
