/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/lv-frame.h"

#include <glib.h>

/** Segments of the left ventricle's wall, numbered from 1. */
#define UT_N_SEGMENTS 17

/**
 * UtSegments:
 *
 * The 17 segments of the American Heart Association.
 *
 * Along the axis: thirds of the way from @base_mm to @apex_mm are basal (1 to 6), mid-cavity (7
 * to 12) and apical (13 to 16); what lies beyond the cavity is the apex (17). What lies before
 * @base_mm, where the wall is no whole ring, belongs to none.
 * Round the axis: basal and mid segments of 60 degrees, apical ones of 90, in the order anterior,
 * septal, inferior, lateral. The model takes the attachments of the RV as the ends of the septum;
 * here its middle is the direction from the LV to the centroid of the RV.
 *
 * Source: Cerqueira et al., "Standardized myocardial segmentation and nomenclature for
 * tomographic imaging of the heart", Circulation 105:539, 2002.
 */
typedef struct UtSegments {
  UtLvFrame frame;
  double base_mm, apex_mm; /* levels: first whole ring of wall, end of the cavity */
} UtSegments;

/** ut_segment_at: number of the segment in which @p lies, or 0 */
guint ut_segment_at (const UtSegments *self, UtVec3 p);

/** ut_segment_name: "basal anterior" to "apex" for 1 to UT_N_SEGMENTS; English, for
 * ut_words() */
const char *ut_segment_name (guint segment);

/**
 * ut_segment_sector:
 * @ret_ring: (out): 0 basal, 1 mid, 2 apical, 3 apex
 * @ret_start_deg, @ret_end_deg: (out): as ut_lv_frame_angle(), the start may be below 0; 0 and 360
 *   for the apex
 */
void ut_segment_sector (guint segment, guint *ret_ring, double *ret_start_deg, double *ret_end_deg);
