/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/maps-panel.h"

#include "app/twin/surface-map.h"
#include "engine/measure/uncertainty.h"

#include <glib/gi18n.h>

static const struct {
  const char *title, *label, *meaning, *needs;
} texts[UT_N_SURFACE_MAPS] = {
  [UT_SURFACE_MAP_DISTANCE] = {N_ ("Distance Map (N)"),
                               N_ ("Distance map"),
                               N_ ("Signed distance to the reference, mm"),
                               N_ ("Needs a calibrated, reconstructed heart and a reference for "
                                   "this phase")},
  [UT_SURFACE_MAP_MOTION] = {N_ ("Motion, ED to ES (M)"),
                             N_ ("Motion map"),
                             N_ ("How far the surface moves inward from ED to ES, to the nearest "
                                 "point, mm; motion along the surface does not show"),
                             N_ ("Needs a calibrated study with both phases reconstructed, and "
                                 "the last stage")},
  [UT_SURFACE_MAP_SPREAD] = {N_ ("Seed Spread (U)"),
                             N_ ("Seed spread"),
                             N_ ("Standard deviation of the class probabilities over the seeds, "
                                 "summed over classes"),
                             N_ ("Needs a heart that was reconstructed from several seeds")},
  [UT_SURFACE_MAP_DISAGREEMENT] = {N_ ("Branch Disagreement"),
                                   N_ ("Branch disagreement"),
                                   N_ ("How differently the three branches of the refinement draw "
                                       "the borders"),
                                   N_ ("Needs a network with refinement")},
};

struct _UtMapsPanel {
  AdwPreferencesGroup parent_instance;
  UtDocument *document;
  UtResults *results;
  UtLook *look;
  GtkWidget *switches[UT_N_SURFACE_MAPS]; /* none for UT_SURFACE_MAP_NONE */
};

G_DEFINE_FINAL_TYPE (UtMapsPanel, ut_maps_panel, ADW_TYPE_PREFERENCES_GROUP)

void
ut_maps_panel_toggle (UtMapsPanel *self, UtSurfaceMap map)
{
  g_return_if_fail (UT_IS_MAPS_PANEL (self) && map > UT_SURFACE_MAP_NONE);
  if (!gtk_widget_is_sensitive (self->switches[map]))
    return;
  UtLookState look = *ut_look_get (self->look);
  look.map = look.map == map ? UT_SURFACE_MAP_NONE : map;
  ut_look_set (self->look, &look);
}

void
ut_maps_panel_toggle_uncertainty (UtMapsPanel *self)
{
  g_return_if_fail (UT_IS_MAPS_PANEL (self));
  gboolean spread = gtk_widget_is_sensitive (self->switches[UT_SURFACE_MAP_SPREAD]);
  ut_maps_panel_toggle (self, spread ? UT_SURFACE_MAP_SPREAD : UT_SURFACE_MAP_DISAGREEMENT);
}

static void
switched_cb (UtMapsPanel *self, GParamSpec *property, GtkSwitch *which)
{
  UtLookState look = *ut_look_get (self->look);
  for (UtSurfaceMap map = UT_SURFACE_MAP_NONE + 1; map < UT_N_SURFACE_MAPS; map++)
    if (self->switches[map] == GTK_WIDGET (which) &&
        (look.map == map) != gtk_switch_get_active (which))
      look.map = gtk_switch_get_active (which) ? map : UT_SURFACE_MAP_NONE;
  ut_look_set (self->look, &look);
}

/* How well uncertainty points to error in this heart, where the truth is known. */
static void
describe_ranks (UtMapsPanel *self)
{
  static const UtQuantity quantities[] = {UT_QUANTITY_SPREAD_RANK, UT_QUANTITY_DISAGREEMENT_RANK};
  const UtMeasurements *measurements = ut_results_get_measurements (self->results);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; measurements != NULL && i < G_N_ELEMENTS (quantities); i++) {
    const UtMeasurement *rho =
      ut_measurements_find (measurements, quantities[i], (int)ut_look_get (self->look)->phase, -1);
    if (rho == NULL)
      continue;
    /* Translators: "Seed spread: rank correlation with the error 0.34" */
    g_string_append_printf (text,
                            _ ("%s%s: rank correlation with the error %.2f"),
                            text->len > 0 ? "\n" : "",
                            i == 0 ? _ ("Seed spread") : _ ("Branch disagreement"),
                            rho->value);
    if (rho->value < UT_UNCERTAINTY_MIN_RANK)
      g_string_append (text, _ (", not informative here"));
  }
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text->str);
}

void
ut_maps_panel_update (UtMapsPanel *self)
{
  g_return_if_fail (UT_IS_MAPS_PANEL (self));
  const UtLookState look = *ut_look_get (self->look);
  const UtPhaseSurfaces *surfaces = ut_results_get_surfaces (self->results, look.phase, look.stage);
  gboolean mm = ut_document_calibrated (ut_document_get_state (self->document));
  for (UtSurfaceMap map = UT_SURFACE_MAP_NONE + 1; map < UT_N_SURFACE_MAPS; map++) {
    gboolean there = ut_surface_map_there (map, surfaces) && (mm || !ut_surface_map_needs_mm (map));
    gtk_widget_set_sensitive (self->switches[map], there);
    gtk_widget_set_tooltip_text (self->switches[map],
                                 there ? _ (texts[map].meaning) : _ (texts[map].needs));
    gtk_switch_set_active (GTK_SWITCH (self->switches[map]), look.map == map);
  }
  describe_ranks (self);
}

static void
add_row (UtMapsPanel *self, UtSurfaceMap map)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *map_switch = gtk_switch_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (texts[map].title));
  gtk_widget_set_valign (map_switch, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (map_switch), GTK_ACCESSIBLE_PROPERTY_LABEL, _ (texts[map].label), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), map_switch);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), map_switch);
  g_signal_connect_object (
    map_switch, "notify::active", G_CALLBACK (switched_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
  self->switches[map] = map_switch;
}

void
ut_maps_panel_set_up (UtMapsPanel *self, UtDocument *document, UtResults *results, UtLook *look)
{
  g_return_if_fail (UT_IS_MAPS_PANEL (self) && self->look == NULL);
  self->document = g_object_ref (document);
  self->results = g_object_ref (results);
  self->look = g_object_ref (look);
  for (UtSurfaceMap map = UT_SURFACE_MAP_NONE + 1; map < UT_N_SURFACE_MAPS; map++)
    add_row (self, map);
  g_signal_connect_object (
    look, "changed", G_CALLBACK (ut_maps_panel_update), self, G_CONNECT_SWAPPED);
}

static void
ut_maps_panel_dispose (GObject *object)
{
  UtMapsPanel *self = UT_MAPS_PANEL (object);
  g_clear_object (&self->look);
  g_clear_object (&self->results);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_maps_panel_parent_class)->dispose (object);
}

static void
ut_maps_panel_class_init (UtMapsPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_maps_panel_dispose;
}

static void
ut_maps_panel_init (UtMapsPanel *self)
{
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Colours"));
}
