/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * The engine's sentences in the language of its user. The engine knows no language but English: a
 * program that has translations hands over a function that finds them.
 */

/** UtTranslate: (transfer none): @english in the user's language, for good; any thread */
typedef const char *(*UtTranslate) (const char *english);

/**
 * ut_words: (transfer none): a sentence for people, or its printf format, as this program's user
 * reads it; @english itself where nobody has translated it
 *
 * Every message of an error and every note goes through here (a test of the sources holds that).
 * What is stored in files or hashed must not.
 *
 * Threads: any
 */
const char *ut_words (const char *english) G_GNUC_FORMAT (1);

/** UT_WORDS: marks a sentence that stands in a table, and is shown by ut_words() */
#define UT_WORDS(english) english

/** ut_words_translate_by: once, before there are threads; NULL: English, as at the start */
void ut_words_translate_by (UtTranslate translate);

G_END_DECLS
