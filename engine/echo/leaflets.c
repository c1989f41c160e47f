/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/echo/leaflets.h"

#include <math.h>

#define HALF_THICKNESS_MM 1.1f
#define MIN_ANNULUS_MM    8

typedef struct Point {
  float x, y;
} Point;

/* the two ends of the contact line: extremes along its principal direction */
static gboolean
find_hinges (const UtLeafletFinder *self, Point *ret_left, Point *ret_right)
{
  if (self->n < 8)
    return FALSE;
  float mx = 0, my = 0, xx = 0, xy = 0, yy = 0;
  for (guint i = 0; i < self->n; i++) {
    mx += self->x[i] / (float)self->n;
    my += self->y[i] / (float)self->n;
  }
  for (guint i = 0; i < self->n; i++) {
    float dx = self->x[i] - mx, dy = self->y[i] - my;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  float angle = 0.5f * atan2f (2 * xy, xx - yy), ux = cosf (angle), uy = sinf (angle);
  float low = 0, high = 0;
  guint first = 0, last = 0;
  for (guint i = 0; i < self->n; i++) {
    float t = (self->x[i] - mx) * ux + (self->y[i] - my) * uy;
    if (t < low) {
      low = t;
      first = i;
    }
    if (t > high) {
      high = t;
      last = i;
    }
  }
  gboolean swap = self->x[first] > self->x[last];
  guint left = swap ? last : first, right = swap ? first : last;
  *ret_left = (Point){self->x[left], self->y[left]};
  *ret_right = (Point){self->x[right], self->y[right]};
  return high - low > MIN_ANNULUS_MM;
}

static void
dab (UtBeams *beams, Point p, float grey)
{
  float r = hypotf (p.x, p.y), angle = atan2f (p.x, p.y);
  int reach_r = (int)ceilf (HALF_THICKNESS_MM / beams->step_mm);
  float arc = MAX (r, 5) * beams->step_rad;
  int reach_b = MIN ((int)ceilf (HALF_THICKNESS_MM / arc), 12);
  int b0 = (int)lrintf ((angle - beams->first_rad) / beams->step_rad),
      i0 = (int)lrintf (r / beams->step_mm);
  for (int b = MAX (b0 - reach_b, 0); b <= MIN (b0 + reach_b, (int)beams->n_beams - 1); b++)
    for (int i = MAX (i0 - reach_r, 0); i <= MIN (i0 + reach_r, (int)beams->n_samples - 1); i++) {
      float dr = (float)i * beams->step_mm - r;
      float da = (beams->first_rad + (float)b * beams->step_rad - angle) * r;
      float weight = 1 - (dr * dr + da * da) / (HALF_THICKNESS_MM * HALF_THICKNESS_MM);
      float *at = beams->grey + (gsize)b * beams->n_samples + i;
      if (weight > 0 && *at < grey)
        *at += weight * (grey - *at);
    }
}

/* quadratic Bezier curve from hinge to tip; brighter where it faces the beam */
static void
draw_leaflet (UtBeams *beams, Point hinge, Point bend, Point tip, float grey)
{
  float length = hypotf (tip.x - hinge.x, tip.y - hinge.y);
  int n = MAX ((int)(length / 0.4f), 2);
  for (int i = 0; i <= n; i++) {
    float t = (float)i / (float)n, s = 1 - t;
    Point p = {s * s * hinge.x + 2 * s * t * bend.x + t * t * tip.x,
               s * s * hinge.y + 2 * s * t * bend.y + t * t * tip.y};
    Point d = {s * (bend.x - hinge.x) + t * (tip.x - bend.x),
               s * (bend.y - hinge.y) + t * (tip.y - bend.y)};
    float r = hypotf (p.x, p.y) + 1e-3f, l = hypotf (d.x, d.y) + 1e-3f;
    float facing = fabsf (d.x * p.y - d.y * p.x) / (r * l);
    dab (beams, p, grey * (0.6f + 0.4f * facing));
  }
}

void
ut_leaflet_draw (const UtLeafletFinder *self, double opening, double grey, UtBeams *beams)
{
  Point left, right;
  if (!find_hinges (self, &left, &right))
    return;
  float dx = right.x - left.x, dy = right.y - left.y, width = hypotf (dx, dy);
  dx /= width;
  dy /= width;
  Point up = {dy, -dx}; /* into the ventricle: towards the probe */
  float tent = 0.1f * width, length_left = 0.62f,
        length_right = 0.45f; /* in parts of the annulus */
  const Point hinges[2] = {left, right};
  for (int side = 0; side < 2; side++) {
    float length = width * (side == 0 ? length_left : length_right), inward = side == 0 ? 1 : -1;
    float closed = asinf (MIN (tent / length, 0.9f));
    float angle = closed + (float)opening * (1.35f - closed);
    Point hinge = hinges[side];
    float reach_x = inward * cosf (angle) * length, reach_y = sinf (angle) * length;
    Point tip = {hinge.x + reach_x * dx + reach_y * up.x, hinge.y + reach_x * dy + reach_y * up.y};
    float belly = 0.5f * tent * (1 - (float)opening) + 0.12f * length * (float)opening;
    Point bend = {0.5f * (hinge.x + tip.x) + belly * up.x, 0.5f * (hinge.y + tip.y) + belly * up.y};
    draw_leaflet (beams, hinge, bend, tip, (float)grey);
  }
}
