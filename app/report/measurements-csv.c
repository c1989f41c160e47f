/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/measurements-csv.h"

#include "app/number-text.h"
#include "app/report/csv.h"
#include "engine/study/study-file.h"

#include <math.h>

/* "47.1,61.3,", or nothing between the commas */
static void
append_interval (GString *text, const UtMeasurement *item)
{
  ut_csv_number (text, item->has_interval ? item->low : NAN);
  g_string_append_c (text, ',');
  ut_csv_number (text, item->has_interval ? item->high : NAN);
  g_string_append_c (text, ',');
}

/* "\"Ann Berg\",2026-03-01T14:05:00Z,": ISO 8601, UTC; nothing where it is not known */
static void
append_person (GString *text, const char *who, gint64 when)
{
  g_autoptr (GDateTime) time = when > 0 ? g_date_time_new_from_unix_utc (when) : NULL;
  g_autofree char *at = time != NULL ? g_date_time_format_iso8601 (time) : NULL;
  ut_csv_text (text, who != NULL ? who : "");
  g_string_append_printf (text, ",%s,", at != NULL ? at : "");
}

/* What is said of the number, by whom, and when. */
static void
append_verdict (GString *text, const UtStudyState *state, const UtMeasurement *item)
{
  if (ut_quantity_is_of_disks (item->quantity)) {
    g_string_append (text, "\"traced by hand\",\"\",,");
    return;
  }
  gint64 when;
  g_autofree char *verdict = ut_study_verdict_text (state, item->phase, item->structure);
  g_autofree char *who = ut_study_reviewed_by (state, item->phase, item->structure, &when);
  ut_csv_text (text, verdict);
  g_string_append_c (text, ',');
  append_person (text, who, when);
}

/* Who made the edit that the number was measured on, "ED: Ann Berg; ES: Bo" where it is of both,
 * and when the last step of it was done. */
static void
append_editors (GString *text, const UtStudyState *state, const UtMeasurement *item)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gint64 last = 0;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    gint64 when;
    if (!item->edited || (item->phase >= 0 && item->phase != (int)phase))
      continue;
    g_autofree char *who = ut_study_edited_by (state, phase, &when);
    last = MAX (last, when);
    if (who != NULL && item->phase < 0)
      g_string_append_printf (
        names, "%s%s: %s", names->len > 0 ? "; " : "", ut_phase_name (phase), who);
    else if (who != NULL)
      g_string_append (names, who);
  }
  append_person (text, names->str, last);
}

static void
append_row (GString *text, const UtStudyState *state, const UtMeasurement *item)
{
  const UtQuantityInfo *info = ut_quantity_info (item->quantity);
  g_string_append_printf (text,
                          "%s,%s,%s,",
                          item->phase < 0 ? "ED-ES" : ut_phase_name ((UtPhase)item->phase),
                          item->structure < 0 ? "mean"
                                              : ut_structure_name ((UtStructure)item->structure),
                          info->key);
  ut_csv_number (text, item->value);
  g_string_append_c (text, ',');
  append_interval (text, item);
  g_string_append_printf (text,
                          "%s,%d,%d,%d,",
                          info->unit,
                          item->cut_off && ut_number_grows_with_size (item->quantity),
                          item->stale != FALSE,
                          item->edited != FALSE);
  append_verdict (text, state, item);
  append_editors (text, state, item);
  ut_csv_text (text, state->label);
  g_string_append_c (text, ',');
  ut_csv_text (text, UT_STUDY_NOTICE);
  g_string_append_c (text, '\n');
}

char *
ut_measurements_csv (const UtStudyState *state, const UtMeasurements *measurements)
{
  GString *text =
    g_string_new ("phase,structure,quantity,value,low,high,unit,at_least,out_of_date,"
                  "edited,review,reviewed_by,reviewed_at,edited_by,edited_at,study,notice\n");
  for (guint i = 0; i < measurements->items->len; i++)
    append_row (text, state, &g_array_index (measurements->items, UtMeasurement, i));
  return g_string_free (text, FALSE);
}
