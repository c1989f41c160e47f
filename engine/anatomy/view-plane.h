/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/landmarks.h"
#include "engine/image/view.h"

/**
 * UtViewPlane:
 *
 * An image plane in the heart. Picture coordinates are millimetres right of and
 * below @origin: p = origin + x_mm * right + y_mm * down. In apical views @origin
 * is the probe: the tip of the sector. In PSAX it is the probe above the anterior
 * epicardium. @normal = @right x @down points into the screen.
 */
typedef struct UtViewPlane {
  UtVec3 origin, right, down, normal; /* mm; the last three are unit vectors */
  double depth_mm;                    /* picture depth that shows the whole heart in the plane */
} UtViewPlane;

/**
 * ut_view_plane_standard:
 *
 * The standard plane of @view. Left heart on the right of A4C; anterior on the
 * right of A2C; RV left and anterior on top in PSAX.
 *
 * Errors: FORMAT where the plane is degenerate or the picture would be mirrored
 * (a volume that is not a normal, levocardiac, right-handed heart).
 * Source: UltraTwin (MICCAI 2025) after E-Pix2Vox++ (Stojanovski 2022) for A4C and
 * A2C; AHA 17-segment mid-cavity third (Cerqueira 2002) for PSAX.
 */
gboolean ut_view_plane_standard (UtView view,
                                 const UtVolume *labels,
                                 const UtLandmarks *landmarks,
                                 UtViewPlane *ret,
                                 GError **error);

/**
 * UtPlaneShift: how far a plane was moved by hand from where it was taken to lie, along and about
 * its right, down and normal. All zero: not at all.
 */
typedef struct UtPlaneShift {
  double mm[3];
  double deg[3]; /* right hand about each axis */
} UtPlaneShift;

/**
 * ut_view_plane_shift:
 * @pivot: mm, the point that the plane turns about
 *
 * Turns a plane about its right, then its down, then its normal, each as it is by then, and moves
 * it along the turned axes. A picture that lies in the plane moves with it.
 */
void ut_view_plane_shift (UtViewPlane *self, const UtPlaneShift *shift, UtVec3 pivot);

static inline UtVec3
ut_view_plane_point (const UtViewPlane *self, double x_mm, double y_mm)
{
  return ut_vec3_mad (ut_vec3_mad (self->origin, x_mm, self->right), y_mm, self->down);
}
