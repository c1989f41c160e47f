/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study-disks.h"

/** What the cross-check by disks says in words, translated. */

/** ut_disks_text_fault: a sentence on why a contour is not taken so; NULL where nothing is wrong */
const char *ut_disks_text_fault (UtContourFault fault);

/** ut_disks_text_method: "biplane disks", "A4C single plane", ... inside a sentence */
const char *ut_disks_text_method (UtDisksMethod method);

/**
 * ut_disks_text_view:
 *
 * Returns: (transfer full) (nullable): of the contour of one view: "ED 141 ml, biplane disks",
 * its long axis, and whether the axes disagree, a line each; NULL where it does not count
 */
char *ut_disks_text_view (const UtStudyDisks *disks, UtPhase phase, UtView view);

/**
 * ut_disks_text_notes:
 *
 * Returns: (transfer full) (array zero-terminated=1): sentences that go with its numbers, wherever
 * they are shown: that the methods differ, axes that disagree, contours that do not count; none
 * where there are no numbers
 */
char **ut_disks_text_notes (const UtStudyDisks *disks);
