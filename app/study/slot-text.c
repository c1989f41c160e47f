/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/study/slot-text.h"

#include "app/sentence.h"

#include <glib/gi18n.h>

char *
ut_slot_text_facts (const UtStudyView *view)
{
  const UtCine *cine = view->cine;
  if (cine == NULL)
    return g_strdup (view->source != NULL
                       ? _ ("The file of this view could not be read. Open it again.")
                       : _ ("DICOM, NIfTI, video, PNG or JPEG, or a folder of pictures"));

  GString *text = g_string_new (NULL);
  g_string_append_printf (text, _ ("%u × %u pixels"), cine->width, cine->height);
  if (cine->n_frames > 1) {
    double seconds = ut_cine_duration_ms (cine) / 1000;
    g_string_append_printf (
      text, ngettext (", %u frame", ", %u frames", cine->n_frames), cine->n_frames);
    g_string_append_c (text, '\n');
    g_string_append_printf (
      text, _ ("%.1f s at %.0f frames a second"), seconds, cine->n_frames / seconds);
    if (!cine->times_known)
      g_string_append_printf (text, " %s", _ ("(assumed: the file does not say)"));
  } else {
    g_string_append_printf (text, ", %s", _ ("still picture"));
  }
  if (cine->heart_rate_bpm > 0)
    g_string_append_printf (text, _ ("\nHeart rate %.0f / min"), cine->heart_rate_bpm);
  if (cine->note != NULL)
    g_string_append_printf (text, "\n%s", cine->note);
  return g_string_free (text, FALSE);
}

char *
ut_slot_text_frame (const UtCine *cine, guint frame, const char *phases, gboolean marked)
{
  GString *text = g_string_new (NULL);
  /* Translators: read-out under a loop, "frame 12 of 48, 233 ms, ED" */
  g_string_append_printf (text, _ ("frame %u of %u"), frame + 1, cine->n_frames);
  if (cine->n_frames > 1) {
    g_string_append (text, ", ");
    g_string_append_printf (
      text, cine->times_known ? _ ("%.0f ms") : _ ("about %.0f ms"), cine->times_ms[frame]);
  }
  if (phases != NULL) {
    g_string_append (text, ", ");
    /* Translators: after the frame of a loop, "ED proposed" */
    g_string_append_printf (text, marked ? "%s" : _ ("%s proposed"), phases);
  }
  return g_string_free (text, FALSE);
}

const char *
ut_slot_text_doubt (const UtStudyView *view)
{
  gboolean by_file = view->calibration.origin == UT_CALIBRATION_NONE;
  return by_file && view->cine != NULL && view->cine->spacing_scaled ? view->cine->note : NULL;
}

char *
ut_slot_text_badge (const UtStudyView *view)
{
  const char *origin = ut_sentence_calibration (ut_study_view_spacing (view, NULL));
  /* Translators: beside a loop, "DICOM region: check"; asks a person to look at the spacing */
  return ut_slot_text_doubt (view) != NULL ? g_strdup_printf (_ ("%s: check"), origin)
                                           : g_strdup (origin);
}

char *
ut_slot_text_spacing (const UtStudyView *view, guint frame)
{
  double spacing_mm[2];
  UtCalibration origin = ut_study_view_spacing_at (view, frame, spacing_mm);
  if (view->cine == NULL)
    return g_strdup (_ ("No loop. Its spacing is shown here once it is loaded."));
  if (origin == UT_CALIBRATION_NONE)
    return g_strdup (_ ("Spacing unknown. Draw a line along the depth scale and give its length."));
  g_autofree char *spacing =
    g_strdup_printf (_ ("%.3f × %.3f mm per pixel (row × column)\nFrom: %s"),
                     spacing_mm[0],
                     spacing_mm[1],
                     ut_sentence_calibration (origin));
  return g_strjoin ("\n", spacing, ut_slot_text_doubt (view), NULL);
}

char *
ut_slot_text_caliper (const UtStudyView *view, guint frame, const UtCaliper *caliper)
{
  double spacing_mm[2]; /* row, column */
  const guint *region = view->cine->region;
  gboolean known = ut_study_view_spacing_at (view, frame, spacing_mm) != UT_CALIBRATION_NONE;
  for (guint i = 0; i < caliper->n_points; i++) {
    UtVec3 p = caliper->points[i];
    known = known && p.x >= region[0] && p.x <= region[0] + region[2] && p.y >= region[1] &&
            p.y <= region[1] + region[3];
  }
  if (!known)
    return ut_caliper_text_px (caliper);
  UtCaliper mm = ut_caliper_scale (caliper, ut_vec3 (spacing_mm[1], spacing_mm[0], 0));
  return ut_caliper_text (&mm);
}

char *
ut_slot_text_mark (const UtCine *cine, int frame, int proposed)
{
  if (frame >= 0 && proposed >= 0)
    return g_strdup_printf (_ ("frame %d; proposed: %d"), frame + 1, proposed + 1);
  if (frame >= 0)
    return g_strdup_printf (_ ("frame %d, %.0f ms"), frame + 1, cine->times_ms[frame]);
  if (proposed >= 0)
    return g_strdup_printf (
      _ ("proposed: frame %d, %.0f ms"), proposed + 1, cine->times_ms[proposed]);
  return g_strdup (_ ("not marked"));
}

char *
ut_slot_text_beat (const UtCineMotion *motion, int beat)
{
  if (motion == NULL)
    return g_strdup ("");
  if (beat >= 0)
    return g_strdup_printf (motion->from_r_waves ? _ ("beat %d of %u, by the R waves")
                                                 : _ ("beat %d of %u, by the motion"),
                            beat + 1,
                            motion->n_beats);
  return g_strdup (motion->n_frames < UT_CINE_MOTION_MIN_FRAMES
                     ? _ ("too few frames to propose marks")
                     : _ ("no beat found: mark by eye"));
}
