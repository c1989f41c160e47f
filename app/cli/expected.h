/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"

#include <json-glib/json-glib.h>

/** UT_EXPECTED_DSC: of each structure, that a heart made again on another device has at least */
#define UT_EXPECTED_DSC 0.999

/** UtExpected: which hearts a run is to make again */
typedef struct UtExpected UtExpected;

/**
 * ut_expected_new:
 * @list: "ED:HASH,ES:HASH", see ut_label_hash(); one of them may be missing
 * @study_path: (nullable): study that holds the hearts those hashes are of
 *
 * Errors: G_OPTION_ERROR for a bad @list; those of ut_study_open().
 */
UtExpected *ut_expected_new (const char *list, const char *study_path, GError **error);
void ut_expected_free (UtExpected *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtExpected, ut_expected_free)

/**
 * ut_expected_compare:
 * @result: gains "reproduced": {"ed": true, ...} and, where labels differ and the study has the
 *   expected ones, "dsc_with_expected": {"ed": {"Myo": 0.9998, ...}}
 *
 * Compares the hearts of @state, as the network made them, with those that were expected, and says
 * on standard error where labels differ: how far, whether that is within what another device makes,
 * and whether it was other weights that made the expected ones.
 */
void ut_expected_compare (const UtExpected *self, const UtStudyState *state, JsonObject *result);
