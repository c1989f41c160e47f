/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** UtRange: a parameter and the limits it must keep. Private to this folder. */
typedef struct UtRange {
  const char *name;
  double value, low, high;
} UtRange;

/**
 * ut_ranges_check:
 * @what: whose parameters: the message begins with it
 *
 * Errors: RANGE naming the first of @ranges that is outside its limits, or NaN.
 */
gboolean ut_ranges_check (const char *what, const UtRange *ranges, gsize n, GError **error);
