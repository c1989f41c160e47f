/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/structure.h"

const UtStructure ut_structure_order[UT_N_STRUCTURES] = {UT_LV, UT_RV, UT_LA, UT_RA, UT_MYO};

static const char *const names[UT_N_LABELS] = {"background", "Myo", "LV", "LA", "RV", "RA"};

const char *
ut_structure_name (UtStructure structure)
{
  g_return_val_if_fail (structure < UT_N_LABELS, "?");
  return names[structure];
}

gboolean
ut_structure_from_name (const char *name, UtStructure *ret_structure)
{
  for (int i = 0; i < UT_N_LABELS; i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0) {
      *ret_structure = i;
      return TRUE;
    }
  return FALSE;
}
