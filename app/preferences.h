/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <adwaita.h>

#include "app/settings.h"

G_BEGIN_DECLS

/** UtPreferencesFunc: a value in the settings was changed by a person */
typedef void (*UtPreferencesFunc) (gpointer data);

/**
 * ut_preferences_window_new: (transfer floating): the preferences window
 * @settings: shown and written; outlives the window
 * @changed: brings the program up to @settings and saves them; called with @data
 */
GtkWidget *
ut_preferences_window_new (UtSettings *settings, UtPreferencesFunc changed, gpointer data);

G_END_DECLS
