/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * UtSampler:
 *
 * Steps and coefficients of the DDIM sampler for a network that predicts x_0, on
 * the linear schedule beta_start ... beta_end over n_times steps. All in double.
 *
 * With abar_t = prod (1 - beta), x_0 = 2 p - 1 and t' the next step's time:
 * eta 0: x_t' = a x_0 + b x_t, b = sqrt ((1 - abar_t') / (1 - abar_t)),
 *   a = sqrt (abar_t') - b sqrt (abar_t)
 * eta 1: x_t' = sqrt (abar_t') x_0 + sqrt (1 - abar_t') n, n fresh noise
 *
 * Source: Ho 2020 (schedule), Song 2021 (DDIM, eqs. 12 and 16).
 */
typedef struct UtSampler {
  guint n_times, n_steps;
  gboolean fresh_noise; /* eta = 1 */
  double *alpha_bar;    /* [n_times] */
} UtSampler;

/** ut_sampler_init: 1 <= @n_steps <= @n_times; clear it afterwards */
void ut_sampler_init (UtSampler *self,
                      guint n_times,
                      double beta_start,
                      double beta_end,
                      guint n_steps,
                      gboolean fresh_noise);
void ut_sampler_clear (UtSampler *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (UtSampler, ut_sampler_clear)

/** ut_sampler_time: time of step @i, trailing: floor (T (S - i) / S + 1/2) - 1 */
guint ut_sampler_time (const UtSampler *self, guint i);

/**
 * ut_sampler_coefficients:
 * @i: a step that has a next one
 * @ret: (out): x_next = ret[0] + ret[1] p + ret[2] y, where p are the probabilities
 *   and y is x_t (eta 0) or fresh noise (eta 1)
 */
void ut_sampler_coefficients (const UtSampler *self, guint i, double ret[3]);
