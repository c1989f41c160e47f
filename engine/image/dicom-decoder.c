/* SPDX-License-Identifier: Apache-2.0 */

/* ultratwin-dicom FILE: decodes a DICOM loop and writes it to standard output as one GVariant;
 * where it cannot, an error code and a sentence go to standard error. A process of its own, so
 * that a file which makes the decoder stop, hang or take all memory costs no study.
 * Where UT_LOCALES names a folder, as the window sets it, its sentences are translated from there:
 * the one place in engine/ that knows gettext, for a process has words of its own. */

#include "config.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/cine-variant.h"
#include "engine/image/dicom-decode.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#define MAX_SECONDS 60
#define MAX_MEMORY  ((rlim_t)12 << 30) /* address space: twice the largest loop in colour */

static gboolean
write_all (const guint8 *bytes, gsize n_bytes)
{
  return fwrite (bytes, 1, n_bytes, stdout) == n_bytes && fflush (stdout) == 0;
}

static void
set_limits (void)
{
#ifndef __SANITIZE_ADDRESS__ /* which maps terabytes of shadow memory */
  const struct rlimit memory = {MAX_MEMORY, MAX_MEMORY};
  setrlimit (RLIMIT_AS, &memory);
#endif
  const struct rlimit no_core = {0, 0};
  setrlimit (RLIMIT_CORE, &no_core);
  alarm (MAX_SECONDS);
}

static const char *
translate (const char *english)
{
  return gettext (english);
}

static void
choose_language (const char *locales)
{
  if (locales == NULL)
    return;
  setlocale (LC_MESSAGES, ""); /* numbers in files keep their dot */
  bindtextdomain (GETTEXT_PACKAGE, locales);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  ut_words_translate_by (translate);
}

int
main (int argc, char **argv)
{
  if (argc != 2)
    return 2;
  choose_language (g_getenv ("UT_LOCALES"));
  set_limits ();
  g_autoptr (GError) error = NULL;
  g_autoptr (UtCine) cine = ut_dicom_decode (argv[1], &error);
  if (cine == NULL) {
    gboolean own = error->domain == UT_ENGINE_ERROR;
    fprintf (stderr, "%d %s", own ? error->code : UT_ENGINE_ERROR_FORMAT, error->message);
    return 1;
  }
  g_autoptr (GVariant) value = g_variant_ref_sink (ut_cine_to_variant (cine));
  return write_all (g_variant_get_data (value), g_variant_get_size (value)) ? 0 : 3;
}
