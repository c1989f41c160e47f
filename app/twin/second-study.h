/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/beat.h"
#include "app/twin/results.h"

G_BEGIN_DECLS

#define UT_TYPE_SECOND_STUDY (ut_second_study_get_type ())
G_DECLARE_FINAL_TYPE (UtSecondStudy, ut_second_study, UT, SECOND_STUDY, GObject)

/**
 * UtSecondStudy:
 *
 * The study whose heart stands beside that of the open one: read in the background, only looked
 * at, never saved. Goes when another study is opened.
 *
 * Signals:
 *  - `changed`: it came or went, is being read or no longer is, or its surfaces and numbers
 * changed;
 *  - `message` (const char *heading, const char *body): what the user must know: why it could not
 * be read (the one before it stays), or what is missing in it.
 *
 * @open: the open study
 */
UtSecondStudy *ut_second_study_new (UtDocument *open);

/**
 * ut_second_study_open:
 * @path: a study folder, or the study.json in it
 *
 * Reads a study and puts it in the place of the one that is there. Refused, with a `message`: what
 * is no study, has no heart, or is the open study itself.
 */
void ut_second_study_open (UtSecondStudy *self, const char *path);

/** ut_second_study_reopen: the same of a @place that was kept; forgotten quietly where that is no
 * longer possible */
void ut_second_study_reopen (UtSecondStudy *self, const char *place);

/** ut_second_study_dup_place: (transfer full) (nullable): where it lies, relative to the folder of
 * the open study; NULL where there is none, or the open study lies nowhere */
char *ut_second_study_dup_place (UtSecondStudy *self);

/** ut_second_study_close: takes it away, and stops reading one */
void ut_second_study_close (UtSecondStudy *self);

/** ut_second_study_get_busy: it is being read, or has no surfaces yet */
gboolean ut_second_study_get_busy (UtSecondStudy *self);

/** (transfer none) (nullable): all NULL where there is none. Each study has its own, so that what
 * is shown of one can never be taken for the next one's. */
UtDocument *ut_second_study_get_document (UtSecondStudy *self);
UtResults *ut_second_study_get_results (UtSecondStudy *self);
UtBeat *ut_second_study_get_beat (UtSecondStudy *self);

G_END_DECLS
