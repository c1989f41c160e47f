/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/study/study-disks.h"

#include "engine/measure/volumes.h"

#include <string.h>

static UtTraced
find_traced (const UtStudyView *slot, UtPhase phase)
{
  const UtStudyContour *contour = &slot->contours[phase];
  if (contour->trace.n_points == 0)
    return UT_TRACED_NOT;
  if ((int)contour->frame != slot->marks[phase])
    return UT_TRACED_ELSEWHERE;
  if (ut_study_view_spacing (slot, NULL) == UT_CALIBRATION_NONE)
    return UT_TRACED_UNCALIBRATED;
  return contour->closed ? UT_TRACED : UT_TRACED_OPEN;
}

/* Bit 0: A4C, bit 1: A2C: which is UtDisksMethod. */
static guint
cut_phase (const UtStudyState *state, UtPhase phase, UtStudyDisks *ret)
{
  guint views = 0;
  for (UtView view = 0; view < UT_STUDY_N_APICAL; view++) {
    const UtStudyView *slot = &state->views[view];
    UtTraced traced = ret->traced[phase][view] = find_traced (slot, phase);
    if (traced != UT_TRACED)
      continue;
    double spacing_mm[2];
    ut_study_view_spacing_at (slot, slot->contours[phase].frame, spacing_mm);
    ut_disks_cut (&slot->contours[phase].trace, spacing_mm, &ret->cuts[phase][view]);
    views |= 1u << view;
  }
  return views;
}

static void
measure_phase (UtStudyDisks *self, UtPhase phase)
{
  const UtDisks *cuts = self->cuts[phase];
  switch (self->method[phase]) {
  case UT_DISKS_NONE:
    break;
  case UT_DISKS_A4C:
  case UT_DISKS_A2C:
    cuts += self->method[phase] == UT_DISKS_A2C;
    self->volume_ml[phase] = ut_disks_volume_ml (cuts, cuts);
    break;
  case UT_DISKS_BIPLANE:
    self->volume_ml[phase] = ut_disks_volume_ml (&cuts[UT_VIEW_A4C], &cuts[UT_VIEW_A2C]);
    self->apart[phase] =
      ut_disks_apart (&cuts[UT_VIEW_A4C], &cuts[UT_VIEW_A2C]) > UT_DISKS_MAX_APART;
    break;
  }
}

void
ut_study_disks (const UtStudyState *state, UtStudyDisks *ret)
{
  memset (ret, 0, sizeof *ret);
  guint views[UT_N_PHASES];
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    views[phase] = cut_phase (state, phase, ret);
  guint common = views[UT_PHASE_ED] & views[UT_PHASE_ES];
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    ret->method[phase] = (UtDisksMethod)(common != 0 ? common : views[phase]);
    measure_phase (ret, phase);
  }
  ret->has_ef =
    common != 0 &&
    ut_ejection_fraction (ret->volume_ml[UT_PHASE_ED], ret->volume_ml[UT_PHASE_ES], &ret->ef);
}

const char *
ut_disks_method_name (UtDisksMethod method)
{
  static const char *const names[] = {"none", "a4c_single_plane", "a2c_single_plane", "biplane"};
  g_return_val_if_fail (method < G_N_ELEMENTS (names), names[0]);
  return names[method];
}
