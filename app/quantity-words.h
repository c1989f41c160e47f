/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/quantity.h"

/**
 * ut_quantity_words: (transfer none): the passport of @quantity in the user's language
 *
 * As ut_quantity_info(), which is English and what files get. Translated once, at
 * the first call; any thread. po/quantity.c lists the engine's sentences for
 * translators; po/update writes it.
 */
const UtQuantityInfo *ut_quantity_words (UtQuantity quantity);

/** ut_quantity_words_title: (transfer full): "Volume, ml" */
char *ut_quantity_words_title (UtQuantity quantity);

/** ut_quantity_words_meaning: (transfer full): the formula, which way is better, the percentile:
 * the definition without sampling and empty structures */
char *ut_quantity_words_meaning (UtQuantity quantity);

/** ut_quantity_words_unit: (transfer none): the unit as it stands behind @value: "1 point" */
const char *ut_quantity_words_unit (UtQuantity quantity, double value);

/** ut_quantity_words_better: ut_better_sentence() in the user's language */
const char *ut_quantity_words_better (UtBetter better);
