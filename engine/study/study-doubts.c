/* SPDX-License-Identifier: Apache-2.0 */
/* What is possible but unusual in loops and marks, and most often a slip. */
#include "engine/image/cine-clock.h"
#include "engine/study/study-private.h"

#include <math.h>

#define MAX_IRREGULAR 10.0 /* %: R-R intervals of a regular rhythm vary by less */
#define MAX_RATES     20.0 /* %: heart rates of views that belong together (our choice) */
#define MIN_SYSTOLE                                                                                \
  20.0 /* %, of the R-R interval from ED to ES: a third at rest, half at 120 / min */
#define MAX_SYSTOLE  65.0
#define MIN_DEPTH_MM 60.0 /* of a picture: adults are filmed at 120 to 240 mm */
#define MAX_DEPTH_MM 350.0

static void
add (GArray *issues, UtStudyIssueKind kind, int view, int other, double value)
{
  const UtStudyIssue issue = {kind, FALSE, view, other, -1, value};
  g_array_append_val (issues, issue);
}

/* longest less shortest R-R interval, in % of their mean; 0 with fewer than two */
static double
irregularity (const UtCine *cine)
{
  double shortest = INFINITY, longest = 0;
  if (cine->n_r_waves < 3)
    return 0;
  for (guint i = 0; i + 1 < cine->n_r_waves; i++) {
    double interval = cine->r_waves_ms[i + 1] - cine->r_waves_ms[i];
    shortest = MIN (shortest, interval);
    longest = MAX (longest, interval);
  }
  return 100 * (longest - shortest) / ut_cine_beat_ms (cine);
}

/* from ED on to the next ES, in % of a beat; -1 where it is not known */
static double
systole (const UtStudyView *slot)
{
  const UtCine *cine = slot->cine;
  const int ed = slot->marks[UT_PHASE_ED], es = slot->marks[UT_PHASE_ES];
  const double beat = ut_cine_beat_ms (cine);
  if (ed >= 0 && ed == es)
    return 0;
  if (ed < 0 || es < 0 || !cine->times_known || beat <= 0)
    return -1;
  const double beats = (cine->times_ms[es] - cine->times_ms[ed]) / beat;
  return 100 * (beats - floor (beats));
}

static double
depth_mm (const UtStudyView *slot)
{
  double spacing_mm[2];
  return ut_study_view_spacing (slot, spacing_mm) == UT_CALIBRATION_NONE
           ? 0
           : slot->cine->region[3] * spacing_mm[0];
}

void
ut_study_add_doubts (const UtStudyState *self, GArray *issues)
{
  for (int view = 0; view < UT_N_VIEWS; view++) {
    const UtStudyView *slot = &self->views[view];
    if (slot->cine == NULL)
      continue;
    const double varies = irregularity (slot->cine), beat = ut_cine_beat_ms (slot->cine);
    const double share = systole (slot), depth = depth_mm (slot);
    if (varies > MAX_IRREGULAR)
      add (issues, UT_STUDY_ISSUE_IRREGULAR, view, -1, varies);
    if (share >= 0 && (share < MIN_SYSTOLE || share > MAX_SYSTOLE))
      add (issues, UT_STUDY_ISSUE_SYSTOLE, view, -1, share);
    if (depth > 0 && (depth < MIN_DEPTH_MM || depth > MAX_DEPTH_MM))
      add (issues, UT_STUDY_ISSUE_DEPTH, view, -1, depth);
    for (int other = 0; other < view; other++) {
      const UtCine *before = self->views[other].cine;
      const double rate = before ? ut_cine_beat_ms (before) : 0;
      const double differ = beat > 0 && rate > 0 ? 200 * fabs (beat - rate) / (beat + rate) : 0;
      if (differ > MAX_RATES)
        add (issues, UT_STUDY_ISSUE_RATES, view, other, differ);
    }
  }
}
