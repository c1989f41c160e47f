/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/study/cine-view.h"
#include "engine/study/study.h"

/** UtContourLook: how a contour is drawn. */
typedef struct UtContourLook {
  GdkRGBA colour;
  double spacing_mm[2]; /* row, column; 0, 0 where unknown: then without disks */
  gboolean counts;      /* else it is dashed */
  gboolean handles;     /* its points can be taken */
} UtContourLook;

/** ut_contour_draw: over the picture of @cine_view, in whose coordinates @cr stands: the curve and,
 * where it is closed, mitral plane, long axis and disks */
void ut_contour_draw (cairo_t *cr,
                      UtCineView *cine_view,
                      const UtStudyContour *contour,
                      const UtContourLook *look);

/** ut_contour_place: where a place in a contour's coordinates stands in @cine_view */
graphene_point_t ut_contour_place (UtCineView *cine_view, const double point[2]);
