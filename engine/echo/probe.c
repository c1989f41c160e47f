/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/probe.h"

#include <math.h>

#define RADIANS       (G_PI / 180)
#define DEPTH_STEP_MM 10
#define DEPTH_MIN_MM  90
#define DEPTH_MAX_MM  300
#define PSAX_STANDOFF 25 /* mm, of the standard plane */

void
ut_probe_draw (UtProbe *ret, UtView view, UtRandom *random)
{
  *ret = (UtProbe){0};
  ret->tilt_deg = ut_random_normal_within (random, 0, 4, -11, 11);
  ret->rotation_deg = ut_random_normal_within (random, 0, 6, -16, 16);
  ret->sweep_mm = ut_random_normal_within (random, 0, 2.5, -7, 7);
  if (view == UT_VIEW_PSAX) {
    ret->rotation_deg = ut_random_normal_within (random, 12, 14, -20, 45);
    ret->offset_mm = ut_random_normal_within (random, 0, 9, -25, 25);
    ret->standoff_mm = ut_random_normal_within (random, 25, 7, 12, 45);
    ret->depth_part = ut_random_normal_within (random, 0.78, 0.09, 0.55, 0.98);
    return;
  }
  gboolean four = view == UT_VIEW_A4C;
  ret->axis_deg = ut_random_normal_within (random, four ? 11 : 4, 8, -14, 32);
  ret->offset_mm = ut_random_normal_within (random, four ? 8 : 3, 5.5, -16, 28);
  ret->standoff_mm = ut_random_normal_within (random, 34.5, 7, 18, 60);
  ret->depth_part = ut_random_normal_within (random, 0.69, 0.1, 0.52, 0.93);
}

/* turns the plane about a line through a point of it */
static void
turn (UtViewPlane *plane, UtVec3 centre, UtVec3 axis, double degrees)
{
  double angle = degrees * RADIANS;
  plane->origin =
    ut_vec3_add (centre, ut_vec3_rotate (ut_vec3_sub (plane->origin, centre), axis, angle));
  plane->right = ut_vec3_rotate (plane->right, axis, angle);
  plane->down = ut_vec3_rotate (plane->down, axis, angle);
  plane->normal = ut_vec3_rotate (plane->normal, axis, angle);
}

/* moves and turns within the plane until the LV lies in the picture as the hold wants it */
static void
aim_apical (const UtProbe *self, const UtLandmarks *landmarks, UtViewPlane *plane)
{
  UtVec3 n = plane->normal;
  UtVec3 along =
    ut_vec3_normalise (ut_vec3_reject (ut_vec3_sub (landmarks->mitral, landmarks->apex), n));
  UtVec3 across = ut_vec3_cross (along, n);
  double c = cos (self->axis_deg * RADIANS), s = sin (self->axis_deg * RADIANS);
  plane->down = ut_vec3_normalise (ut_vec3_mad (ut_vec3_scale (along, c), -s, across));
  plane->right = ut_vec3_cross (plane->down, n);
  UtVec3 centre = ut_vec3_sub (landmarks->centroid[UT_LV], plane->origin);
  UtVec3 apex = ut_vec3_sub (landmarks->apex, plane->origin);
  double right = ut_vec3_dot (centre, plane->right) - self->offset_mm;
  double down = ut_vec3_dot (apex, plane->down) - self->standoff_mm;
  plane->origin = ut_view_plane_point (plane, right, down);
}

gboolean
ut_probe_place (const UtProbe *self,
                UtView view,
                const UtVolume *labels,
                const UtLandmarks *landmarks,
                UtScanner *scanner,
                UtViewPlane *ret_plane,
                GError **error)
{
  UtViewPlane plane;
  if (!ut_view_plane_standard (view, labels, landmarks, &plane, error))
    return FALSE;
  gboolean apical = view != UT_VIEW_PSAX;
  double far_mm = plane.depth_mm / 1.1; /* see ut_view_plane_standard() */
  UtVec3 centre = landmarks->centroid[UT_LV];
  turn (&plane, centre, plane.right, self->tilt_deg);
  turn (&plane, centre, apical ? landmarks->long_axis : plane.normal, self->rotation_deg);
  plane.origin = ut_vec3_mad (plane.origin, self->sweep_mm, plane.normal);
  if (self->standoff_mm > 0 && apical)
    aim_apical (self, landmarks, &plane);
  else if (self->standoff_mm > 0) {
    plane.origin =
      ut_view_plane_point (&plane, -self->offset_mm, PSAX_STANDOFF - self->standoff_mm);
    far_mm += self->standoff_mm - PSAX_STANDOFF;
  }
  if (self->depth_part > 0) {
    if (apical)
      far_mm = ut_vec3_dot (ut_vec3_sub (landmarks->mitral, plane.origin), plane.down);
    double depth = DEPTH_STEP_MM * round (far_mm / self->depth_part / DEPTH_STEP_MM);
    plane.depth_mm = CLAMP (depth, DEPTH_MIN_MM, DEPTH_MAX_MM);
  }
  scanner->depth_mm = plane.depth_mm;
  *ret_plane = plane;
  return TRUE;
}
