/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/disks.h"

#include <math.h>
#include <string.h>

/* Adds to @ret what line @height along the axis has inside: the crossings in order, every other
 * stretch between them. Corners are (along, across) the axis. */
static double
length_inside (double corners[][2], guint n, double height)
{
  double across[UT_CONTOUR_MAX_CURVE], inside = 0;
  guint n_crossings = 0;
  for (guint i = 0; i < n; i++) {
    const double *a = corners[i], *b = corners[(i + 1) % n];
    if ((a[0] <= height) == (b[0] <= height))
      continue;
    double x = a[1] + (height - a[0]) / (b[0] - a[0]) * (b[1] - a[1]);
    guint k = n_crossings++;
    for (; k > 0 && across[k - 1] > x; k--)
      across[k] = across[k - 1];
    across[k] = x;
  }
  for (guint k = 0; k + 1 < n_crossings; k += 2)
    inside += across[k + 1] - across[k];
  return inside;
}

void
ut_disks_cut (const UtContour *contour, const double spacing_mm[2], UtDisks *ret)
{
  const double mm[2] = {spacing_mm[1], spacing_mm[0]}; /* along x, y */
  double corners[UT_CONTOUR_MAX_CURVE][2];
  guint n = ut_contour_curve (contour, corners);
  *ret = (UtDisks){0};
  g_return_if_fail (n > 0);

  for (int k = 0; k < 2; k++)
    ret->base[k] = (corners[0][k] + corners[n - 1][k]) / 2;
  for (guint i = 0; i < n; i++) {
    double length =
      hypot ((corners[i][0] - ret->base[0]) * mm[0], (corners[i][1] - ret->base[1]) * mm[1]);
    if (length > ret->long_axis_mm) {
      ret->long_axis_mm = length;
      memcpy (ret->apex, corners[i], sizeof ret->apex);
    }
  }
  g_return_if_fail (ret->long_axis_mm > 0);

  double axis[2];
  for (int k = 0; k < 2; k++)
    axis[k] = (ret->apex[k] - ret->base[k]) * mm[k] / ret->long_axis_mm;
  for (guint i = 0; i < n; i++) {
    double x = (corners[i][0] - ret->base[0]) * mm[0], y = (corners[i][1] - ret->base[1]) * mm[1];
    corners[i][0] = x * axis[0] + y * axis[1];
    corners[i][1] = y * axis[0] - x * axis[1];
  }
  for (int i = 0; i < UT_DISKS_N; i++)
    ret->diameter_mm[i] = length_inside (corners, n, (i + 0.5) / UT_DISKS_N * ret->long_axis_mm);
}

double
ut_disks_volume_ml (const UtDisks *a, const UtDisks *b)
{
  double sum_mm2 = 0;
  for (int i = 0; i < UT_DISKS_N; i++)
    sum_mm2 += a->diameter_mm[i] * b->diameter_mm[i];
  return G_PI / 4 * sum_mm2 * MAX (a->long_axis_mm, b->long_axis_mm) / UT_DISKS_N / 1000;
}

double
ut_disks_apart (const UtDisks *a, const UtDisks *b)
{
  return fabs (a->long_axis_mm - b->long_axis_mm) / MAX (a->long_axis_mm, b->long_axis_mm);
}
