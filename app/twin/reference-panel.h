/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/look.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_REFERENCE_PANEL (ut_reference_panel_get_type ())
G_DECLARE_FINAL_TYPE (
  UtReferencePanel, ut_reference_panel, UT, REFERENCE_PANEL, AdwPreferencesGroup)

/** UtReferencePanel: the reference of the shown phase: which file, and whether to show it. */
void ut_reference_panel_set_up (UtReferencePanel *self, UtDocument *document, UtLook *look);

/** ut_reference_panel_update: shows what the look and the document say */
void ut_reference_panel_update (UtReferencePanel *self);

G_END_DECLS
