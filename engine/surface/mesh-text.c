/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/surface/mesh-file-private.h"

#include <string.h>

gboolean
ut_mesh_file_fail (GError **error, int code, const char *name, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, UT_ENGINE_ERROR, code, "%s: %s", name, message);
  return FALSE;
}

UtMeshFrame
ut_mesh_frame_from_name (const char *name)
{
  static const UtMeshFrame frames[] = {UT_MESH_FRAME_LPS, UT_MESH_FRAME_CANONICAL};
  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    if (g_str_equal (name, ut_mesh_frame_name (frames[i])))
      return frames[i];
  return UT_MESH_FRAME_UNKNOWN;
}

gboolean
ut_mesh_text_word (UtMeshText *self, char ret_word[64])
{
  while (self->at < self->end && g_ascii_isspace (*self->at))
    self->at++;
  gsize n = 0;
  for (; self->at < self->end && !g_ascii_isspace (*self->at); self->at++)
    if (n < 63)
      ret_word[n++] = (char)*self->at;
  ret_word[n] = '\0';
  return n > 0;
}

gboolean
ut_mesh_text_number (UtMeshText *self, double *ret_number)
{
  char word[64], *end;
  if (!ut_mesh_text_word (self, word))
    return FALSE;
  double number = g_ascii_strtod (word, &end);
  if (end == word || *end != '\0')
    return FALSE;
  *ret_number = number;
  return TRUE;
}

void
ut_mesh_file_append (GByteArray *bytes, const void *words, gsize n)
{
  guint at = bytes->len;
  g_byte_array_append (bytes, words, (guint)(4 * n));
  if (G_BYTE_ORDER == G_BIG_ENDIAN)
    for (gsize i = 0; i < n; i++) {
      guint32 word;
      memcpy (&word, bytes->data + at + 4 * i, 4);
      word = GUINT32_SWAP_LE_BE (word);
      memcpy (bytes->data + at + 4 * i, &word, 4);
    }
}
