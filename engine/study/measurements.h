/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"
#include "engine/surface/mesh.h"

#include <gio/gio.h>

/** UtQuantity: what is measured; ut_quantity_info() says how. */
typedef enum {
  UT_QUANTITY_VOLUME,      /* per phase and structure, by voxels */
  UT_QUANTITY_MESH_VOLUME, /* per phase and structure, enclosed by the mesh */
  UT_QUANTITY_MASS,        /* per phase, Myo */
  UT_QUANTITY_SV,          /* LV, ED and ES together */
  UT_QUANTITY_EF,          /* LV, ED and ES together */
  UT_QUANTITY_DSC,         /* per phase and structure, against the reference; from here on */
  UT_QUANTITY_HD_MM,
  UT_QUANTITY_HD_VOXELS,
  UT_QUANTITY_HD95_MM,
  UT_QUANTITY_HD95_VOXELS,
  UT_QUANTITY_ASSD_MM,
  UT_QUANTITY_ASSD_VOXELS,
  UT_QUANTITY_VOLUME_ERROR,      /* E_vol, never negative */
  UT_QUANTITY_VOLUME_DIFFERENCE, /* the same with its sign: twin - reference */
  UT_QUANTITY_SPREAD_RANK,       /* rank correlation of the seeds' spread with the error */
  UT_QUANTITY_DISAGREEMENT_RANK, /* the same of the branches' disagreement */
  UT_N_QUANTITIES,
} UtQuantity;

typedef struct UtQuantityInfo {
  const char *key;        /* field name in JSON, with its unit: "hd95_mm" */
  const char *name;       /* "HD95" */
  const char *unit;       /* "mm"; "" where there is none */
  int digits;             /* decimals that the resolution bears on screen */
  const char *definition; /* English sentences: formula, direction, empty structures, inputs */
} UtQuantityInfo;

/** ut_quantity_info: (transfer none): never NULL */
const UtQuantityInfo *ut_quantity_info (UtQuantity quantity);

typedef struct UtMeasurement {
  UtQuantity quantity;
  int phase;        /* UtPhase, -1 = both together */
  int structure;    /* UtStructure, -1 = mean over the five structures */
  double value;     /* in the unit of the quantity */
  gboolean cut_off; /* the structure touches the border of the cube: a volume is at least @value */
  gboolean stale;   /* a result that goes into it is out of date */
} UtMeasurement;

/**
 * UtMeasurements: all numbers of a study. Never stored: made from a state, thrown
 * away with it.
 */
typedef struct UtMeasurements {
  GArray *items; /* UtMeasurement, by phase, structure, quantity */
} UtMeasurements;

/**
 * ut_study_measure:
 * @state: results and references that stand in it are measured; missing ones give no items
 *
 * Computes every number that the study can give today.
 *
 * Threads: pure; a few hundred ms, so use a worker. Errors: CANCELLED; MEMORY.
 *
 * Returns: (transfer full): ut_measurements_free(), or NULL with @error set
 */
UtMeasurements *ut_study_measure (const UtStudyState *state, GCancellable *cancel, GError **error);

void ut_measurements_free (UtMeasurements *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtMeasurements, ut_measurements_free)

/** ut_measurements_find: (transfer none) (nullable): the item, NULL where it was not measured */
const UtMeasurement *
ut_measurements_find (const UtMeasurements *self, UtQuantity quantity, int phase, int structure);

/** ut_study_reference_mesh: voxel-true surface of a reference whose @labels are there; canonical */
UtMesh *
ut_study_reference_mesh (const UtStudyReference *reference, UtStructure structure, GError **error);

/**
 * ut_study_result_json:
 *
 * The content of result.json, the same from the command and from the window's
 * export: inputs, per phase the template (counted from 0), the volumes of every
 * stage and the provenance, measurements under "ed", "es" and "lv"
 * with units in the field names, definitions, the research-use line. No time of day,
 * no host and no file names; two runs differ in provenance.seconds only.
 *
 * Returns: (transfer full): an object node
 */
JsonNode *ut_study_result_json (const UtStudyState *state, const UtMeasurements *measurements);
