/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study-file.h"
#include "engine/study/study.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define UT_TYPE_DOCUMENT (ut_document_get_type ())
G_DECLARE_FINAL_TYPE (UtDocument, ut_document, UT, DOCUMENT, GObject)

/**
 * UtDocument:
 *
 * The open study as the widgets see it: announces changes and keeps the folder on
 * disk up to date, two seconds after the last edit.
 *
 * Signals:
 *  - `changed` (guint UtStudyChange): after every edit, undo, redo, save, and with
 *    all bits set after another study came in;
 *  - `saving`: before a save; a handler may bring ut_study_set_ui() up to date;
 *  - `save-failed` (const char *message): of a save that nobody waits for.
 */
UtDocument *ut_document_new (void);

/** ut_document_set_reviewer: ut_study_set_reviewer() of the open study and of those to come */
void ut_document_set_reviewer (UtDocument *self, const char *name);

/** ut_document_set_study: @study (transfer full) takes the place of the open one */
void ut_document_set_study (UtDocument *self, UtStudy *study);

/**
 * ut_document_take_study: (transfer full) (nullable)
 *
 * The open study, its undo with it; none is open afterwards, which nothing announces: set another
 * one, or show that there is none.
 */
UtStudy *ut_document_take_study (UtDocument *self);

/** ut_document_get_study: (transfer none) (nullable): NULL while nothing is open */
UtStudy *ut_document_get_study (UtDocument *self);

/** ut_document_get_serial: ut_study_get_serial() of the open study, 0 while nothing is open */
guint64 ut_document_get_serial (UtDocument *self);

/** ut_document_get_state: (transfer none) (nullable): valid until the next edit */
const UtStudyState *ut_document_get_state (UtDocument *self);

/** ut_document_get_view: (transfer none): a slot of the open study */
const UtStudyView *ut_document_get_view (UtDocument *self, UtView view);

/** UtDocumentSavedFunc: @error is NULL where the study is on disk */
typedef void (*UtDocumentSavedFunc) (const GError *error, gpointer user_data);

/**
 * ut_document_save:
 * @func: (nullable): called when it is done, or has failed; without one, `save-failed` tells
 *
 * Saves the open study as it is now, in the background, even where another one
 * is opened right after. Saves are done in the order in which they were asked for.
 * Where no study is open there is nothing to do, and @func is called at once.
 */
void ut_document_save (UtDocument *self, UtDocumentSavedFunc func, gpointer user_data);

/** ut_document_calibrated: TRUE where no occupied slot is without a spacing, and one is occupied */
gboolean ut_document_calibrated (const UtStudyState *state);

G_END_DECLS
