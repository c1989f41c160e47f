/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/brush.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_BRUSH_PANEL (ut_brush_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtBrushPanel, ut_brush_panel, UT, BRUSH_PANEL, AdwPreferencesGroup)

/** UtBrushPanel: switches the brush on, says what it paints and how large it is. */
GtkWidget *ut_brush_panel_new (UtBrush *brush);

G_END_DECLS
