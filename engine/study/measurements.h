/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/volumes.h"
#include "engine/measure/wall-thickness.h"
#include "engine/study/quantity.h"
#include "engine/study/study-disks.h"
#include "engine/study/study.h"
#include "engine/surface/mesh.h"

#include <gio/gio.h>

typedef struct UtMeasurement {
  UtQuantity quantity;
  int phase;        /* UtPhase, -1 = both together */
  int structure;    /* UtStructure, -1 = mean over the five structures */
  double value;     /* in the unit of the quantity */
  gboolean cut_off; /* the structure touches the border of the cube: a volume is at least @value */
  UtVolumeCause cause;   /* of a volume by mesh that is off the one by voxels */
  gboolean stale;        /* a result that goes into it is out of date */
  gboolean edited;       /* a person changed a structure that goes into it */
  gboolean has_interval; /* always for the EF: it is never given alone */
  double low, high;      /* of the interval, see the definition */
} UtMeasurement;

/** UtEfState: whether there is an EF, and if not, why. */
typedef enum {
  UT_EF_GIVEN,
  UT_EF_NOT_BOTH, /* ED or ES is not reconstructed */
  UT_EF_CUT_OFF,  /* the LV touches the border of the cube */
  UT_EF_NO_TABLE, /* nothing is known of the weights' errors, or ED and ES come from two networks */
  UT_EF_NO_ECHO,  /* ED or ES was not made from echo: ut_twin_model_mend() */
  UT_EF_OTHER_VIEWS, /* ED and ES come from different views, or errors are known for others only */
  UT_EF_UNSURE,      /* by its interval the ED volume cannot be told from 0 */
} UtEfState;

/** UtEfBasis: what the interval of the EF comes from. */
typedef struct UtEfBasis {
  UtEfState state;
  UtTwinValidation validation;
  guint n_seeds[UT_N_PHASES]; /* whose spread went in; 0 = none */
  gboolean edited; /* a person changed the LV: the interval knows of the network's errors only */
} UtEfBasis;

/**
 * UtMeasurements: all numbers of a study. Never stored: made from a state, thrown
 * away with it.
 */
typedef struct UtMeasurements {
  GArray *items; /* UtMeasurement, by phase, structure, quantity; what follows from others last */
  UtEfBasis ef;
  gboolean has_wall[UT_N_PHASES]; /* the segments are known */
  UtWallThickness wall[UT_N_PHASES];
  UtStudyDisks disks;    /* the cross-check; its numbers stand in @items too */
  UtBody body;           /* what volumes are indexed to */
  double heart_rate_bpm; /* of the cardiac output: mean over the loops, 0 = unknown */
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

/**
 * ut_measurements_follow:
 * @state: of which the twins were measured; contours, marks, spacing, body and loops may be newer
 *
 * Puts in, in place of what was there, the numbers that need no new measuring: the cross-check by
 * disks, what is indexed to the body's surface, the cardiac output. ut_study_measure() has done so;
 * after an edit of a contour or of the body this is all that is to be done again. Where no twin was
 * measured there is nothing to check, and no number of it either.
 *
 * Returns: TRUE where they differ from what was there
 */
gboolean ut_measurements_follow (UtMeasurements *self, const UtStudyState *state);

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
 * export: inputs, body and heart rate (what is known of them), per phase the template (counted from
 * 0), the volumes of every stage and the provenance, measurements under "ed", "es" and "lv" with
 * units in the field names, per phase and structure whether it was edited and what a person says of
 * it, definitions, the research-use line. No time of day, no host and no file names; two runs
 * differ in provenance.seconds only.
 *
 * Returns: (transfer full): an object node
 */
JsonNode *ut_study_result_json (const UtStudyState *state, const UtMeasurements *measurements);
