/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/application.h"

#include <glib/gi18n.h>

int
main (int argc, char **argv)
{
  bindtextdomain (GETTEXT_PACKAGE, UT_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  g_autoptr (UtApplication) app = ut_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
