/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/selftest.h"
#include "engine/base/progress.h"

/** UtSelfTest: what the checks of app/selftest.h answered. */
typedef struct UtSelfTest {
  const UtSelfCheck *checks; /* [n], static */
  gsize n;
  char **found;     /* [n] */
  gboolean *passed; /* [n] */
  gboolean all_passed;
  char *model_sha256; /* of the weight file that a user has; "" where there is none */
  char *sha256;       /* of version, weights, questions and answers; lower-case hex */
} UtSelfTest;

/**
 * ut_self_test_run:
 *
 * Asks everything. A failed check is an answer, no error.
 *
 * Errors: CANCELLED, looked at between checks. Threads: any; takes some seconds.
 *
 * Returns: (transfer full): ut_self_test_free()
 */
UtSelfTest *ut_self_test_run (UtProgress *progress, GCancellable *cancel, GError **error);
void ut_self_test_free (UtSelfTest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtSelfTest, ut_self_test_free)

/** ut_self_test_remember: keeps the outcome in ultratwin/selftest.json of the user's data folder;
 * G_FILE_ERROR */
gboolean ut_self_test_remember (const UtSelfTest *self, GError **error);

/**
 * ut_self_test_recall:
 * @model_sha256: (nullable): of the weights that are asked about
 * @ret_passed: (out): whether all checks passed
 *
 * Returns: (transfer full) (nullable): the hash of the last self-test; NULL where none was run
 * with this version of the program and these weights
 */
char *ut_self_test_recall (const char *model_sha256, gboolean *ret_passed);
