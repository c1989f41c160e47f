/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/view.h"

/**
 * UtHeartFrame:
 *
 * The heart's own frame in a square picture: the centroid of LV and its wall, and the turn of the
 * direction from there to a second structure, the LA in apical views and the RV in the short axis.
 * In an upright picture that direction is down, or left.
 */
typedef struct UtHeartFrame {
  double x, y;  /* in halves of the picture's side from its middle, right and down */
  double angle; /* radians, clockwise on the screen */
} UtHeartFrame;

/** ut_heart_frame_read: @located: four numbers of the locator: x, y, and a direction whose
 * length does not matter, its cosine and its sine */
UtHeartFrame ut_heart_frame_read (const float located[4]);

/**
 * ut_heart_frame_compose:
 * @second: found in the picture that @first turned upright, at the same scale
 *
 * Returns: @second's frame in the picture that @first lies in
 */
UtHeartFrame ut_heart_frame_compose (UtHeartFrame first, UtHeartFrame second);

/**
 * UtUpright: how a picture is read. The default, all zero but scale 1, reads it about the
 * centroid and at its own scale.
 */
typedef struct UtUpright {
  double scale; /* side of the result in sides of the picture */
  double ahead; /* how far the middle lies from the centroid towards the second structure, in
                 * halves of the picture's side */
} UtUpright;

/**
 * ut_upright_turn:
 * @picture: [side, side], row 0 at the top
 * @ret: [side, side]
 *
 * Turns @picture upright by bilinear interpolation, half-pixel centres; 0 beyond its border.
 *
 * Threads: pure.
 */
void ut_upright_turn (
  const float *picture, gsize side, UtView view, UtHeartFrame frame, UtUpright upright, float *ret);
