/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/planes-panel.h"

#include "app/twin/brush-panel.h"
#include "app/twin/cut-panel.h"
#include "app/twin/echo-frames.h"
#include "app/twin/outline-view.h"
#include "app/twin/slices-area.h"

#include <glib/gi18n.h>

#define PICTURE_HEIGHT 230
#define SLICES_HEIGHT  660

/* How slices lie in a heart, and how much of it they show. */
typedef struct Frame {
  gboolean there, has_plane[UT_N_VIEWS];
  UtViewPlane planes[UT_N_VIEWS];
  UtVec3 low, high;
  UtPhase phase;
  UtTwin *heart; /* as the network made it; NULL: a reference, or none */
} Frame;

struct _UtPlanesPanel {
  GtkBox parent_instance;

  UtDocument *document;
  UtResults *results;
  UtLook *look;
  UtBrush *brush;
  UtEchoFrames frames;
  Frame frame; /* of the slices */
  guint focus_id;
  GtkWidget *cut_panel, *echo_group, *echo_switch, *outlines[UT_N_VIEWS], *slices;
};

enum { LOOK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtPlanesPanel, ut_planes_panel, GTK_TYPE_BOX)

static UtVolume *
shown_labels (const UtPhaseSurfaces *surfaces)
{
  if (surfaces == NULL)
    return NULL;
  if (surfaces->result != NULL)
    return surfaces->result->twin->labels[surfaces->stage];
  return surfaces->reference != NULL ? surfaces->reference->labels : NULL;
}

/* What the network made, whatever a person did to it since. */
static UtTwin *
heart_of (const UtPhaseSurfaces *surfaces)
{
  UtTwin *twin = surfaces != NULL && surfaces->result != NULL ? surfaces->result->twin : NULL;
  return twin != NULL && twin->base != NULL ? twin->base : twin;
}

static void
take_frame (UtPlanesPanel *self, const UtPhaseSurfaces *surfaces, UtMesh *const *meshes)
{
  Frame *frame = &self->frame;
  UtVec3 low = ut_vec3 (INFINITY, INFINITY, INFINITY), high = ut_vec3_scale (low, -1), a, b;
  UtTwin *heart = heart_of (surfaces);
  g_clear_pointer (&frame->heart, ut_twin_unref);
  *frame = (Frame){.there = surfaces != NULL,
                   .phase = ut_look_get (self->look)->phase,
                   .heart = heart != NULL ? ut_twin_ref (heart) : NULL};
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    if (meshes[s] != NULL && ut_mesh_bounds (meshes[s], &a, &b)) {
      low = ut_vec3 (MIN (low.x, a.x), MIN (low.y, a.y), MIN (low.z, a.z));
      high = ut_vec3 (MAX (high.x, b.x), MAX (high.y, b.y), MAX (high.z, b.z));
    }
  frame->low = low;
  frame->high = high;
  for (UtView v = 0; surfaces != NULL && v < UT_N_VIEWS; v++) {
    frame->has_plane[v] = surfaces->has_plane[v];
    frame->planes[v] = surfaces->planes[v];
  }
}

/* While a heart is painted on nothing moves, and everything that the brush can hit is to be seen.
 */
static void
show_slices (UtPlanesPanel *self)
{
  const UtStudyState *state = ut_document_get_state (self->document);
  const UtLookState *look = ut_look_get (self->look);
  const UtPhaseSurfaces *surfaces =
    ut_results_get_surfaces (self->results, look->phase, look->stage);
  if (state == NULL)
    return;
  gboolean painting = ut_brush_get (self->brush)->on;
  UtSliceHeart heart = {
    .labels = painting ? ut_brush_get_labels (self->brush) : shown_labels (surfaces),
    .axes = ut_canonical_axes,
    .calibrated = ut_document_calibrated (state),
  };
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++) {
    heart.shown[s] = painting || ut_look_shows (look, s);
    if (surfaces != NULL)
      heart.meshes[s] = surfaces->result != NULL ? surfaces->shown[s] : surfaces->references[s];
  }
  if (!painting || !self->frame.there || self->frame.phase != look->phase ||
      (surfaces != NULL && heart_of (surfaces) != self->frame.heart))
    take_frame (self, surfaces, heart.meshes);
  heart.low = self->frame.low;
  heart.high = self->frame.high;
  for (UtView v = 0; v < UT_N_VIEWS; v++)
    heart.planes[v] = self->frame.has_plane[v] ? &self->frame.planes[v] : NULL;
  ut_slices_area_show (UT_SLICES_AREA (self->slices), &heart);
}

static void
show_outlines (UtPlanesPanel *self, const UtPhaseSurfaces *surfaces, const gboolean *shown)
{
  static UtMesh *const none[UT_N_LABELS] = {NULL};
  UtPhase phase = ut_look_get (self->look)->phase;
  gboolean twin = surfaces != NULL && surfaces->result != NULL, any = FALSE;
  ut_echo_frames_update (&self->frames,
                         (UtStudyState *)ut_document_get_state (self->document),
                         phase,
                         twin ? shown_labels (surfaces) : NULL);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    any |= self->frames.there[view];
    gtk_widget_set_visible (self->outlines[view], self->frames.there[view]);
    ut_outline_view_show (
      UT_OUTLINE_VIEW (self->outlines[view]), &self->frames, twin ? surfaces->shown : none, shown);
  }
  gtk_widget_set_sensitive (self->echo_switch, any);
  adw_preferences_group_set_description (
    ADW_PREFERENCES_GROUP (self->echo_group),
    any ? _ ("Estimated plane, not measured. The outlines are the twin's.")
        : _ ("Needs an up-to-date heart whose network turned the pictures upright"));
}

void
ut_planes_panel_update (UtPlanesPanel *self)
{
  g_return_if_fail (UT_IS_PLANES_PANEL (self));
  if (ut_document_get_state (self->document) == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  const UtLookState *look = ut_look_get (self->look);
  const UtPhaseSurfaces *surfaces =
    ut_results_get_surfaces (self->results, look->phase, look->stage);
  gboolean shown[UT_N_LABELS] = {FALSE};
  for (UtStructure s = UT_MYO; s < UT_N_LABELS; s++)
    shown[s] = ut_look_shows (look, s);
  gtk_switch_set_active (GTK_SWITCH (self->echo_switch), look->echo);
  show_slices (self);
  show_outlines (self, surfaces, shown);
}

static gboolean
focus_cb (gpointer user_data)
{
  UtPlanesPanel *self = user_data;
  self->focus_id = 0;
  ut_slices_area_grab_focus (UT_SLICES_AREA (self->slices));
  return G_SOURCE_REMOVE;
}

/* The focus waits until everything has its place: what has none is not scrolled to. */
void
ut_planes_panel_toggle_brush (UtPlanesPanel *self)
{
  g_return_if_fail (UT_IS_PLANES_PANEL (self));
  UtBrushState state = *ut_brush_get (self->brush);
  state.on = !state.on;
  ut_brush_set (self->brush, &state);
  if (self->focus_id == 0)
    self->focus_id = g_idle_add_full (G_PRIORITY_LOW, focus_cb, self, NULL);
}

static void
switched_cb (UtPlanesPanel *self)
{
  UtLookState look = *ut_look_get (self->look);
  look.echo = gtk_switch_get_active (GTK_SWITCH (self->echo_switch));
  ut_look_set (self->look, &look);
}

static void
look_at_cut_cb (UtPlanesPanel *self, guint camera)
{
  g_signal_emit (self, signals[LOOK], 0, camera);
}

void
ut_planes_panel_set_up (UtPlanesPanel *self,
                        UtDocument *document,
                        UtResults *results,
                        UtLook *look,
                        UtCut *cut,
                        UtCrosshair *crosshair)
{
  g_return_if_fail (UT_IS_PLANES_PANEL (self) && self->document == NULL);
  self->document = g_object_ref (document);
  self->results = g_object_ref (results);
  self->look = g_object_ref (look);
  ut_cut_panel_set_up (UT_CUT_PANEL (self->cut_panel), cut);
  for (UtView view = 0; view < UT_N_VIEWS; view++) {
    GtkWidget *picture = ut_outline_view_new (document, view);
    self->outlines[view] = picture;
    gtk_widget_set_size_request (picture, -1, PICTURE_HEIGHT);
    gtk_widget_set_margin_top (picture, 6);
    adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->echo_group), picture);
  }
  self->brush = ut_brush_new (document, look);
  gtk_box_append (GTK_BOX (self), ut_brush_panel_new (self->brush));
  self->slices = ut_slices_area_new (crosshair, self->brush);
  gtk_widget_set_size_request (self->slices, -1, SLICES_HEIGHT);
  gtk_box_append (GTK_BOX (self), self->slices);
  g_signal_connect (self, "map", G_CALLBACK (ut_planes_panel_update), NULL);
  g_signal_connect_object (
    look, "changed", G_CALLBACK (ut_planes_panel_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    self->brush, "changed", G_CALLBACK (show_slices), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->echo_switch, "notify::active", G_CALLBACK (switched_cb), self);
}

/* ---- life ------------------------------------------------------------------------- */

static void
ut_planes_panel_dispose (GObject *object)
{
  UtPlanesPanel *self = UT_PLANES_PANEL (object);
  ut_echo_frames_clear (&self->frames);
  g_clear_pointer (&self->frame.heart, ut_twin_unref);
  g_clear_handle_id (&self->focus_id, g_source_remove);
  g_clear_object (&self->brush);
  g_clear_object (&self->look);
  g_clear_object (&self->results);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_planes_panel_parent_class)->dispose (object);
}

static void
ut_planes_panel_class_init (UtPlanesPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_planes_panel_dispose;
  signals[LOOK] = g_signal_new ("look",
                                UT_TYPE_PLANES_PANEL,
                                G_SIGNAL_RUN_LAST,
                                0,
                                NULL,
                                NULL,
                                NULL,
                                G_TYPE_NONE,
                                1,
                                G_TYPE_UINT);
}

static void
ut_planes_panel_init (UtPlanesPanel *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 18);
  self->cut_panel = g_object_new (UT_TYPE_CUT_PANEL, NULL);
  g_signal_connect_object (
    self->cut_panel, "look", G_CALLBACK (look_at_cut_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self), self->cut_panel);

  GtkWidget *row = adw_action_row_new ();
  self->echo_group = adw_preferences_group_new ();
  self->echo_switch = gtk_switch_new ();
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->echo_group), _ ("Echo Planes"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Show in 3D (I)"));
  gtk_widget_set_valign (self->echo_switch, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->echo_switch),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Show echo planes in 3D"),
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->echo_switch);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), self->echo_switch);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->echo_group), row);
  gtk_box_append (GTK_BOX (self), self->echo_group);
}
