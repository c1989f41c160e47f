/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/segments.h"

#define APEX 3 /* the ring that is one segment */

static const struct {
  guint first, n; /* segments */
} rings[] = {{1, 6}, {7, 6}, {13, 4}, {17, 1}};

static const char *const names[UT_N_SEGMENTS] = {
  "basal anterior",
  "basal anteroseptal",
  "basal inferoseptal",
  "basal inferior",
  "basal inferolateral",
  "basal anterolateral",
  "mid anterior",
  "mid anteroseptal",
  "mid inferoseptal",
  "mid inferior",
  "mid inferolateral",
  "mid anterolateral",
  "apical anterior",
  "apical septal",
  "apical inferior",
  "apical lateral",
  "apex",
};

guint
ut_segment_at (const UtSegments *self, UtVec3 p)
{
  double level_mm = ut_lv_frame_level (&self->frame, p);
  if (level_mm < self->base_mm)
    return 0;
  double third_mm = (self->apex_mm - self->base_mm) / 3;
  guint ring =
    level_mm > self->apex_mm ? APEX : MIN (2, (guint)((level_mm - self->base_mm) / third_mm));
  double width_deg = 360.0 / rings[ring].n; /* the first segment has its middle at 0 */
  double turns = (ut_lv_frame_angle (&self->frame, p) + width_deg / 2) / width_deg;
  return rings[ring].first + (guint)turns % rings[ring].n;
}

const char *
ut_segment_name (guint segment)
{
  g_return_val_if_fail (segment >= 1 && segment <= UT_N_SEGMENTS, "");
  return names[segment - 1];
}

void
ut_segment_sector (guint segment, guint *ret_ring, double *ret_start_deg, double *ret_end_deg)
{
  g_return_if_fail (segment >= 1 && segment <= UT_N_SEGMENTS);
  guint ring = APEX;
  while (segment < rings[ring].first)
    ring--;
  double width_deg = 360.0 / rings[ring].n;
  *ret_ring = ring;
  *ret_start_deg = ring == APEX ? 0 : (segment - rings[ring].first - 0.5) * width_deg;
  *ret_end_deg = *ret_start_deg + width_deg;
}
