/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/measure/statistics.h"
#include "engine/study/measurements.h"

/** UtCohortVolume: what twin and reference are compared in, of the LV, by voxels. */
typedef enum {
  UT_COHORT_EDV, /* ml */
  UT_COHORT_ESV, /* ml */
  UT_COHORT_EF,  /* percent */
  UT_N_COHORT_VOLUMES,
} UtCohortVolume;

/** UtCohortStudy: a study of a cohort. */
typedef struct UtCohortStudy {
  char *folder;  /* where it lies; never written anywhere, for folders tell the names of people */
  guint number;  /* from 1, in the order of the folders' names */
  char *label;   /* as the user called it; "" = none */
  char *problem; /* one sentence: why it has no numbers; NULL: it has */
  UtVerdict verdict; /* on both phases together: ut_study_verdict() */
  char *reasons;     /* of what is rejected, where nothing is of what is limited: "ED LV: leaks; ES
                        RV/RA: too small"; "" = none */
  gboolean stale, edited;
  UtMeasurements *measurements;          /* NULL where there is a problem */
  double reference[UT_N_COHORT_VOLUMES]; /* NAN where there is no reference */
} UtCohortStudy;

/**
 * UtCohort: the studies of a folder, measured as each of them is measured by itself. A rejected one
 * stays in the statistics, and is counted. Made once, then only read.
 */
typedef struct UtCohort {
  GPtrArray *studies; /* UtCohortStudy, in the order of the folders' names */
} UtCohort;

/**
 * ut_cohort_new:
 * @folder: whose folders with a study.json are read, none below these
 * @progress: (nullable)
 *
 * A study that cannot be read, or holds no heart, stays in the cohort with its problem.
 *
 * Errors: RANGE where the folder holds no study, G_FILE_ERROR where it cannot be read; CANCELLED.
 * Threads: any; about 0.3 s a study, so use a worker.
 */
UtCohort *ut_cohort_new (const char *folder,
                         const UtProgress *progress,
                         GCancellable *cancel,
                         GError **error);
void ut_cohort_free (UtCohort *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UtCohort, ut_cohort_free)

/**
 * ut_cohort_median:
 * @phase: -1 = ED and ES together, each a value of its own
 * @structure: as in UtMeasurement
 * @ret: (out)
 *
 * Returns: how many values it is the median of; 0: *@ret is untouched
 */
guint
ut_cohort_median (const UtCohort *self, UtQuantity quantity, int phase, int structure, double *ret);

/**
 * ut_cohort_pairs:
 *
 * Returns: (transfer full) (element-type UtPair): twin and reference of each study that has both
 */
GArray *ut_cohort_pairs (const UtCohort *self, UtCohortVolume volume);

/** ut_cohort_twin_value: the twin's; NAN where there is none */
double ut_cohort_twin_value (const UtCohortStudy *self, UtCohortVolume volume);

/** ut_cohort_error: mean ASSD over structures and phases, mm; NAN where there is no reference */
double ut_cohort_error (const UtCohortStudy *self);

/**
 * ut_cohort_worst:
 * @n: at most
 *
 * Returns: (transfer container) (element-type UtCohortStudy): those with the largest
 * ut_cohort_error(), the worst first
 */
GPtrArray *ut_cohort_worst (const UtCohort *self, guint n);

/** ut_cohort_count: studies with numbers and with @verdict */
guint ut_cohort_count (const UtCohort *self, UtVerdict verdict);
