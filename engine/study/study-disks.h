/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/measure/disks.h"
#include "engine/study/study.h"

/**
 * A cross-check: LV volumes and EF by the method of disks, from contours that a person traced, to
 * be read beside those of the twin. It never goes into a twin or one of its numbers.
 */

/** UT_STUDY_N_APICAL: A4C and A2C, the views that can be traced; UtView 0 and 1 */
#define UT_STUDY_N_APICAL 2

/** UtTraced: what a contour is worth. */
typedef enum {
  UT_TRACED_NOT,
  UT_TRACED_OPEN,         /* not closed yet */
  UT_TRACED_ELSEWHERE,    /* on a frame that is not, or no longer, the marked one */
  UT_TRACED_UNCALIBRATED, /* the spacing of its view is unknown */
  UT_TRACED,
} UtTraced;

/** UtDisksMethod: views of which the contours are taken. */
typedef enum {
  UT_DISKS_NONE,
  UT_DISKS_A4C, /* single plane */
  UT_DISKS_A2C, /* single plane */
  UT_DISKS_BIPLANE,
} UtDisksMethod;

/** UtStudyDisks: equal studies give equal bytes. */
typedef struct UtStudyDisks {
  UtTraced traced[UT_N_PHASES][UT_STUDY_N_APICAL];
  UtDisks cuts[UT_N_PHASES][UT_STUDY_N_APICAL]; /* where it is traced */
  UtDisksMethod method[UT_N_PHASES]; /* the same of ED and ES where both have a view in common */
  double volume_ml[UT_N_PHASES];     /* by @method */
  gboolean apart[UT_N_PHASES];       /* biplane, and the axes differ: UT_DISKS_MAX_APART */
  gboolean has_ef;                   /* ED and ES by the same method, and ED is not empty */
  double ef;                         /* a share */
} UtStudyDisks;

/**
 * ut_study_disks:
 *
 * Both views of a phase give biplane disks, one alone a single-plane volume. ED and ES are taken by
 * one method, the best that both have, so that an EF comes of one method too. Below a millisecond;
 * pure. The calibration gate is the caller's: ut_study_is_calibrated().
 */
void ut_study_disks (const UtStudyState *state, UtStudyDisks *ret);

/** ut_disks_method_name: "none", "a4c_single_plane", "a2c_single_plane", "biplane": for files */
const char *ut_disks_method_name (UtDisksMethod method);
