/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/image/volume.h"

/**
 * ut_label_sample:
 * @labels: UT_VOXEL_U8, codes as UtStructure
 * @p_voxel: anywhere, in voxel indices; outside is background
 *
 * The label with the largest trilinear weight at a point: a nearest-voxel look-up
 * with smoother edges, for pulling a label volume back through a deformation.
 */
guint8 ut_label_sample (const UtVolume *labels, UtVec3 p_voxel);
