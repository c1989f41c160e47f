/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/landmarks.h"
#include "engine/base/random.h"

/** UtHeartKind: what a random shape is drawn from; heart-augment.c says why these ranges. */
typedef enum {
  UT_HEART_NORMAL,
  UT_HEART_DILATED_LV,
  UT_HEART_THICK_WALL, /* hypertrophy */
  UT_HEART_DILATED_RV,
  UT_HEART_LARGE_ATRIA,
  UT_N_HEART_KINDS,
} UtHeartKind;

/**
 * UtHeartShape: how to change a labelled heart. Volume factors are after over before
 * and come before @scale, which multiplies all volumes by the product of its parts.
 */
typedef struct UtHeartShape {
  double scale[3];   /* along anterior, septal and long axis, 0.5 to 2 */
  double lv, la;     /* volume factors, 0.4 to 3 */
  double rv, ra;     /* the same */
  double wall;       /* volume factor of the LV wall, 0.4 to 3 */
  double bend_mm;    /* bound of a smooth random displacement, 0 to 6 */
  guint64 bend_seed; /* which one */
} UtHeartShape;

/** Shape that leaves a heart as it is. */
#define UT_HEART_SHAPE_SAME                                                                        \
  ((UtHeartShape){.scale = {1, 1, 1}, .lv = 1, .la = 1, .rv = 1, .ra = 1, .wall = 1})

/** ut_heart_shape_random: a shape of @kind: scale, volumes and a bend of up to 4 mm */
UtHeartShape ut_heart_shape_random (UtHeartKind kind, UtRandom *random);

/**
 * ut_heart_augment:
 * @labels: UT_VOXEL_U8 heart
 * @landmarks: of @labels
 *
 * The heart with another shape: one pull-back through one-to-one, smooth maps, so
 * parts and contacts of structures stay. The grid keeps spacing and directions of
 * @labels; it is cropped to the heart with 6 to some 14 mm of background on every side,
 * room for ut_heart_motion_at(). Landmarks must be found anew.
 * Threads: pure; uses the worker pool. Cost: about 0.2 us per voxel and core.
 *
 * Errors: RANGE where a value is outside its range or cannot be met; MEMORY.
 *
 * Returns: (transfer full): new volume, or NULL with @error set
 */
UtVolume *ut_heart_augment (const UtVolume *labels,
                            const UtLandmarks *landmarks,
                            const UtHeartShape *shape,
                            GError **error);
