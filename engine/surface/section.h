/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh.h"

/** UtPlane: the points p with (p - origin) . normal = 0; in front is where @normal points */
typedef struct UtPlane {
  UtVec3 origin; /* mm */
  UtVec3 normal; /* unit */
} UtPlane;

/** ut_plane_height: mm in front of the plane; negative behind it */
static inline double
ut_plane_height (const UtPlane *self, UtVec3 p_mm)
{
  return ut_vec3_dot (ut_vec3_sub (p_mm, self->origin), self->normal);
}

/** UtSectionCurve: a run of points; a closed one goes on from its last point to its first */
typedef struct UtSectionCurve {
  guint first, n_points;
  gboolean closed;
} UtSectionCurve;

/**
 * UtSection:
 *
 * Where a mesh meets a plane: closed outlines, and open ones where the mesh is open.
 *
 * Orientation: of a mesh whose triangles face outward, the inside lies on the left of every
 * curve seen from the front of the plane: outlines run anticlockwise, holes clockwise.
 */
typedef struct UtSection {
  UtVec3 *points; /* [n_points] mm, in the mesh's frame; no two in a row are equal */
  gsize n_points;
  UtSectionCurve *curves; /* [n_curves] */
  gsize n_curves;
} UtSection;

/**
 * ut_section_new:
 *
 * Cuts a mesh. Exact: each point is where a side of a triangle passes through the plane.
 *
 * A vertex in the plane counts as in front of it. So the result is that of a plane moved back by
 * less than anything: a face in the plane with the mesh behind it gives its outline, one with the
 * mesh in front of it gives nothing, and no point or side is met twice.
 *
 * Triangles are joined by the positions of their corners, so a mesh whose faces have vertices
 * of their own gives the same curves as one that shares them.
 *
 * Threads: pure. Cost: O(vertices + triangles), about 0.3 ms for 20 000 triangles.
 *
 * Returns: (transfer full): may have no curve
 */
UtSection *ut_section_new (const UtMesh *mesh, const UtPlane *plane);
void ut_section_free (UtSection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtSection, ut_section_free)

/** ut_section_length_mm: of all curves: the perimeter */
double ut_section_length_mm (const UtSection *self);

/** ut_section_area_mm2: enclosed by the closed curves, holes subtracted; @plane: that of the cut */
double ut_section_area_mm2 (const UtSection *self, const UtPlane *plane);
