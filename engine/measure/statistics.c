/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "engine/base/compare.h"

typedef struct Ranked {
  double value;
  gsize index;
} Ranked;

static int
compare_ranked (const void *a, const void *b)
{
  double x = ((const Ranked *)a)->value, y = ((const Ranked *)b)->value;
  return (x > y) - (x < y);
}

/* Twice the rank of each item, counted from 1, so that shared ranks are whole; sorts @items.
 * @ret_ties: (nullable): sum of t^3 - t over the groups of t equal values */
static void
double_ranks (Ranked *items, gsize n, gsize *ret_ranks, double *ret_ties)
{
  double ties = 0;
  qsort (items, n, sizeof *items, compare_ranked);
  for (gsize first = 0, next; first < n; first = next) {
    for (next = first + 1; next < n && items[next].value <= items[first].value;)
      next++;
    double t = (double)(next - first);
    ties += t * t * t - t;
    for (gsize i = first; i < next; i++)
      ret_ranks[items[i].index] = first + 1 + next;
  }
  if (ret_ties)
    *ret_ties = ties;
}

/* P (rank sum of the positive ones <= @sum), every sign being as likely as its opposite */
static double
exact_tail (const gsize *ranks, gsize n, gsize sum)
{
  g_autofree double *share = g_new0 (double, n *(n + 1) + 1); /* of the ways to each rank sum */
  gsize top = 0;
  share[0] = 1;
  for (gsize i = 0; i < n; i++) {
    top += ranks[i];
    for (gsize s = top + 1; s-- > 0;)
      share[s] = 0.5 * (share[s] + (s >= ranks[i] ? share[s - ranks[i]] : 0));
  }
  double p = 0;
  for (gsize s = 0; s <= sum; s++)
    p += share[s];
  return p;
}

gboolean
ut_wilcoxon_signed_rank (const double *a, const double *b, gsize n, double *ret_p)
{
  g_autofree Ranked *items = g_new (Ranked, n);
  g_autofree gboolean *positive = g_new (gboolean, n);
  g_autofree gsize *ranks = g_new (gsize, n);
  gsize n_differ = 0, up = 0, all = 0;
  double ties;
  for (gsize i = 0; i < n; i++) {
    double difference = a[i] - b[i];
    if (difference == 0)
      continue;
    items[n_differ] = (Ranked){fabs (difference), n_differ};
    positive[n_differ++] = difference > 0;
  }
  if (n_differ == 0)
    return FALSE;
  double_ranks (items, n_differ, ranks, &ties);
  for (gsize i = 0; i < n_differ; i++) {
    all += ranks[i];
    up += positive[i] ? ranks[i] : 0;
  }
  gsize smaller = MIN (up, all - up);
  if (n_differ <= UT_WILCOXON_MAX_EXACT) {
    *ret_p = MIN (1, 2 * exact_tail (ranks, n_differ, smaller));
    return TRUE;
  }
  double count = (double)n_differ, mean = count * (count + 1) / 4;
  double variance = count * (count + 1) * (2 * count + 1) / 24 - ties / 48;
  *ret_p = erfc (fabs ((double)smaller / 2 - mean) / sqrt (2 * variance));
  return TRUE;
}

static void
rank_values (const float *values, gsize n, gsize *ret_ranks)
{
  g_autofree Ranked *items = g_new (Ranked, n);
  for (gsize i = 0; i < n; i++)
    items[i] = (Ranked){(double)values[i], i};
  double_ranks (items, n, ret_ranks, NULL);
}

gboolean
ut_spearman (const float *a, const float *b, gsize n, double *ret_rho)
{
  if (n < 3)
    return FALSE;
  g_autofree gsize *rank_a = g_new (gsize, n);
  g_autofree gsize *rank_b = g_new (gsize, n);
  rank_values (a, n, rank_a);
  rank_values (b, n, rank_b);
  double mean = (double)n + 1, aa = 0, bb = 0, ab = 0; /* all of doubled ranks */
  for (gsize i = 0; i < n; i++) {
    double da = (double)rank_a[i] - mean, db = (double)rank_b[i] - mean;
    aa += da * da;
    bb += db * db;
    ab += da * db;
  }
  if (aa == 0 || bb == 0)
    return FALSE;
  *ret_rho = ab / sqrt (aa * bb);
  return TRUE;
}

/* ---- middle and agreement ------------------------------------------------------------- */

double
ut_median (double *values, gsize n)
{
  g_return_val_if_fail (n > 0, 0);
  qsort (values, n, sizeof *values, ut_compare_doubles);
  return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

gboolean
ut_bland_altman (const UtPair *pairs, gsize n, UtAgreement *ret)
{
  double mean = 0, squares = 0;
  if (n < 3)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    mean += (pairs[i].a - pairs[i].b) / (double)n;
  for (gsize i = 0; i < n; i++) {
    double off = pairs[i].a - pairs[i].b - mean;
    squares += off * off;
  }
  const double reach = 1.96 * sqrt (squares / (double)(n - 1));
  *ret = (UtAgreement){mean, mean - reach, mean + reach};
  return TRUE;
}
