/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/calipers.h"
#include "app/document.h"
#include "app/study/player.h"
#include "app/study/proposals.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_VIEW_SLOT (ut_view_slot_get_type ())
G_DECLARE_FINAL_TYPE (UtViewSlot, ut_view_slot, UT, VIEW_SLOT, GtkWidget)

/**
 * UtViewSlot:
 *
 * One echo view of the study: loop, time bar, read-out, calibration badge, and
 * below them the controls of the current step. Its actions are called "slot.*"
 * and have keys while the slot has focus.
 *
 * Signals: `go-to-phase` (int UtPhase) and `open` ask the page for what concerns
 * more than this slot; `message` (const char *) is a sentence for a toast.
 */

/** ut_view_slot_set_up: which view of @document this is; the slots share @player, @proposals
 * and @calipers, which are on e.g. "A4C 12", the view and its frame counted from 1 */
void ut_view_slot_set_up (UtViewSlot *self,
                          UtView view,
                          UtDocument *document,
                          UtPlayer *player,
                          UtProposals *proposals,
                          UtCalipers *calipers);

UtView ut_view_slot_get_view (UtViewSlot *self);

/** ut_view_slot_set_step: "load", "calibrate" or "mark" */
void ut_view_slot_set_step (UtViewSlot *self, const char *step);

/** ut_view_slot_go_to: shows @frame, counted from 0 and clamped; playing stops */
void ut_view_slot_go_to (UtViewSlot *self, guint frame);
guint ut_view_slot_get_frame (UtViewSlot *self);

/** ut_view_slot_go_to_phase: shows the marked frame, or the proposed one, or nothing else */
void ut_view_slot_go_to_phase (UtViewSlot *self, UtPhase phase);

/** ut_view_slot_grab_focus: puts the keyboard into the loop */
void ut_view_slot_grab_focus (UtViewSlot *self);

/** ut_view_slot_set_drop_target: highlights the slot as the place where a drop would go */
void ut_view_slot_set_drop_target (UtViewSlot *self, gboolean target);

G_END_DECLS
