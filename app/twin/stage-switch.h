/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/look.h"
#include "engine/twin/twin.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_STAGE_SWITCH (ut_stage_switch_get_type ())
G_DECLARE_FINAL_TYPE (UtStageSwitch, ut_stage_switch, UT, STAGE_SWITCH, GtkWidget)

/** UtStageSwitch: a button for each stage of the network; those that a twin lacks say so. */

void ut_stage_switch_set_up (UtStageSwitch *self, UtLook *look);

/**
 * ut_stage_switch_set_twin:
 * @twin: (nullable): what the stages are of; without one the switch is hidden
 * @shown: UtTwinStage that is pressed, -1 = the last one
 */
void ut_stage_switch_set_twin (UtStageSwitch *self, const UtTwin *twin, int shown);

/** ut_stage_switch_choose: the stage of that number, from 0; FALSE where the twin lacks it */
gboolean ut_stage_switch_choose (UtStageSwitch *self, guint index);

G_END_DECLS
