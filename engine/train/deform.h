/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/landmarks.h"
#include "engine/base/random.h"

/**
 * ut_deform_draw:
 * @labels: heart at end-diastole
 * @landmarks: of @labels
 * @disease: chance, 0 to 1, of a dilated or thick-walled heart
 *
 * A random variant of a heart: isotropic scale +- 8 %, another 8 % along each of
 * the heart's own axes, chambers larger or smaller by themselves, smooth local
 * displacements up to 4 mm. Diseased hearts get a dilated LV, RV or atrium or a
 * thick wall on top.
 *
 * Grid: that of @labels grown as needed and cropped to 6 mm around the heart.
 * Method: pull-back of nearest voxels through stretch plus Gaussian bumps, whose
 * slope stays below 1 so that no fold appears.
 * Errors: MEMORY, RANGE as ut_volume_new().
 *
 * Returns: (transfer full)
 */
UtVolume *ut_deform_draw (const UtVolume *labels,
                          const UtLandmarks *landmarks,
                          double disease,
                          UtRandom *random,
                          GError **error);
