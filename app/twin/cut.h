/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "render/camera.h"
#include "render/scene.h"

#include <glib-object.h>

G_BEGIN_DECLS

/** UtCutDirection: which way the heart is cut. The echo planes are those of the heart shown. */
typedef enum {
  UT_CUT_A4C,
  UT_CUT_A2C,
  UT_CUT_PSAX,
  UT_CUT_CORONAL,
  UT_CUT_SAGITTAL,
  UT_CUT_AXIAL,
  UT_N_CUT_DIRECTIONS,
} UtCutDirection;

/** UT_CUT_REACH_MM: the plane moves as far to both sides */
#define UT_CUT_REACH_MM 90.0

/** UtCutState: where the hearts are cut. */
typedef struct UtCutState {
  gboolean on;
  UtCutDirection direction;
  gboolean other_side; /* keep what is before the plane, not what is behind it */
  double offset_mm;    /* of the plane along the look of ut_cut_camera(), from its usual place */
} UtCutState;

#define UT_TYPE_CUT (ut_cut_get_type ())
G_DECLARE_FINAL_TYPE (UtCut, ut_cut, UT, CUT, GObject)

/**
 * UtCut:
 *
 * The cut through the hearts, one of it for all 3D views and the panel beside them. Signal
 * `changed`: after every change. Navigation, no edit: it is not undone.
 */
UtCut *ut_cut_new (void);

/** ut_cut_get: (transfer none): valid until the next change; copy it to change it */
const UtCutState *ut_cut_get (UtCut *self);

/** ut_cut_set: keeps the offset within the reach; emits `changed` where something differs */
void ut_cut_set (UtCut *self, const UtCutState *state);

/** ut_cut_move: moves the plane away from the eye of ut_cut_camera(); switches the cut on */
void ut_cut_move (UtCut *self, double mm);

/** ut_cut_camera: the camera that looks straight at the cut: an echo camera, or A, L, F */
UtCameraName ut_cut_camera (UtCutDirection direction);

/** ut_cut_direction_title: (transfer none): for people: "A4C", "Coronal" */
const char *ut_cut_direction_title (UtCutDirection direction);

/** ut_cut_own_plane: (nullable): the heart's own plane of that direction, of ut_cut_plane()'s */
const UtViewPlane *ut_cut_own_plane (UtCutDirection direction,
                                     const UtViewPlane *const planes[UT_N_VIEWS]);

/**
 * ut_cut_plane:
 * @planes: [UT_N_VIEWS], (nullable elements): the heart's own echo planes
 * @ret: (out): of the scene, its normal towards what is cut away
 *
 * Without an own plane the cut goes through the middle of the visible surfaces.
 *
 * Returns: FALSE where the cut is off or the scene is empty
 */
gboolean ut_cut_plane (const UtCutState *state,
                       const UtViewPlane *const planes[UT_N_VIEWS],
                       const UtScene *scene,
                       UtPlane *ret);

G_END_DECLS
