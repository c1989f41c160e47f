/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/inspect-page.h"

#include "app/app-id.h"
#include "app/sentence.h"
#include "app/twin/numbers.h"
#include "app/twin/structure-row.h"
#include "app/twin/twin-view.h"
#include "engine/measure/uncertainty.h"
#include "render/pick.h"

#include <glib/gi18n.h>

#define REFERENCE_ID(s)   ((guint)(s) + UT_N_LABELS) /* of the scene's surfaces */
#define REFERENCE_OPACITY 0.3f
/* Ends of the colour maps: fixed, so that hearts can be compared by eye */
#define MAP_LIMIT_MM       8.0f
#define SPREAD_LIMIT       1.0f
#define DISAGREEMENT_LIMIT 0.12f

#define KEYCODE_1          10 /* position of the digit 1 on the keyboard, X11 and Wayland */

/* In the order of their keys. The wall is translucent, so that the LV shows. */
static const struct {
  UtStructure structure;
  double opacity;
} structures[] = {{UT_LV, 1}, {UT_RV, 1}, {UT_LA, 1}, {UT_RA, 1}, {UT_MYO, 0.35}};

struct _UtInspectPage {
  GtkWidget parent_instance;

  UtDocument *document;
  UtResults *results;
  UtStructureRow *rows[UT_N_LABELS];
  UtStructure solo; /* UT_BACKGROUND = none */
  gboolean fitted;  /* the heart was brought into the picture once */

  GtkWidget *stack, *failed_page, *view, *ed_button, *es_button, *stale_label, *spinner;
  GtkWidget *pick_label, *headline, *numbers_hint, *structures, *cameras, *reference_row;
  GtkWidget *reference_switch, *map_switch, *volumes_group, *volumes, *overlap_group, *overlap;
  GtkWidget *stages, *stage_buttons[UT_N_TWIN_STAGES];
  GtkWidget *uncertainty_group, *spread_switch, *disagreement_switch;
};

G_DEFINE_FINAL_TYPE (UtInspectPage, ut_inspect_page, GTK_TYPE_WIDGET)

static UtPhase
shown_phase (UtInspectPage *self)
{
  return gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->ed_button)) ? UT_PHASE_ED
                                                                            : UT_PHASE_ES;
}

static gboolean
can_compare (UtInspectPage *self, const UtPhaseSurfaces *surfaces)
{
  return surfaces != NULL && surfaces->result != NULL && surfaces->reference != NULL &&
         ut_document_calibrated (ut_document_get_state (self->document));
}

/* What the surfaces are coloured by. */
typedef enum { MAP_NONE, MAP_DISTANCE, MAP_SPREAD, MAP_DISAGREEMENT } Map;

static gboolean
is_on (GtkWidget *map_switch)
{
  return gtk_widget_is_sensitive (map_switch) && gtk_switch_get_active (GTK_SWITCH (map_switch));
}

static Map
chosen_map (UtInspectPage *self, const UtPhaseSurfaces *surfaces)
{
  const UtTwin *twin = surfaces != NULL && surfaces->result != NULL ? surfaces->result->twin : NULL;
  if (is_on (self->map_switch) && can_compare (self, surfaces))
    return MAP_DISTANCE;
  if (twin != NULL && twin->spread != NULL && is_on (self->spread_switch))
    return MAP_SPREAD;
  return twin != NULL && twin->variance != NULL && is_on (self->disagreement_switch)
           ? MAP_DISAGREEMENT
           : MAP_NONE;
}

static UtScalarMap
scalar_map (Map map)
{
  if (map == MAP_DISTANCE)
    return ut_scalar_map_distance (MAP_LIMIT_MM);
  return (UtScalarMap){
    .scalar = map == MAP_SPREAD ? UT_SPREAD_SCALAR : UT_DISAGREEMENT_SCALAR,
    .quantity = map == MAP_SPREAD ? _ ("Seed spread") : _ ("Branch disagreement"),
    .unit = "",
    .map = UT_COLOUR_MAP_BATLOW,
    .max = map == MAP_SPREAD ? SPREAD_LIMIT : DISAGREEMENT_LIMIT,
  };
}

/* ---- scene ------------------------------------------------------------------------ */

/* The picture in words, for screen readers. */
static void
describe (UtInspectPage *self, const UtPhaseSurfaces *surfaces, Map map, gboolean reference)
{
  g_autoptr (GString) text = g_string_new (ut_phase_name (shown_phase (self)));
  if (surfaces != NULL && surfaces->result != NULL)
    /* Translators: "coarse stage" */
    g_string_append_printf (text, _ (", %s stage"), ut_sentence_twin_stage (surfaces->stage));
  for (guint i = 0; i < G_N_ELEMENTS (structures); i++) {
    UtStructure s = structures[i].structure;
    if (self->solo == s ||
        (self->solo == UT_BACKGROUND && ut_structure_row_get_shown (self->rows[s])))
      g_string_append_printf (text, ", %s", ut_structure_name (s));
  }
  if (reference)
    g_string_append_printf (text, ", %s", _ ("with reference"));
  if (map == MAP_DISTANCE)
    g_string_append_printf (
      text, ", %s ±%.0f mm", _ ("signed distance to the reference"), (double)MAP_LIMIT_MM);
  else if (map != MAP_NONE)
    g_string_append_printf (
      text, ", %s 0–%g", scalar_map (map).quantity, (double)scalar_map (map).max);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text->str, -1);
}

static void
show_surfaces (UtInspectPage *self, const UtPhaseSurfaces *surfaces, gboolean reference)
{
  static const float reference_colour[3] = {0.86f, 0.88f, 0.9f};
  UtScene *scene = ut_twin_view_get_scene (UT_TWIN_VIEW (self->view));
  gboolean twin = surfaces != NULL && surfaces->result != NULL;

  for (guint i = 0; i < G_N_ELEMENTS (structures); i++) {
    UtStructure s = structures[i].structure;
    UtStructureRow *row = self->rows[s];
    gboolean shown =
      self->solo == UT_BACKGROUND ? ut_structure_row_get_shown (row) : self->solo == s;
    float opacity = self->solo == s ? 1 : (float)ut_structure_row_get_opacity (row);

    ut_scene_set_mesh (scene, s, s, surfaces != NULL ? surfaces->meshes[s] : NULL);
    ut_scene_set_visible (scene, s, shown);
    ut_scene_set_opacity (scene, s, opacity);

    ut_scene_set_mesh (
      scene, REFERENCE_ID (s), s, surfaces != NULL ? surfaces->references[s] : NULL);
    ut_scene_set_visible (scene, REFERENCE_ID (s), shown && (reference || !twin));
    ut_scene_set_opacity (scene, REFERENCE_ID (s), twin ? REFERENCE_OPACITY : opacity);
    if (twin)
      ut_scene_set_colour (scene, REFERENCE_ID (s), reference_colour);
  }
}

static void
update_scene (UtInspectPage *self)
{
  const UtPhaseSurfaces *surfaces = ut_results_get_surfaces (self->results, shown_phase (self));
  UtTwinView *view = UT_TWIN_VIEW (self->view);
  gboolean reference = gtk_switch_get_active (GTK_SWITCH (self->reference_switch));
  Map map = chosen_map (self, surfaces);
  UtScalarMap colours = scalar_map (map);

  show_surfaces (self, surfaces, reference);
  ut_scene_set_map (ut_twin_view_get_scene (view), map != MAP_NONE ? &colours : NULL);
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    ut_twin_view_set_plane (
      view, v, surfaces != NULL && surfaces->has_plane[v] ? &surfaces->planes[v] : NULL);

  gtk_widget_set_visible (self->pick_label, FALSE);
  describe (self, surfaces, map, reference);
  gtk_gl_area_queue_render (GTK_GL_AREA (view));
  if (surfaces != NULL && !self->fitted) {
    self->fitted = TRUE;
    ut_twin_view_look (view, UT_CAMERA_A);
  }
}

static void
scene_changed_cb (UtInspectPage *self)
{
  if (self->results != NULL)
    update_scene (self);
}

/* One map at a time. */
static void
map_switched_cb (UtInspectPage *self, GParamSpec *property, GtkSwitch *which)
{
  GtkWidget *const switches[] = {self->map_switch, self->spread_switch, self->disagreement_switch};
  for (guint i = 0; gtk_switch_get_active (which) && i < G_N_ELEMENTS (switches); i++)
    if (switches[i] != GTK_WIDGET (which))
      gtk_switch_set_active (GTK_SWITCH (switches[i]), FALSE);
  scene_changed_cb (self);
}

/* ---- stages and uncertainty ----------------------------------------------------- */

static void
stage_toggled_cb (UtInspectPage *self, GtkToggleButton *button)
{
  UtTwinStage stage = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "stage"));
  if (self->results != NULL && gtk_toggle_button_get_active (button))
    ut_results_set_stage (self->results, stage);
}

static void
update_stages (UtInspectPage *self, const UtStudyState *state)
{
  const UtTwin *twin = ut_study_twin (state, shown_phase (self));
  gtk_widget_set_visible (self->stages, twin != NULL);
  for (UtTwinStage stage = 0; twin != NULL && stage < UT_N_TWIN_STAGES; stage++) {
    GtkWidget *button = self->stage_buttons[stage];
    gboolean there = ut_twin_has_stage (twin, stage);
    g_autofree char *text =
      there ? g_strdup_printf (
                _ ("Show the %s stage (Alt+%u)"), ut_sentence_twin_stage (stage), stage + 1)
            : g_strdup_printf (_ ("This network has no %s stage"), ut_sentence_twin_stage (stage));
    gtk_widget_set_sensitive (button, there);
    gtk_widget_set_tooltip_text (button, text);
    if (stage == ut_results_get_stage (self->results, twin)) {
      g_signal_handlers_block_by_func (button, stage_toggled_cb, self);
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
      g_signal_handlers_unblock_by_func (button, stage_toggled_cb, self);
    }
  }
}

/* How well uncertainty points to error in this heart, where the truth is known. */
static void
describe_ranks (UtInspectPage *self)
{
  static const UtQuantity quantities[] = {UT_QUANTITY_SPREAD_RANK, UT_QUANTITY_DISAGREEMENT_RANK};
  const UtMeasurements *measurements = ut_results_get_measurements (self->results);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; measurements != NULL && i < G_N_ELEMENTS (quantities); i++) {
    const UtMeasurement *rho =
      ut_measurements_find (measurements, quantities[i], (int)shown_phase (self), -1);
    if (rho == NULL)
      continue;
    /* Translators: "Seed spread: rank correlation with the error 0.34" */
    g_string_append_printf (text,
                            _ ("%s: rank correlation with the error %.2f"),
                            i == 0 ? _ ("Seed spread") : _ ("Branch disagreement"),
                            rho->value);
    if (rho->value < UT_UNCERTAINTY_MIN_RANK)
      g_string_append (text, _ (", not informative here"));
    g_string_append (text, i == 0 ? "\n" : "");
  }
  g_strchomp (text->str);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->uncertainty_group),
                                         text->str);
}

static void
update_uncertainty (UtInspectPage *self, const UtStudyState *state)
{
  const UtTwin *twin = ut_study_twin (state, shown_phase (self));
  gboolean spread = twin != NULL && twin->spread != NULL;
  gboolean branches = twin != NULL && twin->variance != NULL;
  gtk_widget_set_sensitive (self->spread_switch, spread);
  gtk_widget_set_tooltip_text (
    self->spread_switch,
    spread ? _ ("Standard deviation of the class probabilities over the seeds, summed over classes")
           : _ ("Needs a heart that was reconstructed from several seeds"));
  gtk_widget_set_sensitive (self->disagreement_switch, branches);
  gtk_widget_set_tooltip_text (
    self->disagreement_switch,
    branches ? _ ("How differently the three branches of the refinement draw the borders")
             : _ ("Needs a network with refinement"));
  describe_ranks (self);
}

/* ---- numbers ----------------------------------------------------------------------- */

/* Why there are no numbers, or what is odd about them. */
static void
show_hint (UtInspectPage *self,
           gboolean calibrated,
           const UtMeasurements *measurements,
           const UtPhaseSurfaces *surfaces)
{
  gboolean other_stage = surfaces != NULL && surfaces->result != NULL &&
                         surfaces->stage != ut_twin_final_stage (surfaces->result->twin);
  const UtMeasurement *sv =
    measurements != NULL ? ut_measurements_find (measurements, UT_QUANTITY_SV, -1, UT_LV) : NULL;
  const char *hint = NULL;
  if (!calibrated)
    hint = _ ("Numbers are hidden: a view is not calibrated. Calibrate it or empty it.");
  else if (sv != NULL && sv->value < 0)
    hint = _ ("The LV is larger at ES than at ED. Check the marks: they may be exchanged.");
  else if (measurements != NULL && other_stage)
    hint = _ ("These are the numbers of the last stage, not of the one in the picture.");
  gtk_widget_set_visible (self->numbers_hint, hint != NULL);
  gtk_label_set_text (GTK_LABEL (self->numbers_hint), hint != NULL ? hint : "");
}

static void
update_numbers (UtInspectPage *self)
{
  const UtMeasurements *measurements = ut_results_get_measurements (self->results);
  const UtPhaseSurfaces *surfaces = ut_results_get_surfaces (self->results, shown_phase (self));
  gboolean calibrated = ut_document_calibrated (ut_document_get_state (self->document));
  int phase = (int)shown_phase (self);
  const UtNumbersColumn volumes[] = {{UT_QUANTITY_VOLUME, UT_PHASE_ED, _ ("ED\nml")},
                                     {UT_QUANTITY_VOLUME, UT_PHASE_ES, _ ("ES\nml")}};
  const UtNumbersColumn overlap[] = {{UT_QUANTITY_DSC, phase, NULL},
                                     {UT_QUANTITY_HD_MM, phase, NULL},
                                     {UT_QUANTITY_HD95_MM, phase, NULL},
                                     {UT_QUANTITY_ASSD_MM, phase, NULL},
                                     {UT_QUANTITY_VOLUME_ERROR, phase, NULL}};
  gboolean compare = measurements != NULL && can_compare (self, surfaces);

  ut_numbers_fill_headline (GTK_GRID (self->headline), measurements);
  gtk_widget_set_visible (self->headline, measurements != NULL);
  gtk_widget_set_visible (self->volumes_group, measurements != NULL);
  gtk_widget_set_visible (self->overlap_group, compare);
  show_hint (self, calibrated, measurements, surfaces);
  if (measurements != NULL)
    ut_numbers_fill_table (
      GTK_GRID (self->volumes), measurements, volumes, G_N_ELEMENTS (volumes), FALSE);
  if (compare)
    ut_numbers_fill_table (
      GTK_GRID (self->overlap), measurements, overlap, G_N_ELEMENTS (overlap), TRUE);
}

static void
update_reference (UtInspectPage *self, const UtStudyState *state)
{
  const UtStudyReference *reference = state->references[shown_phase (self)];
  g_autofree char *name =
    reference != NULL ? g_path_get_basename (reference->source) : g_strdup (_ ("none"));
  const UtPhaseSurfaces *surfaces = ut_results_get_surfaces (self->results, shown_phase (self));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->reference_row), name);
  gtk_widget_set_sensitive (self->reference_switch, reference != NULL);
  gtk_widget_set_sensitive (self->map_switch, can_compare (self, surfaces));
  gtk_widget_set_tooltip_text (
    self->map_switch,
    can_compare (self, surfaces)
      ? _ ("Signed distance to the reference, mm")
      : _ ("Needs a calibrated, reconstructed heart and a reference for this phase"));
}

static void
update (UtInspectPage *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  if (state == NULL)
    return;
  gboolean any = FALSE;
  for (UtPhase phase = 0; phase < UT_N_PHASES; phase++)
    any |= ut_results_get_surfaces (self->results, phase) != NULL;

  if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (self->stack)), "failed") != 0)
    gtk_stack_set_visible_child_name (GTK_STACK (self->stack), any ? "twin" : "empty");
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), ut_results_get_busy (self->results));
  gtk_widget_set_visible (self->stale_label, ut_study_is_stale (state, shown_phase (self)));
  update_reference (self, state);
  update_stages (self, state);
  update_uncertainty (self, state);
  update_scene (self);
  update_numbers (self);
}

static void
phase_toggled_cb (UtInspectPage *self)
{
  if (self->results != NULL)
    update (self);
}

static void
document_changed_cb (UtInspectPage *self, guint changes)
{
  if (changes == G_MAXUINT) /* another study */
    self->fitted = FALSE;
  if (changes & (UT_STUDY_CHANGE_RESULTS | UT_STUDY_CHANGE_REFERENCE))
    update (self);
}

/* ---- structures ------------------------------------------------------------------------ */

static void
set_solo (UtInspectPage *self, UtStructure solo)
{
  self->solo = solo;
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    ut_structure_row_set_solo (self->rows[s], s == solo);
  update_scene (self);
}

static void
solo_cb (UtInspectPage *self, gboolean solo, UtStructureRow *row)
{
  set_solo (self, solo ? ut_structure_row_get_structure (row) : UT_BACKGROUND);
}

static gboolean
choose_stage (UtInspectPage *self, guint index)
{
  if (index >= UT_N_TWIN_STAGES || !gtk_widget_is_sensitive (self->stage_buttons[index]))
    return GDK_EVENT_PROPAGATE;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->stage_buttons[index]), TRUE);
  return GDK_EVENT_STOP;
}

/* Digits go by their place on the keyboard, whatever stands on the keys; the keypad by value. */
static gboolean
digit_cb (UtInspectPage *self, guint keyval, guint keycode, GdkModifierType state)
{
  guint index =
    keyval >= GDK_KEY_KP_1 && keyval <= GDK_KEY_KP_5 ? keyval - GDK_KEY_KP_1 : keycode - KEYCODE_1;
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) == GDK_ALT_MASK)
    return choose_stage (self, index);
  if (index >= G_N_ELEMENTS (structures) ||
      (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  UtStructure s = structures[index].structure;
  if (state & GDK_SHIFT_MASK)
    set_solo (self, self->solo == s ? UT_BACKGROUND : s);
  else
    ut_structure_row_set_shown (self->rows[s], !ut_structure_row_get_shown (self->rows[s]));
  return GDK_EVENT_STOP;
}

static void
picked_cb (UtInspectPage *self, const UtPick *pick)
{
  gtk_widget_set_visible (self->pick_label, pick != NULL);
  if (pick == NULL)
    return;
  gboolean calibrated = ut_document_calibrated (ut_document_get_state (self->document));
  gboolean reference = pick->id >= UT_N_LABELS;
  g_autoptr (GString) text = g_string_new (ut_structure_name (pick->structure));
  if (reference)
    g_string_append_printf (text, " (%s)", _ ("reference"));
  if (pick->has_value && is_on (self->map_switch) && calibrated)
    /* Translators: signed distance under the pointer */
    g_string_append_printf (text, _ ("  %+.1f mm"), (double)pick->value);
  else if (pick->has_value && !is_on (self->map_switch))
    g_string_append_printf (text, "  %.2f", (double)pick->value);
  if (calibrated)
    g_string_append_printf (text,
                            _ ("  at (%.0f, %.0f, %.0f) mm"),
                            (double)pick->position[0],
                            (double)pick->position[1],
                            (double)pick->position[2]);
  gtk_label_set_text (GTK_LABEL (self->pick_label), text->str);
}

static void
failed_cb (UtInspectPage *self, const char *message)
{
  g_autofree char *text = g_strdup_printf (
    _ ("The 3D view needs OpenGL 3.3: %s. Numbers, report and export work without it."), message);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->failed_page), text);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "failed");
}

/* ---- actions ------------------------------------------------------------------------------ */

static void
blink_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtInspectPage *self = UT_INSPECT_PAGE (widget);
  ut_inspect_page_show_phase (self, shown_phase (self) == UT_PHASE_ED ? UT_PHASE_ES : UT_PHASE_ED);
}

static void
switch_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtInspectPage *self = UT_INSPECT_PAGE (widget);
  GtkSwitch *target =
    GTK_SWITCH (g_str_equal (name, "twin.reference") ? self->reference_switch : self->map_switch);
  if (gtk_widget_is_sensitive (GTK_WIDGET (target)))
    gtk_switch_set_active (target, !gtk_switch_get_active (target));
}

/* The spread where there is one, else the branches' disagreement. */
static void
uncertainty_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtInspectPage *self = UT_INSPECT_PAGE (widget);
  GtkWidget *target =
    gtk_widget_is_sensitive (self->spread_switch) ? self->spread_switch : self->disagreement_switch;
  if (gtk_widget_is_sensitive (target))
    gtk_switch_set_active (GTK_SWITCH (target), !gtk_switch_get_active (GTK_SWITCH (target)));
}

/* ---- place ---------------------------------------------------------------------------------- */

void
ut_inspect_page_save_place (UtInspectPage *self, JsonObject *ui)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  UtCamera camera;
  ut_twin_view_get_camera (UT_TWIN_VIEW (self->view), &camera);
  JsonArray *numbers = json_array_new ();
  for (guint i = 0; i < 3; i++)
    json_array_add_double_element (numbers, (double)camera.target[i]);
  for (guint i = 0; i < 3; i++)
    json_array_add_double_element (numbers, (double)camera.direction[i]);
  for (guint i = 0; i < 3; i++)
    json_array_add_double_element (numbers, (double)camera.up[i]);
  json_array_add_double_element (numbers, (double)camera.distance_mm);
  if (self->fitted)
    json_object_set_array_member (ui, "camera", numbers);
  else
    json_array_unref (numbers);
  json_object_set_string_member (ui, "phase", ut_phase_name (shown_phase (self)));
}

/* A camera that is whole and sane; anything else is no camera. */
static gboolean
read_camera (JsonObject *ui, UtCamera *camera)
{
  JsonNode *node = json_object_get_member (ui, "camera");
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node) ||
      json_array_get_length (json_node_get_array (node)) != 10)
    return FALSE;
  float values[10];
  for (guint i = 0; i < 10; i++) {
    JsonNode *element = json_array_get_element (json_node_get_array (node), i);
    if (!JSON_NODE_HOLDS_VALUE (element))
      return FALSE;
    values[i] = (float)json_node_get_double (element);
    if (!isfinite (values[i]) || fabsf (values[i]) > 1e5f)
      return FALSE;
  }
  float direction = hypotf (hypotf (values[3], values[4]), values[5]);
  float up = hypotf (hypotf (values[6], values[7]), values[8]);
  if (fabsf (direction - 1) > 0.01f || fabsf (up - 1) > 0.01f || values[9] <= 0)
    return FALSE;
  memcpy (camera->target, values, sizeof camera->target);
  memcpy (camera->direction, values + 3, sizeof camera->direction);
  memcpy (camera->up, values + 6, sizeof camera->up);
  camera->distance_mm = values[9];
  return TRUE;
}

void
ut_inspect_page_restore_place (UtInspectPage *self, JsonObject *ui)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  UtCamera camera;
  ut_twin_view_get_camera (UT_TWIN_VIEW (self->view), &camera);
  if (read_camera (ui, &camera)) {
    ut_twin_view_set_camera (UT_TWIN_VIEW (self->view), &camera);
    self->fitted = TRUE;
  }
  JsonNode *phase = json_object_get_member (ui, "phase");
  if (phase != NULL && JSON_NODE_HOLDS_VALUE (phase))
    ut_inspect_page_show_phase (
      self, g_strcmp0 (json_node_get_string (phase), "ES") == 0 ? UT_PHASE_ES : UT_PHASE_ED);
}

void
ut_inspect_page_show_phase (UtInspectPage *self, UtPhase phase)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  GtkWidget *button = phase == UT_PHASE_ED ? self->ed_button : self->es_button;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
}

void
ut_inspect_page_grab_focus (UtInspectPage *self)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self));
  gtk_widget_grab_focus (self->view);
}

const char *
ut_inspect_page_device (UtInspectPage *self)
{
  g_return_val_if_fail (UT_IS_INSPECT_PAGE (self), NULL);
  return ut_twin_view_device (UT_TWIN_VIEW (self->view));
}

/* ---- life --------------------------------------------------------------------------------------
 */

static void
add_rows (UtInspectPage *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (structures); i++) {
    GtkWidget *row = ut_structure_row_new (structures[i].structure, i + 1, structures[i].opacity);
    self->rows[structures[i].structure] = UT_STRUCTURE_ROW (row);
    g_signal_connect_swapped (row, "changed", G_CALLBACK (scene_changed_cb), self);
    g_signal_connect_swapped (row, "solo", G_CALLBACK (solo_cb), self);
    gtk_list_box_append (GTK_LIST_BOX (self->structures), row);
  }
}

static void
add_stages (UtInspectPage *self)
{
  for (UtTwinStage stage = 0; stage < UT_N_TWIN_STAGES; stage++) {
    GtkWidget *button = gtk_toggle_button_new_with_label (ut_sentence_twin_stage_title (stage));
    g_autofree char *label =
      g_strdup_printf (_ ("Show the %s stage"), ut_sentence_twin_stage (stage));
    gtk_accessible_update_property (
      GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    g_object_set_data (G_OBJECT (button), "stage", GUINT_TO_POINTER (stage));
    if (stage > 0)
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                   GTK_TOGGLE_BUTTON (self->stage_buttons[0]));
    g_signal_connect_swapped (button, "toggled", G_CALLBACK (stage_toggled_cb), self);
    gtk_box_append (GTK_BOX (self->stages), button);
    self->stage_buttons[stage] = button;
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
  GtkWidget *fit = add_camera (self, _ ("Fit"), g_strdup (_ ("Fit the heart (0)")));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (fit), "page.fit");
}

/* The buttons stand outside the 3D view, whose own action they ask for. */
static void
camera_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtInspectPage *self = UT_INSPECT_PAGE (widget);
  gtk_widget_activate_action_variant (self->view, "twin.camera", parameter);
}

static void
fit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ut_twin_view_fit (UT_TWIN_VIEW (UT_INSPECT_PAGE (widget)->view));
}

void
ut_inspect_page_set_up (UtInspectPage *self, UtDocument *document, UtResults *results)
{
  g_return_if_fail (UT_IS_INSPECT_PAGE (self) && self->document == NULL);
  self->document = g_object_ref (document);
  self->results = g_object_ref (results);
  g_signal_connect_object (
    document, "changed", G_CALLBACK (document_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (results, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static void
ut_inspect_page_dispose (GObject *object)
{
  UtInspectPage *self = UT_INSPECT_PAGE (object);
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
  BIND (widget_class, view);
  BIND (widget_class, ed_button);
  BIND (widget_class, es_button);
  BIND (widget_class, stale_label);
  BIND (widget_class, spinner);
  BIND (widget_class, pick_label);
  BIND (widget_class, headline);
  BIND (widget_class, numbers_hint);
  BIND (widget_class, structures);
  BIND (widget_class, cameras);
  BIND (widget_class, reference_row);
  BIND (widget_class, reference_switch);
  BIND (widget_class, map_switch);
  BIND (widget_class, stages);
  BIND (widget_class, uncertainty_group);
  BIND (widget_class, spread_switch);
  BIND (widget_class, disagreement_switch);
  BIND (widget_class, volumes_group);
  BIND (widget_class, volumes);
  BIND (widget_class, overlap_group);
  BIND (widget_class, overlap);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, phase_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, scene_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, map_switched_cb);
}

static void
ut_inspect_page_class_init (UtInspectPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ut_inspect_page_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  g_type_ensure (UT_TYPE_TWIN_VIEW);
  gtk_widget_class_install_action (widget_class, "twin.blink", NULL, blink_action);
  gtk_widget_class_install_action (widget_class, "twin.reference", NULL, switch_action);
  gtk_widget_class_install_action (widget_class, "twin.distance-map", NULL, switch_action);
  gtk_widget_class_install_action (widget_class, "twin.uncertainty", NULL, uncertainty_action);
  gtk_widget_class_install_action (widget_class, "page.camera", "s", camera_action);
  gtk_widget_class_install_action (widget_class, "page.fit", NULL, fit_action);
  bind_template (widget_class);
}

static void
ut_inspect_page_init (UtInspectPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_rows (self);
  add_cameras (self);
  add_stages (self);

  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (digit_cb), self);
  gtk_widget_add_controller (self->view, keys);
}
