/* SPDX-License-Identifier: Apache-2.0 */

/* The DICOM driver: the structure is checked here, the decoding is left to ultratwin-dicom. */

#include "config.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/cine-driver.h"
#include "engine/image/cine-variant.h"
#include "engine/image/dicom-check.h"

#include <gio/gio.h>
#include <string.h>

#define DECODER "ultratwin-dicom"

/* The preamble's mark, or an old file that begins with group 0002 or 0008 */
static gboolean
recognise (const char *path)
{
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, NULL);
  if (map == NULL || g_mapped_file_get_length (map) < 132)
    return FALSE;
  const char *head = g_mapped_file_get_contents (map);
  gboolean old = (head[0] == 2 || head[0] == 8) && head[1] == 0 && head[3] == 0;
  return old || memcmp (head + 128, "DICM", 4) == 0;
}

static gboolean
check_structure (const char *path, GError **error)
{
  g_autoptr (GMappedFile) map = g_mapped_file_new (path, FALSE, error);
  return map != NULL && ut_dicom_check ((const guint8 *)g_mapped_file_get_contents (map),
                                        g_mapped_file_get_length (map),
                                        error);
}

/* (transfer full): installed, or in the build folder */
static char *
find_decoder (GError **error)
{
  static const char *const folders[] = {UT_LIBEXEC_DIR, UT_BUILD_DIR "/engine/image"};
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = g_build_filename (folders[i], DECODER, NULL);
    if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
      return g_steal_pointer (&path);
  }
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_UNSUPPORTED,
               ut_words ("DICOM cannot be read: the program %s is not installed"),
               DECODER);
  return NULL;
}

/* What the decoder said on standard error: a code and a sentence */
static void
set_decoder_error (GBytes *said, GError **error)
{
  gsize n_bytes;
  const char *bytes = g_bytes_get_data (said, &n_bytes);
  g_autofree char *text = g_strndup (bytes ? bytes : "", n_bytes);
  g_auto (GStrv) parts = g_strsplit (text, " ", 2);
  guint64 code;
  if (g_strv_length (parts) == 2 &&
      g_ascii_string_to_unsigned (parts[0], 10, 0, UT_ENGINE_ERROR_MEMORY, &code, NULL))
    g_set_error_literal (error, UT_ENGINE_ERROR, (int)code, parts[1]);
  else
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("a damaged DICOM file: its contents cannot be decoded"));
}

static UtCine *
decode (const char *path, GError **error)
{
  g_autofree char *decoder = find_decoder (error);
  if (decoder == NULL)
    return NULL;
  g_autoptr (GSubprocess) process = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error, decoder, path, NULL);
  g_autoptr (GBytes) loop = NULL;
  g_autoptr (GBytes) said = NULL;
  if (process == NULL || !g_subprocess_communicate (process, NULL, NULL, &loop, &said, error))
    return NULL;
  if (!g_subprocess_get_successful (process)) {
    set_decoder_error (said, error);
    return NULL;
  }
  return ut_cine_from_bytes (loop, error);
}

static UtCine *
open_dicom (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  const char *const paths[] = {absolute, NULL};
  g_autoptr (UtCine) cine = NULL;
  if (check_structure (absolute, error))
    cine = decode (absolute, error);
  if (cine == NULL || (cine->sha256 = ut_cine_sha256_files (paths, error)) == NULL) {
    g_prefix_error (error, "%s: ", name);
    return NULL;
  }
  return g_steal_pointer (&cine);
}

const UtCineDriver ut_cine_driver_dicom = {
  .kind = UT_WORDS ("DICOM ultrasound"),
  .recognise = recognise,
  .open = open_dicom,
};
