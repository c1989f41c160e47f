/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "engine/anatomy/view-plane.h"
#include "engine/study/measurements.h"
#include "engine/surface/mesh-distance.h"

G_BEGIN_DECLS

/**
 * UtPhaseSurfaces: what is drawn of one phase. Canonical frame, mm. Index: UtStructure.
 * A reference is smoothed for the picture; distances are measured against its voxel-true
 * surface; the twin's is measured as it is exported, and shown as ut_twin_shown_mesh() makes it.
 */
typedef struct UtPhaseSurfaces {
  UtStudyResult *result;                 /* made from; NULL where there is none */
  UtTwinStage stage;                     /* of it */
  UtStudyReference *reference;           /* compared with; NULL where there is none */
  UtStudyResult *other;                  /* of the other phase, where the motion to it is known */
  UtMesh *meshes[UT_N_LABELS];           /* of the twin, with UT_DISTANCE_SCALAR where measured and
                                          * UT_MOTION_SCALAR where both phases have their last stage */
  UtMesh *shown[UT_N_LABELS];            /* the same for the eye, with the same scalars */
  UtMesh *references[UT_N_LABELS];       /* of the reference */
  UtMesh *voxels[UT_N_LABELS];           /* of the twin's label map, voxel-true, with the scalars of
                                          * meshes at their nearest points: for the eye only */
  UtMesh *reference_voxels[UT_N_LABELS]; /* of the reference, voxel-true */
  gboolean measured[UT_N_LABELS];        /* distance and statistics are there */
  UtDistanceStats stats[UT_N_LABELS];    /* of the signed distance to the reference */
  gboolean has_plane[UT_N_VIEWS];        /* the heart has this standard plane */
  UtViewPlane planes[UT_N_VIEWS];
  gatomicrefcount ref_count;
} UtPhaseSurfaces;

#define UT_TYPE_RESULTS (ut_results_get_type ())
G_DECLARE_FINAL_TYPE (UtResults, ut_results, UT, RESULTS, GObject)

/**
 * UtResults:
 *
 * Everything that is computed from the results of the open study: surfaces, distances,
 * numbers. Follows the document by itself, in the background; what is shown is always of one
 * state. Signal `changed`: new content, or busy began or ended.
 */
UtResults *ut_results_new (UtDocument *document);

gboolean ut_results_get_busy (UtResults *self);

/**
 * ut_results_come_in_order:
 *
 * The results that the document gets next are made from their first stage on, so that who looks
 * at the last one sees them appear one after the other.
 */
void ut_results_come_in_order (UtResults *self);

/**
 * ut_results_get_surfaces: (transfer none) (nullable)
 * @stage: UtTwinStage, -1 = the last one
 *
 * The last stage of each phase is made first, together with the numbers, then the others, so
 * that changing the stage takes no time.
 *
 * Returns: the surfaces of @stage; of the last one made where that is absent or not made yet (see
 * their @stage); NULL where the phase has neither twin nor reference
 */
const UtPhaseSurfaces *ut_results_get_surfaces (UtResults *self, UtPhase phase, int stage);

/**
 * ut_results_get_measurements: (transfer none) (nullable)
 *
 * Returns: the numbers; NULL while there are none to show: no result, or a view
 * whose spacing is unknown
 */
const UtMeasurements *ut_results_get_measurements (UtResults *self);

G_END_DECLS
