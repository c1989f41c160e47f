/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * The model card of a weight file: the text NAME.md beside NAME.safetensors, in English. It says
 * what the network was trained on, how good it is, and what nobody has tested. NAME.LANGUAGE.md
 * (NAME.de.md, NAME.zh_CN.md) are the same in other languages: same blocks, same numbers. Weights
 * may have any of them or none.
 */

/** Largest model card that is read. */
#define UT_MODEL_CARD_MAX_BYTES ((gsize)1 << 20)

/**
 * ut_model_card_read:
 * @weights: path of the weight file
 * @languages: (nullable): the languages wanted, best first, as g_get_language_names() gives them;
 *   NULL: English
 *
 * Reads the first translation that is there, or else the English card. Errors:
 * G_FILE_ERROR_NOENT where that has none either; RANGE past UT_MODEL_CARD_MAX_BYTES; FORMAT
 * where it is no UTF-8. Messages hold base names only.
 *
 * Returns: (transfer full): the text, or NULL with @error set
 */
char *ut_model_card_read (const char *weights, const char *const *languages, GError **error);

typedef enum {
  UT_CARD_TITLE,   /* "# ..." */
  UT_CARD_HEADING, /* "## ..." and below */
  UT_CARD_PARAGRAPH,
  UT_CARD_BULLET, /* "- ..." */
  UT_CARD_TABLE,  /* "| ... |" lines; the first row is the head */
} UtCardKind;

/** UtCardBlock: a piece of a card, in reading order. */
typedef struct UtCardBlock {
  UtCardKind kind;
  char *text;      /* without the marks before it and without backquotes; NULL for a table */
  GPtrArray *rows; /* of a table: GStrv of its cells; NULL for others */
} UtCardBlock;

/**
 * ut_model_card_parse:
 *
 * The little of Markdown that cards are written in: a block a line, paragraphs of several lines
 * joined. Anything else is a paragraph, so that nothing is lost.
 *
 * Returns: (transfer full) (element-type UtCardBlock): frees its elements
 */
GPtrArray *ut_model_card_parse (const char *text);
