/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/surface/mesh.h"

/** Distances up to half a voxel of the 3 mm grid are below its resolution. */
#define UT_DISTANCE_BAND_MM 1.5

/** Name of the scalar that ut_mesh_with_distance() adds; its unit is "mm". */
#define UT_DISTANCE_SCALAR "signed distance"

/**
 * UtMeshDistance:
 *
 * For every vertex of one mesh, the exact distance to the surface of another.
 */
typedef struct UtMeshDistance {
  gsize n_vertices;
  float *signed_mm;    /* [n_vertices] negative inside the other mesh */
  float *closest;      /* [n_vertices][3] closest point on the other mesh, mm */
  guint32 *triangle;   /* [n_vertices] the other mesh's triangle it lies on */
  gboolean sign_valid; /* the other mesh is closed and oriented outward */
} UtMeshDistance;

/**
 * ut_mesh_distance_new:
 * @from: mesh whose vertices are measured; may be empty
 * @to: mesh that is measured against
 *
 * Exact point-to-triangle distances. Where several triangles are equally near
 * the one of lowest index is named.
 *
 * Errors: RANGE where @to has no triangles, or a position is not finite or over 1e9 mm; FORMAT
 * where the meshes say that they are in different frames.
 * Threads: works on all cores; same result for any number of them.
 * Source: closest points and boxes as engine/surface/triangle-tree.h says; sign
 * by pseudo-normals, Baerentzen & Aanaes, "Signed distance computation using the
 * angle weighted pseudonormal", IEEE TVCG 11(3), 2005.
 *
 * Returns: (transfer full): ut_mesh_distance_free(), or NULL with @error set
 */
UtMeshDistance *ut_mesh_distance_new (const UtMesh *from, const UtMesh *to, GError **error);
void ut_mesh_distance_free (UtMeshDistance *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtMeshDistance, ut_mesh_distance_free)

/** ut_mesh_with_distance: copy of @from with the scalar UT_DISTANCE_SCALAR; NULL with MEMORY */
UtMesh *ut_mesh_with_distance (const UtMesh *from, const UtMeshDistance *distance, GError **error);

/**
 * UtDistanceStats:
 *
 * Area-weighted: a vertex weighs a third of the triangles round it. A percentile
 * is the smallest value up to which that share of the area lies. All in mm but
 * area (mm^2) and shares (0 to 1).
 */
typedef struct UtDistanceStats {
  double area_mm2;
  double mean, sd; /* of the signed values; sd over the area, no n - 1 */
  double mean_abs, rms;
  double min, max;
  gsize min_vertex, max_vertex;  /* worst spots */
  double p5, p25, p50, p75, p95; /* of the signed values */
  double p95_abs, max_abs;
  double share_outside_band;       /* |value| > UT_DISTANCE_BAND_MM */
  double share_above, share_below; /* value > band, value < -band: add up to the above */
} UtDistanceStats;

/**
 * ut_distance_stats:
 * @self: mesh on whose vertices @values were measured
 * @values: [n_vertices] mm, finite
 *
 * Returns: FALSE, @ret_stats untouched, where the mesh has no area
 */
gboolean ut_distance_stats (const UtMesh *self, const float *values, UtDistanceStats *ret_stats);

/**
 * ut_distance_stats_pooled:
 * @meshes, @values: (array length=n_meshes): as for ut_distance_stats()
 *
 * The same of several surfaces as if they were one, with the vertices of the first mesh first.
 */
gboolean ut_distance_stats_pooled (const UtMesh *const *meshes,
                                   const float *const *values,
                                   guint n_meshes,
                                   UtDistanceStats *ret_stats);

/**
 * ut_distance_histogram_add:
 * @values: [n_vertices] mm, finite
 * @limit_mm: the bins are equally wide, from -@limit_mm to @limit_mm; a value on the edge of two
 *   belongs to the upper one, and what lies beyond the ends to the first or last
 * @areas_mm2: (inout) (array length=n_bins): grows by the area in each bin, weighted as
 *   UtDistanceStats; start from zeros
 */
void ut_distance_histogram_add (
  const UtMesh *self, const float *values, double limit_mm, guint n_bins, double *areas_mm2);
