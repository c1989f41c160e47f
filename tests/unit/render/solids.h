/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh.h"

/** Closed meshes with exact normals, LPS mm. */

/** ut_solid_sphere: @n rings, 2 @n meridians */
UtMesh *ut_solid_sphere (UtVec3 centre, double radius_mm, guint n);

/** ut_solid_torus: axis along z; @n places round the tube, 3 @n round the ring */
UtMesh *ut_solid_torus (UtVec3 centre, double ring_mm, double tube_mm, guint n);

/** ut_solid_box: six faces of @n x @n squares; faces share no vertices, so edges are sharp */
UtMesh *ut_solid_box (UtVec3 low, UtVec3 high, guint n);
