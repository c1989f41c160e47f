/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/findings.h"
#include "app/twin/look.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_TOPOLOGY_PANEL (ut_topology_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtTopologyPanel, ut_topology_panel, UT, TOPOLOGY_PANEL, AdwPreferencesGroup)

/**
 * UtTopologyPanel:
 *
 * How the structures of the heart in the look hang together: a table of counts, a row for every
 * defect and every pair of structures that touch. Choosing a row marks the place in the look and
 * shows its structure; signal `show-place` (const UtPlace *) asks for the eye to go there.
 */
void ut_topology_panel_set_up (UtTopologyPanel *self,
                               UtDocument *document,
                               UtFindings *findings,
                               UtLook *look);

G_END_DECLS
