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

static void
append_row (GString *text, const UtStudyState *state, const UtMeasurement *item)
{
  const UtQuantityInfo *info = ut_quantity_info (item->quantity);
  char value[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf (text,
                          "%s,%s,%s,%s,%s,%d,%d,",
                          item->phase < 0 ? "ED-ES" : ut_phase_name ((UtPhase)item->phase),
                          item->structure < 0 ? "mean"
                                              : ut_structure_name ((UtStructure)item->structure),
                          info->key,
                          g_ascii_dtostr (value, sizeof value, item->value),
                          info->unit,
                          item->cut_off && ut_number_grows_with_size (item->quantity),
                          item->stale != FALSE);
  append_quoted (text, state->label);
  g_string_append_c (text, ',');
  append_quoted (text, UT_STUDY_NOTICE);
  g_string_append_c (text, '\n');
}

char *
ut_measurements_csv (const UtStudyState *state, const UtMeasurements *measurements)
{
  GString *text =
    g_string_new ("phase,structure,quantity,value,unit,at_least,out_of_date,study,notice\n");
  for (guint i = 0; i < measurements->items->len; i++)
    append_row (text, state, &g_array_index (measurements->items, UtMeasurement, i));
  return g_string_free (text, FALSE);
}
