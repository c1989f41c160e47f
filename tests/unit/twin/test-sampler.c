/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that the network's specification states, and those that follow from its formulas. */
#include "engine/base/random.h"
#include "engine/twin/net.h"
#include "engine/twin/sampler.h"

#include <math.h>

/* engine/twin/NETWORK.md 2 */
static void
test_table (void)
{
  const struct {
    guint t;
    double alpha_bar, a, b;
  } rows[] = {
    {999, 4.03582977e-05, 0.014405, 0.999805},
    {874, 4.30840593e-04, 0.037158, 0.998538},
    {749, 3.35055044e-03, 0.080401, 0.992120},
    {624, 1.89967491e-02, 0.146757, 0.969152},
    {499, 7.85872429e-02, 0.232202, 0.909749},
    {374, 2.37398939e-01, 0.339031, 0.789980},
    {249, 5.24085374e-01, 0.508311, 0.568515},
    {124, 8.46179938e-01, 1, 0},
  };
  g_auto (UtSampler) sampler = {0};
  ut_sampler_init (&sampler, 1000, 1e-4, 0.02, 8, FALSE);
  for (guint i = 0; i < 8; i++) {
    g_assert_cmpuint (ut_sampler_time (&sampler, i), ==, rows[i].t);
    g_assert_cmpfloat_with_epsilon (sampler.alpha_bar[rows[i].t] / rows[i].alpha_bar, 1, 1e-8);
    if (i == 7)
      continue;
    double c[3];
    ut_sampler_coefficients (&sampler, i, c);
    g_assert_cmpfloat_with_epsilon (c[0], -rows[i].a, 1e-6);
    g_assert_cmpfloat_with_epsilon (c[1], 2 * rows[i].a, 1e-6);
    g_assert_cmpfloat_with_epsilon (c[2], rows[i].b, 1e-6);
  }
}

/* every number of steps begins at the last time, falls strictly and stays inside */
static void
test_steps (void)
{
  for (guint n = 1; n <= 1000; n += n < 40 ? 1 : 73) {
    g_auto (UtSampler) sampler = {0};
    ut_sampler_init (&sampler, 1000, 1e-4, 0.02, n, FALSE);
    g_assert_cmpuint (ut_sampler_time (&sampler, 0), ==, 999);
    for (guint i = 1; i < n; i++)
      g_assert_cmpuint (ut_sampler_time (&sampler, i), <, ut_sampler_time (&sampler, i - 1));
  }
  g_auto (UtSampler) sampler = {0};
  ut_sampler_init (&sampler, 1000, 1e-4, 0.02, 16, FALSE);
  g_assert_cmpuint (ut_sampler_time (&sampler, 1), ==, 937); /* halves round up */
}

/* with fresh noise, x has the variance of the forward process */
static void
test_fresh (void)
{
  g_auto (UtSampler) sampler = {0};
  ut_sampler_init (&sampler, 1000, 1e-4, 0.02, 4, TRUE);
  for (guint i = 0; i < 3; i++) {
    double c[3];
    ut_sampler_coefficients (&sampler, i, c);
    double alpha_bar = sampler.alpha_bar[ut_sampler_time (&sampler, i + 1)];
    g_assert_cmpfloat_with_epsilon (c[0] * c[0], alpha_bar, 1e-12);
    g_assert_cmpfloat_with_epsilon (c[0] * c[0] + c[2] * c[2], 1, 1e-12);
  }
}

/* engine/twin/NETWORK.md 2 */
static void
test_noise (void)
{
  const float seed_0[] = {
    0.991138f, -0.924663f, -0.617609f, -0.482069f, -0.153638f, 0.180826f, 0.831735f, 0.197440f};
  const float seed_42[] = {-0.970190f, 0.194019f, -1.235621f, 1.923927f};
  float n[8];
  ut_philox_normals (0, 0, 0, 8, n);
  for (int i = 0; i < 8; i++)
    g_assert_cmpfloat_with_epsilon (n[i], seed_0[i], 1e-6);
  ut_philox_normals (42, 0, 0, 4, n);
  for (int i = 0; i < 4; i++)
    g_assert_cmpfloat_with_epsilon (n[i], seed_42[i], 1e-6);
}

/* engine/twin/NETWORK.md 1.3: D = 192, s = 3 */
static void
test_position (void)
{
  enum { GRID = 4, DIM = 192 };
  g_autofree float *code = g_new (float, GRID *GRID *GRID *DIM);
  const gsize grid[3] = {GRID, GRID, GRID};
  ut_position_code (grid, (const double[]){1, 1, 1}, DIM, code);
  const guint axis_stride[] = {GRID * GRID, GRID, 1};
  for (guint axis = 0; axis < 3; axis++) {
    const float *channels = code + 3 * axis_stride[axis] * DIM + axis * DIM / 3;
    g_assert_cmpfloat_with_epsilon (channels[0], 0.141120, 1e-6);
    g_assert_cmpfloat_with_epsilon (channels[1], 0.778273, 1e-6);
    g_assert_cmpfloat_with_epsilon (channels[2], 0.993253, 1e-6);
    g_assert_cmpfloat_with_epsilon (channels[DIM / 6], -0.989992, 1e-6);
  }
}

/* patches half as long have the code of their place among whole ones: s = i / 2 - 1/4 */
static void
test_position_of_halves (void)
{
  enum { DIM = 12 };
  const gsize grid[3] = {2, 8, 2};
  g_autofree float *code = g_new (float, 2 * 8 * 2 * DIM);
  ut_position_code (grid, (const double[]){1, 0.5, 1}, DIM, code);
  const float *token = code + ((1 * 8 + 5) * 2 + 1) * DIM; /* z 1, y 5, x 1 */
  const double places[3] = {1, 2.25, 1};
  for (int axis = 0; axis < 3; axis++) {
    g_assert_cmpfloat_with_epsilon (token[4 * axis], sin (places[axis]), 1e-6);
    g_assert_cmpfloat_with_epsilon (token[4 * axis + 2], cos (places[axis]), 1e-6);
    g_assert_cmpfloat_with_epsilon (token[4 * axis + 1], sin (places[axis] / 100), 1e-6);
  }
}

/* cosine first */
static void
test_wave (void)
{
  const UtTwinConfig config = {.time_freq_dim = 256};
  float wave[256];
  ut_net_wave (&config, 0, wave);
  g_assert_cmpfloat (wave[0], ==, 1);
  g_assert_cmpfloat (wave[128], ==, 0);
  ut_net_wave (&config, 999, wave);
  g_assert_cmpfloat_with_epsilon (wave[0], cos (999), 1e-6);
  g_assert_cmpfloat_with_epsilon (wave[128 + 64], sin (9.99), 1e-5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/sampler/table", test_table);
  g_test_add_func ("/twin/sampler/steps", test_steps);
  g_test_add_func ("/twin/sampler/fresh", test_fresh);
  g_test_add_func ("/twin/sampler/noise", test_noise);
  g_test_add_func ("/twin/embedding/position", test_position);
  g_test_add_func ("/twin/embedding/position-of-halves", test_position_of_halves);
  g_test_add_func ("/twin/embedding/wave", test_wave);
  return g_test_run ();
}
