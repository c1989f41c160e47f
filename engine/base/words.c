/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/words.h"

static UtTranslate translator;

const char *
ut_words (const char *english)
{
  return translator ? translator (english) : english;
}

void
ut_words_translate_by (UtTranslate translate)
{
  translator = translate;
}
