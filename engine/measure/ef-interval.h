/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <glib.h>

/** Share of the true values that an interval is made to hold. */
#define UT_EF_INTERVAL_LEVEL 0.95

/**
 * UtVolumeErrors:
 *
 * How far the volumes of one structure at ED and ES are off, found - true, in ml: normal, the two
 * errors together. What makes the ED volume too large makes the ES volume too large as a rule,
 * and then hardly changes the EF: hence the correlation.
 */
typedef struct UtVolumeErrors {
  double mean_ml[2];  /* ED, ES */
  double sd_ml[2];    /* ED, ES; >= 0 */
  double correlation; /* -1 to 1 */
} UtVolumeErrors;

/**
 * ut_volume_errors_from_pairs:
 * @ed_ml, @es_ml: (array length=n): deviations
 *
 * Means, standard deviations (n - 1) and correlation; 0 where they are not defined.
 */
UtVolumeErrors ut_volume_errors_from_pairs (const double *ed_ml, const double *es_ml, gsize n);

/** ut_volume_errors_add: of the sum of two independent errors */
UtVolumeErrors ut_volume_errors_add (const UtVolumeErrors *a, const UtVolumeErrors *b);

/**
 * ut_ef_interval:
 * @edv_ml, @esv_ml: volumes as found
 * @ret_low, @ret_high: (out): ends of the ejection fraction, as fractions; the lower may lie
 *   below 0
 *
 * The interval that holds UT_EF_INTERVAL_LEVEL of the true ejection fractions, as many beyond
 * either end. The true volumes are the found ones less their errors; EF = 1 - ESV / EDV, and
 * the quantiles of the ratio of two normal numbers, of which the lower one is surely above 0,
 * have a closed form. 10,000 drawn volumes give the same width within 1 point
 * (tests/unit/measure/test-ef-interval.c).
 *
 * Source: Fieller, "Some problems in interval estimation", Journal of the Royal Statistical
 * Society B 16(2), 1954.
 *
 * Returns: FALSE, outputs untouched, where the ED volume cannot be told from 0
 */
gboolean ut_ef_interval (
  double edv_ml, double esv_ml, const UtVolumeErrors *errors, double *ret_low, double *ret_high);
