/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/lv-frame.h"
#include "engine/surface/mesh.h"

/**
 * ut_lv_long_axis:
 * @lv: surface of the cavity
 * @ret_mm: (out): length of the cavity in mm
 *
 * From the mitral plane to the end of the cavity, along the line from the centre of the mitral
 * opening to the endocardial apex. Good to half a voxel, since the mitral centre lies between
 * voxels of LV and LA.
 *
 * Source: the long axis of Lang et al., ASE/EACVI chamber quantification, 2015, there in the
 * apical views, here in space.
 *
 * Returns: FALSE, @ret_mm untouched, where nothing of @lv lies on the apical side of the plane
 */
gboolean ut_lv_long_axis (const UtMesh *lv, const UtLvFrame *frame, double *ret_mm);
