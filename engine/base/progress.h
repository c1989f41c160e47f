/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/**
 * UtStage:
 *
 * What a long piece of work is doing now. A number, not a text: sentences for
 * people are made, and translated, in app/.
 */
typedef enum {
  UT_STAGE_IDLE,
  UT_STAGE_READ,     /* reading input files */
  UT_STAGE_SIMULATE, /* drawing the sample study */
  UT_STAGE_PREPARE,  /* loading weights, building plans */
  UT_STAGE_ENCODE,   /* view encoder and fusion */
  UT_STAGE_DENOISE,  /* sampler steps: template choice and coarse stage */
  UT_STAGE_REFINE,   /* refinement within the steps */
  UT_STAGE_CORRECT,  /* autoencoder and topology fusion */
  UT_STAGE_SURFACE,  /* meshes */
  UT_STAGE_MEASURE,  /* volumes, overlap, distances */
  UT_STAGE_WRITE,    /* writing results */
  UT_N_STAGES,
} UtStage;

/**
 * UtProgressFunc:
 * @fraction: done so far, 0 to 1, never smaller than in an earlier call
 * @stage: what is being done
 *
 * Called in the thread that does the work; must be quick.
 */
typedef void (*UtProgressFunc) (double fraction, UtStage stage, gpointer user_data);

/**
 * UtProgress:
 *
 * A range [@from, @to] of a whole piece of work, handed down by value-like
 * pointer to the part that does it. Ranges nest: ut_progress_step() cuts the
 * next part off a range, so fractions never run backwards. A NULL UtProgress
 * is allowed everywhere and reports nothing.
 *
 * Threads: one range belongs to one thread at a time.
 */
typedef struct UtProgress {
  UtProgressFunc func;
  gpointer user_data;
  double from; /* fraction of the whole at which this range begins */
  double to;   /* and ends */
  double used; /* part of this range given out to steps, 0 to 1 */
} UtProgress;

/** ut_progress_init: a range over the whole work, calling @func. */
void ut_progress_init (UtProgress *self, UtProgressFunc func, gpointer user_data);

/**
 * ut_progress_step:
 * @self: (nullable): range to take from
 * @weight: part of @self to take, 0 to 1; the weights of all steps add up to 1
 *
 * Takes the next part of @self.
 *
 * Returns: the child range, by value; harmless where @self is NULL
 */
UtProgress ut_progress_step (UtProgress *self, double weight);

/** ut_progress_set: reports @fraction (0 to 1) of this range done, in @stage. */
void ut_progress_set (const UtProgress *self, double fraction, UtStage stage);
