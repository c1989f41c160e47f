/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/look.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_STRUCTURES_PANEL (ut_structures_panel_get_type ())
G_DECLARE_FINAL_TYPE (
  UtStructuresPanel, ut_structures_panel, UT, STRUCTURES_PANEL, AdwPreferencesGroup)

/** UtStructuresPanel: visibility, opacity and solo of each structure, as the look has them. */
void ut_structures_panel_set_up (UtStructuresPanel *self, UtLook *look);

G_END_DECLS
