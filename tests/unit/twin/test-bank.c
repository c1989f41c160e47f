/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/template-bank.h"

#include "engine/anatomy/structure.h"

#include <math.h>

#define SIDE 64
#define N    ((gsize)SIDE * SIDE * SIDE)

static void
test_nearest (void)
{
  float latents[] = {9, 9, 1, 0, 1, 0, 0, 1}, deviations[] = {1, 1};
  const UtTemplateBank bank = {
    .n = 4, .latent_dim = 2, .latents = latents, .deviations = deviations};
  g_assert_cmpuint (ut_template_bank_nearest (&bank, (const float[]){1, 0.1f}), ==, 1);
  /* as far from 1 and 2 as from 3 */
  g_assert_cmpuint (ut_template_bank_nearest (&bank, (const float[]){0, 0}), ==, 1);
  g_assert_cmpuint (ut_template_bank_nearest (&bank, (const float[]){0, 0.5f}), ==, 3);
  deviations[1] = 10; /* what differs along it weighs a hundredth */
  g_assert_cmpuint (ut_template_bank_nearest (&bank, (const float[]){0.6f, 1}), ==, 1);
}

static void
test_largest (void)
{
  g_assert_cmpuint (ut_template_bank_largest ((const float[]){1, 3, 3, 2}, 4), ==, 1);
  g_assert_cmpuint (ut_template_bank_largest ((const float[]){-2, -1}, 2), ==, 1);
}

/* template 1 of two: LV where x < 32, a single voxel of RA, background else */
static UtTemplateBank
make_bank (guint8 *labels)
{
  for (gsize i = 0; i < N; i++)
    labels[N + i] = i % SIDE < 32 ? UT_LV : UT_BACKGROUND;
  labels[N + (20 * SIDE + 30) * SIDE + 50] = UT_RA;
  return (UtTemplateBank){.n = 2, .labels = labels};
}

static void
test_one_hot (void)
{
  g_autofree guint8 *labels = g_new0 (guint8, 2 * N);
  g_autofree float *volume = g_new (float, UT_N_LABELS *N);
  const UtTemplateBank bank = make_bank (labels);
  ut_template_bank_one_hot (&bank, 1, volume);
  for (gsize i = 0; i < N; i++)
    for (gsize c = 0; c < UT_N_LABELS; c++)
      g_assert_cmpfloat (volume[c * N + i], ==, labels[N + i] == c);
}

static void
test_prior (void)
{
  g_autofree guint8 *labels = g_new0 (guint8, 2 * N);
  g_autofree float *prior = g_new (float, UT_N_LABELS *N);
  const UtTemplateBank bank = make_bank (labels);
  ut_template_bank_prior (&bank, 1, prior);
  const gsize middle = (32 * SIDE + 32) * SIDE;
  const float *lv = prior + UT_LV * N + middle, *ra = prior + UT_RA * N;
  g_assert_cmpfloat_with_epsilon (lv[10], log (1.001), 1e-5);
  g_assert_cmpfloat_with_epsilon (lv[50], log (0.001), 1e-5);
  /* halfway between two voxels the step is halved */
  g_assert_cmpfloat_with_epsilon (exp (lv[31]) + exp (lv[32]), 1.002, 1e-5);
  /* zeros outside: the face x = 0 keeps a little more than a half, an edge its square */
  double face = exp (lv[0]) - 0.001, edge = exp (prior[UT_LV * N + 32 * SIDE]) - 0.001;
  g_assert_cmpfloat (face, >, 0.5);
  g_assert_cmpfloat_with_epsilon (edge, face * face, 1e-5);
  /* a single voxel spreads as the product of three Gaussians and no farther than 5 */
  double kernel[6], total = 0;
  for (int i = 0; i <= 5; i++)
    total += (i ? 2 : 1) * (kernel[i] = exp (-0.5 * i * i / 2.25));
  const float *voxel = ra + (20 * SIDE + 30) * SIDE + 50;
  g_assert_cmpfloat_with_epsilon (exp (voxel[(2 * SIDE - 1) * SIDE + 3]) - 0.001,
                                  kernel[2] * kernel[1] * kernel[3] / (total * total * total),
                                  1e-6);
  g_assert_cmpfloat_with_epsilon (voxel[6], log (0.001), 1e-6);
  for (gsize i = 0; i < N; i += 101) {
    double sum = 0;
    for (gsize c = 0; c < UT_N_LABELS; c++)
      sum += exp (prior[c * N + i]) - 0.001;
    g_assert_cmpfloat_with_epsilon (sum, 1, 1e-5);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/bank/nearest", test_nearest);
  g_test_add_func ("/twin/bank/largest", test_largest);
  g_test_add_func ("/twin/bank/one-hot", test_one_hot);
  g_test_add_func ("/twin/bank/prior", test_prior);
  return g_test_run ();
}
