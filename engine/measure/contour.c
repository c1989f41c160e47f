/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/contour.h"

#include <math.h>
#include <string.h>

#define MIN_KNOT 1e-6 /* between two points at the same place */
#define MIN_AREA 1.0

/* ---- the curve ---------------------------------------------------------------------- */

static double
knot_step (const double a[2], const double b[2])
{
  return MAX (sqrt (hypot (b[0] - a[0], b[1] - a[1])), MIN_KNOT);
}

/* The point between @a (at @ta) and @b (at @tb) at @t, also beyond them. */
static void
mix (const double a[2], const double b[2], double ta, double tb, double t, double ret[2])
{
  double share = (t - ta) / (tb - ta);
  for (int i = 0; i < 2; i++)
    ret[i] = a[i] + share * (b[i] - a[i]);
}

/* From the second of four points to the third; @share from 0 to 1 on the way. */
static void
catmull_rom (const double p[4][2], double share, double ret[2])
{
  double knots[4] = {0}, a[3][2], b[2][2];
  for (int i = 0; i < 3; i++)
    knots[i + 1] = knots[i] + knot_step (p[i], p[i + 1]);
  double t = knots[1] + share * (knots[2] - knots[1]);
  for (int i = 0; i < 3; i++)
    mix (p[i], p[i + 1], knots[i], knots[i + 1], t, a[i]);
  for (int i = 0; i < 2; i++)
    mix (a[i], a[i + 1], knots[i], knots[i + 2], t, b[i]);
  mix (b[0], b[1], knots[1], knots[2], t, ret);
}

/* Point @i, the ends reflected: -1 and n_points are there too. */
static void
point_at (const UtContour *self, int i, double ret[2])
{
  int last = (int)self->n_points - 1, end = CLAMP (i, 0, last);
  int inner = CLAMP (2 * end - i, 0, last);
  for (int k = 0; k < 2; k++)
    ret[k] = i == end ? self->points[i][k] : 2 * self->points[end][k] - self->points[inner][k];
}

guint
ut_contour_curve (const UtContour *self, double ret[UT_CONTOUR_MAX_CURVE][2])
{
  guint n = 0;
  for (int i = 0; i + 1 < (int)self->n_points; i++) {
    double p[4][2];
    for (int k = 0; k < 4; k++)
      point_at (self, i - 1 + k, p[k]);
    for (int step = 0; step < UT_CONTOUR_STEPS; step++)
      catmull_rom (p, (double)step / UT_CONTOUR_STEPS, ret[n++]);
  }
  if (self->n_points > 0)
    memcpy (ret[n++], self->points[self->n_points - 1], sizeof *ret);
  return n;
}

/* ---- faults ------------------------------------------------------------------------- */

/* Twice the area of the triangle, > 0 on one side of the line from @a to @b. */
static double
side (const double a[2], const double b[2], const double p[2])
{
  return (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
}

static gboolean
lines_cross (const double a[2], const double b[2], const double c[2], const double d[2])
{
  return side (a, b, c) * side (a, b, d) < 0 && side (c, d, a) * side (c, d, b) < 0;
}

/* With @closed the line from the last corner to the first counts as one more. */
static gboolean
crosses (double corners[][2], guint n, gboolean closed)
{
  guint n_lines = closed ? n : n - 1;
  for (guint i = 0; i < n_lines; i++)
    for (guint k = i + 2; k < n_lines; k++)
      if (lines_cross (corners[i], corners[(i + 1) % n], corners[k], corners[(k + 1) % n]))
        return TRUE;
  return FALSE;
}

/* Shoelace formula. */
static double
area (double corners[][2], guint n)
{
  double twice = 0;
  for (guint i = 0; i < n; i++) {
    const double *a = corners[i], *b = corners[(i + 1) % n];
    twice += a[0] * b[1] - a[1] * b[0];
  }
  return fabs (twice) / 2;
}

UtContourFault
ut_contour_fault (const UtContour *self, gboolean closed)
{
  double corners[UT_CONTOUR_MAX_CURVE][2];
  if (closed && self->n_points < UT_CONTOUR_MIN_POINTS)
    return UT_CONTOUR_TOO_FEW;
  guint n = ut_contour_curve (self, corners);
  if (n > 0 && crosses (corners, n, closed))
    return UT_CONTOUR_CROSSES;
  return closed && area (corners, n) < MIN_AREA ? UT_CONTOUR_FLAT : UT_CONTOUR_SOUND;
}
