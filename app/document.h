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
 *  - `save-failed` (const char *message).
 */
UtDocument *ut_document_new (void);

/** ut_document_set_study: @study (transfer full) takes the place of the open one */
void ut_document_set_study (UtDocument *self, UtStudy *study);

/** ut_document_get_study: (transfer none) (nullable): NULL while nothing is open */
UtStudy *ut_document_get_study (UtDocument *self);

/** ut_document_get_state: (transfer none) (nullable): valid until the next edit */
const UtStudyState *ut_document_get_state (UtDocument *self);

/** ut_document_get_view: (transfer none): a slot of the open study */
const UtStudyView *ut_document_get_view (UtDocument *self, UtView view);

/** ut_document_save: saves soon and in the background */
void ut_document_save (UtDocument *self);

/**
 * ut_document_flush: saves at once, in this thread, if anything is unsaved
 * @force: also where only the window's own state (step, frames, camera) may have changed
 *
 * Returns: FALSE with @error set where the study could not be written
 */
gboolean ut_document_flush (UtDocument *self, gboolean force, GError **error);

/** ut_document_calibrated: TRUE where no occupied slot is without a spacing, and one is occupied */
gboolean ut_document_calibrated (const UtStudyState *state);

G_END_DECLS
