/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/range.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

gboolean
ut_ranges_check (const char *what, const UtRange *ranges, gsize n, GError **error)
{
  for (gsize i = 0; i < n; i++) {
    const UtRange *range = &ranges[i];
    if (range->value >= range->low && range->value <= range->high)
      continue;
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%s: %s is %g, want %g to %g"),
                 what,
                 range->name,
                 range->value,
                 range->low,
                 range->high);
    return FALSE;
  }
  return TRUE;
}
