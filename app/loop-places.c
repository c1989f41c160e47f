/* SPDX-License-Identifier: Apache-2.0 */
#include "app/loop-places.h"

static int
find_view (const gboolean taken[UT_N_VIEWS])
{
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    if (!taken[view])
      return (int)view;
  return -1;
}

int
ut_loop_places (const int *says, gsize n, const gboolean full[UT_N_VIEWS], int *ret_places)
{
  gboolean here[UT_N_VIEWS] = {FALSE}, occupied[UT_N_VIEWS];
  int twice = -1;

  for (gsize i = 0; i < n; i++) {
    gboolean first = says[i] >= 0 && !here[says[i]];
    if (says[i] >= 0 && !first)
      twice = says[i];
    ret_places[i] = first ? says[i] : -1;
    if (first)
      here[says[i]] = TRUE;
  }
  for (UtView view = 0; view < UT_N_VIEWS; view++)
    occupied[view] = full[view] || here[view];
  for (gsize i = 0; i < n; i++) {
    if (ret_places[i] >= 0)
      continue;
    int place = find_view (occupied);
    if (place < 0 && says[i] < 0)
      place = find_view (here);
    ret_places[i] = place;
    if (place >= 0)
      here[place] = occupied[place] = TRUE;
  }
  return twice;
}
