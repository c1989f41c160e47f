/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/measure/segments.h"

#include "engine/base/words.h"

#define APEX 3 /* the ring that is one segment */

static const struct {
  guint first, n; /* segments */
} rings[] = {{1, 6}, {7, 6}, {13, 4}, {17, 1}};

static const char *const names[UT_N_SEGMENTS] = {
  UT_WORDS ("basal anterior"),
  UT_WORDS ("basal anteroseptal"),
  UT_WORDS ("basal inferoseptal"),
  UT_WORDS ("basal inferior"),
  UT_WORDS ("basal inferolateral"),
  UT_WORDS ("basal anterolateral"),
  UT_WORDS ("mid anterior"),
  UT_WORDS ("mid anteroseptal"),
  UT_WORDS ("mid inferoseptal"),
  UT_WORDS ("mid inferior"),
  UT_WORDS ("mid inferolateral"),
  UT_WORDS ("mid anterolateral"),
  UT_WORDS ("apical anterior"),
  UT_WORDS ("apical septal"),
  UT_WORDS ("apical inferior"),
  UT_WORDS ("apical lateral"),
  UT_WORDS ("apex"),
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
