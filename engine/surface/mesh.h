/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/affine.h"

/** What 32-bit indices of vertices and of half edges can number. */
#define UT_MESH_MAX_VERTICES  ((gsize)G_MAXUINT32 - 1)
#define UT_MESH_MAX_TRIANGLES ((gsize)G_MAXUINT32 / 3 - 1)

/**
 * UtMeshFrame:
 *
 * Which millimetres the positions are in. Both frames are right-handed.
 */
typedef enum {
  UT_MESH_FRAME_UNKNOWN,   /* read from a file that does not say */
  UT_MESH_FRAME_LPS,       /* patient: x left, y posterior, z superior */
  UT_MESH_FRAME_CANONICAL, /* canonical pose, engine/anatomy/canonical.h */
} UtMeshFrame;

/** ut_mesh_frame_name: "unknown", "LPS", "canonical": fixed, as written into files */
const char *ut_mesh_frame_name (UtMeshFrame frame);

/** UtMeshScalar: one number per vertex. */
typedef struct UtMeshScalar {
  char *name;    /* "signed distance" */
  char *unit;    /* "mm"; "" where it has none */
  float *values; /* [n_vertices] */
} UtMeshScalar;

/**
 * UtMesh:
 *
 * A triangle mesh with named numbers on its vertices.
 *
 * Orientation: corners run anticlockwise seen from outside; normals point out.
 * Empty: a mesh of no vertices is valid (a structure that is not there).
 * Ownership: reference counted. Fill it before you share it; once shared it
 * never changes, so any thread may read it without a lock.
 */
typedef struct UtMesh {
  UtMeshFrame frame;
  gsize n_vertices, n_triangles;
  float *positions;   /* [n_vertices][3] mm */
  float *normals;     /* [n_vertices][3] unit length, or 0 where undefined */
  guint32 *triangles; /* [n_triangles][3] vertex indices, each < n_vertices */
  UtMeshScalar *scalars;
  guint n_scalars;
  char *note; /* one line for the head of a file; NULL = none */
  gatomicrefcount ref_count;
} UtMesh;

/**
 * ut_mesh_new:
 *
 * Makes a mesh of zeros, without scalars, for the caller to fill.
 *
 * Errors: RANGE past UT_MESH_MAX_VERTICES or UT_MESH_MAX_TRIANGLES; MEMORY.
 *
 * Returns: a new mesh with one reference, or NULL with @error set
 */
UtMesh *ut_mesh_new (UtMeshFrame frame, gsize n_vertices, gsize n_triangles, GError **error);

UtMesh *ut_mesh_ref (UtMesh *self);
void ut_mesh_unref (UtMesh *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtMesh, ut_mesh_unref)

/** ut_mesh_copy: a deep copy to change before it is shared; NULL with MEMORY */
UtMesh *ut_mesh_copy (const UtMesh *self, GError **error);

/**
 * ut_mesh_add_scalar:
 * @name: what is measured; a scalar of that name is replaced
 * @unit: "mm", ...; "" where it has none
 *
 * Gives a mesh that is not shared yet a number per vertex, all 0.
 *
 * Returns: [n_vertices] values to fill; they belong to @self
 */
float *ut_mesh_add_scalar (UtMesh *self, const char *name, const char *unit);

/** ut_mesh_find_scalar: (nullable): the scalar named @name; lives as long as @self */
const UtMeshScalar *ut_mesh_find_scalar (const UtMesh *self, const char *name);

/**
 * ut_mesh_compute_normals:
 *
 * Sets the normals of a mesh that is not shared yet from its triangles.
 *
 * Source: angle-weighted face normals, Thürmer & Wüthrich, "Computing vertex
 * normals from polygonal facets", Journal of Graphics Tools 3(1), 1998.
 */
void ut_mesh_compute_normals (UtMesh *self);

/** ut_mesh_vertex_normals: (transfer full): the sums behind ut_mesh_compute_normals(), not at
 * length 1; these are the vertex pseudo-normals of a signed distance */
UtVec3 *ut_mesh_vertex_normals (const UtMesh *self);

/** ut_mesh_triangle_cross: outward normal of a triangle, as long as twice its area */
UtVec3 ut_mesh_triangle_cross (const UtMesh *self, gsize triangle);

static inline UtVec3
ut_mesh_position (const UtMesh *self, gsize vertex)
{
  const float *p = self->positions + 3 * vertex;
  return ut_vec3 (p[0], p[1], p[2]);
}

/**
 * ut_mesh_volume_mm3:
 *
 * Volume by the divergence theorem; positive where the mesh is oriented
 * outward. Means something only where ut_mesh_check() says closed.
 */
double ut_mesh_volume_mm3 (const UtMesh *self);

double ut_mesh_area_mm2 (const UtMesh *self);

/** ut_mesh_bounds: FALSE, corners untouched, where the mesh has no vertices */
gboolean ut_mesh_bounds (const UtMesh *self, UtVec3 *ret_min, UtVec3 *ret_max);

/**
 * UtMeshCheck:
 *
 * How the triangles hang together, vertices compared by index.
 */
typedef struct UtMeshCheck {
  gsize n_edges;      /* distinct pairs of vertices joined by a triangle side */
  gsize n_open_edges; /* used by one triangle only */
  gsize n_bad_edges;  /* used more than twice, or twice in the same direction */
  gsize n_parts;      /* connected pieces, over triangles */
  gsize n_unused;     /* vertices in no triangle */
  gssize euler;       /* used vertices - edges + triangles: 2 (parts - handles) if closed */
  gboolean closed;    /* watertight: every edge twice, in opposite directions */
} UtMeshCheck;

/**
 * ut_mesh_welded:
 *
 * The same triangles with one vertex for each place, for meshes whose triangles share none. Scalars
 * and notes stay behind; triangles with two corners in one place are left out.
 *
 * Errors: MEMORY. Returns: (transfer full): a new mesh, or NULL with @error set
 */
UtMesh *ut_mesh_welded (const UtMesh *self, GError **error);

/** ut_mesh_check: counts edges and parts in linear time; pure, any thread. */
void ut_mesh_check (const UtMesh *self, UtMeshCheck *ret_check);

/**
 * ut_mesh_find_twins:
 *
 * Half edge 3 t + i runs from corner i to corner (i + 1) % 3 of triangle t.
 *
 * Returns: (transfer full): [3 n_triangles] the half edge that runs the other
 * way along the same edge, or G_MAXUINT32 where there is not exactly one
 */
guint32 *ut_mesh_find_twins (const UtMesh *self);
