/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-motion.h"

/*
 * LV volume over one beat at rest, 65 beats a minute: isovolumic contraction to 0.05,
 * ejection to 0.37, isovolumic relaxation to 0.45, rapid filling of three quarters of the
 * stroke volume, diastasis, and an atrial kick of 0.22. The knots are ours; they give a
 * fastest filling of 5.1 stroke volumes per beat, 3.3 EDV/s at an EF of 0.6, 145 ms after
 * end-systole (healthy adults: 3.3 +- 0.6 EDV/s, 136 +- 23 ms: Bonow et al., Circulation
 * 64:315, 1981, abstract). Atrial part: 20 +- 5 % below 35 years, 31 +- 11 % at 40 to 76
 * (Alhogbani et al., JCMR 12:S1:O91, 2010; Muntinga et al., Int J Card Imaging 13:165,
 * 1997; abstracts).
 */
static const double knots[][2] = {{0.00, 0.00},
                                  {0.05, 0.01},
                                  {0.12, 0.26},
                                  {0.20, 0.66},
                                  {0.28, 0.91},
                                  {0.37, 1.00},
                                  {0.45, 0.98},
                                  {0.50, 0.80},
                                  {0.56, 0.52},
                                  {0.63, 0.32},
                                  {0.72, 0.25},
                                  {0.84, 0.22},
                                  {0.91, 0.10},
                                  {0.97, 0.01},
                                  {1.00, 0.00}};

#define ES_KNOT 5

static double
secant (gsize i)
{
  return (knots[i + 1][1] - knots[i][1]) / (knots[i + 1][0] - knots[i][0]);
}

/* Slope at a knot that keeps the cubic monotone between knots: harmonic mean of the
 * neighbouring secants, 0 at a turning point (Fritsch and Butland, 1984). */
static double
knot_slope (gsize i)
{
  if (i == 0 || i == G_N_ELEMENTS (knots) - 1)
    return 0;
  double before = secant (i - 1), after = secant (i);
  return before * after > 0 ? 2 * before * after / (before + after) : 0;
}

double
ut_heart_motion_contraction (double phase)
{
  phase = CLAMP (phase, 0, 1);
  gsize i = 0;
  while (i + 2 < G_N_ELEMENTS (knots) && phase > knots[i + 1][0])
    i++;
  double width = knots[i + 1][0] - knots[i][0], t = (phase - knots[i][0]) / width;
  double u = 1 - t;
  double value = knots[i][1] * u * u * (1 + 2 * t) + knots[i + 1][1] * t * t * (1 + 2 * u) +
                 width * t * u * (u * knot_slope (i) - t * knot_slope (i + 1));
  return CLAMP (value, 0, 1);
}

double
ut_heart_motion_es_phase (void)
{
  return knots[ES_KNOT][0];
}
