/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <math.h>

/** ut_srgb_linear: the light of a channel of sRGB, both 0 to 1. Source: IEC 61966-2-1 */
static inline double
ut_srgb_linear (double srgb)
{
  return srgb <= 0.04045 ? srgb / 12.92 : pow ((srgb + 0.055) / 1.055, 2.4);
}
