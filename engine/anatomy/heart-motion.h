/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/landmarks.h"

/**
 * UtHeartMotionParams: what one beat of a heart does; see heart-motion.c for
 * published ranges. All zero is a heart that stands still.
 */
typedef struct UtHeartMotionParams {
  double ejection_fraction;  /* of the LV cavity by voxels, 0 to 0.8 */
  double annulus_descent_mm; /* mitral plane towards the apex at end-systole */
  double apex_descent_mm;    /* LV apex towards the base at end-systole */
  double rv_ejection_fraction;
  double la_filling; /* LA volume at end-systole over that at end-diastole, about 1.5 */
  double ra_filling;
} UtHeartMotionParams;

/**
 * UtHeartMotion:
 *
 * Moves a labelled end-diastolic heart through the beat: longitudinal shortening,
 * radial thickening with a near-incompressible wall, atrial filling. The motion is
 * solved for so that the LV cavity meets the wanted ejection fraction.
 */
typedef struct UtHeartMotion UtHeartMotion;

/** ut_heart_motion_params: population means for the given LV ejection fraction */
UtHeartMotionParams ut_heart_motion_params (double ejection_fraction);

/**
 * ut_heart_motion_new:
 * @labels_ed: heart at end-diastole; referenced
 * @landmarks: of @labels_ed
 *
 * Errors: RANGE where a parameter is outside its range or cannot be met.
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
 * Returns: how far the ventricle has emptied, 0 at ED, 1 at ES: the published
 * shape of an LV volume curve (ejection, rapid filling, diastasis, atrial kick)
 */
double ut_heart_motion_contraction (double phase);

/** ut_heart_motion_es_phase: the @phase of end-systole (largest contraction) */
double ut_heart_motion_es_phase (void);

/**
 * ut_heart_motion_at:
 * @contraction: 0 (ED) to 1 (ES)
 *
 * The labelled heart at a moment of the beat, on the grid of the ED volume. Same
 * topology as the ED heart: one part per structure.
 * Threads: several threads may ask one motion for different moments.
 */
UtVolume *ut_heart_motion_at (const UtHeartMotion *self, double contraction, GError **error);
