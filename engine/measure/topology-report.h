/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/topology.h"

/** Handles that the wall of a true heart may have, see UtTopologyReport. */
#define UT_TOPOLOGY_WALL_HANDLES 4

/**
 * UtDefectKind: what a heart should not have, except that some handles are its own.
 */
typedef enum {
  UT_DEFECT_PART,   /* a part of a structure beside its largest */
  UT_DEFECT_CAVITY, /* a hollow in a structure, without a way out through faces */
  UT_DEFECT_HANDLE, /* a way through a structure, as through a ring */
  UT_DEFECT_GAP,    /* LV voxels that meet the outside through the wall: a leak of UtTopology */
} UtDefectKind;

/**
 * UtPlace: somewhere in a label map, in the mm of its affine.
 */
typedef struct UtPlace {
  UtVec3 low_mm, high_mm; /* opposite corners of a box round whole voxels */
  UtVec3 centroid_mm;
} UtPlace;

typedef struct UtDefect {
  UtDefectKind kind;
  guint8 label;   /* the structure that has it */
  gsize n_voxels; /* of the part, the cavity, the gap; of the smallest plug that was found for a
                   * handle: its cross section */
  UtPlace place;  /* of those voxels */
} UtDefect;

/**
 * UtContact: where two labels share voxel faces.
 */
typedef struct UtContact {
  gsize n_faces;
  double area_mm2;
  UtPlace place; /* of the voxels on both sides; all 0 without a face */
} UtContact;

/** UtStructureTopology: Euler number = parts - handles + cavities, always. */
typedef struct UtStructureTopology {
  guint n_parts, n_cavities;
  gssize n_handles;
  gssize euler;
} UtStructureTopology;

/**
 * UtTopologyReport:
 *
 * How each structure of a label map hangs together, what is odd about it, and where.
 *
 * Connectivity: (26, 6) throughout. Voxels of a structure hang together by a face, an edge or a
 * corner, all that is not the structure by faces only; so a wall that holds by corners is tight.
 * A structure is the union of its closed voxel cubes, and its Euler number that of this
 * polyhedron: vertices - edges + faces - cubes, each counted once.
 * Handles: first Betti number, parts + cavities - Euler number. A ring has 1, a plate with two
 * holes 2. The number is exact; the places of handles are plugs, the remains of the structure's
 * box after all voxels were taken away that can be without opening a way through, so two
 * handles that one surface closes share a place. Of 80 true hearts on 3 mm voxels the wall has 1
 * to UT_TOPOLOGY_WALL_HANDLES handles, at its rim round the valves, the chambers have none.
 * Outside the grid is background.
 *
 * Sources: Kong and Rosenfeld, "Digital topology: introduction and survey", CVGIP 48, 1989 (pairs
 * of connectivities, Euler number); Aktouf, Bertrand and Perroton, "A three-dimensional holes
 * closing algorithm", Pattern Recognition Letters 23(5), 2002 (plugs).
 */
typedef struct UtTopologyReport {
  UtTopology topology;
  UtStructureTopology structures[UT_TOPOLOGY_N_LABELS];           /* [0] is all 0 */
  UtContact contacts[UT_TOPOLOGY_N_LABELS][UT_TOPOLOGY_N_LABELS]; /* symmetric; diagonal all 0 */
  GArray *defects; /* UtDefect, by label, kind and size, the largest first */
} UtTopologyReport;

/**
 * ut_topology_report_new:
 * @labels: uint8, codes as UtStructure; higher ones count as background
 *
 * Errors: UNSUPPORTED where @labels holds floats; MEMORY.
 * Threads: pure. Cost: O(voxels), about 50 ms for 64^3.
 *
 * Returns: (transfer full): ut_topology_report_free(), or NULL with @error set
 */
UtTopologyReport *ut_topology_report_new (const UtVolume *labels, GError **error);
void ut_topology_report_free (UtTopologyReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtTopologyReport, ut_topology_report_free)
