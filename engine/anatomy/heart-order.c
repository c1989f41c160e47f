/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/anatomy/heart-order.h"

#include <string.h>

#define REACH_MM 3.0 /* over walls and valves that a map leaves out */

/* tests/bench/order-table over the cohort: of the surface of each row, what faces each column */
static const double usual[UT_N_LABELS][UT_N_LABELS] = {
  [UT_MYO] = {0.501, 0, 0.380, 0.001, 0.118, 0},
  [UT_LV] = {0.047, 0.914, 0, 0.039, 0, 0},
  [UT_LA] = {0.937, 0.004, 0.060, 0, 0, 0},
  [UT_RV] = {0.724, 0.220, 0, 0, 0, 0.056},
  [UT_RA] = {0.911, 0.001, 0, 0, 0.088, 0},
};

/* The first label other than @from on the way from @at, along one axis */
static guint8
faced (const UtVolume *labels, gsize at, gssize step, gsize n_left, gsize reach, guint8 from)
{
  guint8 label = UT_BACKGROUND;
  for (gsize i = 0; i < MIN (n_left, reach) && label == UT_BACKGROUND; i++) {
    at = (gsize)((gssize)at + step);
    label = labels->u8[at];
    if (label == from) /* inside, or past a gap of its own */
      return i == 0 ? from : UT_BACKGROUND;
  }
  return label;
}

void
ut_heart_contacts (const UtVolume *labels, guint n_labels, double *ret_shares)
{
  const gsize *dims = labels->dims;
  const gsize steps[3] = {1, dims[0], dims[0] * dims[1]};
  UtVec3 spacing = ut_volume_spacing (labels);
  const double spacing_mm[3] = {spacing.x, spacing.y, spacing.z};
  memset (ret_shares, 0, n_labels * n_labels * sizeof *ret_shares);
  for (int axis = 0; axis < 3; axis++) {
    const gsize reach = MAX (1, (gsize)lround (REACH_MM / spacing_mm[axis]));
    const double area = spacing_mm[(axis + 1) % 3] * spacing_mm[(axis + 2) % 3];
    for (gsize i = 0; i < ut_volume_n_voxels (labels); i++) {
      const guint8 a = labels->u8[i];
      if (a == UT_BACKGROUND || a >= n_labels)
        continue;
      const gsize p = i / steps[axis] % dims[axis];
      const gssize step = (gssize)steps[axis];
      const guint8 before = faced (labels, i, -step, p, reach, a);
      const guint8 after = faced (labels, i, step, dims[axis] - 1 - p, reach, a);
      if (before != a)
        ret_shares[a * n_labels + (before < n_labels ? before : 0)] += area;
      if (after != a)
        ret_shares[a * n_labels + (after < n_labels ? after : 0)] += area;
    }
  }
  for (guint a = 1; a < n_labels; a++) {
    double sum = 0;
    for (guint b = 0; b < n_labels; b++)
      sum += ret_shares[a * n_labels + b];
    for (guint b = 0; b < n_labels && sum > 0; b++)
      ret_shares[a * n_labels + b] /= sum;
  }
}

double
ut_heart_order_misfit (const double *shares, guint n_labels, const guint8 order[UT_N_LABELS])
{
  double sum = 0;
  guint n = 0;
  for (int a = UT_MYO; a < UT_N_LABELS; a++) {
    if (order[a] == UT_BACKGROUND)
      continue;
    double rest = 0; /* what is left for background, as it is and as is usual */
    for (int b = UT_MYO; b < UT_N_LABELS; b++)
      if (order[b] != UT_BACKGROUND && a != b) {
        double more = shares[order[a] * n_labels + order[b]] - usual[a][b];
        sum += fabs (more);
        rest -= more;
      }
    sum += fabs (rest);
    n++;
  }
  return n > 0 ? sum / 2 / n : 0;
}

typedef struct Search {
  const double *shares;
  guint n_labels;
  const guint8 *candidates;
  guint n_candidates;
  guint8 order[UT_N_LABELS]; /* as far as it is made */
  UtHeartOrder best;
} Search;

/* Each way to give the structures from @next on one of the candidates that is not @taken, or, for
 * @n_missing of them, none */
static void
try_orders (Search *self, guint taken, guint n_missing, int next)
{
  if (next == UT_N_LABELS) {
    double misfit = ut_heart_order_misfit (self->shares, self->n_labels, self->order);
    if (misfit < self->best.misfit) {
      memcpy (self->best.labels, self->order, sizeof self->order);
      self->best.misfit = misfit;
    }
    return;
  }
  for (guint i = 0; i < self->n_candidates; i++)
    if ((taken & 1u << i) == 0) {
      self->order[next] = self->candidates[i];
      try_orders (self, taken | 1u << i, n_missing, next + 1);
    }
  if (n_missing > 0) {
    self->order[next] = UT_BACKGROUND;
    try_orders (self, taken, n_missing - 1, next + 1);
  }
}

UtHeartOrder
ut_heart_order_find (const double *shares,
                     guint n_labels,
                     const guint8 *candidates,
                     guint n_candidates)
{
  g_return_val_if_fail (n_candidates >= 1 && n_candidates <= UT_HEART_ORDER_MAX, (UtHeartOrder){0});
  const guint n_structures = UT_N_LABELS - 1;
  Search search = {.shares = shares,
                   .n_labels = n_labels,
                   .candidates = candidates,
                   .n_candidates = n_candidates,
                   .best = {.misfit = G_MAXDOUBLE}};
  try_orders (&search, 0, n_structures - MIN (n_structures, n_candidates), UT_MYO);
  return search.best;
}
