/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/look.h"
#include "app/twin/results.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_ERROR_PANEL (ut_error_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtErrorPanel, ut_error_panel, UT, ERROR_PANEL, AdwPreferencesGroup)

/**
 * UtErrorPanel:
 *
 * Whether the last stage of the phase in the look is wrong where it is uncertain: a plot of its
 * surfaces, by the spread of the seeds, or by the branches' disagreement where that map is chosen
 * or there is but one seed. Hidden without a reference or while a view is not calibrated.
 */
void ut_error_panel_set_up (UtErrorPanel *self, UtResults *results, UtLook *look);

G_END_DECLS
