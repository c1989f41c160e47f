/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"

/** ut_review_edit_text: (transfer full) (nullable): "LV +3.0 mm, Myo −1.5 mm", for people; NULL
 * where the heart of @phase is as the network made it */
char *ut_review_edit_text (const UtStudyState *state, UtPhase phase);

/** ut_review_edit_line: (transfer full) (nullable): the same and who did it: "LV +3.0 mm; edited by
 * Ann Berg at 2026-03-01 14:05", the time in the zone of this machine */
char *ut_review_edit_line (const UtStudyState *state, UtPhase phase);

/** ut_review_act_text: (transfer full): "2026-03-01 14:05, Ann Berg: ED LV +3.0 mm", "...: undone:
 * ED RV rejected (leaks)" */
char *ut_review_act_text (const UtReviewAct *act);

/** ut_review_word: (transfer none): "unreviewed", ...: translated, inside a sentence */
const char *ut_review_word (UtVerdict verdict);

/**
 * ut_review_lines:
 *
 * Returns: (transfer full) (array zero-terminated=1): per phase that has a heart: that it was
 * edited, how and by whom, if it was, and which structures are unreviewed, accepted, limited and
 * rejected, with reasons, by whom and when
 */
char **ut_review_lines (const UtStudyState *state);

/** ut_review_note: (transfer full): for the head of a file about one structure, in fixed words:
 * "unreviewed", "edited, rejected: leaks; edit LV +3.0 mm" */
char *ut_review_note (const UtStudyState *state, UtPhase phase, UtStructure structure);
