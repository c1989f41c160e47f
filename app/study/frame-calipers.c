/* SPDX-License-Identifier: Apache-2.0 */
#include "app/study/frame-calipers.h"

#include "app/study/slot-text.h"

char *
ut_frame_calipers_name (UtView view, guint frame)
{
  return g_strdup_printf ("%s %u", ut_view_name (view), frame + 1);
}

typedef struct Hand {
  UtCalipers *calipers;
  UtView view;
} Hand;

static void
hand_free (gpointer data, GClosure *closure)
{
  Hand *hand = data;
  g_object_unref (hand->calipers);
  g_free (hand);
}

static void
pressed_cb (UtCineView *cine_view, double x, double y, Hand *hand)
{
  g_autofree char *on = ut_frame_calipers_name (hand->view, ut_cine_view_get_frame (cine_view));
  ut_calipers_add_point (hand->calipers, on, ut_vec3 (x, y, 0));
}

static void
back_cb (UtCineView *cine_view, Hand *hand)
{
  g_autofree char *on = ut_frame_calipers_name (hand->view, ut_cine_view_get_frame (cine_view));
  UtVec3 point;
  if (ut_calipers_take_back (hand->calipers, on, &point))
    ut_cine_view_place_cross (cine_view, (const double[2]){point.x, point.y});
}

static void
attach (
  UtCalipers *calipers, UtView view, UtCineView *cine_view, const char *signal, GCallback callback)
{
  Hand *hand = g_new (Hand, 1);
  *hand = (Hand){g_object_ref (calipers), view};
  g_signal_connect_data (cine_view, signal, callback, hand, hand_free, 0);
}

void
ut_frame_calipers_follow (UtCalipers *calipers, UtView view, UtCineView *cine_view)
{
  attach (calipers, view, cine_view, "pressed", G_CALLBACK (pressed_cb));
  attach (calipers, view, cine_view, "back", G_CALLBACK (back_cb));
}

char *
ut_frame_calipers_show (UtCalipers *calipers,
                        const UtStudyView *study_view,
                        UtView view,
                        UtCineView *cine_view)
{
  guint frame = ut_cine_view_get_frame (cine_view);
  g_autofree char *on = ut_frame_calipers_name (view, frame);
  ut_cine_view_clear_calipers (cine_view);
  for (guint i = 0; i < ut_calipers_count (calipers); i++) {
    const UtStandingCaliper *standing = ut_calipers_get (calipers, i);
    const UtCaliper *caliper = &standing->caliper;
    if (!g_str_equal (standing->on, on))
      continue;
    g_autofree char *text =
      caliper->n_points >= 2 ? ut_slot_text_caliper (study_view, frame, caliper) : NULL;
    ut_cine_view_add_caliper (cine_view, caliper, text);
  }
  const UtCaliper *last = ut_calipers_last_on (calipers, on);
  if (last == NULL)
    return NULL;
  g_autofree char *text = ut_slot_text_caliper (study_view, frame, last);
  return ut_caliper_words (last, text);
}

void
ut_frame_calipers_show_ruler (const UtStudyCalibration *calibration, UtCineView *cine_view)
{
  const UtStudyRuler *ruler = &calibration->ruler;
  const double line[4] = {ruler->from_px[0] + 0.5, /* centres on whole numbers to corners on them */
                          ruler->from_px[1] + 0.5,
                          ruler->to_px[0] + 0.5,
                          ruler->to_px[1] + 0.5};
  ut_cine_view_set_line (cine_view, calibration->origin == UT_CALIBRATION_MANUAL ? line : NULL);
}

void
ut_frame_calipers_forget (UtCalipers *calipers, UtView view)
{
  g_autofree char *begins = g_strdup_printf ("%s ", ut_view_name (view));
  ut_calipers_forget (calipers, begins);
}
