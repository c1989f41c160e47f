/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/ffmpeg.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

gboolean
ut_ffmpeg_find (const char *name, GError **error)
{
  g_autofree char *program = g_find_program_in_path (name);
  if (program == NULL)
    g_set_error (
      error,
      UT_ENGINE_ERROR,
      UT_ENGINE_ERROR_UNSUPPORTED,
      ut_words ("videos and films need the program %s, which is not here: install ffmpeg"),
      name);
  return program != NULL;
}
