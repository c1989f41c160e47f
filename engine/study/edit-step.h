/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"

#include <json-glib/json-glib.h>

/** UtEditStep: one thing that a person did to a heart: an offset or a stroke of the brush. */
typedef struct UtEditStep {
  UtStructure structure; /* that was moved or painted; UT_BACKGROUND: erased */
  double offset_mm;      /* label-offset.h: its surface went outwards; 0: a stroke */
  double radius_mm;      /* label-brush.h: of the brush, of a stroke */
  guint n_voxels;        /* that a stroke changed */
  gint64 when;           /* s since 1970, UTC; 0: not known */
} UtEditStep;

/** UtEditRun: an offset, or strokes for one structure that follow one another. */
typedef struct UtEditRun {
  UtStructure structure;
  double offset_mm;          /* 0: strokes */
  guint n_strokes, n_voxels; /* together; a voxel counts as often as it was changed */
} UtEditRun;

/** UT_EDIT_MAX_STEPS: that are kept of one heart */
#define UT_EDIT_MAX_STEPS 1000

/** ut_edit_runs: (transfer full) (element-type UtEditRun): what @steps (of UtEditStep) come to, in
 * the order in which it was done */
GArray *ut_edit_runs (const GArray *steps);

/** ut_edit_text: (transfer full): for files: "LV +3.0 mm, Myo brush (2 strokes, 81 voxels), eraser
 * (1 stroke, 7 voxels)" */
char *ut_edit_text (const GArray *steps);

/** ut_edit_steps_to_json: (transfer full): a list; times as ISO 8601, UTC */
JsonArray *ut_edit_steps_to_json (const GArray *steps);

/**
 * ut_edit_steps_from_json:
 * @object: holds the list as "steps", in studies before the brush as "offsets"
 *
 * Errors: FORMAT, RANGE.
 *
 * Returns: (transfer full) (element-type UtEditStep): 1 to UT_EDIT_MAX_STEPS, or NULL with @error
 * set
 */
GArray *ut_edit_steps_from_json (JsonObject *object, GError **error);
