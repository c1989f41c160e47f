/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/beams.h"

#include <math.h>

void
ut_beams_init (UtBeams *self, const UtScanner *scanner, double mm_per_px)
{
  double half_deg = scanner->masked ? scanner->half_angle_deg : 80;
  double step_deg = CLAMP (scanner->lateral_fwhm_deg / 2.6, 0.35, 0.7);
  double reach_mm = scanner->depth_mm * (scanner->masked ? 1 : 1.5);
  *self = (UtBeams){.step_mm = (float)CLAMP (0.6 * mm_per_px, 0.25, 0.42)};
  self->n_beams = (guint)ceil (2 * half_deg / step_deg) + 1;
  self->first_rad = (float)(-half_deg * G_PI / 180);
  self->step_rad = -2 * self->first_rad / (float)(self->n_beams - 1);
  self->n_samples = (guint)ceil (reach_mm / self->step_mm) + 2;
  gsize n = (gsize)self->n_beams * self->n_samples;
  self->grey = g_new (float, 4 * n);
  self->speckle = self->grey + n;
  self->clutter = self->grey + 2 * n;
  self->work = self->grey + 3 * n;
}

void
ut_beams_clear (UtBeams *self)
{
  g_clear_pointer (&self->grey, g_free);
}
