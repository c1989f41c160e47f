/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/reference-range.h"

#include "engine/anatomy/structure.h"
#include "engine/image/view.h"

static const struct {
  UtQuantity quantity;
  int phase;
  UtStructure structure;
  UtReferenceRange range;
} ranges[] = {
  {UT_QUANTITY_EF, -1, UT_LV, {{52, 72}, {54, 74}}},
  {UT_QUANTITY_VOLUME, UT_PHASE_ED, UT_LV, {{62, 150}, {46, 106}}},
  {UT_QUANTITY_VOLUME, UT_PHASE_ES, UT_LV, {{21, 61}, {14, 42}}},
  {UT_QUANTITY_MASS, UT_PHASE_ED, UT_MYO, {{96, 200}, {66, 150}}},
  {UT_QUANTITY_WALL_THICKNESS, UT_PHASE_ED, UT_MYO, {{6, 10}, {6, 9}}},
  {UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ED, UT_LV, {{34, 74}, {29, 61}}},
  {UT_QUANTITY_VOLUME_INDEX, UT_PHASE_ES, UT_LA, {{16, 34}, {16, 34}}},
  {UT_QUANTITY_MASS_INDEX, UT_PHASE_ED, UT_MYO, {{50, 102}, {44, 88}}},
};

const UtReferenceRange *
ut_reference_range (UtQuantity quantity, int phase, int structure)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    if (ranges[i].quantity == quantity && ranges[i].phase == phase &&
        (int)ranges[i].structure == structure)
      return &ranges[i].range;
  return NULL;
}
