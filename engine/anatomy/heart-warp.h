/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/heart-sleeve.h"

/**
 * One-to-one deformations of a labelled heart that change the volumes of its
 * structures to wanted ones. Private to heart-motion and heart-augment.
 *
 * Two maps, done one after the other in the heart frame (heart-sleeve.h) and undone
 * in the other order to pull labels back:
 *
 * 1. Radial. On each level and ray around the left heart's middle, squared radii are
 *    stretched piece by piece: the cavity by one factor, the wall by the one that
 *    keeps its volume under the longitudinal map, the right heart beside it by a
 *    third. Outside, the shift of the last piece fades out. Area on a level scales
 *    with the factor, so the volume of a structure afterwards is a sum over voxels
 *    before; the factors are solved for from it.
 * 2. Longitudinal. Levels move along the axis: valve plane, apex and roof of the atria
 *    by given lengths, what lies between in proportion. The right side of the valve
 *    plane moves up to half as far again.
 */

/** Structures whose volume is solved for. */
typedef enum {
  UT_FORCE_LV,
  UT_FORCE_LA,
  UT_FORCE_RV,
  UT_FORCE_RA,
  UT_N_FORCES,
} UtForce;

typedef struct UtHeartWarpTarget {
  double base_mm;              /* valve plane towards the apex */
  double apex_mm;              /* apex towards the base */
  double roof_mm;              /* roof of the atria away from the base */
  double wall;                 /* LV wall volume, after over before */
  double volumes[UT_N_FORCES]; /* after over before */
} UtHeartWarpTarget;

/** UtHeartSurvey: what a warp needs to know of the heart before. */
typedef struct UtHeartSurvey UtHeartSurvey;

UtHeartSurvey *ut_heart_survey_new (const UtVolume *labels, const UtLandmarks *landmarks);

void ut_heart_survey_free (UtHeartSurvey *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtHeartSurvey, ut_heart_survey_free)

/** ut_heart_survey_sleeve: lent */
const UtSleeve *ut_heart_survey_sleeve (const UtHeartSurvey *self);

typedef struct UtHeartWarp UtHeartWarp;

/**
 * ut_heart_warp_new:
 * @survey: must outlive the warp
 *
 * Errors: RANGE where levels would cross or the LV volume cannot be met.
 */
UtHeartWarp *
ut_heart_warp_new (const UtHeartSurvey *survey, const UtHeartWarpTarget *target, GError **error);

void ut_heart_warp_free (UtHeartWarp *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtHeartWarp, ut_heart_warp_free)

/** ut_heart_warp_before: where the point @p (heart frame) after the warp stood before it */
UtVec3 ut_heart_warp_before (const UtHeartWarp *self, UtVec3 p);

/** ut_heart_warp_after: where the warp takes @p (heart frame) */
UtVec3 ut_heart_warp_after (const UtHeartWarp *self, UtVec3 p);
