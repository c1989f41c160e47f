/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/image/cine.h"

/** Side of a network's pictures, in pixels. */
#define UT_TWIN_INPUT_MIN_SIDE     32
#define UT_TWIN_INPUT_MAX_SIDE     1024

#define UT_TWIN_INPUT_MAX_FIELD_MM 1000

/**
 * UtTwinRaster:
 *
 * What the pictures of a network are made of; a weight file states it ("image"), see
 * ut_twin_model_get_raster(). With a field every picture has the same scale and the probe in the
 * same place, whatever frame the machine drew around it.
 */
typedef struct UtTwinRaster {
  guint side;      /* pixels; UT_TWIN_INPUT_MIN_SIDE to UT_TWIN_INPUT_MAX_SIDE */
  double field_mm; /* side of the square of the patient that is shown; 0: the whole picture */
} UtTwinRaster;

/**
 * UtTwinInput:
 *
 * What the network is given of one phase: one grey picture and its pixel
 * spacing for each of the three views. Can be shown, exported and hashed.
 * Reference counted and immutable.
 *
 * Shape: @grey is [UT_N_VIEWS, 1, side, side], C order, row 0 at the top, 0 black
 * to 1 white; an absent view is 0 everywhere. The network's own normalisation,
 * (grey - mean) / std and the copy to three channels where a weight file wants
 * them, comes after this and is part of the weight file.
 */
typedef struct UtTwinInput {
  guint side;
  float *grey;
  gboolean present[UT_N_VIEWS];
  double spacing_mm[UT_N_VIEWS][2]; /* row, column, mm per pixel of @grey; 0, 0 where absent */
  double corner[UT_N_VIEWS][2];     /* of the square in the loop's frame, row, column, pixels */
  guint frame[UT_N_VIEWS];          /* of the loop, counted from 0 */
  char *sha256[UT_N_VIEWS];         /* of the loop's file, or NULL where unknown or absent */
} UtTwinInput;

/**
 * ut_twin_input_new:
 * @cines: (nullable elements): loop of each view, NULL where the view is absent
 * @frames: frame of each loop; ignored where absent
 * @raster: take ut_twin_model_get_raster()
 *
 * Cuts a square out of the echo's region (UtCine.region: text around it does not count) of one
 * frame of each loop, black where it reaches beyond the region, and resizes it to the raster's
 * side: bilinear with half-pixel centres when enlarging, area average when reducing. With a field
 * the square measures field_mm and has the sector's tip (ut_sector_tip()) in the middle of its
 * upper border. Without one it is the whole region, padded on both sides (an odd rest goes to
 * the right and to the bottom). The spacing follows: mm per pixel times the square's side / side.
 *
 * Errors: RANGE where no view is present, a loop is uncalibrated (the message
 * names the view), a frame is past the end or a spacing is not sound
 * (ut_cine_spacing_is_sound()).
 * Threads: pure.
 *
 * Returns: (transfer full): the input, or NULL with @error set
 */
UtTwinInput *ut_twin_input_new (UtCine *const cines[UT_N_VIEWS],
                                const guint frames[UT_N_VIEWS],
                                const UtTwinRaster *raster,
                                GError **error);

void ut_twin_input_free (UtTwinInput *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTwinInput, ut_twin_input_free)

/** ut_twin_input_view: (transfer none): picture of @view, [side, side] */
static inline const float *
ut_twin_input_view (const UtTwinInput *self, UtView view)
{
  return self->grey + (gsize)view * self->side * self->side;
}
