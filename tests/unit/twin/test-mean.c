/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/twin-mean.h"

#include "engine/base/error.h"
#include "engine/base/random.h"

#include <math.h>
#include <string.h>

#define N UT_TWIN_N_VOXELS

static UtTwin *
twin_new (float *coarse, float *corrected)
{
  UtTwinProvenance made = {.model_name = (char *)"m", .seed = 3, .seconds = 1.5};
  UtTwin *twin = ut_twin_new (UT_PHASE_ES, &made);
  g_assert_true (ut_twin_take_probabilities (twin, UT_TWIN_COARSE, coarse, NULL));
  if (corrected)
    g_assert_true (ut_twin_take_probabilities (twin, UT_TWIN_CORRECTED, corrected, NULL));
  return twin;
}

/* probabilities of a seed: rough, and adding up to 1 */
static float *
draw (guint64 seed)
{
  float *p = g_new (float, UT_N_LABELS *N);
  ut_philox_normals (seed, 0, 0, UT_N_LABELS * N, p);
  for (gsize i = 0; i < N; i++) {
    float sum = 0;
    for (gsize c = 0; c < UT_N_LABELS; c++)
      sum += p[c * N + i] = expf (2 * p[c * N + i]);
    for (gsize c = 0; c < UT_N_LABELS; c++)
      p[c * N + i] /= sum;
  }
  return p;
}

static UtTwin *
mean_of (UtTwin *const *twins, guint n)
{
  g_autoptr (UtTwinMean) mean = ut_twin_mean_new (FALSE);
  for (guint i = 0; i < n; i++)
    g_assert_true (ut_twin_mean_add (mean, twins[i], NULL));
  return ut_twin_mean_finish (mean, NULL);
}

/* the same seed again and again: the same heart, and no spread at all */
static void
test_identical (void)
{
  g_autoptr (UtTwin) a = twin_new (draw (1), draw (2));
  g_autoptr (UtTwin) b = twin_new (draw (1), draw (2));
  g_autoptr (UtTwin) mean = mean_of ((UtTwin *[]){a, b, a, b, a}, 5);
  g_assert_nonnull (mean->spread);
  for (guint k = 1; k < 5; k++)
    g_assert_cmpmem (mean->seed_voxels[k],
                     sizeof mean->seed_voxels[k],
                     mean->seed_voxels[0],
                     sizeof mean->seed_voxels[0]);
  for (gsize i = 0; i < N; i++)
    g_assert_cmpfloat (mean->spread[i], ==, 0);
  for (int stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    g_assert_cmpint (mean->labels[stage] != NULL, ==, a->labels[stage] != NULL);
    if (a->labels[stage] == NULL)
      continue;
    g_assert_cmpmem (mean->probabilities[stage],
                     UT_N_LABELS * N * sizeof (float),
                     a->probabilities[stage],
                     UT_N_LABELS * N * sizeof (float));
    g_assert_cmpmem (mean->labels[stage]->u8, N, a->labels[stage]->u8, N);
  }
  g_assert_cmpuint (mean->provenance.n_seeds, ==, 5);
  g_assert_cmpuint (mean->provenance.seed, ==, 3);
  g_assert_cmpfloat (mean->provenance.seconds, ==, 7.5);
}

/* against the formula, in double */
static void
test_spread (void)
{
  enum { N_TWINS = 4 };
  UtTwin *twins[N_TWINS];
  for (guint k = 0; k < N_TWINS; k++)
    twins[k] = twin_new (draw (10), draw (20 + k));
  g_autoptr (UtTwin) mean = mean_of (twins, N_TWINS);
  for (guint k = 0; k < N_TWINS; k++) {
    guint32 counts[UT_N_LABELS] = {0};
    for (gsize i = 0; i < N; i++)
      counts[twins[k]->labels[UT_TWIN_CORRECTED]->u8[i]]++;
    g_assert_cmpmem (counts, sizeof counts, mean->seed_voxels[k], sizeof mean->seed_voxels[k]);
  }
  for (gsize i = 0; i < N; i += 997) {
    double spread = 0;
    for (gsize c = 0; c < UT_N_LABELS; c++) {
      double sum = 0, squares = 0;
      for (guint k = 0; k < N_TWINS; k++)
        sum += (double)twins[k]->probabilities[UT_TWIN_CORRECTED][c * N + i] / N_TWINS;
      for (guint k = 0; k < N_TWINS; k++)
        squares += pow ((double)twins[k]->probabilities[UT_TWIN_CORRECTED][c * N + i] - sum, 2);
      g_assert_cmpfloat_with_epsilon (mean->probabilities[UT_TWIN_CORRECTED][c * N + i], sum, 1e-6);
      spread += sqrt (squares / N_TWINS);
    }
    g_assert_cmpfloat_with_epsilon (mean->spread[i], spread, 1e-5);
    g_assert_cmpfloat (mean->spread[i], <=, sqrt (5));
  }
  for (guint k = 0; k < N_TWINS; k++)
    ut_twin_unref (twins[k]);
}

static void
test_one (void)
{
  g_autoptr (UtTwin) a = twin_new (draw (1), NULL);
  g_autoptr (UtTwin) mean = mean_of (&a, 1);
  g_assert_null (mean->spread);
  g_assert_null (mean->seed_voxels);
  g_assert_cmpuint (mean->provenance.n_seeds, ==, 1);
}

static void
test_refusals (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (UtTwin) a = twin_new (draw (1), NULL);
  g_autoptr (UtTwin) b = twin_new (draw (1), draw (2));
  g_autoptr (UtTwinMean) mean = ut_twin_mean_new (FALSE);
  g_assert_true (ut_twin_mean_add (mean, a, NULL));
  g_assert_false (ut_twin_mean_add (mean, b, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
  g_clear_error (&error);
  for (guint i = 1; i < UT_TWIN_MAX_SEEDS; i++)
    g_assert_true (ut_twin_mean_add (mean, a, NULL));
  g_assert_false (ut_twin_mean_add (mean, a, &error));
  g_assert_error (error, UT_ENGINE_ERROR, UT_ENGINE_ERROR_RANGE);
}

static void
test_disagreement (void)
{
  g_autoptr (UtTwin) twin = twin_new (draw (1), NULL);
  g_assert_null (ut_twin_disagreement (twin));
  float *variance = g_new0 (float, UT_TWIN_N_BRANCHES *N);
  for (gsize b = 0; b < UT_TWIN_N_BRANCHES; b++)
    variance[b * N + 7] = 0.09f;                                             /* all alike */
  variance[8] = 0.25f;                                                       /* sd 0.5, 0, 0 */
  variance[9] = 0.04f, variance[N + 9] = 0.16f, variance[2 * N + 9] = 0.09f; /* 0.2 0.4 0.3 */
  g_assert_true (ut_twin_take_branches (twin, variance, g_new0 (float, 3 * N), NULL));
  g_autofree float *map = ut_twin_disagreement (twin);
  g_assert_cmpfloat (map[6], ==, 0);
  g_assert_cmpfloat_with_epsilon (map[7], 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (map[8], 0.5 * sqrt (2) / 3, 1e-6);
  g_assert_cmpfloat_with_epsilon (map[9], 0.1 * sqrt (2 / 3.0), 1e-6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mean/identical", test_identical);
  g_test_add_func ("/mean/spread", test_spread);
  g_test_add_func ("/mean/one", test_one);
  g_test_add_func ("/mean/refusals", test_refusals);
  g_test_add_func ("/mean/disagreement", test_disagreement);
  return g_test_run ();
}
