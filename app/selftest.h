/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <gio/gio.h>

/** UtSelfCheck: one question with a known answer. */
typedef struct UtSelfCheck {
  const char *name;     /* what is checked; English, marked for gettext */
  const char *expected; /* the known answer, with its tolerance and unit; the same */
  /* asks; writes what came out to @ret_found; FALSE where it is not the answer */
  gboolean (*ask) (char **ret_found);
} UtSelfCheck;

/**
 * ut_self_checks:
 *
 * Asks the program itself things whose answers are known in closed form: random
 * numbers, calibration, volumes, orientation, distances, topology, overlap, and the network twice.
 * Every check is independent and takes at most a few seconds.
 *
 * Returns: (transfer none) (array length=ret_n): the table
 */
const UtSelfCheck *ut_self_checks (gsize *ret_n);
