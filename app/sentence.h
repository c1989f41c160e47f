/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/study/study.h"

/**
 * What the engine says in numbers, in the user's language. Strings are static
 * unless said otherwise.
 */

const char *ut_sentence_stage (UtStage stage);
const char *ut_sentence_structure (UtStructure structure);  /* "Left ventricle" */
const char *ut_sentence_view (UtView view);                 /* "Apical four-chamber" */
const char *ut_sentence_phase (UtPhase phase);              /* "End-diastole" */
const char *ut_sentence_calibration (UtCalibration origin); /* the badge: "manual" */
const char *ut_sentence_edit (UtStudyEdit edit);            /* for "Undo ..." */

const char *ut_sentence_verdict (UtVerdict verdict); /* "Unreviewed" */

/** ut_sentence_study: (transfer none): a study's @label, translated where the program gave it, or
 * that there is none */
const char *ut_sentence_study (const char *label);

/** ut_sentence_issue: (transfer full): what stands in the way and what to do about it */
char *ut_sentence_issue (const UtStudyIssue *issue);

/** ut_sentence_twin_stage: "coarse", ...: translated, inside a sentence */
const char *ut_sentence_twin_stage (UtTwinStage stage);

/** ut_sentence_twin_stage_title: "Coarse", ...: translated, on a button */
const char *ut_sentence_twin_stage_title (UtTwinStage stage);
