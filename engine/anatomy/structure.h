/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * UtStructure:
 *
 * Labels of a heart volume, in the order of Table 1 of UltraTwin (MICCAI 2025).
 */
typedef enum {
  UT_BACKGROUND,
  UT_MYO, /* wall of the left ventricle, septum included */
  UT_LV,  /* blood pools from here on */
  UT_LA,
  UT_RV,
  UT_RA,
  UT_N_LABELS,
} UtStructure;

/** UT_N_STRUCTURES: without the background */
#define UT_N_STRUCTURES (UT_N_LABELS - 1)

/** ut_structure_order: LV, RV, LA, RA, Myo: as people read them, and as their keys 1 to 5 have them
 */
extern const UtStructure ut_structure_order[UT_N_STRUCTURES];

/** ut_structure_name: "background", "Myo", "LV", "LA", "RV", "RA": fixed, never translated */
const char *ut_structure_name (UtStructure structure);

/** ut_structure_from_name: any case; FALSE where @name is none of them */
gboolean ut_structure_from_name (const char *name, UtStructure *ret_structure);
