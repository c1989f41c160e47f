/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/twin/cut.h"

#include <cairo.h>

G_BEGIN_DECLS

/** UtSlice: a flat picture through a heart. Pixels are those of a widget, from its upper left. */
typedef struct UtSlice {
  UtVec3 middle;            /* mm, in the middle of the picture */
  UtVec3 right, down, into; /* unit, mm frame of the heart */
  double px_per_mm;
  int width, height; /* pixels */
} UtSlice;

/**
 * ut_slice_init:
 * @planes: as ut_cut_plane()
 * @axes: to the patient's left, posterior, superior: UtScene.axes
 * @low, @high: mm, box around the heart, which fills the picture
 * @point: mm, in the slice
 *
 * A slice as ut_cut_camera() sees the cut of that direction.
 */
void ut_slice_init (UtSlice *self,
                    UtCutDirection direction,
                    const UtViewPlane *const planes[UT_N_VIEWS],
                    const float axes[3][3],
                    UtVec3 low,
                    UtVec3 high,
                    UtVec3 point,
                    int width,
                    int height);

/** ut_slice_point: mm at a place of the picture */
UtVec3 ut_slice_point (const UtSlice *self, double x, double y);

/** ut_slice_pixel: where a point, or its foot in the slice, lies in the picture */
void ut_slice_pixel (const UtSlice *self, UtVec3 point, double ret_xy[2]);

/** ut_slice_plane: for ut_section_new() */
UtPlane ut_slice_plane (const UtSlice *self);

/** ut_slice_letter: 'L', 'R', 'P', 'A', 'H' or 'F': the patient's side that @way points to most */
char ut_slice_letter (UtVec3 way, const float axes[3][3]);

/**
 * ut_slice_labels:
 * @shown: [UT_N_LABELS]
 *
 * Voxel-true: every pixel has the colour of the voxel that it lies in; clear where that is
 * background or not shown.
 *
 * Returns: (transfer full): ARGB32
 */
cairo_surface_t *
ut_slice_labels (const UtSlice *self, const UtVolume *labels, const gboolean *shown);

/** ut_slice_trace: appends the curves of a section to the path of @cr */
void ut_slice_trace (const UtSlice *self, const UtSection *section, cairo_t *cr);

G_END_DECLS
