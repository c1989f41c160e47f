/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/error-panel.h"

#include "app/app-id.h"
#include "app/twin/surface-map.h"
#include "app/widgets.h"
#include "engine/measure/error-bins.h"
#include "engine/measure/uncertainty.h"

#include <glib/gi18n.h>

struct _UtErrorPanel {
  AdwPreferencesGroup parent_instance;
  UtResults *results;
  UtLook *look;
  UtErrorBins bins;
  GtkWidget *plot, *error_end, *title, *end;
};

G_DEFINE_FINAL_TYPE (UtErrorPanel, ut_error_panel, ADW_TYPE_PREFERENCES_GROUP)

/* ---- plot ------------------------------------------------------------------------------ */

static gsize
highest_count (const UtErrorBins *bins)
{
  gsize highest = 1;
  for (guint row = 0; row < UT_ERROR_BINS_Y; row++)
    for (guint column = 0; column < UT_ERROR_BINS_X; column++)
      highest = MAX (highest, bins->n[row][column]);
  return highest;
}

/* Darkness by the root of the count, so that the few bad vertices show beside the many good. */
static void
draw_plot (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  UtErrorPanel *self = user_data;
  const UtErrorBins *bins = &self->bins;
  double step_x = (double)width / UT_ERROR_BINS_X, step_y = (double)height / UT_ERROR_BINS_Y;
  double highest = (double)highest_count (bins), mean_mm;
  GdkRGBA ink, accent;
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (area)), &ink);
  ut_widget_colour (GTK_WIDGET (area), "ut_accent_color", &accent);

  for (guint row = 0; row < UT_ERROR_BINS_Y; row++)
    for (guint column = 0; column < UT_ERROR_BINS_X; column++) {
      double share = sqrt ((double)bins->n[row][column] / highest);
      cairo_set_source_rgba (
        cr, (double)ink.red, (double)ink.green, (double)ink.blue, 0.04 + 0.8 * share);
      cairo_rectangle (
        cr, column * step_x, height - (row + 1) * step_y, MAX (step_x - 1, 1), MAX (step_y - 1, 1));
      cairo_fill (cr);
    }
  for (guint column = 0; column < UT_ERROR_BINS_X; column++)
    if (ut_error_bins_mean (bins, column, &mean_mm))
      cairo_line_to (
        cr, (column + 0.5) * step_x, height * (1 - MIN (mean_mm / bins->max_error_mm, 1)));
  gdk_cairo_set_source_rgba (cr, &accent);
  cairo_set_line_width (cr, 2.5);
  cairo_stroke (cr);
}

/* ---- what it shows ---------------------------------------------------------------------- */

static UtSurfaceMap
choose_map (UtErrorPanel *self, const UtPhaseSurfaces *surfaces)
{
  UtSurfaceMap wanted = ut_look_get (self->look)->map;
  if (wanted == UT_SURFACE_MAP_DISAGREEMENT && ut_surface_map_there (wanted, surfaces))
    return wanted;
  return ut_surface_map_there (UT_SURFACE_MAP_SPREAD, surfaces) ? UT_SURFACE_MAP_SPREAD
                                                                : UT_SURFACE_MAP_DISAGREEMENT;
}

static gboolean
fill_bins (UtErrorPanel *self, const UtPhaseSurfaces *surfaces, const UtScalarMap *map)
{
  UtScalarMap distance = ut_surface_map_get (UT_SURFACE_MAP_DISTANCE);
  self->bins =
    (UtErrorBins){.max_uncertainty = (double)map->max, .max_error_mm = (double)distance.max};
  for (UtStructure s = UT_MYO; surfaces != NULL && s < UT_N_LABELS; s++)
    if (surfaces->measured[s])
      ut_error_bins_add (&self->bins, surfaces->meshes[s], map->scalar, UT_DISTANCE_SCALAR);
  return self->bins.n_vertices > 0;
}

static char *
describe (const UtScalarMap *map, const UtMeasurement *rho)
{
  if (rho == NULL)
    return g_strdup_printf (_ ("%s has no rank correlation with the error here."), map->quantity);
  return g_strdup_printf (
    rho->value < UT_UNCERTAINTY_MIN_RANK
      ? _ ("%s: not informative here, rank correlation with the error %.2f, below %.1f.")
      : _ ("%s points to the error: rank correlation %.2f, at least %.1f."),
    map->quantity,
    rho->value,
    UT_UNCERTAINTY_MIN_RANK);
}

static void
update (UtErrorPanel *self)
{
  UtPhase phase = ut_look_get (self->look)->phase;
  const UtPhaseSurfaces *surfaces = ut_results_get_surfaces (self->results, phase, -1);
  const UtMeasurements *measurements = ut_results_get_measurements (self->results);
  UtSurfaceMap map = choose_map (self, surfaces);
  UtScalarMap colours = ut_surface_map_get (map);
  gboolean there = measurements != NULL && fill_bins (self, surfaces, &colours);
  gtk_widget_set_visible (GTK_WIDGET (self), there);
  if (!there)
    return;

  UtQuantity quantity =
    map == UT_SURFACE_MAP_SPREAD ? UT_QUANTITY_SPREAD_RANK : UT_QUANTITY_DISAGREEMENT_RANK;
  g_autofree char *text =
    describe (&colours, ut_measurements_find (measurements, quantity, (int)phase, -1));
  g_autofree char *error_end = g_strdup_printf (_ ("error %.0f mm"), self->bins.max_error_mm);
  g_autofree char *end = g_strdup_printf ("%g", (double)colours.max);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
  gtk_label_set_text (GTK_LABEL (self->error_end), error_end);
  gtk_label_set_text (GTK_LABEL (self->title), colours.quantity);
  gtk_label_set_text (GTK_LABEL (self->end), end);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self->plot), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_queue_draw (self->plot);
}

void
ut_error_panel_set_up (UtErrorPanel *self, UtResults *results, UtLook *look)
{
  g_return_if_fail (UT_IS_ERROR_PANEL (self) && self->look == NULL);
  self->results = g_object_ref (results);
  self->look = g_object_ref (look);
  g_signal_connect_object (results, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (look, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
ut_error_panel_dispose (GObject *object)
{
  UtErrorPanel *self = UT_ERROR_PANEL (object);
  g_clear_object (&self->look);
  g_clear_object (&self->results);
  G_OBJECT_CLASS (ut_error_panel_parent_class)->dispose (object);
}

static void
ut_error_panel_class_init (UtErrorPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_error_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/error-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, UtErrorPanel, plot);
  gtk_widget_class_bind_template_child (widget_class, UtErrorPanel, error_end);
  gtk_widget_class_bind_template_child (widget_class, UtErrorPanel, title);
  gtk_widget_class_bind_template_child (widget_class, UtErrorPanel, end);
}

static void
ut_error_panel_init (UtErrorPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->plot), draw_plot, self, NULL);
}
