/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/review-text.h"

#include <glib/gi18n.h>

#define MAX_RUNS 6 /* that a line tells of; result.json has all */

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

/* "2026-03-01 14:05", or that it is not known */
static char *
time_text (gint64 when)
{
  g_autoptr (GDateTime) time = when > 0 ? g_date_time_new_from_unix_local (when) : NULL;
  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup (_ ("time unknown"));
}

char *
ut_review_edit_line (const UtStudyState *state, UtPhase phase)
{
  gint64 when;
  g_autofree char *edit = ut_review_edit_text (state, phase);
  g_autofree char *who = ut_study_edited_by (state, phase, &when);
  if (edit == NULL || when == 0)
    return g_steal_pointer (&edit);
  g_autofree char *time = time_text (when);
  /* Translators: what was done to a heart by hand, by whom and when last: "LV +3.0 mm; edited by
   * Ann Berg at 2026-03-01 14:05" */
  return g_strdup_printf (
    _ ("%s; edited by %s at %s"), edit, who != NULL ? who : _ ("an unknown person"), time);
}

/* "ED LV accepted", "ED LV +3.0 mm" */
static char *
deed_text (const UtReviewAct *act)
{
  const char *phase = ut_phase_name (act->phase), *structure = ut_structure_name (act->structure);
  switch (act->kind) {
  case UT_REVIEW_ACT_ACCEPT:
    return g_strdup_printf (_ ("%s %s accepted"), phase, structure);
  case UT_REVIEW_ACT_LIMIT:
    return act->reason != NULL
             ? g_strdup_printf (_ ("%s %s limited (%s)"), phase, structure, act->reason)
             : g_strdup_printf (_ ("%s %s limited"), phase, structure);
  case UT_REVIEW_ACT_REJECT:
    return act->reason != NULL
             ? g_strdup_printf (_ ("%s %s rejected (%s)"), phase, structure, act->reason)
             : g_strdup_printf (_ ("%s %s rejected"), phase, structure);
  case UT_REVIEW_ACT_UNREVIEW:
    return g_strdup_printf (_ ("%s %s: verdict taken back"), phase, structure);
  case UT_REVIEW_ACT_OFFSET:
    return g_strdup_printf (
      "%s %s %s%.1f mm", phase, structure, act->mm < 0 ? "−" : "+", ABS (act->mm));
  case UT_REVIEW_ACT_BRUSH:
    return act->structure == UT_BACKGROUND
             ? g_strdup_printf (_ ("%s eraser of %.1f mm"), phase, act->mm)
             : g_strdup_printf (_ ("%s %s brush of %.1f mm"), phase, structure, act->mm);
  case UT_REVIEW_ACT_DISCARD:
    return g_strdup_printf (_ ("%s edit discarded"), phase);
  case UT_REVIEW_ACT_RECONSTRUCT:
  case UT_N_REVIEW_ACTS:
  default:
    return g_strdup_printf (_ ("%s reconstructed anew"), phase);
  }
}

char *
ut_review_act_text (const UtReviewAct *act)
{
  /* Translators: before what was done: "undone: ED LV accepted" */
  const char *turns[UT_N_REVIEW_TURNS] = {"", _ ("undone: "), _ ("done again: ")};
  g_autofree char *time = time_text (act->when);
  g_autofree char *deed = deed_text (act);
  return g_strdup_printf ("%s, %s: %s%s",
                          time,
                          act->who != NULL ? act->who : _ ("an unknown person"),
                          turns[act->turn],
                          deed);
}

/* After structures of which the same person said the same, last at @when. */
static void
append_signature (GString *text, const char *who, gint64 when)
{
  g_autofree char *time = time_text (when);
  if (text->len == 0 || (who == NULL && when == 0))
    return;
  /* Translators: after structures that were accepted, limited or rejected: who said so, and when:
   * "accepted LV, RV by Ann Berg at 2026-03-01 14:05" */
  g_string_append_printf (
    text, _ (" by %s at %s"), who != NULL ? who : _ ("an unknown person"), time);
}

/* The place in ut_structure_order of the next structure behind @i with @verdict; none: how many
 * there are. */
static guint
next_of (const UtReview *review, UtVerdict verdict, guint i)
{
  do
    i++;
  while (i < UT_N_STRUCTURES && review->verdicts[ut_structure_order[i]] != verdict);
  return i;
}

/* The same person said the same of both, for the same reason. */
static gboolean
share_reason (const UtReview *review, UtStructure a, UtStructure b)
{
  return review->reasons[a] != NULL && g_strcmp0 (review->reasons[a], review->reasons[b]) == 0 &&
         g_strcmp0 (review->who[a], review->who[b]) == 0;
}

/* "LV, LA (leaks) by Ann Berg at 2026-03-01 14:05, RV/RA (too large) by Bo at ...", "" where there
 * is none */
static char *
names_of (const UtReview *review, UtVerdict verdict)
{
  GString *text = g_string_new (NULL);
  const char *who = NULL, *separator = "";
  gint64 when = 0;
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    UtStructure s = ut_structure_order[i];
    if (review->verdicts[s] != verdict)
      continue;
    if (g_strcmp0 (who, review->who[s]) != 0) {
      append_signature (text, who, when);
      when = 0;
    }
    who = review->who[s];
    when = MAX (when, review->when[s]);
    guint next = next_of (review, verdict, i);
    gboolean shares = next < UT_N_STRUCTURES && share_reason (review, s, ut_structure_order[next]);
    g_string_append_printf (text, "%s%s", separator, ut_structure_name (s));
    separator = shares ? "/" : ", ";
    if (review->reasons[s] != NULL && !shares)
      g_string_append_printf (text, " (%s)", review->reasons[s]);
  }
  append_signature (text, who, when);
  return g_string_free (text, FALSE);
}

const char *
ut_review_word (UtVerdict verdict)
{
  static const char *const words[UT_N_VERDICTS] = {
    N_ ("unreviewed"), N_ ("accepted"), N_ ("limited"), N_ ("rejected")};
  return gettext (words[verdict]);
}

static char *
verdict_line (const UtStudyState *state, UtPhase phase)
{
  GString *text = g_string_new (ut_phase_name (phase));
  const char *separator = ": ";
  for (int verdict = UT_N_VERDICTS - 1; verdict >= 0; verdict--) {
    g_autofree char *names = names_of (&state->reviews[phase], (UtVerdict)verdict);
    if (*names == '\0')
      continue;
    g_string_append_printf (text, "%s%s %s", separator, ut_review_word ((UtVerdict)verdict), names);
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
    g_autofree char *edit = ut_review_edit_line (state, phase);
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
