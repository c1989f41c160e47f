/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/inspect-page.h"

#include "app/app-id.h"
#include "app/keys.h"
#include "app/sentence.h"
#include "app/twin/camera-json.h"
#include "app/twin/compare-area.h"
#include "app/twin/look.h"
#include "app/twin/maps-panel.h"
#include "app/twin/numbers-panel.h"
#include "app/twin/numbers.h"
#include "app/twin/planes-panel.h"
#include "app/twin/reference-panel.h"
#include "app/twin/stage-switch.h"
#include "app/twin/structures-panel.h"
#include "app/twin/trust-panel.h"
#include "app/wrap-layout.h"

#include <glib/gi18n.h>

#define PANE_MARGIN 14 /* px, of captions, as in style.css */

struct _UtInspectPage {
  GtkWidget parent_instance;

  UtDocument *document;
  UtResults *results;
  UtLook *look;
  UtBeat *beat;
  UtCut *cut;
  UtCalipers *calipers;
  UtSecondStudy *second;
  gboolean second_awaited;              /* its layout comes when it has been read */
  UtStudyResult *measured[UT_N_PHASES]; /* what the calipers are on */
  UtPhase numbers_phase;                /* that the numbers' panel shows */
  gboolean turned;                      /* the camera looks as it did when the study was left */
  gboolean fitted;                      /* the heart was brought into the picture once */
  int top, bottom;                      /* px of the hearts that lie under bars */
  guint room_id;

  GtkWidget *stack, *failed_page, *area, *ed_button, *es_button, *layout_buttons[UT_N_LAYOUTS];
  GtkWidget *head, *bar, *layouts, *badges, *frames_label, *stale_label, *edited_label,
    *verdict_label, *spinner, *stage_switch, *headline, *numbers_hint, *cameras;
  GtkWidget *side, *side_stack, *structures_panel, *reference_panel, *maps_panel, *numbers_panel;
  GtkWidget *trust_panel, *planes_panel;
};

G_DEFINE_FINAL_TYPE (UtInspectPage, ut_inspect_page, GTK_TYPE_WIDGET)

static UtTwinView *
main_view (UtInspectPage *self)
{
  return ut_compare_area_get_view (UT_COMPARE_AREA (self->area));
}

/* ---- what the page says ------------------------------------------------------------- */

/* Why there are no numbers, or what is odd about them. */
static void
show_hint (UtInspectPage *self, const UtMeasurements *measurements)
{
  const UtLookState *look = ut_look_get (self->look);
  const UtStudyState *state = ut_document_get_state (self->document);
  const UtTwin *twin = ut_study_twin (state, look->phase);
  const UtMeasurement *sv =
    measurements != NULL ? ut_measurements_find (measurements, UT_QUANTITY_SV, -1, UT_LV) : NULL;
  const char *hint = NULL;
  if (!ut_document_calibrated (state))
    hint = _ ("Numbers are hidden: a view is not calibrated. Calibrate it or empty it.");
  else if (sv != NULL && sv->value < 0)
    hint = _ ("The LV is larger at ES than at ED. Check the marks: they may be exchanged.");
  else if (measurements != NULL && twin != NULL && look->stage >= 0 &&
           look->stage != (int)ut_twin_final_stage (twin))
    hint = _ ("These are the numbers of the last stage, not of the one in the picture.");
  gtk_widget_set_visible (self->numbers_hint, hint != NULL);
  gtk_label_set_text (GTK_LABEL (self->numbers_hint), hint != NULL ? hint : "");
}

static void
show_choices (UtInspectPage *self)
{
  const UtLookState *look = ut_look_get (self->look);
  GtkWidget *phase = look->phase == UT_PHASE_ED ? self->ed_button : self->es_button;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (phase), TRUE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->layout_buttons[look->layout]), TRUE);
}

static void
show_review (UtInspectPage *self, const UtStudyState *state, UtPhase phase)
{
  UtVerdict verdict = ut_study_verdict (state, (int)phase, -1);
  gtk_widget_set_visible (self->edited_label, ut_study_is_edited (state, phase, -1));
  gtk_widget_set_visible (self->verdict_label, ut_study_twin (state, phase) != NULL);
  gtk_label_set_text (GTK_LABEL (self->verdict_label), ut_sentence_verdict (verdict));
  if (verdict == UT_VERDICT_ACCEPTED)
    gtk_widget_remove_css_class (self->verdict_label, "unknown");
  else
    gtk_widget_add_css_class (self->verdict_label, "unknown");
}

static void
show_numbers (UtInspectPage *self)
{
  self->numbers_phase = ut_look_get (self->look)->phase;
  ut_numbers_panel_update (UT_NUMBERS_PANEL (self->numbers_panel),
                           ut_results_get_measurements (self->results),
                           self->numbers_phase);
}

/* The furthest stage that there are surfaces of; -1 = none. */
static int
furthest_stage (UtInspectPage *self, UtPhase phase)
{
  const UtPhaseSurfaces *surfaces = ut_results_get_surfaces (self->results, phase, -1);
  return surfaces != NULL && surfaces->result != NULL ? (int)surfaces->stage : -1;
}

/* What depends on the choices; the area and the panels that look at them follow by themselves. */
static void
look_changed_cb (UtInspectPage *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  if (state == NULL)
    return;
  UtPhase phase = ut_look_get (self->look)->phase;
  const UtMeasurements *measurements = ut_results_get_measurements (self->results);
  gboolean studies = ut_look_get (self->look)->layout == UT_LAYOUT_STUDIES;
  int stage = ut_look_get (self->look)->stage;
  gtk_widget_set_visible (self->badges, !studies); /* each heart has its own then */
  gtk_widget_set_visible (self->frames_label, studies);
  gtk_widget_set_visible (self->stale_label, ut_study_is_stale (state, phase));
  show_review (self, state, phase);
  ut_stage_switch_set_twin (
    UT_STAGE_SWITCH (self->stage_switch),
    ut_look_get (self->look)->layout != UT_LAYOUT_STAGES ? ut_study_twin (state, phase) : NULL,
    stage >= 0 ? stage : furthest_stage (self, phase));
  if (phase != self->numbers_phase)
    show_numbers (self);
  show_hint (self, measurements);
  show_choices (self);
}

/* By its last stage, once that is there: each has planes of its own. A heart that was fitted when
 * it was left is fitted from the same side: the window may have another size. */
static void
look_at_first_heart (UtInspectPage *self)
{
  UtPhase phase = ut_look_get (self->look)->phase;
  const UtTwin *twin = ut_study_twin (ut_document_get_state (self->document), phase);
  self->fitted = twin == NULL || furthest_stage (self, phase) == (int)ut_twin_final_stage (twin);
  if (self->turned)
    ut_twin_view_fit (main_view (self));
  else
    ut_twin_view_look (main_view (self), UT_CAMERA_A4C);
}

static void
update (UtInspectPage *self)
{
  if (ut_document_get_state (self->document) == NULL)
    return;
  gboolean any = FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    any |= ut_results_get_surfaces (self->results, phase, -1) != NULL;
  const UtMeasurements *measurements = ut_results_get_measurements (self->results);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->stack)), "failed") != 0)
    gtk_stack_set_visible_child_name (GTK_STACK (self->stack), any ? "twin" : "empty");
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), ut_results_get_busy (self->results));
  ut_numbers_fill_headline (GTK_GRID (self->headline), measurements);
  gtk_widget_set_visible (self->headline, measurements != NULL);
  ut_reference_panel_update (UT_REFERENCE_PANEL (self->reference_panel));
  ut_maps_panel_update (UT_MAPS_PANEL (self->maps_panel));
  ut_planes_panel_update (UT_PLANES_PANEL (self->planes_panel));
  show_numbers (self);
  look_changed_cb (self);
  ut_compare_area_update (UT_COMPARE_AREA (self->area));
  if (any && !self->fitted)
    look_at_first_heart (self);
}

static void
set_layout (UtInspectPage *self, UtLayout layout)
{
  UtLookState look = *ut_look_get (self->look);
  self->second_awaited = FALSE;
  look.layout = layout;
  ut_look_set (self->look, &look);
}

static void
leave_studies (UtInspectPage *self)
{
  self->second_awaited = FALSE;
  if (ut_look_get (self->look)->layout == UT_LAYOUT_STUDIES)
    set_layout (self, UT_LAYOUT_SINGLE);
}

/* Another heart has other surfaces. */
static void
forget_calipers (UtInspectPage *self, guint changes)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++) {
    UtStudyResult *result = state->results[phase];
    g_autofree char *on_reference = g_strdup_printf ("%s reference", ut_phase_name (phase));
    if (changes & UT_STUDY_CHANGE_REFERENCE)
      ut_calipers_forget (self->calipers, on_reference);
    if (self->measured[phase] == result)
      continue;
    g_clear_pointer (&self->measured[phase], ut_study_result_unref);
    self->measured[phase] = result != NULL ? ut_study_result_ref (result) : NULL;
    ut_calipers_forget (self->calipers, ut_phase_name (phase));
  }
}

static void
document_changed_cb (UtInspectPage *self, guint changes)
{
  forget_calipers (self, changes);
  if (changes == G_MAXUINT) { /* another study */
    self->turned = self->fitted = FALSE;
    leave_studies (self);
  }
  if (changes & (UT_STUDY_CHANGE_RESULTS | UT_STUDY_CHANGE_REFERENCE | UT_STUDY_CHANGE_PLANE))
    update (self);
  else if (changes & (UT_STUDY_CHANGE_REVIEW | UT_STUDY_CHANGE_LABEL)) {
    look_changed_cb (self);
    ut_compare_area_update (UT_COMPARE_AREA (self->area));
  }
}

static void
failed_cb (UtInspectPage *self, const char *message)
{
  g_autofree char *text = g_strdup_printf (
    _ ("The 3D view needs OpenGL 3.3: %s. Numbers, report and export work without it."), message);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->failed_page), text);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "failed");
}

static void
show_place_cb (UtInspectPage *self, const UtPlace *place)
{
  ut_twin_view_look_at (main_view (self), place->low_mm, place->high_mm);
}

/* ---- choices ---------------------------------------------------------------------------- */

static gboolean
room_cb (gpointer user_data)
{
  UtInspectPage *self = user_data;
  self->room_id = 0;
  ut_compare_area_set_room (UT_COMPARE_AREA (self->area), self->top, self->bottom);
  return G_SOURCE_REMOVE;
}

/* Bars wrap in a narrow window and grow with the text; captions make room for them, later, for
 * sizes must not be asked for while they are given. */
static gboolean
place_cb (GtkOverlay *overlay, GtkWidget *child, GdkRectangle *ret, UtInspectPage *self)
{
  int *room = child == self->head ? &self->top : child == self->stage_switch ? &self->bottom : NULL;
  int width, height;
  if (room == NULL)
    return FALSE;
  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &width, NULL, NULL);
  width = MIN (width, gtk_widget_get_width (GTK_WIDGET (overlay)));
  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, &height, NULL, NULL, NULL);
  if (*room != MAX (0, height - PANE_MARGIN)) {
    *room = MAX (0, height - PANE_MARGIN);
    if (self->room_id == 0)
      self->room_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, room_cb, self, NULL);
  }
  return FALSE; /* where it is, is right */
}

static void
phase_toggled_cb (UtInspectPage *self)
{
  if (self->look != NULL)
    ut_inspect_page_show_phase (self,
                                gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->ed_button))
                                  ? UT_PHASE_ED
                                  : UT_PHASE_ES);
}

static void
second_changed_cb (UtInspectPage *self)
{
  if (!self->second_awaited || ut_second_study_get_busy (self->second))
    return;
  self->second_awaited = FALSE;
  if (ut_second_study_get_document (self->second) != NULL)
    set_layout (self, UT_LAYOUT_STUDIES);
}

void
ut_inspect_page_close_second (UtInspectPage *self)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  leave_studies (self);
  ut_second_study_close (self->second);
}

static void
layout_toggled_cb (UtInspectPage *self, GtkToggleButton *button)
{
  for (UtLayout layout = 0; layout < UT_N_LAYOUTS; layout++)
    if (self->layout_buttons[layout] == GTK_WIDGET (button) &&
        gtk_toggle_button_get_active (button))
      set_layout (self, layout);
}

static gboolean
digit_cb (UtInspectPage *self, guint keyval, guint keycode, GdkModifierType state)
{
  guint index = (guint)ut_keys_digit (keyval, keycode) - 1; /* beyond all for 0 and none */
  GdkModifierType modifiers = state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK);
  if (modifiers == GDK_ALT_MASK)
    return ut_stage_switch_choose (UT_STAGE_SWITCH (self->stage_switch), index);
  if (index >= UT_N_STRUCTURES || modifiers != 0)
    return GDK_EVENT_PROPAGATE;

  UtStructure s = ut_structure_order[index];
  UtLookState look = *ut_look_get (self->look);
  if (state & GDK_SHIFT_MASK)
    look.solo = look.solo == s ? UT_BACKGROUND : s;
  else
    look.shown[s] = !look.shown[s];
  ut_look_set (self->look, &look);
  return GDK_EVENT_STOP;
}

static void
blink_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ut_look_blink (UT_INSPECT_PAGE (widget)->look);
}

static void
play_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtBeat *beat = UT_INSPECT_PAGE (widget)->beat;
  ut_beat_set_playing (beat, !ut_beat_get_playing (beat));
}

static void
reference_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtInspectPage *self = UT_INSPECT_PAGE (widget);
  UtLookState look = *ut_look_get (self->look);
  if (ut_document_get_state (self->document)->references[look.phase] == NULL)
    return;
  look.reference = !look.reference;
  ut_look_set (self->look, &look);
}

static void
show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtInspectPage *self = UT_INSPECT_PAGE (widget);
  UtLookState look = *ut_look_get (self->look);
  if (g_str_equal (name, "twin.voxel-true"))
    look.voxel_true = !look.voxel_true;
  else
    look.echo = !look.echo;
  ut_look_set (self->look, &look);
}

/* The slices' point is of interest beside the slices only. */
static void
side_changed_cb (UtInspectPage *self)
{
  UtLookState look = *ut_look_get (self->look);
  look.crosshair =
    g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->side_stack)), "planes") == 0;
  ut_look_set (self->look, &look);
}

static void
look_at_cut_cb (UtInspectPage *self, guint camera)
{
  ut_twin_view_look (main_view (self), (UtCameraName)camera);
}

static void
map_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtMapsPanel *maps = UT_MAPS_PANEL (UT_INSPECT_PAGE (widget)->maps_panel);
  if (g_str_equal (name, "twin.uncertainty"))
    ut_maps_panel_toggle_uncertainty (maps);
  else
    ut_maps_panel_toggle (maps,
                          g_str_equal (name, "twin.motion-map") ? UT_SURFACE_MAP_MOTION
                                                                : UT_SURFACE_MAP_DISTANCE);
}

static void
worst_spot_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ut_trust_panel_show_worst (UT_TRUST_PANEL (UT_INSPECT_PAGE (widget)->trust_panel));
}

static void
accept_all_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ut_trust_panel_accept_all (UT_TRUST_PANEL (UT_INSPECT_PAGE (widget)->trust_panel));
}

static void
grade_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtInspectPage *self = UT_INSPECT_PAGE (widget);
  ut_trust_panel_ask (UT_TRUST_PANEL (self->trust_panel), self->area);
}

/* Goes to the slices, where it paints. */
static void
brush_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtInspectPage *self = UT_INSPECT_PAGE (widget);
  gtk_stack_set_visible_child_name (GTK_STACK (self->side_stack), "planes");
  ut_planes_panel_toggle_brush (UT_PLANES_PANEL (self->planes_panel));
}

static void
layout_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  int layout = g_variant_get_int32 (parameter);
  if (layout >= 0 && layout < UT_N_LAYOUTS)
    set_layout (UT_INSPECT_PAGE (widget), (UtLayout)layout);
}

static void
side_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkStack *side = GTK_STACK (UT_INSPECT_PAGE (widget)->side_stack);
  GtkWidget *page = gtk_stack_get_child_by_name (side, g_variant_get_string (parameter, NULL));
  if (page != NULL)
    gtk_stack_set_visible_child (side, page);
}

/* ---- place ---------------------------------------------------------------------------------- */

void
ut_inspect_page_save_place (UtInspectPage *self, JsonObject *ui)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  const UtLookState *look = ut_look_get (self->look);
  UtCamera camera;
  gboolean fitted = ut_twin_view_get_camera (main_view (self), &camera);
  if (self->turned || self->fitted) {
    json_object_set_member (ui, "camera", ut_camera_to_json (&camera));
    json_object_set_boolean_member (ui, "camera_fitted", fitted);
  }
  json_object_set_member (ui, "calipers", ut_calipers_to_json (self->calipers));
  json_object_set_string_member (ui, "phase", ut_phase_name (look->phase));
  json_object_set_int_member (
    ui, "layout", self->second_awaited ? UT_LAYOUT_STUDIES : look->layout);
  g_autofree char *second = ut_second_study_dup_place (self->second);
  if (second != NULL)
    json_object_set_string_member (ui, "second_study", second);
}

void
ut_inspect_page_restore_place (UtInspectPage *self, JsonObject *ui)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  UtCamera camera;
  ut_twin_view_get_camera (main_view (self), &camera);
  if (ut_camera_from_json (&camera, json_object_get_member (ui, "camera"))) {
    JsonNode *node = json_object_get_member (ui, "camera_fitted");
    gboolean fitted = node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);
    ut_twin_view_set_camera (main_view (self), &camera, fitted);
    self->turned = TRUE;
    self->fitted = !fitted;
  }
  ut_calipers_from_json (self->calipers, json_object_get_member (ui, "calipers"));
  JsonNode *phase = json_object_get_member (ui, "phase");
  if (phase != NULL && JSON_NODE_HOLDS_VALUE (phase))
    ut_inspect_page_show_phase (
      self, g_strcmp0 (json_node_get_string (phase), "ES") == 0 ? UT_PHASE_ES : UT_PHASE_ED);
  JsonNode *layout = json_object_get_member (ui, "layout");
  gint64 number =
    layout != NULL && JSON_NODE_HOLDS_VALUE (layout) ? json_node_get_int (layout) : -1;
  JsonNode *node = json_object_get_member (ui, "second_study");
  const char *second =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
  if (number >= 0 && number < UT_N_LAYOUTS && number != UT_LAYOUT_STUDIES)
    set_layout (self, (UtLayout)number);
  if (second != NULL)
    ut_second_study_reopen (self->second, second);
  self->second_awaited = number == UT_LAYOUT_STUDIES && ut_second_study_get_busy (self->second);
}

void
ut_inspect_page_show_phase (UtInspectPage *self, UtPhase phase)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  UtLookState look = *ut_look_get (self->look);
  look.phase = phase;
  ut_look_set (self->look, &look);
}

void
ut_inspect_page_grab_focus (UtInspectPage *self)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  GtkWidget *view = GTK_WIDGET (main_view (self));
  if (gtk_widget_get_mapped (view))
    gtk_widget_grab_focus (view);
  else /* there is no heart yet */
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

UtLook *
ut_inspect_page_get_look (UtInspectPage *self)
{
  g_return_val_if_fail (UT_IS_INSPECT_PAGE (self), NULL);
  return self->look;
}

UtBeat *
ut_inspect_page_get_beat (UtInspectPage *self)
{
  g_return_val_if_fail (UT_IS_INSPECT_PAGE (self), NULL);
  return self->beat;
}

UtSecondStudy *
ut_inspect_page_get_second (UtInspectPage *self)
{
  g_return_val_if_fail (UT_IS_INSPECT_PAGE (self), NULL);
  return self->second;
}

GtkStack *
ut_inspect_page_get_side (UtInspectPage *self)
{
  g_return_val_if_fail (UT_IS_INSPECT_PAGE (self), NULL);
  return GTK_STACK (self->side_stack);
}

void
ut_inspect_page_show_side (UtInspectPage *self, gboolean shown)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  gtk_widget_set_visible (self->side, shown);
}

const char *
ut_inspect_page_device (UtInspectPage *self)
{
  g_return_val_if_fail (UT_IS_INSPECT_PAGE (self), NULL);
  return ut_twin_view_device (main_view (self));
}

/* ---- life ------------------------------------------------------------------------------------ */

static void
add_layouts (UtInspectPage *self)
{
  static const struct {
    const char *title, *label, *key;
  } layouts[UT_N_LAYOUTS] = {
    {NC_ ("layout", "One"), N_ ("One heart"), "F5"},
    {NC_ ("layout", "ED | ES"), N_ ("ED beside ES"), "F6"},
    {NC_ ("layout", "Twin | Reference"), N_ ("Twin beside reference"), "F7"},
    {NC_ ("layout", "Stages"), N_ ("Four stages side by side"), "F8"},
    {NC_ ("layout", "Studies"), N_ ("Beside the heart of another study"), N_ ("Shift+F7")},
  };
  for (guint layout = 0; layout < UT_N_LAYOUTS; layout++) {
    GtkWidget *button =
      gtk_toggle_button_new_with_label (g_dpgettext2 (NULL, "layout", layouts[layout].title));
    const char *label = _ (layouts[layout].label);
    g_autofree char *tip = g_strdup_printf ("%s (%s)", label, _ (layouts[layout].key));
    gtk_widget_set_tooltip_text (button, tip);
    gtk_accessible_update_property (
      GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    if (layout > 0)
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                   GTK_TOGGLE_BUTTON (self->layout_buttons[0]));
    g_signal_connect_object (
      button, "toggled", G_CALLBACK (layout_toggled_cb), self, G_CONNECT_SWAPPED);
    gtk_box_append (GTK_BOX (self->layouts), button);
    self->layout_buttons[layout] = button;
  }
}

/* @label (transfer full) becomes accessible name and tooltip. */
static GtkWidget *
add_camera (UtInspectPage *self, const char *text, char *label)
{
  GtkWidget *button = gtk_button_new_with_label (text);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_add_css_class (button, "camera");
  gtk_flow_box_append (GTK_FLOW_BOX (self->cameras), button);
  gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE); /* its frame, without a name */
  g_free (label);
  return button;
}

static void
add_cameras (UtInspectPage *self)
{
  for (UtCameraName name = 0; name < UT_N_CAMERAS; name++) {
    const char *letters = ut_camera_name (name);
    GtkWidget *button = add_camera (self, letters, g_strdup_printf (_ ("Camera %s"), letters));
    gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "page.camera");
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", letters);
  }
  GtkWidget *fit = add_camera (self, C_ ("camera", "Fit"), g_strdup (_ ("Fit the heart (0)")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (fit), "page.fit");
}

/* The buttons stand outside the 3D view, whose own action they ask for. */
static void
camera_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtInspectPage *self = UT_INSPECT_PAGE (widget);
  gtk_widget_activate_action_variant (GTK_WIDGET (main_view (self)), "twin.camera", parameter);
}

static void
fit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ut_twin_view_fit (main_view (UT_INSPECT_PAGE (widget)));
}

void
ut_inspect_page_set_up (UtInspectPage *self, UtDocument *document, UtResults *results)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self) && self->document == NULL);
  self->document = g_object_ref (document);
  self->results = g_object_ref (results);
  self->look = ut_look_new ();
  self->beat = ut_beat_new (document);
  self->cut = ut_cut_new ();
  self->calipers = ut_calipers_new ();
  self->second = ut_second_study_new (document);
  g_autoptr (UtCrosshair) crosshair = ut_crosshair_new ();
  ut_compare_area_set_up (UT_COMPARE_AREA (self->area),
                          document,
                          results,
                          self->look,
                          self->beat,
                          self->calipers,
                          crosshair,
                          self->second);
  ut_stage_switch_set_up (UT_STAGE_SWITCH (self->stage_switch), self->look);
  ut_structures_panel_set_up (UT_STRUCTURES_PANEL (self->structures_panel), self->look);
  ut_reference_panel_set_up (UT_REFERENCE_PANEL (self->reference_panel), document, self->look);
  ut_maps_panel_set_up (UT_MAPS_PANEL (self->maps_panel), document, results, self->look);
  ut_numbers_panel_set_up (UT_NUMBERS_PANEL (self->numbers_panel), document);
  ut_trust_panel_set_up (UT_TRUST_PANEL (self->trust_panel), document, results, self->look);
  ut_compare_area_set_cut (UT_COMPARE_AREA (self->area), self->cut);
  ut_planes_panel_set_up (
    UT_PLANES_PANEL (self->planes_panel), document, results, self->look, self->cut, crosshair);
  show_choices (self);
  g_signal_connect_object (self->side_stack,
                           "notify::visible-child",
                           G_CALLBACK (side_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (
    self->look, "changed", G_CALLBACK (look_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (results, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    self->second, "changed", G_CALLBACK (second_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
ut_inspect_page_dispose (GObject *object)
{
  UtInspectPage *self = UT_INSPECT_PAGE (object);
  g_clear_handle_id (&self->room_id, g_source_remove);
  g_clear_object (&self->beat);
  g_clear_object (&self->cut);
  g_clear_object (&self->calipers);
  g_clear_object (&self->second);
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    g_clear_pointer (&self->measured[phase], ut_study_result_unref);
  g_clear_object (&self->look);
  g_clear_object (&self->results);
  gtk_widget_dispose_template (GTK_WIDGET (self), UT_TYPE_INSPECT_PAGE);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_inspect_page_parent_class)->dispose (object);
}

#define BIND(widget_class, name)                                                                   \
  gtk_widget_class_bind_template_child (widget_class, UtInspectPage, name)

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               UT_RESOURCE_PATH "/ui/inspect-page.ui");
  BIND (widget_class, stack);
  BIND (widget_class, failed_page);
  BIND (widget_class, head);
  BIND (widget_class, area);
  BIND (widget_class, ed_button);
  BIND (widget_class, es_button);
  BIND (widget_class, bar);
  BIND (widget_class, layouts);
  BIND (widget_class, badges);
  BIND (widget_class, frames_label);
  BIND (widget_class, stale_label);
  BIND (widget_class, edited_label);
  BIND (widget_class, verdict_label);
  BIND (widget_class, spinner);
  BIND (widget_class, stage_switch);
  BIND (widget_class, headline);
  BIND (widget_class, numbers_hint);
  BIND (widget_class, cameras);
  BIND (widget_class, side);
  BIND (widget_class, side_stack);
  BIND (widget_class, structures_panel);
  BIND (widget_class, reference_panel);
  BIND (widget_class, maps_panel);
  BIND (widget_class, numbers_panel);
  BIND (widget_class, trust_panel);
  BIND (widget_class, planes_panel);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, look_at_cut_cb);
  gtk_widget_class_bind_template_callback (widget_class, phase_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_place_cb);
}

static void
ensure_types (void)
{
  g_type_ensure (UT_TYPE_COMPARE_AREA);
  g_type_ensure (UT_TYPE_MAPS_PANEL);
  g_type_ensure (UT_TYPE_NUMBERS_PANEL);
  g_type_ensure (UT_TYPE_PLANES_PANEL);
  g_type_ensure (UT_TYPE_REFERENCE_PANEL);
  g_type_ensure (UT_TYPE_STAGE_SWITCH);
  g_type_ensure (UT_TYPE_STRUCTURES_PANEL);
  g_type_ensure (UT_TYPE_TRUST_PANEL);
}

static void
ut_inspect_page_class_init (UtInspectPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ut_inspect_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  ensure_types ();
  gtk_widget_class_install_action (widget_class, "twin.blink", NULL, blink_action);
  gtk_widget_class_install_action (widget_class, "twin.play", NULL, play_action);
  gtk_widget_class_install_action (widget_class, "twin.reference", NULL, reference_action);
  gtk_widget_class_install_action (widget_class, "twin.echo-planes", NULL, show_action);
  gtk_widget_class_install_action (widget_class, "twin.voxel-true", NULL, show_action);
  gtk_widget_class_install_action (widget_class, "twin.distance-map", NULL, map_action);
  gtk_widget_class_install_action (widget_class, "twin.motion-map", NULL, map_action);
  gtk_widget_class_install_action (widget_class, "twin.uncertainty", NULL, map_action);
  gtk_widget_class_install_action (widget_class, "twin.worst-spot", NULL, worst_spot_action);
  gtk_widget_class_install_action (widget_class, "twin.accept-all", NULL, accept_all_action);
  gtk_widget_class_install_action (widget_class, "twin.grade", NULL, grade_action);
  gtk_widget_class_install_action (widget_class, "twin.brush", NULL, brush_action);
  gtk_widget_class_install_action (widget_class, "twin.layout", "i", layout_action);
  gtk_widget_class_install_action (widget_class, "twin.side", "s", side_action);
  gtk_widget_class_install_action (widget_class, "page.camera", "s", camera_action);
  gtk_widget_class_install_action (widget_class, "page.fit", NULL, fit_action);
  bind_template (widget_class);
}

static void
ut_inspect_page_init (UtInspectPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (self->bar, ut_wrap_layout_new (8));
  gtk_widget_set_layout_manager (self->layouts, ut_wrap_layout_new (0));
  g_signal_connect_object (
    self->numbers_panel, "map", G_CALLBACK (show_numbers), self, G_CONNECT_SWAPPED);
  add_layouts (self);
  add_cameras (self);

  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (digit_cb), self);
  gtk_widget_add_controller (self->area, keys);
}
