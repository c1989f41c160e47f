/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

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
 * Finds the landmarks by the rules below.
 *
 * Errors: FORMAT where a structure is missing or the axes degenerate, naming it.
 * Threads: pure. Cost: O(voxels) plus near-interface pairs.
 * Source: E-Pix2Vox++ (Stojanovski 2022) for the apex rule; the mitral, tricuspid
 * and aortic rules are documented in landmarks.c.
 */
gboolean ut_landmarks_find (const UtVolume *labels, UtLandmarks *ret, GError **error);

/**
 * ut_labels_largest_parts: (transfer full)
 *
 * Copy of @labels with only the largest 26-connected part of each structure kept.
 */
UtVolume *ut_labels_largest_parts (const UtVolume *labels, GError **error);
