/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/quantity.h"

/**
 * UtReferenceRange:
 *
 * What echo finds in healthy adults. Ranges are of men and of women; where the sex is not known
 * both are shown and neither is applied.
 *
 * Source: Lang et al., "Recommendations for cardiac chamber quantification by echocardiography in
 * adults", ASE/EACVI, 2015: tables 2 (volumes, EF: biplane disks) and 6 (mass by the 2D method,
 * septal thickness), and its volume of the LA. Found by 2D echo; this network learned from CT,
 * whose volumes are larger.
 */
typedef struct UtReferenceRange {
  double men[2], women[2]; /* low, high; in the unit of the quantity */
} UtReferenceRange;

#define UT_REFERENCE_RANGE_SOURCE "Lang et al., ASE/EACVI 2015"

/**
 * ut_reference_range:
 * @phase, @structure: as of UtMeasurement
 *
 * Returns: (nullable): NULL where there is none for this number
 */
const UtReferenceRange *ut_reference_range (UtQuantity quantity, int phase, int structure);
