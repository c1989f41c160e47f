/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/sampler.h"

#include <math.h>

void
ut_sampler_init (UtSampler *self,
                 guint n_times,
                 double beta_start,
                 double beta_end,
                 guint n_steps,
                 gboolean fresh_noise)
{
  g_return_if_fail (n_steps >= 1 && n_steps <= n_times);
  *self = (UtSampler){.n_times = n_times, .n_steps = n_steps, .fresh_noise = fresh_noise};
  self->alpha_bar = g_new (double, n_times);
  double product = 1;
  for (guint t = 0; t < n_times; t++) {
    double at = n_times > 1 ? (double)t / (n_times - 1) : 0;
    product *= 1 - (beta_start + (beta_end - beta_start) * at);
    self->alpha_bar[t] = product;
  }
}

void
ut_sampler_clear (UtSampler *self)
{
  g_clear_pointer (&self->alpha_bar, g_free);
}

guint
ut_sampler_time (const UtSampler *self, guint i)
{
  g_return_val_if_fail (i < self->n_steps, 0);
  double left = (double)self->n_times * (self->n_steps - i) / self->n_steps;
  return (guint)floor (left + 0.5) - 1;
}

void
ut_sampler_coefficients (const UtSampler *self, guint i, double ret[3])
{
  double now = self->alpha_bar[ut_sampler_time (self, i)];
  double next = self->alpha_bar[ut_sampler_time (self, i + 1)];
  double b = self->fresh_noise ? sqrt (1 - next) : sqrt ((1 - next) / (1 - now));
  double a = self->fresh_noise ? sqrt (next) : sqrt (next) - b * sqrt (now);
  ret[0] = -a; /* a x_0 = 2 a p - a */
  ret[1] = 2 * a;
  ret[2] = b;
}
