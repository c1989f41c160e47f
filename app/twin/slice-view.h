/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/brush.h"
#include "app/twin/crosshair.h"
#include "app/twin/slice.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** UtSliceHeart: what a slice shows; all of it is borrowed during a call only. */
typedef struct UtSliceHeart {
  UtVolume *labels;            /* canonical grid; NULL: nothing to show */
  UtMesh *meshes[UT_N_LABELS]; /* its smooth surfaces */
  UtVec3 low, high;            /* mm, box round what is to be seen */
  gboolean shown[UT_N_LABELS];
  const UtViewPlane *planes[UT_N_VIEWS]; /* the heart's own echo planes, or NULL */
  const float (*axes)[3];                /* UtScene.axes */
  gboolean calibrated;                   /* lengths may be shown */
} UtSliceHeart;

#define UT_TYPE_SLICE_VIEW (ut_slice_view_get_type ())
G_DECLARE_FINAL_TYPE (UtSliceView, ut_slice_view, UT, SLICE_VIEW, GtkWidget)

/**
 * UtSliceView:
 *
 * A slice of the label volume through the crosshair, in the structures' colours. A click or a drag
 * puts the crosshair somewhere else and paints while the brush is on, the wheel goes deeper. Its
 * actions "slice.move" (ii) and "slice.deeper" (i), in mm, and those of the brush have keys.
 */
GtkWidget *ut_slice_view_new (UtCutDirection direction, UtCrosshair *crosshair, UtBrush *brush);

void ut_slice_view_set_direction (UtSliceView *self, UtCutDirection direction);

/** ut_slice_view_set_smoothed: sections of the surfaces, or the voxels as they are; what is painted
 * on is always shown as it is */
void ut_slice_view_set_smoothed (UtSliceView *self, gboolean smoothed);

/** ut_slice_view_show: shows @heart from now on; takes references of what it keeps */
void ut_slice_view_show (UtSliceView *self, const UtSliceHeart *heart);

G_END_DECLS
