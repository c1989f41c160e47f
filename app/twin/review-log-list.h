/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/study.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define UT_TYPE_REVIEW_LOG_LIST (ut_review_log_list_get_type ())
G_DECLARE_FINAL_TYPE (UtReviewLogList, ut_review_log_list, UT, REVIEW_LOG_LIST, GtkWidget)

/** UtReviewLogList: who did what in review, the last first, folded away; hidden while there is
 * nothing. */
GtkWidget *ut_review_log_list_new (void);

/** ut_review_log_list_show: @log: of a state */
void ut_review_log_list_show (UtReviewLogList *self, const GPtrArray *log);

G_END_DECLS
