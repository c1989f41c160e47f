/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/statistics.h"

#include <math.h>

/* Wanted numbers: scipy 1.10.1, scipy.stats.wilcoxon and spearmanr; shared ranks, which its exact
 * mode does not take, by listing all signs. */

static void
test_wilcoxon_small (void)
{
  const double a[] = {0.861, 0.842, 0.903, 0.815, 0.877, 0.791, 0.864, 0.832};
  const double b[] = {0.853, 0.851, 0.871, 0.809, 0.846, 0.802, 0.839, 0.834};
  double p, swapped;
  g_assert_true (ut_wilcoxon_signed_rank (a, b, 8, &p));
  g_assert_cmpfloat_with_epsilon (p, 0.3125, 1e-12);
  g_assert_true (ut_wilcoxon_signed_rank (b, a, 8, &swapped));
  g_assert_cmpfloat_with_epsilon (p, swapped, 1e-12);
}

static void
make_pairs (double *a, double *b, guint n, double shift)
{
  for (guint i = 0; i < n; i++) {
    a[i] = 0.8 + 0.05 * sin (i * 1.7);
    b[i] = a[i] - 0.01 * sin (i * i * 0.37 + 0.4) - shift;
  }
}

static void
test_wilcoxon_large (void)
{
  double a[300], b[300], p;
  make_pairs (a, b, 40, 0.002);
  g_assert_true (ut_wilcoxon_signed_rank (a, b, 40, &p));
  g_assert_cmpfloat_with_epsilon (p, 0.004444812017027289, 1e-12);
  make_pairs (a, b, 300, 0.0007);
  g_assert_true (ut_wilcoxon_signed_rank (a, b, 300, &p));
  g_assert_cmpfloat_with_epsilon (p, 0.0030836927623043254, 1e-9);
}

static void
test_wilcoxon_ties (void)
{
  const double a[] = {1, 1, -2, 3, 3, -3, 4, 0, 2}, none[9] = {0};
  double p = -1;
  g_assert_true (ut_wilcoxon_signed_rank (a, none, 9, &p));
  g_assert_cmpfloat_with_epsilon (p, 0.28125, 1e-12);
  p = -1;
  g_assert_false (ut_wilcoxon_signed_rank (a, a, 9, &p));
  g_assert_false (ut_wilcoxon_signed_rank (a, none, 0, &p));
  g_assert_cmpfloat (p, ==, -1);
  g_assert_true (ut_wilcoxon_signed_rank (a, none, 1, &p));
  g_assert_cmpfloat (p, ==, 1);
}

static void
test_spearman (void)
{
  const float a[] = {1, 5, 2, 2, 8, 3, 9, 4}, b[] = {2, 6, 1, 3, 9, 2, 7, 5};
  float rising[8], falling[8], flat[8] = {0};
  double rho = -2;
  g_assert_true (ut_spearman (a, b, 8, &rho));
  g_assert_cmpfloat_with_epsilon (rho, 0.8674698795180722, 1e-12);
  for (int i = 0; i < 8; i++) {
    rising[i] = expf ((float)i);
    falling[i] = 1 / (1 + rising[i]);
  }
  g_assert_true (ut_spearman (rising, falling, 8, &rho));
  g_assert_cmpfloat_with_epsilon (rho, -1, 1e-12);
  g_assert_false (ut_spearman (a, flat, 8, &rho));
  g_assert_false (ut_spearman (a, b, 2, &rho));
  g_assert_cmpfloat_with_epsilon (rho, -1, 1e-12);
}

static void
test_median (void)
{
  double odd[] = {3, 1, 2}, even[] = {4, 1, 3, 2}, one[] = {7};
  g_assert_cmpfloat (ut_median (odd, 3), ==, 2);
  g_assert_cmpfloat (ut_median (even, 4), ==, 2.5);
  g_assert_cmpfloat (ut_median (one, 1), ==, 7);
}

/* differences 1, 3, -1, 5: mean 2, variance 20 / 3 */
static void
test_agreement (void)
{
  const UtPair pairs[] = {{11, 10}, {23, 20}, {29, 30}, {45, 40}};
  UtAgreement found = {0};
  g_assert_true (ut_bland_altman (pairs, 4, &found));
  g_assert_cmpfloat_with_epsilon (found.bias, 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (found.low, 2 - 1.96 * sqrt (20.0 / 3), 1e-12);
  g_assert_cmpfloat_with_epsilon (found.high, 2 + 1.96 * sqrt (20.0 / 3), 1e-12);
  found.bias = 9;
  g_assert_false (ut_bland_altman (pairs, 2, &found));
  g_assert_cmpfloat (found.bias, ==, 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/statistics/wilcoxon-small", test_wilcoxon_small);
  g_test_add_func ("/statistics/wilcoxon-large", test_wilcoxon_large);
  g_test_add_func ("/statistics/wilcoxon-ties", test_wilcoxon_ties);
  g_test_add_func ("/statistics/spearman", test_spearman);
  g_test_add_func ("/measure/statistics/median", test_median);
  g_test_add_func ("/measure/statistics/agreement", test_agreement);
  return g_test_run ();
}
