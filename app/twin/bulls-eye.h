/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/segments.h"
#include "render/colour-map.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define UT_TYPE_BULLS_EYE (ut_bulls_eye_get_type ())
G_DECLARE_FINAL_TYPE (UtBullsEye, ut_bulls_eye, UT, BULLS_EYE, GtkWidget)

/** UtBullsEyeMap: what a bull's-eye shows. */
typedef struct UtBullsEyeMap {
  const char *title;                   /* "Wall thickness at ED" */
  double values_mm[UT_N_SEGMENTS + 1]; /* by number; NAN where there is none */
  UtColourMap colours;
  double min_mm, max_mm; /* ends of the colours; fixed, so that hearts can be compared by eye */
} UtBullsEyeMap;

/**
 * UtBullsEye:
 *
 * The 17 segments of the left ventricle as the American Heart Association draws them (see
 * engine/measure/segments.h): the apex in the middle, anterior above, septal on the left. Number
 * and value in each, a legend with unit and range below; for screen readers all of it in words.
 */
GtkWidget *ut_bulls_eye_new (void);

/** ut_bulls_eye_show: @map is copied */
void ut_bulls_eye_show (UtBullsEye *self, const UtBullsEyeMap *map);

G_END_DECLS
