/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/echo/scanner.h"

#include <string.h>

#define UT_GREY_STEPS    8  /* table entries per grey */
#define UT_GREY_OCTAVES  44 /* of intensity, up to 2^6 */
#define UT_GREY_PER_BITS 7  /* 2^7 entries an octave: 0.024 dB */

/**
 * UtGreyCurve:
 *
 * The machine's way from echo intensity (1 = full white) to grey and back, as tables.
 */
typedef struct UtGreyCurve {
  float intensity[256 * UT_GREY_STEPS];
  float grey[UT_GREY_OCTAVES << UT_GREY_PER_BITS];
} UtGreyCurve;

void ut_grey_curve_init (UtGreyCurve *self, const UtScanner *scanner);

/** ut_grey_curve_intensity: that is shown as @grey; clamps to 0 to 255 */
static inline float
ut_grey_curve_intensity (const UtGreyCurve *self, float grey)
{
  float i = grey * UT_GREY_STEPS;
  return self->intensity[i <= 0                         ? 0
                         : i >= 256 * UT_GREY_STEPS - 1 ? 256 * UT_GREY_STEPS - 1
                                                        : (int)i];
}

/** ut_grey_curve_grey: of @intensity >= 0; the table is entered by the bits of its logarithm */
static inline float
ut_grey_curve_grey (const UtGreyCurve *self, float intensity)
{
  gint32 bits;
  memcpy (&bits, &intensity, sizeof bits);
  gint32 i = (bits >> (23 - UT_GREY_PER_BITS)) - ((127 + 6 - UT_GREY_OCTAVES) << UT_GREY_PER_BITS);
  gint32 last = (UT_GREY_OCTAVES << UT_GREY_PER_BITS) - 1;
  return self->grey[i < 0 ? 0 : i > last ? last : i];
}
