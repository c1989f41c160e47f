/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"
#include "engine/image/view.h"

/** UtReviewActKind: what a person did in the review of a heart. */
typedef enum {
  UT_REVIEW_ACT_ACCEPT,
  UT_REVIEW_ACT_LIMIT,
  UT_REVIEW_ACT_REJECT,
  UT_REVIEW_ACT_UNREVIEW, /* took a verdict back */
  UT_REVIEW_ACT_OFFSET,
  UT_REVIEW_ACT_BRUSH,
  UT_REVIEW_ACT_DISCARD,     /* an edit of a phase, all of it */
  UT_REVIEW_ACT_RECONSTRUCT, /* a new heart took the place of one that was reviewed or edited */
  UT_N_REVIEW_ACTS,
} UtReviewActKind;

/** UtReviewTurn: whether an act was done, or a former one undone or done again. */
typedef enum {
  UT_REVIEW_DONE,
  UT_REVIEW_UNDONE,
  UT_REVIEW_REDONE,
  UT_N_REVIEW_TURNS,
} UtReviewTurn;

/** UtReviewAct: a line of the log of review. Never changes once it is in a log; counts references.
 */
typedef struct UtReviewAct {
  gint64 when; /* s since 1970, UTC; 0: not known */
  char *who;   /* the name that the reviewer goes by, NULL: not known; never the patient's */
  UtReviewActKind kind;
  UtReviewTurn turn;
  UtPhase phase;
  UtStructure structure; /* BRUSH: UT_BACKGROUND erases; DISCARD, RECONSTRUCT: UT_BACKGROUND */
  double mm;             /* OFFSET: outwards; BRUSH: its radius; else 0 */
  guint n_voxels;        /* BRUSH: that it changed */
  char *reason;          /* LIMIT, REJECT, NULL: none */
} UtReviewAct;

/** UT_REVIEW_MAX_NAME: characters that are kept of the name of a reviewer */
#define UT_REVIEW_MAX_NAME 80

/** UT_REVIEW_MAX_ACTS: that a log holds: so many lines fit into study.json however long their texts
 * are */
#define UT_REVIEW_MAX_ACTS 10000

/**
 * The log of a study (GPtrArray of UtReviewAct, oldest first): part of every state, but never
 * undone. To undo an act, and to do it again, are acts of their own, so that the log only grows. A
 * full log drops its oldest line for a new one, and the state counts these, in files too.
 * A log never changes once it is in a state; threads as a state.
 */

/** ut_review_act_kind_name: "accept", "limit", "reject", "unreview", "offset", "brush",
 * "discard", "reconstruct": fixed, for files */
const char *ut_review_act_kind_name (UtReviewActKind kind);

/** ut_review_log_new: (transfer full): an empty log */
GPtrArray *ut_review_log_new (void);

/** ut_review_log_add: (transfer full): @log, which is unreffed, and @act, whose texts are copied
 * and cleaned, after it; of a full log without its first */
GPtrArray *ut_review_log_add (GPtrArray *log, const UtReviewAct *act);
