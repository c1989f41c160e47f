/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/report-text.h"

#include "app/disks-text.h"
#include "app/number-text.h"
#include "app/quantity-words.h"
#include "app/review-text.h"
#include "app/sentence.h"
#include "engine/twin/twin.h"

#include <glib/gi18n.h>

#define HASH_SHOWN 12 /* hex digits of a hash that a person compares */

char *
ut_report_provenance (const UtStudyResult *result)
{
  const UtTwinProvenance *from = &result->twin->provenance;
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, from->seed);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          _ ("Network %s, weights %.*s, on %s, version %s"),
                          from->model_name != NULL ? from->model_name : "?",
                          HASH_SHOWN,
                          from->model_sha256 != NULL ? from->model_sha256 : "?",
                          from->device != NULL ? from->device : "?",
                          from->version != NULL ? from->version : "?");
  g_string_append_printf (text,
                          ngettext ("\nSeed %s, %u step, %.1f s, stage %s",
                                    "\nSeed %s, %u steps, %.1f s, stage %s",
                                    from->steps),
                          seed,
                          from->steps,
                          from->seconds,
                          ut_sentence_twin_stage (ut_twin_final_stage (result->twin)));
  if (from->n_seeds > 1)
    g_string_append_printf (
      text, ngettext (", mean of %u seed", ", mean of %u seeds", from->n_seeds), from->n_seeds);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    if (!from->present[view])
      continue;
    /* Translators: "A4C: frame 12, network pixel 0.8 × 0.8 mm, file 1a2b3c" */
    g_string_append_printf (text,
                            _ ("\n%s: frame %u, network pixel %.4f × %.4f mm, file %.*s"),
                            ut_view_name (view),
                            from->frame[view] + 1,
                            from->spacing_mm[view][0],
                            from->spacing_mm[view][1],
                            HASH_SHOWN,
                            from->input_sha256[view] != NULL ? from->input_sha256[view] : "?");
  }
  return g_string_free (text, FALSE);
}

static void
format_number (char text[G_ASCII_DTOSTR_BUF_SIZE], double value, int digits)
{
  char format[16];
  g_snprintf (format, sizeof format, "%%.%df", digits);
  g_ascii_formatd (text, G_ASCII_DTOSTR_BUF_SIZE, format, value);
}

static void
append_number (GString *text, const UtMeasurement *item)
{
  const UtQuantityInfo *info = ut_quantity_words (item->quantity);
  char value[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *interval = ut_number_interval (item);
  format_number (value, item->value, info->digits);
  g_string_append_printf (text,
                          "%s\t%s\t%s\t%s%s%s%s\t%s%s%s\n",
                          item->phase < 0 ? "ED/ES" : ut_phase_name ((UtPhase)item->phase),
                          item->structure < 0 ? _ ("mean")
                                              : ut_structure_name ((UtStructure)item->structure),
                          info->name,
                          item->cut_off && ut_number_grows_with_size (item->quantity) ? "≥ " : "",
                          value,
                          interval != NULL ? " " : "",
                          interval != NULL ? interval : "",
                          ut_quantity_words_unit (item->quantity, item->value),
                          item->stale ? _ ("\tout of date") : "",
                          item->edited ? _ ("\tedited") : "");
}

/* What is odd about the volumes, and what the interval of the EF comes from. */
static void
append_notes (GString *text, const UtMeasurements *measurements)
{
  g_autofree char *sources = ut_number_ef_sources (&measurements->ef);
  g_string_append_printf (text, "\n%s\n", sources);
  g_autofree char *body = ut_number_body_sources (measurements);
  g_string_append_printf (text, "%s\n", body);
  for (guint i = 0; i < measurements->items->len; i++) {
    g_autofree char *note = ut_number_note (&g_array_index (measurements->items, UtMeasurement, i));
    if (note != NULL)
      g_string_append_printf (text, "%s\n", note);
  }
  g_auto (GStrv) disks = ut_disks_text_notes (&measurements->disks);
  for (char **note = disks; *note != NULL; note++)
    g_string_append_printf (text, "%s\n", *note);
}

char *
ut_report_text (const UtStudyState *state, const UtMeasurements *measurements)
{
  GString *text = g_string_new (_ ("UltraTwin report. Research use only – not for diagnosis.\n"));
  gboolean seen[UT_N_QUANTITIES] = {FALSE};

  if (state->label[0] != 0)
    g_string_append_printf (text, _ ("Study: %s\n"), ut_sentence_study (state->label));
  g_auto (GStrv) reviews = ut_review_lines (state);
  for (char **line = reviews; *line != NULL; line++)
    g_string_append_printf (text, "%s\n", *line);
  g_string_append (text, _ ("\nPhase\tStructure\tQuantity\tValue\tUnit\n"));
  for (guint i = 0; i < measurements->items->len; i++) {
    const UtMeasurement *item = &g_array_index (measurements->items, UtMeasurement, i);
    append_number (text, item);
    seen[item->quantity] = TRUE;
  }
  append_notes (text, measurements);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (ut_study_twin (state, phase) == NULL)
      continue;
    g_autofree char *from = ut_report_provenance (ut_study_result (state, phase));
    g_string_append_printf (text, "\n%s\n%s\n", ut_phase_name (phase), from);
  }
  g_string_append_c (text, '\n');
  for (UtQuantity q = 0; q < UT_N_QUANTITIES; q++) {
    const UtQuantityInfo *info = ut_quantity_words (q);
    if (seen[q])
      g_string_append_printf (text,
                              "%s%s%s%s: %s\n",
                              info->name,
                              info->unit[0] != 0 ? " (" : "",
                              info->unit,
                              info->unit[0] != 0 ? ")" : "",
                              info->definition);
  }
  return g_string_free (text, FALSE);
}
