/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/stage-panel.h"

#include "app/app-id.h"
#include "app/sentence.h"
#include "app/twin/table.h"

#include <glib/gi18n.h>

struct _UtStagePanel {
  AdwPreferencesGroup parent_instance;
  UtDocument *document;
  UtFindings *findings;
  UtLook *look;
  GtkWidget *step, *sums;
};

G_DEFINE_FINAL_TYPE (UtStagePanel, ut_stage_panel, ADW_TYPE_PREFERENCES_GROUP)

/* ---- one step ------------------------------------------------------------------------ */

static void
add_titles (GtkGrid *grid, const char *const *titles, const char *const *meanings, guint n)
{
  for (guint i = 0; i < n; i++)
    gtk_widget_set_tooltip_text (ut_table_add (grid, (int)i + 1, 0, titles[i], "dim-label"),
                                 meanings[i]);
}

/* Dice and HD95 against the reference, later less earlier. */
static void
add_agreement (GtkGrid *grid, int row, const UtStageChange *before, const UtStageChange *after)
{
  double dsc = after->overlap.dsc - before->overlap.dsc;
  double hd95_mm = after->overlap.hd95_mm - before->overlap.hd95_mm;
  gboolean stand_in =
    ut_overlap_one_empty (&after->overlap) || ut_overlap_one_empty (&before->overlap);
  g_autofree char *dsc_text = g_strdup_printf ("%+.3f", dsc);
  g_autofree char *hd95_text = stand_in ? g_strdup ("–") : g_strdup_printf ("%+.1f", hd95_mm);
  ut_table_add (grid, 3, row, dsc_text, dsc < 0 ? "warning" : NULL);
  ut_table_add (grid, 4, row, hd95_text, !stand_in && hd95_mm > 0 ? "warning" : NULL);
}

static void
fill_step (UtStagePanel *self, const UtPhaseFindings *found, guint i, gboolean calibrated)
{
  const char *const titles[] = {
    _ ("Voxels\nchanged"), _ ("Flipped\nback"), _ ("DSC"), _ ("HD95\nmm")};
  const char *const meanings[] = {
    _ ("Voxels that became part of the structure or ceased to be, against the stage before"),
    _ ("Of these: voxels that became again what they were in the first stage"),
    _ ("Change of the Dice coefficient with the reference; more is better"),
    _ ("Change of the 95th percentile of the surface distance to the reference; less is better")};
  GtkGrid *grid = GTK_GRID (self->step);
  gboolean compared =
    calibrated && found->reference != NULL && found->changes[i][UT_LV].has_reference;
  ut_table_clear (grid);
  gtk_widget_set_visible (self->step, i > 0);
  if (i == 0)
    return;
  ut_table_add (grid, 0, 0, "", NULL);
  add_titles (grid, titles, meanings, compared ? 4 : 2);
  for (int row = 1; row <= UT_N_STRUCTURES; row++) {
    UtStructure s = ut_structure_order[row - 1];
    const UtStageChange *change = &found->changes[i][s];
    g_autofree char *changed =
      g_strdup_printf ("%" G_GSIZE_FORMAT, ut_stage_change_n_changed (change));
    g_autofree char *back = g_strdup_printf ("%" G_GSIZE_FORMAT, change->n_back);
    ut_table_add (grid, 0, row, ut_structure_name (s), "heading");
    ut_table_add (grid, 1, row, changed, NULL);
    ut_table_add (grid, 2, row, back, NULL);
    if (compared)
      add_agreement (grid, row, &found->changes[i - 1][s], change);
  }
}

/* ---- all steps ----------------------------------------------------------------------- */

/* Net changes of a structure in whole ml. Rounding the sums, not the steps, lets what is shown add
 * up to the last column. */
static void
add_sums (UtStagePanel *self, const UtPhaseFindings *found, UtStructure s, int row, guint shown)
{
  GtkGrid *grid = GTK_GRID (self->sums);
  gssize net = 0, before_ml = 0;
  ut_table_add (grid, 0, row, ut_structure_name (s), "heading");
  for (guint i = 1; i < found->n_stages; i++) {
    const UtStageChange *change = &found->changes[i][s];
    gssize here = ut_stage_change_net (change);
    net += here;
    gssize ml = (gssize)lround ((double)net * change->voxel_ml);
    g_autofree char *text = g_strdup_printf ("%+" G_GSSIZE_FORMAT, ml - before_ml);
    g_autofree char *tip = g_strdup_printf (ngettext ("%+zd voxel: %zu gained, %zu lost",
                                                      "%+zd voxels: %zu gained, %zu lost",
                                                      (gulong)ABS (here)),
                                            here,
                                            change->n_gained,
                                            change->n_lost);
    gtk_widget_set_tooltip_text (
      ut_table_add (grid, (int)i, row, text, i == shown ? "heading" : NULL), tip);
    before_ml = ml;
  }
  g_autofree char *sum = g_strdup_printf ("%+" G_GSSIZE_FORMAT, before_ml);
  g_autofree char *tip = g_strdup_printf (
    ngettext ("%+zd voxel, first to last", "%+zd voxels, first to last", (gulong)ABS (net)), net);
  gtk_widget_set_tooltip_text (ut_table_add (grid, (int)found->n_stages, row, sum, NULL), tip);
}

static void
fill_sums (UtStagePanel *self, const UtPhaseFindings *found, guint shown, gboolean calibrated)
{
  GtkGrid *grid = GTK_GRID (self->sums);
  ut_table_clear (grid);
  gtk_widget_set_visible (self->sums, calibrated && found->n_stages > 1);
  if (!calibrated)
    return;
  ut_table_add (grid, 0, 0, _ ("ml"), "dim-label");
  for (guint i = 1; i < found->n_stages; i++) {
    GtkWidget *title =
      ut_table_add (grid, (int)i, 0, ut_sentence_twin_stage_title (found->stages[i]), "dim-label");
    gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
    gtk_widget_set_tooltip_text (title, ut_sentence_twin_stage_title (found->stages[i]));
  }
  ut_table_add (grid, (int)found->n_stages, 0, _ ("Sum"), "dim-label");
  for (int row = 1; row <= UT_N_STRUCTURES; row++)
    add_sums (self, found, ut_structure_order[row - 1], row, shown);
}

static void
update (UtStagePanel *self)
{
  const UtLookState *look = ut_look_get (self->look);
  const UtStudyState *state = ut_document_get_state (self->document);
  const UtPhaseFindings *found = ut_findings_get (self->findings, look->phase);
  gtk_widget_set_visible (GTK_WIDGET (self), found != NULL && found->n_stages > 1);
  if (found == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return; /* its rows are made when they are seen */
  guint i = MIN (ut_phase_findings_find (found, look->stage), found->n_stages - 1);
  gboolean calibrated = ut_document_calibrated (state);
  g_autofree char *text =
    i > 0 ? g_strdup_printf (_ ("%s to %s stage, and the net change of all:"),
                             ut_sentence_twin_stage_title (found->stages[i - 1]),
                             ut_sentence_twin_stage (found->stages[i]))
          : g_strdup_printf (_ ("%s is the first stage. The net change of the others:"),
                             ut_sentence_twin_stage_title (found->stages[i]));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
  fill_step (self, found, i, calibrated);
  fill_sums (self, found, i, calibrated);
}

void
ut_stage_panel_set_up (UtStagePanel *self, UtDocument *document, UtFindings *findings, UtLook *look)
{
  g_return_if_fail (UT_IS_STAGE_PANEL (self) && self->look == NULL);
  self->document = g_object_ref (document);
  self->findings = g_object_ref (findings);
  self->look = g_object_ref (look);
  g_signal_connect_object (document, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (findings, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (look, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (update), NULL);
  update (self);
}

static void
ut_stage_panel_dispose (GObject *object)
{
  UtStagePanel *self = UT_STAGE_PANEL (object);
  g_clear_object (&self->look);
  g_clear_object (&self->findings);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_stage_panel_parent_class)->dispose (object);
}

static void
ut_stage_panel_class_init (UtStagePanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_stage_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, UT_RESOURCE_PATH "/ui/stage-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, UtStagePanel, step);
  gtk_widget_class_bind_template_child (widget_class, UtStagePanel, sums);
}

static void
ut_stage_panel_init (UtStagePanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
