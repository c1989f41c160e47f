/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/ef-interval.h"

#include <math.h>

#define Z 1.959963985 /* of the normal distribution, for UT_EF_INTERVAL_LEVEL */

UtVolumeErrors
ut_volume_errors_from_pairs (const double *ed_ml, const double *es_ml, gsize n)
{
  UtVolumeErrors found = {0};
  double ed = 0, es = 0, both = 0;
  for (gsize i = 0; i < n; i++) {
    found.mean_ml[0] += ed_ml[i] / (double)n;
    found.mean_ml[1] += es_ml[i] / (double)n;
  }
  if (n < 2)
    return found;
  for (gsize i = 0; i < n; i++) {
    double off_ed = ed_ml[i] - found.mean_ml[0], off_es = es_ml[i] - found.mean_ml[1];
    ed += off_ed * off_ed;
    es += off_es * off_es;
    both += off_ed * off_es;
  }
  found.sd_ml[0] = sqrt (ed / (double)(n - 1));
  found.sd_ml[1] = sqrt (es / (double)(n - 1));
  found.correlation = ed > 0 && es > 0 ? CLAMP (both / sqrt (ed * es), -1, 1) : 0;
  return found;
}

static double
covariance (const UtVolumeErrors *self)
{
  return self->correlation * self->sd_ml[0] * self->sd_ml[1];
}

UtVolumeErrors
ut_volume_errors_add (const UtVolumeErrors *a, const UtVolumeErrors *b)
{
  UtVolumeErrors sum;
  for (int phase = 0; phase < 2; phase++) {
    sum.mean_ml[phase] = a->mean_ml[phase] + b->mean_ml[phase];
    sum.sd_ml[phase] = hypot (a->sd_ml[phase], b->sd_ml[phase]);
  }
  double scale = sum.sd_ml[0] * sum.sd_ml[1];
  sum.correlation = scale > 0 ? CLAMP ((covariance (a) + covariance (b)) / scale, -1, 1) : 0;
  return sum;
}

gboolean
ut_ef_interval (
  double edv_ml, double esv_ml, const UtVolumeErrors *errors, double *ret_low, double *ret_high)
{
  double ed = edv_ml - errors->mean_ml[0], es = esv_ml - errors->mean_ml[1];
  /* ratios r with (r ed - es)^2 = z^2 var (r ED - ES): a r^2 - 2 b r + c = 0 */
  double a = ed * ed - pow (Z * errors->sd_ml[0], 2);
  double b = ed * es - Z * Z * covariance (errors);
  double c = es * es - pow (Z * errors->sd_ml[1], 2);
  if (!(ed > 0) || !(a > 0))
    return FALSE;
  double root = sqrt (MAX (b * b - a * c, 0));
  *ret_low = 1 - (b + root) / a;
  *ret_high = 1 - (b - root) / a;
  return TRUE;
}
