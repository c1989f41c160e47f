/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** ut_compare_doubles: for qsort(), rising */
static inline int
ut_compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
