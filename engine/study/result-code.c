/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/result-code.h"

#include "engine/base/error.h"
#include "engine/base/parallel.h"
#include "engine/base/words.h"

#include <math.h>

#define LN_RANGE   13.815510557964274 /* ln 1e6 */
#define MAX_CODE   65535.0
#define CHUNK_SIZE ((gsize)1 << 16)

gboolean
ut_result_out_of_memory (GError **error)
{
  g_set_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_MEMORY, ut_words ("no memory for a result"));
  return FALSE;
}

static guint16
encode (float value, double max)
{
  if (max > 0)
    return (guint16)lrint (MAX_CODE * CLAMP ((double)value / max, 0, 1));
  if (!(value > 1e-6f))
    return 0;
  return value >= 1 ? (guint16)MAX_CODE : (guint16)lrint (MAX_CODE * (1 + log (value) / LN_RANGE));
}

/* p of each code */
static const float *
probabilities_of_codes (void)
{
  static float *table = NULL;
  if (g_once_init_enter (&table)) {
    float *values = g_new (float, 1 << 16);
    for (guint code = 0; code < 1 << 16; code++)
      values[code] = (float)exp (LN_RANGE * (code / MAX_CODE - 1));
    g_once_init_leave (&table, values);
  }
  return table;
}

typedef struct Coding {
  const float *values;
  double max;
  guint16 *codes;
} Coding;

static void
encode_range (gsize begin, gsize end, gpointer user_data)
{
  const Coding *coding = user_data;
  for (gsize i = begin; i < end; i++)
    coding->codes[i] = GUINT16_TO_LE (encode (coding->values[i], coding->max));
}

guint16 *
ut_result_encode (const float *values, gsize n, double max)
{
  Coding coding = {values, max, g_try_new (guint16, n)};
  if (coding.codes)
    ut_parallel_for (n, CHUNK_SIZE, encode_range, &coding);
  return coding.codes;
}

float *
ut_result_decode (const guint16 *codes, gsize n, double max)
{
  const float *table = probabilities_of_codes ();
  float *values = g_try_new (float, n);
  for (gsize i = 0; values && i < n; i++) {
    guint16 code = GUINT16_FROM_LE (codes[i]);
    values[i] = max > 0 ? (float)(code * (max / MAX_CODE)) : table[code];
  }
  return values;
}

gboolean
ut_result_write_codes (
  const guint16 *codes, gsize n, const char *path, GCancellable *cancel, GError **error)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GZlibCompressor) gzip = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
  g_autoptr (GOutputStream) out = g_converter_output_stream_new (memory, G_CONVERTER (gzip));
  if (!g_output_stream_write_all (out, codes, n * sizeof *codes, NULL, cancel, error) ||
      !g_output_stream_close (out, cancel, error))
    return FALSE;
  GMemoryOutputStream *bytes = G_MEMORY_OUTPUT_STREAM (memory);
  return g_file_set_contents (path,
                              g_memory_output_stream_get_data (bytes),
                              (gssize)g_memory_output_stream_get_data_size (bytes),
                              error);
}

guint16 *
ut_result_read_codes (const char *path, gsize n, GError **error)
{
  gsize n_bytes = n * sizeof (guint16), n_read = 0;
  g_autofree char *name = g_path_get_basename (path);
  g_autofree guint16 *codes = g_try_malloc (n_bytes);
  if (codes == NULL) {
    ut_result_out_of_memory (error);
    return NULL;
  }
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GInputStream) raw = G_INPUT_STREAM (g_file_read (file, NULL, error));
  if (raw == NULL)
    return NULL;
  g_autoptr (GZlibDecompressor) gzip = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) in = g_converter_input_stream_new (raw, G_CONVERTER (gzip));
  char beyond;
  if (!g_input_stream_read_all (in, codes, n_bytes, &n_read, NULL, NULL) || n_read != n_bytes ||
      g_input_stream_read (in, &beyond, 1, NULL, NULL) != 0) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("%s: damaged, want %zu bytes of gzip data"),
                 name,
                 n_bytes);
    return NULL;
  }
  return g_steal_pointer (&codes);
}
