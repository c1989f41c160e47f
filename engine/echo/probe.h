/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/view-plane.h"
#include "engine/echo/scanner.h"

/**
 * UtProbe:
 *
 * How the probe is held: the difference between a real picture plane and the
 * standard plane of its view. All zero is the standard plane (with standoff_mm 0
 * the probe of the plane stays where it is). The probe stands still while the heart
 * beats: draw once, place on the ED heart, use the plane for ED and ES.
 */
typedef struct UtProbe {
  double tilt_deg;     /* fan: the plane turns about its right axis, through the LV centre */
  double rotation_deg; /* the plane turns about the LV axis (apical) or its normal (PSAX) */
  double sweep_mm;     /* the plane moves along its normal */
  double axis_deg;     /* apical: LV axis to the vertical, + = base right of apex */
  double offset_mm;    /* LV centroid right of the sector axis */
  double standoff_mm;  /* apical: endocardial apex below the probe; PSAX: anterior epicardium */
  double depth_part;   /* apical: mitral annulus depth / picture depth; PSAX: far wall / depth */
} UtProbe;

/**
 * ut_probe_draw:
 *
 * Draws a hold that gives the in-picture geometry of real pictures (A4C measured:
 * axis angle 11 +- 8 deg, LV centroid 6 +- 6 mm off the axis, apex 31 +- 7 mm deep).
 */
void ut_probe_draw (UtProbe *ret, UtView view, UtRandom *random);

/**
 * ut_probe_place:
 * @labels: heart at end-diastole
 * @landmarks: of @labels
 * @scanner: (inout): depth_mm is set, in steps of 10 mm, as a sonographer would
 * @ret_plane: (out): origin at the probe, depth_mm as the scanner's
 *
 * Turns the hold into the plane of the picture.
 *
 * Errors: as ut_view_plane_standard().
 */
gboolean ut_probe_place (const UtProbe *self,
                         UtView view,
                         const UtVolume *labels,
                         const UtLandmarks *landmarks,
                         UtScanner *scanner,
                         UtViewPlane *ret_plane,
                         GError **error);
