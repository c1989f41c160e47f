/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/simulator.h"

UtEchoMoment
ut_echo_moment_draw (UtPhase phase, UtRandom *random)
{
  UtEchoMoment self = {.seed = (guint64)ut_random_u32 (random) << 32 | ut_random_u32 (random)};
  if (phase == UT_PHASE_ES) {
    self.mitral_opening = ut_random_uniform (random, 0, 0.06);
    self.tricuspid_opening = ut_random_uniform (random, 0, 0.06);
    self.ecg_phase = 0.35;
  } else { /* closed or domed in 5 of 12, else partly open */
    gboolean closed = ut_random_chance (random, 5.0 / 12);
    self.mitral_opening =
      closed ? ut_random_uniform (random, 0, 0.15) : ut_random_uniform (random, 0.2, 0.75);
    self.tricuspid_opening = CLAMP (self.mitral_opening + ut_random_normal (random, 0, 0.1), 0, 1);
  }
  return self;
}
