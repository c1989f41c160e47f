/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/cine-driver.h"

#include <math.h>

static const UtCineDriver *const drivers[] = {
  &ut_cine_driver_stills,
  &ut_cine_driver_nifti,
  &ut_cine_driver_dicom,
  &ut_cine_driver_video,
};

UtCine *
ut_cine_open (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  if (!g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (
      error, G_FILE_ERROR, G_FILE_ERROR_NOENT, ut_words ("%s: no such file or folder"), name);
    return NULL;
  }
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR) && !g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("%s: neither a file nor a folder"),
                 name);
    return NULL;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (drivers); i++)
    if (drivers[i]->recognise (path))
      return drivers[i]->open (path, error);

  g_autoptr (GString) kinds = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (drivers); i++)
    g_string_append_printf (kinds, "%s%s", i ? "; " : "", ut_words (drivers[i]->kind));
  g_set_error (error,
               UT_ENGINE_ERROR,
               UT_ENGINE_ERROR_UNSUPPORTED,
               ut_words ("%s: not a kind of loop that is read (%s)"),
               name,
               kinds->str);
  return NULL;
}

char *
ut_cine_sha256_files (const char *const *paths, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (; *paths != NULL; paths++) {
    g_autoptr (GMappedFile) map = g_mapped_file_new (*paths, FALSE, error);
    if (map == NULL)
      return NULL;
    gsize left = g_mapped_file_get_length (map);
    const guchar *bytes = (const guchar *)g_mapped_file_get_contents (map);
    while (left > 0) { /* lengths are signed in GChecksum */
      gsize part = MIN (left, (gsize)1 << 30);
      g_checksum_update (checksum, bytes, (gssize)part);
      bytes += part;
      left -= part;
    }
  }
  return g_strdup (g_checksum_get_string (checksum));
}

gboolean
ut_cine_take_times (UtCine *self, double *times_ms)
{
  double first = times_ms[0];
  gboolean sane = isfinite (first);
  for (guint i = 0; i < self->n_frames && sane; i++) {
    times_ms[i] -= first;
    double step = i > 0 ? times_ms[i] - times_ms[i - 1] : 1;
    sane = isfinite (times_ms[i]) && step > 0 && step < 60000;
  }
  if (!sane) {
    g_free (times_ms);
    return FALSE;
  }
  g_free (self->times_ms);
  self->times_ms = times_ms;
  self->times_known = TRUE;
  return TRUE;
}

void
ut_cine_take_note (UtCine *self, char *sentence)
{
  g_autofree char *added = sentence;
  g_autofree char *before = self->note;
  self->note = before ? g_strconcat (before, " ", added, NULL) : g_strdup (added);
}
