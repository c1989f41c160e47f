/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/view.h"

static const char *const view_names[UT_N_VIEWS] = {"A4C", "A2C", "PSAX"};

const char *
ut_view_name (UtView view)
{
  g_return_val_if_fail (view < UT_N_VIEWS, "?");
  return view_names[view];
}

gboolean
ut_view_from_name (const char *name, UtView *ret_view)
{
  for (int i = 0; i < UT_N_VIEWS; i++)
    if (g_ascii_strcasecmp (name, view_names[i]) == 0) {
      *ret_view = i;
      return TRUE;
    }
  return FALSE;
}

const char *
ut_phase_name (UtPhase phase)
{
  return phase == UT_PHASE_ED ? "ED" : "ES";
}
