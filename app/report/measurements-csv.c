/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/measurements-csv.h"

#include "app/number-text.h"
#include "engine/study/study-file.h"

/* RFC 4180, section 2, rules 5 to 7. */
static void
append_quoted (GString *text, const char *words)
{
  g_string_append_c (text, '"');
  for (const char *c = words; *c != '\0'; c++) {
    if (*c == '"')
      g_string_append_c (text, '"');
    g_string_append_c (text, *c);
  }
  g_string_append_c (text, '"');
}

/* "47.1,61.3,", or nothing between the commas */
static void
append_interval (GString *text, const UtMeasurement *item)
{
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  if (!item->has_interval)
    g_string_append (text, ",,");
  else
    g_string_append_printf (text,
                            "%s,%s,",
                            g_ascii_dtostr (low, sizeof low, item->low),
                            g_ascii_dtostr (high, sizeof high, item->high));
}

static void
append_row (GString *text, const UtStudyState *state, const UtMeasurement *item)
{
  const UtQuantityInfo *info = ut_quantity_info (item->quantity);
  char value[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf (text,
                          "%s,%s,%s,%s,",
                          item->phase < 0 ? "ED-ES" : ut_phase_name ((UtPhase)item->phase),
                          item->structure < 0 ? "mean"
                                              : ut_structure_name ((UtStructure)item->structure),
                          info->key,
                          g_ascii_dtostr (value, sizeof value, item->value));
  append_interval (text, item);
  g_string_append_printf (text,
                          "%s,%d,%d,%d,",
                          info->unit,
                          item->cut_off && ut_number_grows_with_size (item->quantity),
                          item->stale != FALSE,
                          item->edited != FALSE);
  g_autofree char *review = ut_quantity_is_of_disks (item->quantity)
                              ? g_strdup ("traced by hand")
                              : ut_study_verdict_text (state, item->phase, item->structure);
  append_quoted (text, review);
  g_string_append_c (text, ',');
  append_quoted (text, state->label);
  g_string_append_c (text, ',');
  append_quoted (text, UT_STUDY_NOTICE);
  g_string_append_c (text, '\n');
}

char *
ut_measurements_csv (const UtStudyState *state, const UtMeasurements *measurements)
{
  GString *text = g_string_new ("phase,structure,quantity,value,low,high,unit,at_least,out_of_date,"
                                "edited,review,study,notice\n");
  for (guint i = 0; i < measurements->items->len; i++)
    append_row (text, state, &g_array_index (measurements->items, UtMeasurement, i));
  return g_string_free (text, FALSE);
}
