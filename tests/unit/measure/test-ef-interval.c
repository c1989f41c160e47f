/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/base/random.h"
#include "engine/measure/ef-interval.h"

#include <math.h>
#include <stdlib.h>

#define N_DRAWS 10000

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* True ejection fractions behind what was found, in order */
static void
draw (double edv_ml, double esv_ml, const UtVolumeErrors *errors, double *ret_ef)
{
  UtRandom random;
  ut_random_init (&random, 5, 1);
  for (gsize i = 0; i < N_DRAWS; i++) {
    double a = ut_random_normal (&random, 0, 1), b = ut_random_normal (&random, 0, 1);
    double r = errors->correlation;
    double ed = errors->mean_ml[0] + errors->sd_ml[0] * a;
    double es = errors->mean_ml[1] + errors->sd_ml[1] * (r * a + sqrt (1 - r * r) * b);
    ret_ef[i] = 1 - (esv_ml - es) / (edv_ml - ed);
  }
  qsort (ret_ef, N_DRAWS, sizeof *ret_ef, compare_doubles);
}

/* usual hearts, large and small ones, and errors from none to many ml */
static void
test_simulation (void)
{
  static const double hearts[][2] = {{120, 50}, {240, 190}, {60, 22}, {150, 30}, {90, 70}};
  static const UtVolumeErrors errors[] = {{{0.1, 0.4}, {6.4, 4.9}, 0.38},
                                          {{5, -3}, {3, 3}, 0.95},
                                          {{0, 0}, {5, 6}, -0.6},
                                          {{-2, 1}, {0, 4}, 0},
                                          {{0, 0}, {8, 7}, 1}};
  g_autofree double *drawn = g_new (double, N_DRAWS);
  for (gsize h = 0; h < G_N_ELEMENTS (hearts); h++)
    for (gsize e = 0; e < G_N_ELEMENTS (errors); e++) {
      double low, high;
      draw (hearts[h][0], hearts[h][1], &errors[e], drawn);
      g_assert_true (ut_ef_interval (hearts[h][0], hearts[h][1], &errors[e], &low, &high));
      double wanted = drawn[(gsize)(0.975 * N_DRAWS)] - drawn[(gsize)(0.025 * N_DRAWS)];
      g_assert_cmpfloat (wanted, >, 0);
      g_test_message ("%.1f points, drawn %.1f", 100 * (high - low), 100 * wanted);
      g_assert_cmpfloat_with_epsilon (100 * (high - low), 100 * wanted, 1);
    }
}

/* The bias moves the interval, and no error leaves the EF alone */
static void
test_ends (void)
{
  double low, high;
  const UtVolumeErrors none = {{0, 0}, {0, 0}, 0}, biased = {{10, -5}, {0, 0}, 0};
  g_assert_true (ut_ef_interval (120, 48, &none, &low, &high));
  g_assert_cmpfloat_with_epsilon (low, 0.6, 1e-12);
  g_assert_cmpfloat_with_epsilon (high, 0.6, 1e-12);
  g_assert_true (ut_ef_interval (120, 48, &biased, &low, &high));
  g_assert_cmpfloat_with_epsilon (low, 1 - 53 / 110.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (high, 1 - 53 / 110.0, 1e-12);

  const UtVolumeErrors large = {{0, 0}, {30, 5}, 0};
  low = high = -7;
  g_assert_false (ut_ef_interval (50, 20, &large, &low, &high));
  g_assert_false (ut_ef_interval (0, 0, &none, &low, &high));
  g_assert_cmpfloat (low, ==, -7);
  g_assert_cmpfloat (high, ==, -7);
}

static void
test_pairs (void)
{
  const double ed[] = {1, 2, 3, 6}, es[] = {2, 4, 6, 12}, back[] = {0, -1, -2, -5};
  UtVolumeErrors found = ut_volume_errors_from_pairs (ed, es, 4);
  g_assert_cmpfloat_with_epsilon (found.mean_ml[0], 3, 1e-12);
  g_assert_cmpfloat_with_epsilon (found.mean_ml[1], 6, 1e-12);
  g_assert_cmpfloat_with_epsilon (found.sd_ml[0], sqrt (14 / 3.0), 1e-12);
  g_assert_cmpfloat_with_epsilon (found.sd_ml[1], 2 * sqrt (14 / 3.0), 1e-12);
  g_assert_cmpfloat_with_epsilon (found.correlation, 1, 1e-12);
  UtVolumeErrors other = ut_volume_errors_from_pairs (ed, back, 4);
  g_assert_cmpfloat_with_epsilon (other.correlation, -1, 1e-12);
  UtVolumeErrors sum = ut_volume_errors_add (&found, &other);
  g_assert_cmpfloat_with_epsilon (sum.mean_ml[1], 4, 1e-12);
  g_assert_cmpfloat_with_epsilon (sum.sd_ml[1], sqrt (5 * 14 / 3.0), 1e-12);
  g_assert_cmpfloat_with_epsilon (sum.correlation, 1 / sqrt (10), 1e-12);

  UtVolumeErrors one = ut_volume_errors_from_pairs (ed, es, 1);
  g_assert_cmpfloat (one.sd_ml[0], ==, 0);
  g_assert_cmpfloat (one.correlation, ==, 0);
  UtVolumeErrors same = ut_volume_errors_add (&found, &(UtVolumeErrors){0});
  g_assert_cmpfloat_with_epsilon (same.correlation, found.correlation, 1e-12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/measure/ef-interval/simulation", test_simulation);
  g_test_add_func ("/measure/ef-interval/ends", test_ends);
  g_test_add_func ("/measure/ef-interval/pairs", test_pairs);
  return g_test_run ();
}
