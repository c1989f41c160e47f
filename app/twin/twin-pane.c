/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/twin-pane.h"

#include "app/number-text.h"
#include "app/point-cross.h"
#include "app/sentence.h"
#include "app/twin/echo-frames.h"
#include "app/twin/mark.h"
#include "app/twin/pane-marks.h"
#include "app/twin/scene-words.h"
#include "app/twin/surface-map.h"
#include "render/pick.h"
#include "render/scene-copy.h"

#include <glib/gi18n.h>
#include <math.h>

#define STAGE_SWITCH_HEIGHT 44 /* lies over the lower border of panes side by side */
#define REFERENCE_ID(s)     ((guint)(s) + UT_N_LABELS) /* of the scene's surfaces */
#define MARK_ID             ((guint)2 * UT_N_LABELS)
#define REFERENCE_OPACITY   0.3f
#define WORDS_DELAY_MS      100 /* after the camera has moved */

struct _UtTwinPane {
  GtkWidget parent_instance;

  UtDocument *document;
  UtResults *results;
  UtLook *look;
  UtBeat *beat;
  UtCalipers *calipers;
  UtCrosshair *crosshair;
  UtPaneItem item, next[UT_PANE_MAX_NEXT];
  guint n_next;
  UtSurfaceMap map; /* that is on the surfaces */
  UtEchoFrames frames;
  char *on;          /* what calipers are on here; NULL where there can be none */
  guint words_id;    /* timeout that puts the picture into words */
  gboolean pick_old; /* the camera has moved since it was said what is under the pointer */

  GtkWidget *overlay, *view, *marks, *cross, *head, *foot, *caption, *pick_label, *numbers_label,
    *estimate_label, *caliper_label;
};

G_DEFINE_FINAL_TYPE (UtTwinPane, ut_twin_pane, GTK_TYPE_WIDGET)

static gboolean
is_second (UtTwinPane *self)
{
  return self->calipers == NULL;
}

static gboolean
measuring (UtTwinPane *self)
{
  return self->calipers != NULL && ut_calipers_get_measuring (self->calipers);
}

/* ---- the scene --------------------------------------------------------------------- */

/* The surfaces of the item, or NULL where the twin has no such stage. */
static const UtPhaseSurfaces *
find_surfaces (UtTwinPane *self, const UtPaneItem *item)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  const UtTwin *twin = state != NULL ? ut_study_twin (state, item->phase) : NULL;
  if (twin != NULL && item->stage >= 0 && !ut_twin_has_stage (twin, (UtTwinStage)item->stage))
    return NULL;
  return ut_results_get_surfaces (self->results, item->phase, item->stage);
}

static UtSurfaceMap
usable_map (UtTwinPane *self, const UtPaneItem *item, const UtPhaseSurfaces *surfaces)
{
  UtSurfaceMap map = ut_look_get (self->look)->map;
  gboolean mm = ut_document_calibrated (ut_document_get_state (self->document));
  return !item->reference && !ut_beat_get_playing (self->beat) &&
             ut_surface_map_there (map, surfaces) && (mm || !ut_surface_map_needs_mm (map))
           ? map
           : UT_SURFACE_MAP_NONE;
}

/* No caliper ends on a surface that was made for the eye. */
static UtMesh *const *
twin_meshes (UtTwinPane *self, const UtPhaseSurfaces *surfaces)
{
  if (ut_look_get (self->look)->voxel_true)
    return surfaces->voxels;
  return measuring (self) ? surfaces->meshes : surfaces->shown;
}

static UtMesh *const *
reference_meshes (UtTwinPane *self, const UtPhaseSurfaces *surfaces)
{
  return ut_look_get (self->look)->voxel_true || measuring (self) ? surfaces->reference_voxels
                                                                  : surfaces->references;
}

static void
set_surfaces (UtTwinPane *self,
              UtScene *scene,
              const UtPaneItem *item,
              const UtPhaseSurfaces *surfaces)
{
  static const float ghost[3] = {0.86f, 0.88f, 0.9f};
  const UtLookState *look = ut_look_get (self->look);
  gboolean twin = !item->reference && surfaces != NULL && surfaces->result != NULL;
  gboolean beating = twin && ut_beat_get_playing (self->beat);
  UtMesh *const *meshes = twin ? twin_meshes (self, surfaces) : NULL;
  UtMesh *const *references = surfaces != NULL ? reference_meshes (self, surfaces) : NULL;

  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    gboolean shown = ut_look_shows (look, s);
    float opacity = look->solo == s ? 1 : look->opacity[s], colour[3];

    UtMesh *mesh = beating ? ut_beat_get_mesh (self->beat, s) : twin ? meshes[s] : NULL;
    ut_scene_set_mesh (scene, s, s, mesh);
    ut_scene_set_visible (scene, s, shown);
    ut_scene_set_opacity (scene, s, opacity);

    ut_structure_colour (s, colour);
    ut_scene_set_mesh (scene, REFERENCE_ID (s), s, references != NULL ? references[s] : NULL);
    ut_scene_set_visible (scene, REFERENCE_ID (s), shown && (look->reference || !twin));
    ut_scene_set_opacity (scene, REFERENCE_ID (s), twin ? REFERENCE_OPACITY : opacity);
    ut_scene_set_colour (scene, REFERENCE_ID (s), twin ? ghost : colour);
  }
}

static void
set_colours (UtTwinPane *self, UtScene *scene, UtSurfaceMap shown)
{
  const UtLookState *look = ut_look_get (self->look);
  UtScalarMap map = ut_surface_map_get (shown);
  map.windowed = shown == UT_SURFACE_MAP_DISTANCE && look->brushed;
  map.window_min = look->brush_low_mm;
  map.window_max = look->brush_high_mm;
  ut_scene_set_map (scene, shown != UT_SURFACE_MAP_NONE ? &map : NULL);
}

/* A place that is pointed out is that of the heart in the look: another one has it elsewhere. */
static void
set_mark (UtTwinPane *self, UtScene *scene, const UtPaneItem *item, const UtPhaseSurfaces *surfaces)
{
  static const float colours[2][3] = {{1, 0.84f, 0.31f}, {0.02f, 0.02f, 0.02f}};
  const UtLookState *look = ut_look_get (self->look);
  gboolean own = !is_second (self) && !item->reference &&
                 surfaces == ut_results_get_surfaces (self->results, look->phase, look->stage);
  g_autoptr (UtMesh) mark =
    look->marked && own ? ut_mark_mesh_new (look->mark_low_mm, look->mark_high_mm, NULL) : NULL;
  ut_scene_set_mesh (scene, MARK_ID, UT_BACKGROUND, mark);
  ut_scene_set_colour (scene, MARK_ID, colours[scene->map.scalar != NULL]);
}

/* All but the marked frames. */
static void
set_scene (UtTwinPane *self,
           UtScene *scene,
           const UtPaneItem *item,
           const UtPhaseSurfaces *surfaces)
{
  gboolean lifted = item->captioned && ut_look_get (self->look)->layout != UT_LAYOUT_STAGES;
  set_surfaces (self, scene, item, surfaces);
  set_colours (self, scene, usable_map (self, item, surfaces));
  set_mark (self, scene, item, surfaces);
  ut_scene_set_cube_lift (scene, lifted ? STAGE_SWITCH_HEIGHT : 0);
}

/* The marked frames of the twin's own phase; a reference has no pictures. */
static void
show_echo (UtTwinPane *self, const UtPhaseSurfaces *surfaces)
{
  gboolean shown = ut_look_get (self->look)->echo && !self->item.reference && surfaces != NULL &&
                   surfaces->result != NULL;
  if (shown)
    ut_echo_frames_update (&self->frames,
                           (UtStudyState *)ut_document_get_state (self->document),
                           self->item.phase,
                           surfaces->result->twin->labels[surfaces->stage]);
  ut_echo_frames_stand (&self->frames, shown, ut_twin_view_get_scene (UT_TWIN_VIEW (self->view)));
  gtk_widget_set_visible (self->estimate_label, shown);
}

/* Neither a beating heart nor one with its frames is drawn ahead: the one is soon another, and the
 * frames' outlines are worked out when they are seen. */
static UtScene *
next_scene (guint i, gpointer user_data)
{
  UtTwinPane *self = user_data;
  if (i >= self->n_next || ut_beat_get_playing (self->beat) || ut_look_get (self->look)->echo)
    return NULL;
  UtScene *scene = ut_scene_copy (ut_twin_view_get_scene (UT_TWIN_VIEW (self->view)));
  set_scene (self, scene, &self->next[i], find_surfaces (self, &self->next[i]));
  return scene;
}

/* ED, stage or reference, and how it is drawn. */
static char *
heart_words (UtTwinPane *self, const UtPhaseSurfaces *surfaces)
{
  const char *phase = ut_phase_name (self->item.phase);
  gboolean beating = !self->item.reference && ut_beat_get_playing (self->beat);
  gboolean voxel_true = ut_look_get (self->look)->voxel_true && !beating && surfaces != NULL;
  g_autofree char *text = NULL;
  if (self->item.reference)
    text = g_strdup_printf ("%s · %s", phase, _ ("reference"));
  else if (beating)
    text = g_strdup (_ ("interpolated between ED and ES"));
  else if (surfaces != NULL && surfaces->result != NULL)
    text = g_strdup_printf ("%s · %s", phase, ut_sentence_twin_stage (surfaces->stage));
  else if (surfaces == NULL && self->item.stage >= 0)
    text = g_strdup_printf (_ ("This network has no %s stage"),
                            ut_sentence_twin_stage ((UtTwinStage)self->item.stage));
  else
    text = g_strdup_printf ("%s · %s", phase, surfaces != NULL ? _ ("reference") : _ ("no heart"));
  gboolean coloured = voxel_true && self->map != UT_SURFACE_MAP_NONE;
  return g_strjoin (" · ",
                    text,
                    voxel_true ? _ ("voxel-true") : NULL,
                    /* Translators: a colour map was measured there, not on what is drawn */
                    coloured ? _ ("colours of the smooth surface") : NULL,
                    NULL);
}

/* "Out of date · Edited · Rejected" */
static char *
review_words (const UtStudyState *state, UtPhase phase)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  if (ut_study_is_stale (state, phase))
    g_strv_builder_add (words, _ ("Out of date"));
  if (ut_study_is_edited (state, phase, -1))
    g_strv_builder_add (words, _ ("Edited"));
  if (ut_study_twin (state, phase) != NULL)
    g_strv_builder_add (words, ut_sentence_verdict (ut_study_verdict (state, (int)phase, -1)));
  g_auto (GStrv) list = g_strv_builder_end (words);
  return g_strjoinv (" · ", list);
}

/* Two studies are never told apart by their places alone. */
static char *
study_words (UtTwinPane *self)
{
  const char *label = ut_sentence_study (ut_document_get_state (self->document)->label);
  return g_strdup_printf (is_second (self) ? _ ("Second study: %s") : _ ("Open study: %s"), label);
}

static void
show_caption (UtTwinPane *self, const UtPhaseSurfaces *surfaces)
{
  g_autofree char *heart = heart_words (self, surfaces);
  gboolean drawn_otherwise =
    ut_look_get (self->look)->voxel_true || ut_beat_get_playing (self->beat);
  gtk_widget_set_visible (self->caption,
                          self->item.captioned || (drawn_otherwise && surfaces != NULL));
  if (!self->item.named) {
    gtk_label_set_text (GTK_LABEL (self->caption), heart);
    return;
  }
  const UtStudyState *state = ut_document_get_state (self->document);
  g_autofree char *study = study_words (self);
  g_autofree char *review = review_words (state, self->item.phase);
  g_autofree char *markup = g_markup_printf_escaped (
    "<b>%s</b>\n%s%s%s", study, heart, review[0] != '\0' ? "\n" : "", review);
  gtk_label_set_markup (GTK_LABEL (self->caption), markup);
}

/* The study's own numbers under its heart; none while a view of it is not calibrated. */
static void
show_numbers (UtTwinPane *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  const UtMeasurements *numbers = ut_results_get_measurements (self->results);
  g_autofree char *text = numbers != NULL ? ut_number_summary (numbers, self->item.phase)
                          : state != NULL && !ut_document_calibrated (state)
                            ? g_strdup (_ ("No numbers: a view is not calibrated"))
                            : NULL;
  gtk_widget_set_visible (self->numbers_label, self->item.named && text != NULL);
  gtk_label_set_text (GTK_LABEL (self->numbers_label), text != NULL ? text : "");
}

static char *
caliper_words (const UtCaliper *caliper)
{
  g_autofree char *text = ut_caliper_text (caliper);
  return ut_caliper_words (caliper, text);
}

static gboolean
words_cb (gpointer user_data)
{
  UtTwinPane *self = user_data;
  UtTwinView *view = UT_TWIN_VIEW (self->view);
  UtCamera camera;
  ut_twin_view_get_camera (view, &camera);
  const UtSceneWords words = {
    .surfaces = find_surfaces (self, &self->item),
    .look = ut_look_get (self->look),
    .phase = self->item.phase,
    .reference_alone = self->item.reference,
    .map = self->map,
    .camera = &camera,
    .axes = ut_twin_view_get_scene (view)->axes,
  };
  const UtCaliper *caliper =
    is_second (self) ? NULL : ut_calipers_last_on (self->calipers, self->on);
  g_autofree char *study = self->item.named ? study_words (self) : NULL;
  g_autofree char *scene = ut_scene_words (&words);
  g_autofree char *measured = caliper != NULL ? caliper_words (caliper) : NULL;
  g_autofree char *heart = g_strjoin (" ", scene, measured, NULL);
  gboolean cross = self->cross != NULL && ut_point_cross_get_shown (UT_POINT_CROSS (self->cross));
  if (self->pick_old && !cross)
    gtk_widget_set_visible (self->pick_label, FALSE);
  if (cross) {
    gboolean found = gtk_widget_get_visible (self->pick_label);
    const char *under =
      found ? gtk_label_get_text (GTK_LABEL (self->pick_label)) : _ ("No heart under the cross");
    char *with_cross = g_strjoin (". ", under, heart, NULL);
    g_free (heart);
    heart = with_cross;
  }
  g_autofree char *text =
    study != NULL ? g_strjoin (". ", study, heart, NULL) : g_steal_pointer (&heart);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  self->words_id = 0;
  return G_SOURCE_REMOVE;
}

static void
camera_changed_cb (UtTwinPane *self)
{
  self->pick_old = TRUE;
  if (self->words_id == 0)
    self->words_id = g_timeout_add (WORDS_DELAY_MS, words_cb, self);
}

/* ---- calipers ------------------------------------------------------------------------ */

/* Each heart has its own: what was measured on ED says nothing about ES. */
static void
name_heart (UtTwinPane *self, const UtPhaseSurfaces *surfaces)
{
  gboolean there = surfaces != NULL && !is_second (self) && !ut_beat_get_playing (self->beat) &&
                   ut_document_calibrated (ut_document_get_state (self->document));
  gboolean twin = there && !self->item.reference && surfaces->result != NULL;
  g_clear_pointer (&self->on, g_free);
  if (there)
    self->on = g_strdup_printf ("%s %s",
                                ut_phase_name (self->item.phase),
                                twin ? ut_twin_stage_name (surfaces->stage) : "reference");
}

static void
show_calipers (UtTwinPane *self)
{
  if (is_second (self))
    return;
  const UtCaliper *caliper = ut_calipers_last_on (self->calipers, self->on);
  g_autofree char *text =
    self->on == NULL
      ? g_strdup (ut_beat_get_playing (self->beat) ? _ ("No caliper on a beating heart")
                                                   : _ ("No caliper: a view is not calibrated"))
    : caliper != NULL ? caliper_words (caliper)
                      : g_strdup (_ ("Caliper: press two points; a third makes an angle"));
  gtk_label_set_text (GTK_LABEL (self->caliper_label), text);
  gtk_widget_set_visible (self->caliper_label, ut_calipers_get_measuring (self->calipers));
  ut_point_cross_set_on (UT_POINT_CROSS (self->cross), measuring (self) && self->on != NULL);
  ut_pane_marks_show (UT_PANE_MARKS (self->marks), self->on, ut_look_get (self->look)->crosshair);
  /* Escape and Delete are for others while there is nothing to end or to delete */
  gtk_widget_action_set_enabled (
    GTK_WIDGET (self), "twin.caliper-end", ut_calipers_get_measuring (self->calipers));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "twin.caliper-delete", caliper != NULL);
}

static void
caliper_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UtTwinPane *self = UT_TWIN_PANE (widget);
  if (g_str_equal (name, "twin.caliper-delete"))
    ut_calipers_delete_last (self->calipers, self->on);
  else
    ut_calipers_set_measuring (self->calipers, !ut_calipers_get_measuring (self->calipers));
}

/* ---- all of it ------------------------------------------------------------------------ */

void
ut_twin_pane_show (UtTwinPane *self, const UtPaneItem *item)
{
  g_return_if_fail (UT_IS_TWIN_PANE (self));
  UtTwinView *view = UT_TWIN_VIEW (self->view);
  self->item = *item;
  const UtPhaseSurfaces *surfaces = find_surfaces (self, item);
  self->map = usable_map (self, item, surfaces);

  set_scene (self, ut_twin_view_get_scene (view), item, surfaces);
  show_echo (self, surfaces);
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    ut_twin_view_set_plane (
      view, v, surfaces != NULL && surfaces->has_plane[v] ? &surfaces->planes[v] : NULL);
  show_caption (self, surfaces);
  show_numbers (self);
  name_heart (self, surfaces);
  show_calipers (self);
  gtk_widget_set_visible (self->pick_label, FALSE);
  gtk_gl_area_queue_render (GTK_GL_AREA (view));
  g_clear_handle_id (&self->words_id, g_source_remove);
  words_cb (self);
}

void
ut_twin_pane_set_next (UtTwinPane *self, const UtPaneItem *items, guint n)
{
  g_return_if_fail (UT_IS_TWIN_PANE (self) && n <= UT_PANE_MAX_NEXT);
  self->n_next = 0;
  for (guint i = 0; i < n; i++) {
    const UtPhaseSurfaces *surfaces = find_surfaces (self, &items[i]);
    if (surfaces != NULL && surfaces != find_surfaces (self, &self->item))
      self->next[self->n_next++] = items[i];
  }
}

static void
calipers_changed_cb (UtTwinPane *self)
{
  const UtPaneItem item = self->item;
  ut_twin_pane_show (self, &item);
}

UtTwinView *
ut_twin_pane_get_view (UtTwinPane *self)
{
  g_return_val_if_fail (UT_IS_TWIN_PANE (self), NULL);
  return UT_TWIN_VIEW (self->view);
}

UtDocument *
ut_twin_pane_get_document (UtTwinPane *self)
{
  g_return_val_if_fail (UT_IS_TWIN_PANE (self), NULL);
  return self->document;
}

/* ---- probe ------------------------------------------------------------------------------ */

/* In the canonical frame, as meshes and label maps are exported: echo does not say where in the
 * patient the heart lies. */
static void
append_position (const UtPick *pick, GString *text)
{
  double mm[3];
  for (guint i = 0; i < 3; i++)
    mm[i] = rint ((double)pick->position[i]) + 0.0; /* no "-0" */
  g_string_append_printf (text, _ ("  at (%.0f, %.0f, %.0f) mm, canonical"), mm[0], mm[1], mm[2]);
}

static void
hovered_cb (UtTwinPane *self, const UtPick *pick)
{
  gboolean found = pick != NULL && pick->id != MARK_ID;
  self->pick_old = FALSE;
  gtk_widget_set_visible (self->pick_label, found);
  if (!found)
    return;
  gboolean calibrated = ut_document_calibrated (ut_document_get_state (self->document));
  g_autoptr (GString) text = g_string_new (ut_structure_name (pick->structure));
  if (pick->id >= UT_N_LABELS)
    g_string_append_printf (text, " (%s)", _ ("reference"));
  if (pick->has_value && ut_surface_map_needs_mm (self->map))
    /* Translators: signed distance under the pointer */
    g_string_append_printf (text, _ ("  %+.1f mm"), (double)pick->value);
  else if (pick->has_value)
    g_string_append_printf (text, "  %.2f", (double)pick->value);
  if (calibrated)
    append_position (pick, text);
  gtk_label_set_text (GTK_LABEL (self->pick_label), text->str);
}

static void
set_point (UtTwinPane *self, const UtPick *pick)
{
  if (pick != NULL && pick->id != MARK_ID && !is_second (self)) {
    UtVec3 point =
      ut_vec3 ((double)pick->position[0], (double)pick->position[1], (double)pick->position[2]);
    if (!ut_calipers_get_measuring (self->calipers))
      ut_crosshair_set (self->crosshair, point);
    else if (self->on != NULL)
      ut_calipers_add_point (self->calipers, self->on, point);
  }
  hovered_cb (self, pick);
}

static void
picked_cb (UtTwinPane *self, const UtPick *pick)
{
  if (self->cross != NULL)
    ut_point_cross_hide (UT_POINT_CROSS (self->cross));
  set_point (self, pick);
}

static void
cross_moved_cb (UtTwinPane *self, double x, double y)
{
  UtPick found;
  gboolean hit = ut_twin_view_pick (UT_TWIN_VIEW (self->view), x, y, &found);
  hovered_cb (self, hit ? &found : NULL);
  camera_changed_cb (self);
}

static void
cross_set_cb (UtTwinPane *self, double x, double y)
{
  UtPick found;
  gboolean hit = ut_twin_view_pick (UT_TWIN_VIEW (self->view), x, y, &found);
  set_point (self, hit ? &found : NULL);
  camera_changed_cb (self);
}

static void
cross_back_cb (UtTwinPane *self)
{
  UtVec3 point;
  graphene_point_t place;
  if (ut_calipers_take_back (self->calipers, self->on, &point) &&
      ut_twin_view_project (UT_TWIN_VIEW (self->view), point, &place))
    ut_point_cross_place (UT_POINT_CROSS (self->cross), &place);
}

/* ---- life --------------------------------------------------------------------------------- */

/* Labels one below the other over the picture; they let the pointer through to it. */
static GtkWidget *
add_box (UtTwinPane *self, GtkAlign valign, const char *css_class)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_valign (box, valign);
  gtk_widget_set_can_target (box, FALSE);
  gtk_widget_add_css_class (box, css_class);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), box);
  return box;
}

static GtkWidget *
add_label (GtkWidget *box, GtkAlign halign, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_set_halign (label, halign);
  gtk_widget_set_visible (label, FALSE);
  gtk_widget_add_css_class (label, css_class);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static void
add_labels (UtTwinPane *self)
{
  GtkWidget *head = self->head = add_box (self, GTK_ALIGN_START, "pane-head");
  GtkWidget *foot = self->foot = add_box (self, GTK_ALIGN_END, "pane-foot");
  self->caption = add_label (head, GTK_ALIGN_START, "pane-caption");
  self->estimate_label = add_label (head, GTK_ALIGN_END, "estimate-label");
  self->caliper_label = add_label (head, GTK_ALIGN_CENTER, "caliper-label");
  self->pick_label = add_label (foot, GTK_ALIGN_CENTER, "pick-label");
  self->numbers_label = add_label (foot, GTK_ALIGN_CENTER, "pane-numbers");
  gtk_label_set_xalign (GTK_LABEL (self->caption), 0);
  gtk_label_set_text (GTK_LABEL (self->estimate_label), _ ("Estimated planes, not measured"));
  gtk_label_set_justify (GTK_LABEL (self->numbers_label), GTK_JUSTIFY_CENTER);
}

void
ut_twin_pane_set_room (UtTwinPane *self, int top, int bottom)
{
  g_return_if_fail (UT_IS_TWIN_PANE (self));
  gtk_widget_set_margin_top (self->head, top);
  gtk_widget_set_margin_bottom (self->foot, bottom);
  ut_twin_view_set_covered (UT_TWIN_VIEW (self->view), MAX (top, bottom));
}

static void
ut_twin_pane_dispose (GObject *object)
{
  UtTwinPane *self = UT_TWIN_PANE (object);
  g_clear_handle_id (&self->words_id, g_source_remove);
  g_clear_pointer (&self->overlay, gtk_widget_unparent);
  g_clear_object (&self->beat);
  g_clear_object (&self->calipers);
  g_clear_object (&self->crosshair);
  g_clear_pointer (&self->on, g_free);
  ut_echo_frames_clear (&self->frames);
  g_clear_object (&self->look);
  g_clear_object (&self->results);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_twin_pane_parent_class)->dispose (object);
}

static void
ut_twin_pane_class_init (UtTwinPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ut_twin_pane_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "twin.caliper", NULL, caliper_action);
  gtk_widget_class_install_action (widget_class, "twin.caliper-end", NULL, caliper_action);
  gtk_widget_class_install_action (widget_class, "twin.caliper-delete", NULL, caliper_action);
}

static void
ut_twin_pane_init (UtTwinPane *self)
{
  self->overlay = gtk_overlay_new ();
  self->view = g_object_new (UT_TYPE_TWIN_VIEW, "hexpand", TRUE, "vexpand", TRUE, NULL);
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), self->view);
  gtk_widget_set_parent (self->overlay, GTK_WIDGET (self));
  ut_twin_view_set_next (UT_TWIN_VIEW (self->view), next_scene, self);
  add_labels (self);
  g_signal_connect_object (self->view, "picked", G_CALLBACK (picked_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "hovered", G_CALLBACK (hovered_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    self->view, "camera-changed", G_CALLBACK (camera_changed_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
ut_twin_pane_new (UtDocument *document,
                  UtResults *results,
                  UtLook *look,
                  UtBeat *beat,
                  UtCalipers *calipers,
                  UtCrosshair *crosshair,
                  const char *label)
{
  UtTwinPane *self = g_object_new (UT_TYPE_TWIN_PANE, NULL);
  self->document = g_object_ref (document);
  self->results = g_object_ref (results);
  self->look = g_object_ref (look);
  self->beat = g_object_ref (beat);
  if (calipers != NULL) {
    self->calipers = g_object_ref (calipers);
    self->crosshair = g_object_ref (crosshair);
    self->marks = ut_pane_marks_new (UT_TWIN_VIEW (self->view), calipers, crosshair);
    gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->marks);
    self->cross = ut_point_cross_new (self->view);
    gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->cross);
    g_signal_connect_swapped (self->cross, "moved", G_CALLBACK (cross_moved_cb), self);
    g_signal_connect_swapped (self->cross, "set", G_CALLBACK (cross_set_cb), self);
    g_signal_connect_swapped (self->cross, "back", G_CALLBACK (cross_back_cb), self);
    g_signal_connect_object (
      calipers, "changed", G_CALLBACK (calipers_changed_cb), self, G_CONNECT_SWAPPED);
  } else {
    gtk_widget_add_css_class (GTK_WIDGET (self), "second");
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "twin.caliper", FALSE);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "twin.caliper-end", FALSE);
    gtk_widget_action_set_enabled (GTK_WIDGET (self), "twin.caliper-delete", FALSE);
  }
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}
