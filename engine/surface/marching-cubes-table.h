/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * Case table of marching cubes, worked out from rules when first asked for.
 *
 * Corner c of a cell stands at x = c & 1, y = c >> 1 & 1, z = c >> 2. Edges 0 to 3
 * run along x from (y, z) = (0,0) (1,0) (0,1) (1,1); 4 to 7 along y from
 * (x, z); 8 to 11 along z from (x, y), in the same order. Faces 0 to 5 are
 * x = 0, x = 1, y = 0, y = 1, z = 0, z = 1. A configuration has bit c set where
 * corner c is inside.
 *
 * Rules: on every face a segment runs from each edge where a walk round the face
 * enters the inside to one where it leaves. A face with inside corners on a
 * diagonal has two ways to do that: keep them apart or join them; bit k of the
 * face choice says joined for the k-th such face. Segments close into loops, and a
 * loop becomes triangles without a diagonal that lies in a face (it could meet
 * its like from the neighbouring cell), or a fan round a new vertex in the
 * cell's middle where there is no such way (once in a cell at most). Every edge of the result
 * therefore belongs to exactly two triangles.
 */
#define UT_CUBE_MAX_TRIANGLES 12
#define UT_CUBE_CENTRE        12 /* a corner that is no edge but the new vertex */

typedef struct UtCubeCase {
  guint8 n_triangles;
  guint8 corners[UT_CUBE_MAX_TRIANGLES][3]; /* edges or centre; anticlockwise from outside */
  guint16 centre_edges; /* bit set of the edges at whose mean the centre stands; 0 for none */
} UtCubeCase;

typedef struct UtCubeTable {
  guint16 first[256];     /* case of the configuration with every ambiguous face apart */
  guint8 ambiguous[256];  /* bit set of its faces with inside corners on a diagonal */
  guint16 cut_edges[256]; /* bit set of edges with one end inside */
  guint8 edge_corners[12][2];
  guint8 face_corners[6][4]; /* anticlockwise seen from outside the cell */
  guint n_cases;
  UtCubeCase *cases; /* [n_cases]; case first[c] + face choice */
} UtCubeTable;

/** ut_cube_table: the table, made once; any thread */
const UtCubeTable *ut_cube_table (void);
