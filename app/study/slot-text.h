/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/calipers.h"
#include "engine/image/cine-motion.h"
#include "engine/study/study.h"

/** What a view slot says in words, translated. Each is (transfer full) but where it says so. */

/** ut_slot_text_facts: of the loop, or of what can be opened where there is none */
char *ut_slot_text_facts (const UtStudyView *view);

/** ut_slot_text_frame: "frame 12 of 48, 233 ms, ED"; @phases (nullable): "ED", "ES", "ED, ES" */
char *ut_slot_text_frame (const UtCine *cine, guint frame, const char *phases, gboolean marked);

/** ut_slot_text_doubt: (transfer none) (nullable): why the spacing that the file says is to be
 * checked; NULL where it is not, or a person has calibrated the view */
const char *ut_slot_text_doubt (const UtStudyView *view);

/** ut_slot_text_badge: where the pixel spacing is from, and whether it is to be checked */
char *ut_slot_text_badge (const UtStudyView *view);

/** ut_slot_text_spacing: what is known of the pixel spacing of @frame, from where, and what is to
 * be checked */
char *ut_slot_text_spacing (const UtStudyView *view, guint frame);

/**
 * ut_slot_text_caliper:
 * @caliper: points of the picture, as UtCineView has them; two at least
 *
 * In mm where the spacing of @frame is known and all points lie in the part of the picture that
 * holds the echo: it is the part that the spacing is of. Else in pixels.
 */
char *ut_slot_text_caliper (const UtStudyView *view, guint frame, const UtCaliper *caliper);

/** ut_slot_text_mark: @frame is marked, @proposed is proposed; -1 = none. @cine: (nullable) */
char *ut_slot_text_mark (const UtCine *cine, int frame, int proposed);

/** ut_slot_text_beat: "beat 2 of 3, by the R waves"; @motion: (nullable): not known yet */
char *ut_slot_text_beat (const UtCineMotion *motion, int beat);
