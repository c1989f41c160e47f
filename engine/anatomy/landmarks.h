/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/parts.h"
#include "engine/anatomy/structure.h"
#include "engine/image/volume.h"

/**
 * UtLandmarks:
 *
 * Points and directions of a labelled heart, in the patient frame (LPS mm), or in
 * whichever right-handed mm frame the volume stands.
 */
typedef struct UtLandmarks {
  UtVec3 mitral;                /* centre of the LV-LA interface */
  UtVec3 tricuspid;             /* centre of the RV-RA interface */
  UtVec3 apex;                  /* LV endocardial apex */
  UtVec3 apex_epi;              /* LV epicardial apex */
  UtVec3 aortic_root;           /* centre of the LV outflow */
  UtVec3 centroid[UT_N_LABELS]; /* of each structure; [UT_BACKGROUND] is that of all five */
  UtVec3 long_axis;             /* unit, base to apex */
  UtVec3 septal;                /* unit, LV to RV, perpendicular to long_axis */
  UtVec3 anterior;              /* unit, septal x long_axis */
} UtLandmarks;

/**
 * ut_landmarks_find:
 * @labels: UT_VOXEL_U8 heart; codes as UtStructure
 *
 * Finds the landmarks by the rules that stand in landmarks.c. One part per structure
 * is expected: see ut_labels_largest_parts().
 *
 * Errors: FORMAT where a structure is missing or the axes degenerate, naming it.
 * Threads: pure. Cost: O(voxels) plus near-interface pairs; about 8 ms at 1.5 mm.
 * Source: E-Pix2Vox++ (Stojanovski 2022) for the apex rule; the mitral, tricuspid
 * and aortic rules are documented in landmarks.c.
 */
gboolean ut_landmarks_find (const UtVolume *labels, UtLandmarks *ret, GError **error);

/**
 * ut_landmarks_check_handedness:
 *
 * Tells a normal heart from its mirror image, which has the same distances and
 * whose axes alone look right: see landmarks.c.
 *
 * Errors: FORMAT for a mirrored heart (dextrocardia, or a file with a wrong
 * orientation) or one too odd to tell.
 */
gboolean ut_landmarks_check_handedness (const UtLandmarks *self, GError **error);
