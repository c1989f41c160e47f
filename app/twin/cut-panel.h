/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/cut.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_CUT_PANEL (ut_cut_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtCutPanel, ut_cut_panel, UT, CUT_PANEL, AdwPreferencesGroup)

/**
 * UtCutPanel:
 *
 * Where the hearts are cut: on or off, along which plane, how deep, which side stays.
 * Signal `look` (guint UtCameraName): the user wants to look straight at the cut.
 */
void ut_cut_panel_set_up (UtCutPanel *self, UtCut *cut);

G_END_DECLS
