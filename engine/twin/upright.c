/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/twin/upright.h"

#include <math.h>

UtHeartFrame
ut_heart_frame_read (const float located[4])
{
  return (UtHeartFrame){
    .x = located[0],
    .y = located[1],
    .angle = atan2 (located[3], located[2]),
  };
}

UtHeartFrame
ut_heart_frame_compose (UtHeartFrame first, UtHeartFrame second)
{
  double c = cos (first.angle), s = sin (first.angle);
  return (UtHeartFrame){
    .x = first.x + c * second.x - s * second.y,
    .y = first.y + s * second.x + c * second.y,
    .angle = first.angle + second.angle,
  };
}

static float
pixel (const float *picture, gsize side, double row, double col)
{
  double last = (double)side - 1;
  gboolean inside = row >= 0 && row <= last && col >= 0 && col <= last;
  return inside ? picture[(gsize)row * side + (gsize)col] : 0;
}

static float
bilinear (const float *picture, gsize side, double row, double col)
{
  double top = floor (row), left = floor (col);
  float down = (float)(row - top), right = (float)(col - left);
  float above =
    (1 - right) * pixel (picture, side, top, left) + right * pixel (picture, side, top, left + 1);
  float below = (1 - right) * pixel (picture, side, top + 1, left) +
                right * pixel (picture, side, top + 1, left + 1);
  return (1 - down) * above + down * below;
}

void
ut_upright_turn (
  const float *picture, gsize side, UtView view, UtHeartFrame frame, UtUpright upright, float *ret)
{
  double c = cos (frame.angle), s = sin (frame.angle), half = (double)side / 2;
  gboolean left = view == UT_VIEW_PSAX; /* where the second structure lies, else below */
  double x = frame.x + upright.ahead * (left ? -c : -s);
  double y = frame.y + upright.ahead * (left ? -s : c);
  for (gsize row = 0; row < side; row++)
    for (gsize col = 0; col < side; col++) {
      double v = ((double)row + 0.5) / half - 1, u = ((double)col + 0.5) / half - 1;
      double from_x = x + upright.scale * (c * u - s * v);
      double from_y = y + upright.scale * (s * u + c * v);
      ret[row * side + col] =
        bilinear (picture, side, (from_y + 1) * half - 0.5, (from_x + 1) * half - 0.5);
    }
}
