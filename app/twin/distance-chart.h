/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh-distance.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** Bars of the chart, over the whole range of the distance map. */
#define UT_DISTANCE_CHART_BINS 64

#define UT_TYPE_DISTANCE_CHART (ut_distance_chart_get_type ())
G_DECLARE_FINAL_TYPE (UtDistanceChart, ut_distance_chart, UT, DISTANCE_CHART, GtkWidget)

/**
 * UtDistanceChart:
 *
 * Histogram and cumulative curve of a signed distance, in the colours of the map on the surface,
 * whose legend it is; the band below the resolution and the percentiles 5, 50 and 95 are drawn
 * in. A range is brushed by dragging; with focus, Left and Right move it, Shift with them moves
 * its upper end, Escape lets it go. Signal `brushed`: the range changed, by hand or key.
 */

/**
 * ut_distance_chart_set:
 * @areas_mm2: (array length=UT_DISTANCE_CHART_BINS): area of surface in each bar, copied
 * @stats: of the same surface
 * @words: what it shows, for screen readers
 */
void ut_distance_chart_set (UtDistanceChart *self,
                            const double *areas_mm2,
                            const UtDistanceStats *stats,
                            const char *words);

/** ut_distance_chart_get_brush: FALSE, the ends untouched, where no range is chosen */
gboolean ut_distance_chart_get_brush (UtDistanceChart *self, float *ret_low_mm, float *ret_high_mm);

/** ut_distance_chart_share: share of the area that is in the brush, 0 to 1 */
double ut_distance_chart_share (UtDistanceChart *self);

G_END_DECLS
