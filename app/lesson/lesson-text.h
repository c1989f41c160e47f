/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

/**
 * Numbers in the text of a lesson stand in braces and are those of the study on screen:
 * {ef} and {sv}, or {QUANTITY:STRUCTURE:PHASE} with volume of any structure, mass and
 * wall_thickness of Myo, long_axis and sphericity of LV: "{volume:LV:ED}".
 */

/** ut_lesson_text_fault: (transfer full) (nullable): what is wrong with the first brace that is not
 * closed or holds no number, a sentence without its full stop */
char *ut_lesson_text_fault (const char *text);

/** ut_lesson_text_fill: (transfer full)
 * @measurements: (nullable): without them a dash stands for each number
 *
 * Returns: @text with its numbers and their units, as they are shown elsewhere
 */
char *ut_lesson_text_fill (const char *text, const UtMeasurements *measurements);
