/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/anatomy/structure.h"

/** UtVerdict: what a person says of a structure, from good to bad. */
typedef enum {
  UT_VERDICT_NONE, /* nobody has looked */
  UT_VERDICT_ACCEPTED,
  UT_VERDICT_LIMITED, /* to be used with caution */
  UT_VERDICT_REJECTED,
  UT_N_VERDICTS,
} UtVerdict;

/** ut_verdict_name: "unreviewed", "accepted", "limited", "rejected": fixed, for files */
const char *ut_verdict_name (UtVerdict verdict);

/** UT_REVIEW_MAX_REASON: characters that are kept of a reason */
#define UT_REVIEW_MAX_REASON 200

/**
 * ut_review_reasons: (transfer none): why a structure is limited or rejected, as the program offers
 * it, to be shown and kept by ut_words(); NULL-terminated, empty for other verdicts. A person may
 * type another one.
 */
const char *const *ut_review_reasons (UtVerdict verdict);

/** UtReview: the verdicts on one phase. All zero: nobody has looked. */
typedef struct UtReview {
  UtVerdict verdicts[UT_N_LABELS];
  char *reasons[UT_N_LABELS]; /* of LIMITED and REJECTED, NULL = none */
  char *who[UT_N_LABELS];     /* gave the verdict; NULL = none, or not known */
  gint64 when[UT_N_LABELS];   /* s since 1970, UTC; 0 = the same */
} UtReview;

/** ut_review_copy: deep copy of @src into the empty @ret */
void ut_review_copy (const UtReview *src, UtReview *ret);

/** ut_review_clear: frees the texts and zeroes the struct */
void ut_review_clear (UtReview *self);
