/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/base/progress.h"
#include "engine/image/volume.h"

#include <gio/gio.h>

/**
 * Studies made of a labelled heart and simulated echo: the sample study of the
 * window and of the command. No GTK in here.
 */

#define UT_SAMPLE_SEED 1

/** UT_SAMPLE_LABEL: the name of the studies of ut_sample_study_make(); ut_sentence_study() shows it
 */
#define UT_SAMPLE_LABEL "Sample: phantom heart"

/** Names inside such a study folder; the loops are a4c, a2c and psax. */
#define UT_SAMPLE_REFERENCE_ED "reference_ed.nii.gz"
#define UT_SAMPLE_REFERENCE_ES "reference_es.nii.gz"

/** UtSimulation: how a study is filmed. */
typedef struct UtSimulation {
  guint64 seed;
  double ejection_fraction; /* 0.05 to 0.8; 0 = drawn from the seed, about 0.6 */
  guint n_beats;            /* 0 = 3 */
  gboolean marked_only;     /* loops of the ED and the ES frame, in a fraction of the time */
  gboolean unprepared;      /* nothing is marked, and A2C comes without the size of a pixel, but
                               with depth ticks 10 mm apart, every fifth brighter: for who is to
                               learn what comes before a reconstruction */
  const char *label;        /* of the study; "" = none */
} UtSimulation;

/**
 * ut_simulated_study_make:
 * @labels_ed: heart at end-diastole, on any grid, codes as UtStructure
 * @folder: made where missing; must not hold a study
 *
 * Lets the heart beat, films the three views, each with a probe and a scanner of
 * its own, and writes a study: loops as stills with sidecars, ED and ES marked where not
 * unprepared, the true label maps of both phases in the canonical pose as references.
 * Deterministic: same arguments, same bytes.
 *
 * Errors: as ut_landmarks_find(), ut_heart_motion_new(), ut_canonical_resample();
 * G_FILE_ERROR; G_IO_ERROR_CANCELLED. What was written stays.
 */
gboolean ut_simulated_study_make (const UtVolume *labels_ed,
                                  const UtSimulation *simulation,
                                  const char *folder,
                                  UtProgress *progress,
                                  GCancellable *cancellable,
                                  GError **error);

/**
 * ut_sample_study_make: ut_simulated_study_make() of the phantom heart of @simulation's seed, whose
 * label is UT_SAMPLE_LABEL
 */
gboolean ut_sample_study_make (const UtSimulation *simulation,
                               const char *folder,
                               UtProgress *progress,
                               GCancellable *cancellable,
                               GError **error);
