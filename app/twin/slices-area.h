/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/slice-view.h"

G_BEGIN_DECLS

#define UT_TYPE_SLICES_AREA (ut_slices_area_get_type ())
G_DECLARE_FINAL_TYPE (UtSlicesArea, ut_slices_area, UT, SLICES_AREA, GtkWidget)

/**
 * UtSlicesArea:
 *
 * Three slices through one crosshair, along the patient's axes or the echo planes, voxel-true or
 * smoothed. @brush paints on them.
 */
GtkWidget *ut_slices_area_new (UtCrosshair *crosshair, UtBrush *brush);

/** ut_slices_area_grab_focus: to the first slice */
void ut_slices_area_grab_focus (UtSlicesArea *self);

/** ut_slices_area_show: shows @heart from now on */
void ut_slices_area_show (UtSlicesArea *self, const UtSliceHeart *heart);

G_END_DECLS
