/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/grey-curve.h"

#include <math.h>

#define SIGMOID_STEEPNESS 5.0

static double
logistic (double x)
{
  return 1 / (1 + exp (-SIGMOID_STEEPNESS * (x - 0.5)));
}

/* level 0 to 1 over the dynamic range, to grey 0 to 255 */
static double
grey_of_level (const UtScanner *scanner, double x)
{
  x = CLAMP (x, 0, 1);
  switch (scanner->compression) {
  case UT_SCANNER_LINEAR:
    return 255 * x;
  case UT_SCANNER_SIGMOID:
    return 255 * (logistic (x) - logistic (0)) / (logistic (1) - logistic (0));
  case UT_SCANNER_POWER:
  default:
    return 255 * pow (x, scanner->gamma);
  }
}

static double
level_of_grey (const UtScanner *scanner, double grey)
{
  double v = CLAMP (grey / 255, 0, 1);
  switch (scanner->compression) {
  case UT_SCANNER_LINEAR:
    return v;
  case UT_SCANNER_SIGMOID:
    v = logistic (0) + v * (logistic (1) - logistic (0));
    return 0.5 - log (1 / v - 1) / SIGMOID_STEEPNESS;
  case UT_SCANNER_POWER:
  default:
    return pow (v, 1 / scanner->gamma);
  }
}

void
ut_grey_curve_init (UtGreyCurve *self, const UtScanner *scanner)
{
  double octaves = scanner->dynamic_range_db / (10 * log10 (2));
  for (guint i = 0; i < G_N_ELEMENTS (self->intensity); i++)
    self->intensity[i] =
      (float)exp2 (octaves * (level_of_grey (scanner, (double)i / UT_GREY_STEPS) - 1));
  for (guint i = 0; i < G_N_ELEMENTS (self->grey); i++) {
    guint octave = i >> UT_GREY_PER_BITS, part = i & ((1 << UT_GREY_PER_BITS) - 1);
    double log2_intensity =
      (double)octave + 6 - UT_GREY_OCTAVES + log2 (1 + (part + 0.5) / (1 << UT_GREY_PER_BITS));
    self->grey[i] = (float)grey_of_level (scanner, 1 + log2_intensity / octaves);
  }
}
