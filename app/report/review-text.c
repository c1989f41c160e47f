/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/report/review-text.h"

#include <glib/gi18n.h>

#define MAX_RUNS 6 /* that a line tells of; result.json has all */

static const UtStructure order[] = {UT_LV, UT_RV, UT_LA, UT_RA, UT_MYO};

/* "LV +3.0 mm", "Myo brush, 2 strokes", "eraser, 1 stroke" */
static char *
run_text (const UtEditRun *run)
{
  const char *name = ut_structure_name (run->structure);
  if (run->n_strokes == 0)
    return g_strdup_printf (
      "%s %s%.1f mm", name, run->offset_mm < 0 ? "−" : "+", ABS (run->offset_mm));
  if (run->structure == UT_BACKGROUND)
    return g_strdup_printf (ngettext ("eraser (%u stroke)", "eraser (%u strokes)", run->n_strokes),
                            run->n_strokes);
  /* Translators: a structure and how often it was painted by hand: "LV brush (3 strokes)" */
  return g_strdup_printf (
    ngettext ("%s brush (%u stroke)", "%s brush (%u strokes)", run->n_strokes),
    name,
    run->n_strokes);
}

char *
ut_review_edit_text (const UtStudyState *state, UtPhase phase)
{
  if (!ut_study_is_edited (state, phase, -1))
    return NULL;
  g_autoptr (GArray) runs = ut_edit_runs (ut_study_result (state, phase)->steps);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < runs->len && i < MAX_RUNS; i++) {
    g_autofree char *run = run_text (&g_array_index (runs, UtEditRun, i));
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", run);
  }
  if (runs->len > MAX_RUNS)
    g_string_append_printf (
      text,
      /* Translators: after a list of what was done to a heart by hand */
      ngettext (", and %u more edit", ", and %u more edits", runs->len - MAX_RUNS),
      runs->len - MAX_RUNS);
  return g_string_free (text, FALSE);
}

/* "LV, LA (leaks)", "" where there is none */
static char *
names_of (const UtReview *review, UtVerdict verdict)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    UtStructure s = order[i];
    if (review->verdicts[s] != verdict)
      continue;
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", ut_structure_name (s));
    if (review->reasons[s] != NULL)
      g_string_append_printf (text, " (%s)", review->reasons[s]);
  }
  return g_string_free (text, FALSE);
}

static char *
verdict_line (const UtStudyState *state, UtPhase phase)
{
  static const char *const words[UT_N_VERDICTS] = {
    N_ ("unreviewed"), N_ ("accepted"), N_ ("rejected")};
  GString *text = g_string_new (ut_phase_name (phase));
  const char *separator = ": ";
  for (int verdict = UT_N_VERDICTS - 1; verdict >= 0; verdict--) {
    g_autofree char *names = names_of (&state->reviews[phase], (UtVerdict)verdict);
    if (*names == '\0')
      continue;
    g_string_append_printf (text, "%s%s %s", separator, gettext (words[verdict]), names);
    separator = "; ";
  }
  return g_string_free (text, FALSE);
}

char **
ut_review_lines (const UtStudyState *state)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    if (ut_study_twin (state, phase) == NULL)
      continue;
    g_autofree char *edit = ut_review_edit_text (state, phase);
    if (edit != NULL) {
      /* Translators: "ED was edited by hand: LV +3.0 mm. ..." */
      g_autofree char *line = g_strdup_printf (
        _ ("%s was edited by hand: %s. Its numbers and surfaces are those of the edit."),
        ut_phase_name (phase),
        edit);
      g_strv_builder_add (lines, line);
    }
    g_autofree char *verdicts = verdict_line (state, phase);
    g_strv_builder_add (lines, verdicts);
  }
  return g_strv_builder_end (lines);
}

char *
ut_review_note (const UtStudyState *state, UtPhase phase, UtStructure structure)
{
  g_autofree char *verdict = ut_study_verdict_text (state, (int)phase, (int)structure);
  if (!ut_study_is_edited (state, phase, (int)structure))
    return g_steal_pointer (&verdict);
  g_autofree char *edit = ut_study_edit_text (state, phase);
  return g_strdup_printf ("edited, %s; edit %s", verdict, edit);
}
