/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * The model card of a weight file: the text NAME.md beside NAME.safetensors. It says what the
 * network was trained on, how good it is, and what nobody has tested.
 */

/** Largest model card that is read. */
#define UT_MODEL_CARD_MAX_BYTES ((gsize)1 << 20)

/**
 * ut_model_card_read:
 * @weights: path of the weight file
 *
 * Errors: G_FILE_ERROR_NOENT where it has no card; RANGE past UT_MODEL_CARD_MAX_BYTES; FORMAT
 * where it is no UTF-8. Messages hold base names only.
 *
 * Returns: (transfer full): the text, or NULL with @error set
 */
char *ut_model_card_read (const char *weights, GError **error);

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
