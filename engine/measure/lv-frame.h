/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/affine.h"

/**
 * UtLvFrame:
 *
 * Where the left ventricle stands; engine/anatomy/landmarks.h finds it all. Any right-handed mm
 * frame, the same one as the meshes that are measured in it.
 */
typedef struct UtLvFrame {
  UtVec3 mitral;   /* centre of the mitral opening */
  UtVec3 apex;     /* of the cavity */
  UtVec3 centroid; /* of the cavity */
  UtVec3 axis;     /* unit, @mitral to @apex */
  UtVec3 septal;   /* unit, LV to RV, perpendicular to @axis */
} UtLvFrame;

/** ut_lv_frame_level: mm from the mitral plane (perpendicular to the axis) towards the apex */
static inline double
ut_lv_frame_level (const UtLvFrame *self, UtVec3 p)
{
  return ut_vec3_dot (ut_vec3_sub (p, self->mitral), self->axis);
}

/**
 * ut_lv_frame_angle:
 *
 * Place round the line from apex to centroid, which, other than the axis, runs in the middle of
 * the ring also near the base: the mitral opening shares the base with the way to the aorta.
 *
 * Returns: degrees, 0 to below 360: 0 anterior, 90 septal, 180 inferior, 270 lateral
 */
static inline double
ut_lv_frame_angle (const UtLvFrame *self, UtVec3 p)
{
  UtVec3 line = ut_vec3_sub (self->apex, self->centroid);
  double share =
    ut_vec3_dot (ut_vec3_sub (p, self->centroid), self->axis) / ut_vec3_dot (line, self->axis);
  UtVec3 out = ut_vec3_sub (p, ut_vec3_mad (self->centroid, share, line));
  UtVec3 anterior = ut_vec3_cross (self->septal, self->axis);
  double angle = atan2 (ut_vec3_dot (out, self->septal), ut_vec3_dot (out, anterior)) * 180 / G_PI;
  return angle < 0 ? fmod (angle + 360, 360) : angle;
}
