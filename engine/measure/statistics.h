/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** Pairs up to which ut_wilcoxon_signed_rank() counts every case instead of approximating. */
#define UT_WILCOXON_MAX_EXACT 200

/**
 * ut_wilcoxon_signed_rank:
 * @a, @b: (array length=n): paired values, finite
 * @ret_p: (out): two-sided p, 0 to 1
 *
 * Wilcoxon's signed-rank test of paired samples. Pairs without a difference are left out, as in
 * his paper; differences of equal size share the mean of their ranks.
 * Up to UT_WILCOXON_MAX_EXACT pairs p is exact, also with shared ranks: the distribution of the
 * rank sum over all signs is counted. Beyond, the normal approximation with the variance
 * corrected for shared ranks, without a continuity correction.
 *
 * Source: Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1(6), 1945;
 * Pratt and Gibbons, "Concepts of Nonparametric Theory", 1981, chapter 3.
 * Cost: O(pairs^3), below 10 ms for 200.
 *
 * Returns: FALSE, @ret_p untouched, where no pair differs
 */
gboolean ut_wilcoxon_signed_rank (const double *a, const double *b, gsize n, double *ret_p);

/**
 * ut_spearman:
 * @a, @b: (array length=n): paired values, finite
 * @ret_rho: (out): rank correlation, -1 to 1
 *
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs.
 *
 * Returns: FALSE, @ret_rho untouched, with fewer than 3 pairs or where all of @a or of @b are equal
 */
gboolean ut_spearman (const float *a, const float *b, gsize n, double *ret_rho);

/** ut_median: @values are sorted; of an even number the mean of the two in the middle */
double ut_median (double *values, gsize n);

/** UtPair: the same thing measured in two ways. */
typedef struct UtPair {
  double a, b;
} UtPair;

/** UtAgreement: of two ways to measure; differences are a - b. */
typedef struct UtAgreement {
  double bias, low, high; /* mean difference, and the 95 % limits of agreement */
} UtAgreement;

/**
 * ut_bland_altman:
 *
 * Limits: bias -+ 1.96 standard deviations of the differences (n - 1).
 * Source: Bland and Altman, "Statistical methods for assessing agreement between two methods of
 * clinical measurement", Lancet 327, 1986.
 *
 * Returns: FALSE, @ret untouched, with fewer than 3 pairs
 */
gboolean ut_bland_altman (const UtPair *pairs, gsize n, UtAgreement *ret);
