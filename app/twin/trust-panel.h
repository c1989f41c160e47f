/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/look.h"
#include "app/twin/results.h"
#include "engine/measure/topology-report.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_TRUST_PANEL (ut_trust_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtTrustPanel, ut_trust_panel, UT, TRUST_PANEL, GtkWidget)

/**
 * UtTrustPanel:
 *
 * What speaks for and against the heart in the look, one panel below the other. Signal
 * `show-place` (const UtPlace *): the eye is to go there.
 */
void
ut_trust_panel_set_up (UtTrustPanel *self, UtDocument *document, UtResults *results, UtLook *look);

/** ut_trust_panel_show_worst: goes to the spot farthest from the reference, where one is known */
void ut_trust_panel_show_worst (UtTrustPanel *self);

/** ut_trust_panel_ask: ut_review_panel_ask() */
void ut_trust_panel_ask (UtTrustPanel *self, GtkWidget *over);

/** ut_trust_panel_accept_all: ut_review_panel_accept_all() */
void ut_trust_panel_accept_all (UtTrustPanel *self);

G_END_DECLS
