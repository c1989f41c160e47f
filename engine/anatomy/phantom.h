/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/base/random.h"
#include "engine/image/volume.h"

/**
 * UtPhantom:
 *
 * A parametric four-chamber heart at end-diastole with exact volumes. Its end-systole
 * comes from ut_heart_motion_at(), as for any other heart.
 * phantom.c says which of its means and standard deviations are published, which ours.
 */
typedef struct UtPhantom UtPhantom;

/** ut_phantom_new: (transfer full): the heart of an average adult */
UtPhantom *ut_phantom_new (void);

/** ut_phantom_new_random: (transfer full): parameters drawn from @random */
UtPhantom *ut_phantom_new_random (UtRandom *random);

void ut_phantom_free (UtPhantom *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtPhantom, ut_phantom_free)

/** ut_phantom_volume_ml: exact volume of @structure at end-diastole, 1 to 5 */
double ut_phantom_volume_ml (const UtPhantom *self, UtStructure structure);

/** ut_phantom_mitral: centre of the disc in which LV and LA meet, LPS mm */
UtVec3 ut_phantom_mitral (const UtPhantom *self);

/** ut_phantom_apex: tip of the LV cavity, LPS mm */
UtVec3 ut_phantom_apex (const UtPhantom *self);

/** ut_phantom_wall_mm: thickness of the LV's wall at its equator and its tip; up to 6 % less where
 * between them */
double ut_phantom_wall_mm (const UtPhantom *self);

/**
 * ut_phantom_labels:
 * @spacing_mm: isotropic voxel side; 0.5 to 4
 *
 * Draws the heart at end-diastole into a label volume, LPS mm, in the pose of a
 * heart in a chest, with at least 8 mm of background around it.
 *
 * Errors: RANGE for another @spacing_mm; MEMORY.
 */
UtVolume *ut_phantom_labels (const UtPhantom *self, double spacing_mm, GError **error);
