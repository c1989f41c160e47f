/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_WINDOW (ut_window_get_type ())
G_DECLARE_FINAL_TYPE (UtWindow, ut_window, UT, WINDOW, AdwApplicationWindow)

/** ut_window_new: (transfer floating): @settings is lent and outlives the window */
UtWindow *ut_window_new (AdwApplication *app, UtSettings *settings);

/** ut_window_take_settings: after a person changed the settings */
void ut_window_take_settings (UtWindow *self);

/**
 * ut_window_open:
 * @paths: studies, loops or folders, NULL-terminated
 * @view: UtView that a single loop goes to, -1 = find one
 *
 * Opens files in the background.
 */
void ut_window_open (UtWindow *self, const char *const *paths, int view);

G_END_DECLS
