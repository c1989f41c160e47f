/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "engine/study/measurements.h"

/** ut_number_grows_with_size: of a structure that is cut off, at least this much is there */
gboolean ut_number_grows_with_size (UtQuantity quantity);

/**
 * ut_number_text:
 * @measurement: (nullable)
 * @unit: with the unit
 *
 * Returns: (transfer full): the number as a person reads it, in the user's locale: digits that the
 * resolution bears, "≥" before the size of a structure that is cut off, its interval in brackets
 * behind a number that has one, "–" where there is no number
 */
char *ut_number_text (const UtMeasurement *measurement, gboolean unit);

/**
 * ut_number_interval:
 *
 * An end below 0 is shown as it was computed. Were it cut at 0, the interval would lose the width
 * that the errors give it, and hide that the marks of ED and ES may be on each other's frames.
 *
 * Returns: (transfer full) (nullable): "(47–61)", "(−14 to 18)"; NULL where it has none
 */
char *ut_number_interval (const UtMeasurement *measurement);

/** ut_number_in_locale: (transfer full): @text, made with decimal points as files have them, with
 * the mark of the user's locale */
char *ut_number_in_locale (const char *text);

/** ut_number_summary: (transfer full): two lines: EF and volumes of the LV, then the volumes of the
 * others at @phase; a third where numbers are out of date */
char *ut_number_summary (const UtMeasurements *measurements, UtPhase phase);

/** ut_number_stale: (transfer none) (nullable): a sentence where any of the numbers is out of date,
 * of whichever phase; NULL where none is */
const char *ut_number_stale (const UtMeasurements *measurements);

/** ut_number_ef_sources: (transfer full): a sentence: what the interval of the EF comes from, or
 * why there is no EF */
char *ut_number_ef_sources (const UtEfBasis *basis);

/** ut_number_body_sources: (transfer full): a sentence or two: body surface and heart rate that
 * indexed numbers and the cardiac output were made with, and what is missing for them */
char *ut_number_body_sources (const UtMeasurements *measurements);

/** ut_number_body_summary: (transfer full): these, and the numbers of the LV that were made with
 * them; its volumes per m² stand in a table */
char *ut_number_body_summary (const UtMeasurements *measurements);

/** ut_number_note: (transfer full) (nullable): a sentence on what is odd about a volume: cut off,
 * or by mesh off the one by voxels; NULL where nothing is */
char *ut_number_note (const UtMeasurement *measurement);

/** ut_number_range: (transfer full) (nullable): "54–74" of @sex, or "men 52–72, women 54–74" where
 * that is not known and matters; NULL where there is none */
char *ut_number_range (UtQuantity quantity, int phase, int structure, UtSex sex);

/** ut_number_range_source: (transfer full): where the ranges come from, of whom they are, and that
 * the method differs */
char *ut_number_range_source (UtSex sex);
