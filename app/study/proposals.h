/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "engine/image/cine-motion.h"

G_BEGIN_DECLS

#define UT_TYPE_PROPOSALS (ut_proposals_get_type ())
G_DECLARE_FINAL_TYPE (UtProposals, ut_proposals, UT, PROPOSALS, GObject)

/**
 * UtProposals:
 *
 * ED and ES frames that are proposed for the loops of the open study, and the beat of each loop
 * that they are taken from. Follows the document by itself, in the background. Proposals are no
 * part of the study: no reconstruction sees them and no undo brings them back, until
 * ut_proposals_confirm() makes them marks. Marks that a loop's file brings along are not
 * proposals: ut_study_set_cine() has set them.
 *
 * Signal `changed`: other proposals, or another beat.
 */
UtProposals *ut_proposals_new (UtDocument *document);

/** ut_proposals_get_motion: (transfer none) (nullable): NULL while it is not known yet */
UtCineMotion *ut_proposals_get_motion (UtProposals *self, UtView view);

/** ut_proposals_get_beat: the beat of @view that is chosen; -1 = it has none */
int ut_proposals_get_beat (UtProposals *self, UtView view);

/** ut_proposals_step_beat: chooses the beat @step further, and proposes its frames; FALSE where
 * there is no such beat */
gboolean ut_proposals_step_beat (UtProposals *self, UtView view, int step);

/** ut_proposals_get_frame: the frame proposed, counted from 0; -1 = none, or it is the marked one
 */
int ut_proposals_get_frame (UtProposals *self, UtView view, UtPhase phase);

/**
 * ut_proposals_phases_at:
 * @ret_marked: (out): @frame is marked; else it is proposed, where it is anything
 *
 * Returns: (nullable): what @frame is: "ED", "ES" or "ED, ES": both are possible in a still picture
 */
const char *
ut_proposals_phases_at (UtProposals *self, UtView view, guint frame, gboolean *ret_marked);

/** ut_proposals_any: TRUE where a frame of any view is proposed */
gboolean ut_proposals_any (UtProposals *self);

/**
 * ut_proposals_marked:
 * @frame: that a person has just marked
 *
 * Takes back the proposal for it, and proposes the frames at the same part of the beat in the
 * views that no person has marked yet. When the last mark is undone these go, and what was
 * proposed before comes back.
 */
void ut_proposals_marked (UtProposals *self, UtView view, UtPhase phase, guint frame);

/** ut_proposals_confirm: marks all frames that are proposed, as one step of undo */
void ut_proposals_confirm (UtProposals *self);

G_END_DECLS
