/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/window-private.h"

/* What the window keeps of itself in the study: step, frames, camera, calipers. A study from
 * elsewhere may say anything here, so whatever does not fit is passed over. */

void
ut_window_save_place (UtWindow *self)
{
  g_autoptr (JsonObject) ui = json_object_new ();
  JsonObject *frames = json_object_new ();

  for (UtView view = 0; view < UT_N_VIEWS; view++)
    json_object_set_int_member (/* counted from 1, as everywhere in files */
                                frames,
                                ut_view_name (view),
                                ut_view_slot_get_frame (
                                  ut_views_page_get_slot (UT_VIEWS_PAGE (self->views_page), view)) +
                                  1);
  json_object_set_object_member (ui, "frames", frames);
  json_object_set_string_member (ui, "step", self->step);
  json_object_set_member (
    ui,
    "frame_calipers",
    ut_calipers_to_json (ut_views_page_get_calipers (UT_VIEWS_PAGE (self->views_page))));
  ut_inspect_page_save_place (UT_INSPECT_PAGE (self->inspect_page), ui);
  ut_study_set_ui (ut_document_get_study (self->document), ui);
}

static void
restore_frames (UtWindow *self, JsonObject *frames)
{
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    JsonNode *node = json_object_get_member (frames, ut_view_name (view));
    gint64 frame = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;
    if (frame >= 1 && frame <= UT_CINE_MAX_FRAMES)
      ut_view_slot_go_to (ut_views_page_get_slot (UT_VIEWS_PAGE (self->views_page), view),
                          (guint)(frame - 1));
  }
}

void
ut_window_restore_place (UtWindow *self)
{
  JsonObject *ui = ut_study_get_ui (ut_document_get_study (self->document));
  if (ui == NULL) {
    ut_window_set_step (self, "load");
    ut_views_page_begin (UT_VIEWS_PAGE (self->views_page));
    return;
  }
  JsonNode *frames = json_object_get_member (ui, "frames");
  JsonNode *step = json_object_get_member (ui, "step");
  if (frames != NULL && JSON_NODE_HOLDS_OBJECT (frames))
    restore_frames (self, json_node_get_object (frames));
  ut_calipers_from_json (ut_views_page_get_calipers (UT_VIEWS_PAGE (self->views_page)),
                         json_object_get_member (ui, "frame_calipers"));
  ut_inspect_page_restore_place (UT_INSPECT_PAGE (self->inspect_page), ui);
  if (step != NULL && JSON_NODE_HOLDS_VALUE (step) && json_node_get_string (step) != NULL)
    ut_window_set_step (self, json_node_get_string (step));
}
