/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "app/document.h"
#include "app/twin/look.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_REVIEW_PANEL (ut_review_panel_get_type ())
G_DECLARE_FINAL_TYPE (UtReviewPanel, ut_review_panel, UT, REVIEW_PANEL, AdwPreferencesGroup)

/**
 * UtReviewPanel:
 *
 * Accept, limit, edit or reject each structure of the phase in the look. All of it is an edit of
 * the study, which can be undone.
 */
void ut_review_panel_set_up (UtReviewPanel *self, UtDocument *document, UtLook *look);

/** ut_review_panel_accept_all: accepts every structure that nobody has judged: one step of undo */
void ut_review_panel_accept_all (UtReviewPanel *self);

/** ut_review_panel_ask: asks over a widget how good the heart is, and why: ut_study_grade() */
void ut_review_panel_ask (UtReviewPanel *self, GtkWidget *over);

G_END_DECLS
