/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/application.h"
#include "engine/base/words.h"

#include <glib/gi18n.h>
#include <locale.h>

/* Without a GPU, GTK's OpenGL renderer has the processor paint whole windows; its plain one paints
 * what changed. The 3D view draws the same in both. */
static void
choose_renderer (void)
{
  static const char *const gpus[] = {"/dev/dri", "/dev/nvidiactl", "/dev/dxg"};
  for (guint i = 0; i < G_N_ELEMENTS (gpus); i++)
    if (g_file_test (gpus[i], G_FILE_TEST_EXISTS))
      return;
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
}

/* UT_LOCALES, for translators and tests; installed; or as it was built. */
static const char *
locale_dir (void)
{
  static const char installed[] = UT_LOCALE_DIR "/de/LC_MESSAGES/" GETTEXT_PACKAGE ".mo";
  if (g_getenv ("UT_LOCALES") != NULL)
    return g_getenv ("UT_LOCALES");
  return g_file_test (installed, G_FILE_TEST_EXISTS) ? UT_LOCALE_DIR : UT_BUILD_DIR "/po";
}

static const char *
translate (const char *english)
{
  return gettext (english);
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, ""); /* before GTK does it: the options have words too */
  bindtextdomain (GETTEXT_PACKAGE, locale_dir ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  ut_words_translate_by (translate);
  g_setenv ("UT_LOCALES", locale_dir (), FALSE); /* the DICOM decoder speaks for itself */

  choose_renderer ();

  g_autoptr (UtApplication) app = ut_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
