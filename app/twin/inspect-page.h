/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/beat.h"
#include "app/twin/look.h"
#include "app/twin/results.h"
#include "app/twin/second-study.h"

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define UT_TYPE_INSPECT_PAGE (ut_inspect_page_get_type ())
G_DECLARE_FINAL_TYPE (UtInspectPage, ut_inspect_page, UT, INSPECT_PAGE, GtkWidget)

/**
 * UtInspectPage:
 *
 * The heart in three dimensions, its structures, the reference, and the numbers.
 * Actions "twin.blink", "twin.reference", "twin.distance-map", "twin.uncertainty" beside those of
 * UtTwinView.
 */

void ut_inspect_page_set_up (UtInspectPage *self, UtDocument *document, UtResults *results);

/** ut_inspect_page_grab_focus: puts the keyboard into the 3D view */
void ut_inspect_page_grab_focus (UtInspectPage *self);

/** ut_inspect_page_show_phase: ED or ES */
void ut_inspect_page_show_phase (UtInspectPage *self, UtPhase phase);

/** ut_inspect_page_save_place: writes camera, phase and structures into @ui */
void ut_inspect_page_save_place (UtInspectPage *self, JsonObject *ui);

/** ut_inspect_page_restore_place: @ui may lack or garble anything; the usual place is kept then */
void ut_inspect_page_restore_place (UtInspectPage *self, JsonObject *ui);

/** What a lesson sets and waits for: (transfer none): */
UtLook *ut_inspect_page_get_look (UtInspectPage *self);
UtBeat *ut_inspect_page_get_beat (UtInspectPage *self);

/** ut_inspect_page_get_second: (transfer none): the study beside the open one, kept with the place
 */
UtSecondStudy *ut_inspect_page_get_second (UtInspectPage *self);

/** ut_inspect_page_close_second: takes it away, and the place beside the heart */
void ut_inspect_page_close_second (UtInspectPage *self);

/** ut_inspect_page_get_side: its pages are "heart", "planes", "numbers", "trust" */
GtkStack *ut_inspect_page_get_side (UtInspectPage *self);

/** ut_inspect_page_show_side: whether anything stands beside the heart */
void ut_inspect_page_show_side (UtInspectPage *self, gboolean shown);

/** ut_inspect_page_device: (nullable): the OpenGL driver, for the About window */
const char *ut_inspect_page_device (UtInspectPage *self);

G_END_DECLS
