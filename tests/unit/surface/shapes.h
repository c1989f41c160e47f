/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/marching-cubes.h"

/** UtShapeFunc: how far inside a shape @p_mm lies; 0 on its surface */
typedef double (*UtShapeFunc) (UtVec3 p_mm, const double *sizes);

/** ut_shape_sphere: @sizes: radius, centre x, y, z */
double ut_shape_sphere (UtVec3 p_mm, const double *sizes);

/** ut_shape_torus: @sizes: ring radius, tube radius; axis z through the origin */
double ut_shape_torus (UtVec3 p_mm, const double *sizes);

/** ut_shape_field: float volume of @n^3 voxels of @spacing_mm, centred on the origin */
UtVolume *ut_shape_field (gsize n, UtVec3 spacing_mm, UtShapeFunc func, const double *sizes);

/** ut_shape_labels: uint8 volume with 1 where ut_shape_field() is greater than 0 */
UtVolume *ut_shape_labels (gsize n, UtVec3 spacing_mm, UtShapeFunc func, const double *sizes);

/** ut_shape_sphere_mesh: sphere of @radius_mm round (@x_mm, 0, 0), from a field of 1 mm voxels */
UtMesh *ut_shape_sphere_mesh (double radius_mm, double x_mm);

/** ut_shape_box_mesh: axis-aligned box of 12 triangles between two corners, 8 shared vertices */
UtMesh *ut_shape_box_mesh (UtVec3 low, UtVec3 high);

/** ut_shape_assert_manifold: @mesh is closed and one fan of triangles runs round every vertex */
void ut_shape_assert_manifold (const UtMesh *mesh);

/** ut_shape_winding: how often @mesh runs round @p: 1 inside, 0 outside */
double ut_shape_winding (const UtMesh *mesh, UtVec3 p);
