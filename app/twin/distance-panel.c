/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/distance-panel.h"

#include "app/app-id.h"
#include "app/report/cohort-files.h"
#include "app/sentence.h"
#include "app/twin/distance-chart.h"
#include "app/twin/surface-map.h"
#include "app/twin/table.h"
#include "app/widgets.h"

#include <glib/gi18n.h>
#include <math.h>

#define SPOT_MM 4.0 /* half the side of the box round the worst spot */

struct _UtDistancePanel {
  AdwPreferencesGroup parent_instance;
  UtDocument *document;
  UtResults *results;
  UtFindings *findings;
  UtLook *look;
  const UtMesh *charted; /* first surface in the chart, compared by its address only */
  guint n_charted;       /* surfaces in it */
  GtkWidget *structure, *chart, *statistics, *brush_label, *agreement;
};

enum { SHOW_PLACE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtDistancePanel, ut_distance_panel, ADW_TYPE_PREFERENCES_GROUP)

/* Surfaces with their distances, out of those of the look. */
typedef struct Measured {
  guint n;
  UtStructure structures[UT_N_STRUCTURES];
  const UtMesh *meshes[UT_N_STRUCTURES];
  const float *values[UT_N_STRUCTURES];
} Measured;

/* @chosen: UT_BACKGROUND for all, else the only one */
static Measured
find_measured (UtDistancePanel *self, UtStructure chosen)
{
  Measured found = {0};
  const UtLookState *look = ut_look_get (self->look);
  const UtStudyState *state = ut_document_get_state (self->document);
  const UtPhaseSurfaces *surfaces =
    ut_results_get_surfaces (self->results, look->phase, look->stage);
  if (surfaces == NULL || state == NULL || !ut_document_calibrated (state))
    return found;
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    UtStructure s = ut_structure_order[i];
    const UtMeshScalar *scalar =
      surfaces->measured[s] ? ut_mesh_find_scalar (surfaces->meshes[s], UT_DISTANCE_SCALAR) : NULL;
    if (scalar == NULL || (chosen != UT_BACKGROUND && chosen != s))
      continue;
    found.structures[found.n] = s;
    found.meshes[found.n] = surfaces->meshes[s];
    found.values[found.n++] = scalar->values;
  }
  return found;
}

/* The first entry of the list is all of them. */
static UtStructure
chosen_structure (UtDistancePanel *self)
{
  guint i = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->structure));
  return i >= 1 && i <= UT_N_STRUCTURES ? ut_structure_order[i - 1] : UT_BACKGROUND;
}

/* ---- chart and statistics ---------------------------------------------------------------- */

static char *
describe (const UtDistanceStats *stats)
{
  return g_strdup_printf (
    _ ("Mean %+.1f mm, percentiles 5, 50 and 95: %+.1f, %+.1f and %+.1f mm. Unsigned: mean %.1f, "
       "95th percentile %.1f, maximum %.1f mm. %.0f %% of the surface lies within ±%.1f mm, which "
       "is half a voxel; %.0f %% outside the reference, %.0f %% inside it."),
    stats->mean,
    stats->p5,
    stats->p50,
    stats->p95,
    stats->mean_abs,
    stats->p95_abs,
    stats->max_abs,
    100 * (1 - stats->share_outside_band),
    UT_DISTANCE_BAND_MM,
    100 * stats->share_above,
    100 * stats->share_below);
}

static void
describe_brush (UtDistancePanel *self)
{
  float low, high;
  UtDistanceChart *chart = UT_DISTANCE_CHART (self->chart);
  gboolean brushed = ut_distance_chart_get_brush (chart, &low, &high);
  /* Translators: a range of distances and how much of the surface has them */
  g_autofree char *text =
    brushed ? g_strdup_printf (_ ("%+.2f to %+.2f mm: %.0f %% of the surface. Escape lets it go."),
                               (double)low,
                               (double)high,
                               100 * ut_distance_chart_share (chart))
            : g_strdup (_ ("Drag over the chart to see on the surface where a distance is."));
  gtk_label_set_text (GTK_LABEL (self->brush_label), text);
}

static void
fill_chart (UtDistancePanel *self, const Measured *found)
{
  double areas[UT_DISTANCE_CHART_BINS] = {0};
  UtDistanceStats stats;
  UtScalarMap map = ut_surface_map_get (UT_SURFACE_MAP_DISTANCE);
  if (!ut_distance_stats_pooled (found->meshes, found->values, found->n, &stats))
    return;
  for (guint i = 0; i < found->n; i++)
    ut_distance_histogram_add (
      found->meshes[i], found->values[i], (double)map.max, UT_DISTANCE_CHART_BINS, areas);
  g_autofree char *words = describe (&stats);
  gtk_label_set_text (GTK_LABEL (self->statistics), words);
  ut_distance_chart_set (UT_DISTANCE_CHART (self->chart), areas, &stats, words);
  describe_brush (self);
}

/* ---- agreement of the label maps ---------------------------------------------------------- */

static void
add_length (GtkGrid *grid, int column, int row, const UtOverlap *overlap, double mm, double voxels)
{
  g_autofree char *text =
    ut_overlap_one_empty (overlap) ? g_strdup ("–") : g_strdup_printf ("%.1f (%.1f)", mm, voxels);
  ut_table_add (grid, column, row, text, NULL);
}

static void
add_overlap (GtkGrid *grid, int row, UtStructure structure, const UtOverlap *overlap)
{
  g_autofree char *dsc = g_strdup_printf ("%.3f", overlap->dsc);
  g_autofree char *ml = g_strdup_printf ("%.0f", overlap->volume_error_ml);
  ut_table_add (grid, 0, row, ut_structure_name (structure), "heading");
  ut_table_add (grid, 1, row, dsc, NULL);
  add_length (grid, 2, row, overlap, overlap->hd_mm, overlap->hd_voxels);
  add_length (grid, 3, row, overlap, overlap->hd95_mm, overlap->hd95_voxels);
  add_length (grid, 4, row, overlap, overlap->assd_mm, overlap->assd_voxels);
  ut_table_add (grid, 5, row, ml, NULL);
}

/* ---- what other studies have ---------------------------------------------------------------- */

/* the medians on the sheet that lies beside the study's folder; FALSE where there is none */
static gboolean
find_medians (UtDistancePanel *self, UtCohortMedians *ret)
{
  UtStudy *study = ut_document_get_study (self->document);
  const char *folder = study != NULL ? ut_study_get_folder (study) : NULL;
  g_autofree char *parent = folder != NULL ? g_path_get_dirname (folder) : NULL;
  return parent != NULL && ut_cohort_read_medians (parent, ret);
}

static void
add_median (GtkGrid *grid, int column, int row, int digits, double value)
{
  g_autofree char *text = isfinite (value) ? g_strdup_printf ("%.*f", digits, value) : NULL;
  if (text != NULL)
    ut_table_add (grid, column, row, text, "dim-label");
}

static void
add_medians (
  GtkGrid *grid, int row, UtPhase phase, UtStructure structure, const UtCohortMedians *medians)
{
  ut_table_add (grid, 0, row, _ ("median"), "dim-label");
  add_median (grid, 1, row, 3, medians->dsc[phase][structure]);
  add_median (grid, 3, row, 1, medians->hd95_mm[phase][structure]);
  add_median (grid, 4, row, 1, medians->assd_mm[phase][structure]);
}

static void
fill_agreement (UtDistancePanel *self)
{
  const char *const titles[] = {
    "", _ ("DSC"), _ ("HD\nmm (vx)"), _ ("HD95\nmm (vx)"), _ ("ASSD\nmm (vx)"), _ ("E_vol\nml")};
  const UtLookState *look = ut_look_get (self->look);
  const UtPhaseFindings *found = ut_findings_get (self->findings, look->phase);
  const UtStageChange *changes =
    found != NULL ? ut_phase_findings_changes (found, look->stage) : NULL;
  GtkGrid *grid = GTK_GRID (self->agreement);
  UtCohortMedians medians;
  int row = 0;
  ut_table_clear (grid);
  gtk_widget_set_visible (self->agreement, changes != NULL && changes[UT_LV].has_reference);
  if (changes == NULL || !changes[UT_LV].has_reference)
    return;
  gboolean has_medians = find_medians (self, &medians);
  for (int column = 0; column < (int)G_N_ELEMENTS (titles); column++)
    ut_table_add (grid, column, 0, titles[column], "dim-label");
  for (int i = 0; i < UT_N_STRUCTURES; i++) {
    UtStructure s = ut_structure_order[i];
    add_overlap (grid, ++row, s, &changes[s].overlap);
    if (has_medians)
      add_medians (grid, ++row, look->phase, s, &medians);
  }
  if (!has_medians)
    return;
  g_autofree char *words =
    g_strdup_printf (ngettext ("Medians are of the cohort sheet beside this study: %u study.",
                               "Medians are of the cohort sheet beside this study: %u studies.",
                               medians.n_studies),
                     medians.n_studies);
  ut_table_add_sentence (grid, ++row, G_N_ELEMENTS (titles), words);
}

/* ---- worst spot --------------------------------------------------------------------------- */

void
ut_distance_panel_show_worst (UtDistancePanel *self)
{
  g_return_if_fail (UT_IS_DISTANCE_PANEL (self));
  UtLookState look = *ut_look_get (self->look);
  Measured found = find_measured (self, UT_BACKGROUND);
  const UtPhaseSurfaces *surfaces = ut_results_get_surfaces (self->results, look.phase, look.stage);
  double worst = -1;
  UtVec3 spot = {0, 0, 0};
  for (guint i = 0; i < found.n; i++) {
    const UtDistanceStats *stats = &surfaces->stats[found.structures[i]];
    if (!ut_look_shows (&look, found.structures[i]) || stats->max_abs <= worst)
      continue;
    worst = stats->max_abs;
    spot = ut_mesh_position (found.meshes[i],
                             stats->max > -stats->min ? stats->max_vertex : stats->min_vertex);
  }
  if (worst < 0)
    return;
  const UtVec3 half = {SPOT_MM, SPOT_MM, SPOT_MM};
  const UtPlace place = {ut_vec3_sub (spot, half), ut_vec3_add (spot, half), spot};
  look.map = UT_SURFACE_MAP_DISTANCE;
  look.marked = TRUE;
  look.mark_low_mm = place.low_mm;
  look.mark_high_mm = place.high_mm;
  ut_look_set (self->look, &look);
  g_signal_emit (self, signals[SHOW_PLACE], 0, &place);
}

/* ---- what it shows ------------------------------------------------------------------------- */

static void
brushed_cb (UtDistancePanel *self)
{
  UtLookState look = *ut_look_get (self->look);
  look.brushed = ut_distance_chart_get_brush (
    UT_DISTANCE_CHART (self->chart), &look.brush_low_mm, &look.brush_high_mm);
  if (look.brushed) /* else there would be nothing to see of it */
    look.map = UT_SURFACE_MAP_DISTANCE;
  ut_look_set (self->look, &look);
  describe_brush (self);
}

static void
update (UtDistancePanel *self)
{
  const Measured any = find_measured (self, UT_BACKGROUND);
  const Measured found = find_measured (self, chosen_structure (self));
  gtk_widget_set_visible (GTK_WIDGET (self), any.n > 0);
  if (any.n == 0 || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return; /* sorting all distances is for who sees what comes of it */
  gtk_widget_set_visible (self->chart, found.n > 0);
  gtk_widget_set_visible (self->statistics, found.n > 0);
  fill_agreement (self);
  if (found.n == self->n_charted && found.meshes[0] == self->charted)
    return;
  self->n_charted = found.n;
  self->charted = found.meshes[0];
  fill_chart (self, &found);
}

/* A new surface may come to lie where an old one lay. */
static void
results_changed_cb (UtDistancePanel *self)
{
  self->charted = NULL;
  update (self);
}

void
ut_distance_panel_set_up (UtDistancePanel *self,
                          UtDocument *document,
                          UtResults *results,
                          UtFindings *findings,
                          UtLook *look)
{
  g_return_if_fail (UT_IS_DISTANCE_PANEL (self) && self->look == NULL);
  self->document = g_object_ref (document);
  self->results = g_object_ref (results);
  self->findings = g_object_ref (findings);
  self->look = g_object_ref (look);
  g_signal_connect_object (document, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    results, "changed", G_CALLBACK (results_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (findings, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (look, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (update), NULL);
  update (self);
}

static void
structure_chosen_cb (UtDistancePanel *self)
{
  if (self->look != NULL)
    update (self);
}

/* ---- life ----------------------------------------------------------------------------------- */

static void
ut_distance_panel_dispose (GObject *object)
{
  UtDistancePanel *self = UT_DISTANCE_PANEL (object);
  g_clear_object (&self->look);
  g_clear_object (&self->findings);
  g_clear_object (&self->results);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_distance_panel_parent_class)->dispose (object);
}

static void
ut_distance_panel_class_init (UtDistancePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_distance_panel_dispose;
  g_type_ensure (UT_TYPE_DISTANCE_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               UT_RESOURCE_PATH "/ui/distance-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, UtDistancePanel, structure);
  gtk_widget_class_bind_template_child (widget_class, UtDistancePanel, chart);
  gtk_widget_class_bind_template_child (widget_class, UtDistancePanel, statistics);
  gtk_widget_class_bind_template_child (widget_class, UtDistancePanel, brush_label);
  gtk_widget_class_bind_template_child (widget_class, UtDistancePanel, agreement);
  gtk_widget_class_bind_template_callback (widget_class, brushed_cb);
  gtk_widget_class_bind_template_callback (widget_class, structure_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, ut_distance_panel_show_worst);
  signals[SHOW_PLACE] = g_signal_new ("show-place",
                                      UT_TYPE_DISTANCE_PANEL,
                                      G_SIGNAL_RUN_LAST,
                                      0,
                                      NULL,
                                      NULL,
                                      NULL,
                                      G_TYPE_NONE,
                                      1,
                                      G_TYPE_POINTER);
}

static void
ut_distance_panel_init (UtDistancePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ut_widget_name_inside (self->structure, _ ("Structure"));
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  gtk_string_list_append (names, _ ("All structures"));
  for (guint i = 0; i < UT_N_STRUCTURES; i++)
    gtk_string_list_append (names, ut_sentence_structure (ut_structure_order[i]));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->structure), G_LIST_MODEL (names));
}
