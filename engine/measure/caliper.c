/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/caliper.h"

double
ut_caliper_distance (const UtCaliper *self)
{
  g_return_val_if_fail (self->n_points >= 2, NAN);
  return ut_vec3_length (ut_vec3_sub (self->points[1], self->points[0]));
}

double
ut_caliper_angle (const UtCaliper *self)
{
  g_return_val_if_fail (self->n_points == UT_CALIPER_POINTS, NAN);
  UtVec3 a = ut_vec3_normalise (ut_vec3_sub (self->points[0], self->points[1]));
  UtVec3 b = ut_vec3_normalise (ut_vec3_sub (self->points[2], self->points[1]));
  if (ut_vec3_length (a) == 0 || ut_vec3_length (b) == 0)
    return NAN;
  return atan2 (ut_vec3_length (ut_vec3_sub (a, b)), ut_vec3_length (ut_vec3_add (a, b))) * 360 /
         G_PI;
}

UtCaliper
ut_caliper_scale (const UtCaliper *self, UtVec3 factors)
{
  UtCaliper scaled = *self;
  for (guint i = 0; i < self->n_points; i++) {
    UtVec3 p = self->points[i];
    scaled.points[i] = ut_vec3 (p.x * factors.x, p.y * factors.y, p.z * factors.z);
  }
  return scaled;
}
