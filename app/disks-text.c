/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/disks-text.h"

#include <glib/gi18n.h>

const char *
ut_disks_text_fault (UtContourFault fault)
{
  switch (fault) {
  case UT_CONTOUR_TOO_FEW:
    return _ ("The contour stays open: it needs at least 5 points.");
  case UT_CONTOUR_CROSSES:
    return _ ("The contour must not cross itself.");
  case UT_CONTOUR_FLAT:
    return _ ("The contour stays open: it encloses nothing.");
  case UT_CONTOUR_SOUND:
    break;
  }
  return NULL;
}

const char *
ut_disks_text_method (UtDisksMethod method)
{
  switch (method) {
  case UT_DISKS_A4C:
    return _ ("A4C single plane");
  case UT_DISKS_A2C:
    return _ ("A2C single plane");
  case UT_DISKS_BIPLANE:
    return _ ("biplane disks");
  case UT_DISKS_NONE:
    break;
  }
  return "–";
}

char *
ut_disks_text_view (const UtStudyDisks *disks, UtPhase phase, UtView view)
{
  if (view >= UT_STUDY_N_APICAL || disks->traced[phase][view] != UT_TRACED)
    return NULL;
  GString *text = g_string_new (NULL);
  /* Translators: "ED 141 ml, biplane disks", then in a line of its own the length in this view */
  g_string_append_printf (text,
                          _ ("%s %.0f ml, %s\nlong axis %.1f mm"),
                          ut_phase_name (phase),
                          disks->volume_ml[phase],
                          ut_disks_text_method (disks->method[phase]),
                          disks->cuts[phase][view].long_axis_mm);
  if (disks->apart[phase])
    g_string_append_printf (
      text, _ ("\nAxes of A4C and A2C more than %.0f %% apart"), 100 * UT_DISKS_MAX_APART);
  return g_string_free (text, FALSE);
}

/* A contour that does not count, though another one does. */
static void
add_view (GPtrArray *notes, UtTraced traced, UtPhase phase, UtView view)
{
  const char *v = ut_view_name (view), *p = ut_phase_name (phase);
  if (traced == UT_TRACED_OPEN)
    g_ptr_array_add (
      notes, g_strdup_printf (_ ("%s %s: the contour is not closed, so it does not count."), v, p));
  else if (traced == UT_TRACED_ELSEWHERE)
    g_ptr_array_add (notes,
                     g_strdup_printf (_ ("%s %s: the contour is on a frame that is not the marked "
                                         "one, so it does not count."),
                                      v,
                                      p));
}

static void
add_phase (GPtrArray *notes, const UtStudyDisks *disks, UtPhase phase)
{
  const char *name = ut_phase_name (phase);
  const UtDisks *cuts = disks->cuts[phase];
  if (disks->apart[phase])
    g_ptr_array_add (
      notes,
      g_strdup_printf (_ ("%s: the long axes, %.1f mm in A4C and %.1f mm in A2C, are more than "
                          "%.0f %% apart: one view may be foreshortened."),
                       name,
                       cuts[UT_VIEW_A4C].long_axis_mm,
                       cuts[UT_VIEW_A2C].long_axis_mm,
                       100 * UT_DISKS_MAX_APART));
  for (UtView view = 0; view < UT_STUDY_N_APICAL; view++)
    add_view (notes, disks->traced[phase][view], phase, view);
}

char **
ut_disks_text_notes (const UtStudyDisks *disks)
{
  const UtDisksMethod *method = disks->method;
  g_autoptr (GPtrArray) notes = g_ptr_array_new ();
  if (method[UT_PHASE_ED] != UT_DISKS_NONE || method[UT_PHASE_ES] != UT_DISKS_NONE) {
    g_ptr_array_add (notes,
                     g_strdup (_ ("Disks are a cross-check, from contours traced by hand. The "
                                  "methods differ: disks take the heart for ellipses between the "
                                  "traced borders, the twin is counted in voxels by a network "
                                  "trained on CT. The twin does not depend on the contours.")));
    for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
      add_phase (notes, disks, phase);
    if (!disks->has_ef)
      g_ptr_array_add (
        notes, g_strdup (_ ("No EF by disks: it needs the same view traced at ED and at ES.")));
  }
  g_ptr_array_add (notes, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&notes), FALSE);
}
