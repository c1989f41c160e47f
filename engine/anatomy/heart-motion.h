/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/landmarks.h"

/**
 * UtHeartMotionParams: what one beat of a heart does. The limits are ours;
 * heart-motion.c says what the means of ut_heart_motion_params() rest on.
 */
typedef struct UtHeartMotionParams {
  double ejection_fraction;    /* of the LV cavity by voxels, 0 to 0.8 */
  double annulus_descent_mm;   /* mitral plane towards the apex at end-systole, 0 to 25 */
  double apex_descent_mm;      /* LV apex towards the base at end-systole, -5 to 15 */
  double rv_ejection_fraction; /* 0 to 0.8 */
  double la_filling;           /* LA volume at end-systole over end-diastole, 0.8 to 2.5 */
  double ra_filling;           /* the same of the RA */
  double wall_volume;          /* LV wall volume at end-systole over end-diastole, 0.8 to 1.1 */
} UtHeartMotionParams;

/**
 * UtHeartMotion:
 *
 * Moves a labelled end-diastolic heart through the beat: longitudinal shortening,
 * radial thickening with a near-incompressible wall, atrial filling. One-to-one and
 * continuous, so that parts and contacts of structures stay. The volumes are solved
 * for at every moment.
 */
typedef struct UtHeartMotion UtHeartMotion;

/** ut_heart_motion_params: population means for the given LV ejection fraction, 0 to 0.8 */
UtHeartMotionParams ut_heart_motion_params (double ejection_fraction);

/**
 * ut_heart_motion_new:
 * @labels_ed: UT_VOXEL_U8 heart at end-diastole; referenced. Room of some 5 mm around
 *   the atria is wanted, as they grow
 * @landmarks: of @labels_ed
 *
 * Errors: RANGE where a parameter is outside its range.
 */
UtHeartMotion *ut_heart_motion_new (UtVolume *labels_ed,
                                    const UtLandmarks *landmarks,
                                    const UtHeartMotionParams *params,
                                    GError **error);

void ut_heart_motion_free (UtHeartMotion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtHeartMotion, ut_heart_motion_free)

/**
 * ut_heart_motion_contraction:
 * @phase: time in the beat, 0 to 1; 0 and 1 are end-diastole
 *
 * Returns: how far the ventricle has emptied, 0 at ED, 1 at ES: ejection, rapid
 * filling, diastasis, atrial kick; sources in heart-curve.c
 */
double ut_heart_motion_contraction (double phase);

/** ut_heart_motion_es_phase: the @phase of end-systole (largest contraction) */
double ut_heart_motion_es_phase (void);

/**
 * ut_heart_motion_at:
 * @contraction: 0 (ED) to 1 (ES)
 *
 * The labelled heart at a moment of the beat, on the grid of the ED volume. Same
 * topology as the ED heart: one part per structure. LV volume is that of ED times
 * 1 - ejection_fraction * @contraction, within 0.5 % of the ED volume on voxels of up
 * to 2 mm; RV and atria follow theirs within some 3 %.
 * Threads: several threads may ask one motion for different moments.
 * Cost: one pull-back of the volume on the worker pool, about 0.15 us per voxel and
 * core; up to three where voxels are coarse.
 *
 * Errors: RANGE where the LV volume cannot be met; MEMORY.
 */
UtVolume *ut_heart_motion_at (const UtHeartMotion *self, double contraction, GError **error);

/**
 * ut_heart_motion_point:
 * @p_mm: a point of the ED heart
 *
 * Returns: where the motion takes @p_mm at @contraction (valve rings, apex, ...)
 */
UtVec3 ut_heart_motion_point (const UtHeartMotion *self, double contraction, UtVec3 p_mm);
