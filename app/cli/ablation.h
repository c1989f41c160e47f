/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/overlap.h"
#include "engine/measure/topology.h"
#include "engine/twin/twin-model.h"

#include <json-glib/json-glib.h>

/**
 * The ablation table: what each part of the network is worth, on hearts whose truth is known.
 *
 * Rows: the baseline is the coarse stage of the baseline's weights; "+ implicit AE" is the
 * same run through their autoencoder; "+ coarse-to-fine" is the refined stage of the full
 * weights; "full" is what a reconstruction with the full weights gives. Without weights of a
 * baseline its two rows come from the full weights, refinement left out. A row whose stage the
 * weights do not have is left out of the table.
 */
typedef enum {
  UT_ABLATION_BASELINE,
  UT_ABLATION_AUTOENCODER,
  UT_ABLATION_COARSE_TO_FINE,
  UT_ABLATION_FULL,
  UT_N_ABLATION_ROWS,
} UtAblationRow;

/** UtAblationScore: one row's answer for one phase of a heart, against the truth. */
typedef struct UtAblationScore {
  UtOverlap overlaps[UT_N_LABELS];
  UtOverlapMean mean;
  UtTopology topology;
  double lv_ml;
  double rank[2]; /* correlation with the error, mean over structures; NAN where unknown: of the
                     seeds' spread, of the branches' disagreement */
  double seconds; /* of the run that it came from */
} UtAblationScore;

typedef struct UtAblationHeart {
  char *name;                   /* of its folder */
  gboolean scored[UT_N_PHASES]; /* it has marks and a reference */
  double reference_lv_ml[UT_N_PHASES];
  UtAblationScore scores[UT_N_ABLATION_ROWS][UT_N_PHASES];
} UtAblationHeart;

/** UtAblationOptions: what to score. */
typedef struct UtAblationOptions {
  const char *cases;             /* folder of study folders, or one study folder */
  const char *weights;           /* of the full network */
  const char *baseline;          /* NULL: none of its own */
  const char *device;            /* as ut_twin_model_open() */
  guint64 seed;                  /* the first one */
  guint n_seeds, steps;          /* steps: 0 = as the weights say */
  gboolean use_view[UT_N_VIEWS]; /* views of the studies that the network gets */
  gboolean only_full;            /* leave the runs without refinement out, and their rows */
} UtAblationOptions;

typedef struct UtAblation {
  UtAblationOptions options;
  UtTwinModel *full, *baseline; /* baseline: NULL without weights of its own */
  gboolean present[UT_N_ABLATION_ROWS];
  GPtrArray *hearts; /* UtAblationHeart, by name */
} UtAblation;

/**
 * ut_ablation_run:
 *
 * Reconstructs and scores every heart; says on standard error which one it is at.
 *
 * Errors: as ut_study_open(), ut_twin_model_open(), ut_reconstruct_phase(), with the heart's
 * name; RANGE where no heart has marks and a reference.
 *
 * Returns: (transfer full): ut_ablation_free(), or NULL with @error set
 */
UtAblation *ut_ablation_run (const UtAblationOptions *options, GError **error);
void ut_ablation_free (UtAblation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtAblation, ut_ablation_free)

/**
 * UtAblationSummary: one row of the table.
 *
 * Means over volumes (a heart at ED, a heart at ES) of what UtOverlap and UtTopology define; the
 * "mean" column is the mean over the five structures of a volume, then over volumes.
 * EF: from the LV volumes at ED and ES of hearts that have both, error in percentage points.
 * p: Wilcoxon's signed ranks of each heart's mean DSC (over structures, then phases) against
 * that of the full network; ED and ES of a heart are one pair, since they are not independent.
 */
typedef struct UtAblationSummary {
  UtOverlap overlaps[UT_N_LABELS], mean; /* [0] is not used */
  guint n_one_empty[UT_N_LABELS];
  guint n_hearts, n_volumes, n_ef;
  double ef_error_mean_absolute, ef_error_mean, ef_share_within_5;
  double share_one_part, share_no_leak, share_sound; /* of volumes; sound: both */
  double mean_parts[UT_N_LABELS];
  gboolean has_p;
  double p_against_full;
  double seconds; /* per volume */
  double rank[2]; /* as UtAblationScore, mean over the volumes that have one */
} UtAblationSummary;

void
ut_ablation_summarise (const UtAblation *self, UtAblationRow row, UtAblationSummary *ret_summary);

/**
 * ut_ablation_validation:
 *
 * The table of the full network's errors that its weights carry along, from the hearts that have
 * ED and ES.
 *
 * Errors: RANGE with fewer than 3 of them.
 */
gboolean
ut_ablation_validation (const UtAblation *self, UtTwinValidation *ret_table, GError **error);

/** ut_ablation_to_json: (transfer full): everything, with units in the names, and each heart */
JsonNode *ut_ablation_to_json (const UtAblation *self);

/** ut_ablation_to_text: (transfer full): the table, for a person */
char *ut_ablation_to_text (const UtAblation *self);
