/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gtk/gtk.h>

/**
 * UtPathsChosen:
 * @object: as given
 * @paths: one, or more where more may be selected
 * @chooser: what was chosen with it
 */
typedef void (*UtPathsChosen) (gpointer object, const char *const *paths, GtkFileChooser *chooser);

/**
 * ut_choose_path:
 * @window: over which the dialog stands, modal
 * @accept: label of the button that chooses, with a mnemonic
 * @object: a GObject; when it is gone, nothing is chosen any more
 *
 * Asks for a file or folder. @chosen is called only where something was chosen, and only with
 * places of this computer: of another, as a device or server that has no folder here, a dialog says
 * what to do.
 */
void ut_choose_path (GtkWindow *window,
                     const char *title,
                     GtkFileChooserAction action,
                     const char *accept,
                     UtPathsChosen chosen,
                     gpointer object);

/** ut_path_chooser_new: (transfer full): the dialog of ut_choose_path() alone, for what only some
 * ask: give it to ut_path_chooser_show() */
GtkFileChooser *ut_path_chooser_new (GtkWindow *window,
                                     const char *title,
                                     GtkFileChooserAction action,
                                     const char *accept);

/** ut_path_chooser_show: @self: (transfer full) */
void ut_path_chooser_show (GtkFileChooser *self, UtPathsChosen chosen, gpointer object);
