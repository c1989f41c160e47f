/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/findings.h"
#include "app/twin/look.h"
#include "app/twin/results.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_DISTANCE_PANEL (ut_distance_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtDistancePanel, ut_distance_panel, UT, DISTANCE_PANEL, AdwPreferencesGroup)

/**
 * UtDistancePanel:
 *
 * How far the surfaces in the look lie from those of the reference: chart, statistics weighted by
 * area, and the agreement of the label maps, in mm and in voxels, with the medians of the cohort
 * sheet that lies beside the study's folder, if one does. A range that is brushed on the
 * chart is the only part of the distance map that keeps its colour on the surface. Hidden without
 * a reference or while a view is not calibrated. Signal `show-place` (const UtPlace *): the eye is
 * to go there.
 */
void ut_distance_panel_set_up (UtDistancePanel *self,
                               UtDocument *document,
                               UtResults *results,
                               UtFindings *findings,
                               UtLook *look);

/**
 * ut_distance_panel_show_worst:
 *
 * Marks the spot that lies farthest from the reference on the surfaces to be seen, and goes there.
 * Does nothing where no distance is known.
 */
void ut_distance_panel_show_worst (UtDistancePanel *self);

G_END_DECLS
