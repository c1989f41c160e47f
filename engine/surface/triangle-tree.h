/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh.h"

/** UtFeature: the part of a triangle on which its nearest point lies. */
typedef enum {
  UT_FEATURE_FACE,
  UT_FEATURE_EDGE,   /* edge k: from corner k to corner k + 1 */
  UT_FEATURE_CORNER, /* corner k */
} UtFeature;

typedef struct UtNearest {
  double squared; /* mm^2; infinity before anything was found */
  UtVec3 point;   /* mm, on the mesh */
  guint32 triangle;
  UtFeature feature;
  guint8 k; /* which edge or corner */
} UtNearest;

#define UT_NEAREST_NONE ((UtNearest){.squared = INFINITY, .triangle = G_MAXUINT32})

/**
 * ut_triangle_nearest: point of a triangle nearest to @p, in double precision.
 *
 * Source: Ericson, "Real-Time Collision Detection", 2005, 5.1.5.
 */
UtNearest ut_triangle_nearest (const UtMesh *mesh, guint32 triangle, UtVec3 p);

/**
 * UtTriangleTree:
 *
 * Boxes round boxes round the triangles of a mesh, four to each, packed in
 * Hilbert order. Places follow from counting, so there are no pointers.
 *
 * Source: packing: Kamel & Faloutsos, "On packing R-trees", CIKM 1993; curve:
 * Skilling, "Programming the Hilbert curve", AIP Conf. Proc. 707, 2004.
 * Threads: built on all cores, the same for any number of them; then read-only.
 */
typedef struct UtTriangleTree UtTriangleTree;

/** ut_triangle_tree_new: @mesh must have triangles, no position over 1e9 mm, and outlive the tree
 */
UtTriangleTree *ut_triangle_tree_new (const UtMesh *mesh);
void ut_triangle_tree_free (UtTriangleTree *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTriangleTree, ut_triangle_tree_free)

/**
 * ut_triangle_tree_find:
 * @p: three floats, mm; none over 1e9
 * @nearest: (inout): a triangle that is known to be near, or UT_NEAREST_NONE
 *
 * Finds the triangle nearest to @p, of equally near ones that of lowest index;
 * what @nearest held changes the time taken and nothing else.
 */
void ut_triangle_tree_find (const UtTriangleTree *self, const float p[3], UtNearest *nearest);
