/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/calipers.h"
#include "app/document.h"
#include "app/twin/beat.h"
#include "app/twin/crosshair.h"
#include "app/twin/look.h"
#include "app/twin/results.h"
#include "app/twin/second-study.h"
#include "app/twin/twin-view.h"

G_BEGIN_DECLS

#define UT_TYPE_COMPARE_AREA (ut_compare_area_get_type ())
G_DECLARE_FINAL_TYPE (UtCompareArea, ut_compare_area, UT, COMPARE_AREA, GtkWidget)

/**
 * UtCompareArea:
 *
 * One, two or four hearts side by side, as the look's layout says, all seen by one camera from one
 * distance. With two studies each heart stands in its own canonical frame, beats with the other,
 * and carries its study's name and numbers.
 * Signal `failed` (const char *message): no usable OpenGL.
 */

void ut_compare_area_set_up (UtCompareArea *self,
                             UtDocument *document,
                             UtResults *results,
                             UtLook *look,
                             UtBeat *beat,
                             UtCalipers *calipers,
                             UtCrosshair *crosshair,
                             UtSecondStudy *second);

/** ut_compare_area_set_cut: cuts all hearts by one plane */
void ut_compare_area_set_cut (UtCompareArea *self, UtCut *cut);

/** ut_compare_area_set_room: px at @top and @bottom that lie under other widgets: captions keep out
 * of them */
void ut_compare_area_set_room (UtCompareArea *self, int top, int bottom);

/** ut_compare_area_update: shows everything as it now is */
void ut_compare_area_update (UtCompareArea *self);

/** ut_compare_area_get_view: (transfer none): the first 3D view; turning it turns the others */
UtTwinView *ut_compare_area_get_view (UtCompareArea *self);

G_END_DECLS
