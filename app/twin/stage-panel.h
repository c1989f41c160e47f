/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/findings.h"
#include "app/twin/look.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_STAGE_PANEL (ut_stage_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtStagePanel, ut_stage_panel, UT, STAGE_PANEL, AdwPreferencesGroup)

/**
 * UtStagePanel:
 *
 * What the stage in the look changed against the one before it, for each structure, and how the
 * net changes of all stages add up.
 */
void ut_stage_panel_set_up (UtStagePanel *self,
                            UtDocument *document,
                            UtFindings *findings,
                            UtLook *look);

G_END_DECLS
