/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/topology-panel.h"

#include "app/app-id.h"
#include "app/sentence.h"
#include "app/twin/table.h"
#include "app/widgets.h"

#include <glib/gi18n.h>
#include <string.h>

#define MAX_DEFECTS   24   /* rows; the table counts all */
#define GHOST_OPACITY 0.3f /* of a structure whose inside is to be seen */

struct _UtTopologyPanel {
  AdwPreferencesGroup parent_instance;
  UtDocument *document;
  UtFindings *findings;
  UtLook *look;
  const UtTopologyReport *report; /* in the rows; compared by its address only */
  gboolean calibrated;            /* so were the rows made */
  GtkWidget *counts, *defects, *contacts;
};

enum { SHOW_PLACE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtTopologyPanel, ut_topology_panel, ADW_TYPE_PREFERENCES_GROUP)

/* ---- counts ------------------------------------------------------------------------- */

static void
fill_counts (UtTopologyPanel *self, const UtTopologyReport *report)
{
  const char *const titles[] = {
    "", C_ ("topology", "Parts"), C_ ("topology", "Cavities"), C_ ("topology", "Handles")};
  GtkGrid *grid = GTK_GRID (self->counts);
  ut_table_clear (grid);
  for (int column = 0; column < (int)G_N_ELEMENTS (titles); column++)
    ut_table_add (grid, column, 0, titles[column], "dim-label");
  for (int row = 1; row <= UT_N_STRUCTURES; row++) {
    UtStructure s = ut_structure_order[row - 1];
    const UtStructureTopology *found = &report->structures[s];
    const gssize values[] = {found->n_parts, found->n_cavities, found->n_handles};
    const gssize most[] = {1, 0, s == UT_MYO ? UT_TOPOLOGY_WALL_HANDLES : 0};
    ut_table_add (grid, 0, row, ut_structure_name (s), "heading");
    for (int i = 0; i < (int)G_N_ELEMENTS (values); i++) {
      g_autofree char *text = g_strdup_printf ("%" G_GSSIZE_FORMAT, values[i]);
      ut_table_add (
        grid, i + 1, row, text, values[i] > most[i] || values[0] == 0 ? "warning" : NULL);
    }
  }
}

/* ---- rows --------------------------------------------------------------------------- */

/* Choosing it again lets go of the place. */
static void
row_activated_cb (UtTopologyPanel *self, GtkWidget *row)
{
  const UtPlace *place = g_object_get_data (G_OBJECT (row), "place");
  UtStructure s = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "structure"));
  gboolean inside = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), "inside"));
  UtLookState look = *ut_look_get (self->look);
  gboolean again = look.marked &&
                   memcmp (&look.mark_low_mm, &place->low_mm, sizeof (UtVec3)) == 0 &&
                   memcmp (&look.mark_high_mm, &place->high_mm, sizeof (UtVec3)) == 0;
  look.marked = !again;
  look.solo = inside || again ? UT_BACKGROUND : s;
  if (inside && !again) {
    for (UtStructure other = UT_MYO; other < UT_N_LABELS; other++)
      look.shown[other] = other == s;
    look.opacity[s] = GHOST_OPACITY;
  }
  look.mark_low_mm = place->low_mm;
  look.mark_high_mm = place->high_mm;
  ut_look_set (self->look, &look);
  if (!again)
    g_signal_emit (self, signals[SHOW_PLACE], 0, place);
}

/* @subtitle (transfer full) */
static GtkWidget *
new_row (UtTopologyPanel *self,
         const char *title,
         char *subtitle,
         UtStructure structure,
         gboolean inside,
         const UtPlace *place)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("find-location-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, _ ("Show it in the 3D view"));
  g_object_set_data_full (G_OBJECT (row), "place", g_memdup2 (place, sizeof *place), g_free);
  g_object_set_data (G_OBJECT (row), "structure", GUINT_TO_POINTER (structure));
  g_object_set_data (G_OBJECT (row), "inside", GUINT_TO_POINTER (inside));
  g_signal_connect_object (
    row, "activated", G_CALLBACK (row_activated_cb), self, G_CONNECT_SWAPPED);
  g_free (subtitle);
  return row;
}

static char *
defect_title (const UtDefect *defect)
{
  const char *name = ut_structure_name (defect->label);
  switch (defect->kind) {
  case UT_DEFECT_PART:
    /* Translators: "RV: a separate part" */
    return g_strdup_printf (_ ("%s: a separate part"), name);
  case UT_DEFECT_CAVITY:
    return g_strdup_printf (_ ("%s: an enclosed cavity"), name);
  case UT_DEFECT_HANDLE:
    return g_strdup_printf (_ ("%s: a way through"), name);
  case UT_DEFECT_GAP:
    return g_strdup (_ ("Gap in the wall: the LV meets the outside"));
  }
  return g_strdup (name);
}

static char *
defect_size (UtTopologyPanel *self, const UtDefect *defect)
{
  g_autofree char *voxels =
    g_strdup_printf (ngettext ("%zu voxel", "%zu voxels", defect->n_voxels), defect->n_voxels);
  UtVec3 size = ut_vec3_sub (defect->place.high_mm, defect->place.low_mm);
  if (!self->calibrated)
    return g_steal_pointer (&voxels);
  /* Translators: "12 voxels, 9.0 × 6.0 × 3.0 mm" */
  return g_strdup_printf (_ ("%s, %.1f × %.1f × %.1f mm"), voxels, size.x, size.y, size.z);
}

static void
fill_defects (UtTopologyPanel *self, const GArray *defects)
{
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (self->defects)) != NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->defects), child);
  for (guint i = 0; i < MIN (defects->len, MAX_DEFECTS); i++) {
    const UtDefect *defect = &g_array_index (defects, UtDefect, i);
    g_autofree char *title = defect_title (defect);
    gtk_list_box_append (GTK_LIST_BOX (self->defects),
                         new_row (self,
                                  title,
                                  defect_size (self, defect),
                                  defect->label,
                                  defect->kind == UT_DEFECT_CAVITY,
                                  &defect->place));
  }
  if (defects->len > MAX_DEFECTS) {
    GtkWidget *row = adw_action_row_new ();
    g_autofree char *text = g_strdup_printf (_ ("and %u more"), defects->len - MAX_DEFECTS);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
    gtk_list_box_append (GTK_LIST_BOX (self->defects), row);
  }
  gtk_widget_set_visible (self->defects, defects->len > 0);
}

static void
add_contact (UtTopologyPanel *self,
             const UtTopologyReport *report,
             UtStructure a,
             UtStructure b,
             AdwExpanderRow *rows)
{
  const UtContact *contact = &report->contacts[a][b];
  if (contact->n_faces == 0)
    return;
  g_autofree char *title = g_strdup_printf (
    "%s – %s", ut_structure_name (a), b != UT_BACKGROUND ? ut_structure_name (b) : _ ("outside"));
  g_autofree char *faces = g_strdup_printf (
    ngettext ("%zu voxel face", "%zu voxel faces", contact->n_faces), contact->n_faces);
  char *size = self->calibrated ? g_strdup_printf (_ ("%s, %.0f mm²"), faces, contact->area_mm2)
                                : g_strdup (faces);
  adw_expander_row_add_row (rows, new_row (self, title, size, a, FALSE, &contact->place));
}

static void
fill_contacts (UtTopologyPanel *self, const UtTopologyReport *report)
{
  GtkListBox *list = GTK_LIST_BOX (self->contacts);
  GtkListBoxRow *old = gtk_list_box_get_row_at_index (list, 0);
  AdwExpanderRow *rows = ADW_EXPANDER_ROW (adw_expander_row_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (rows), _ ("Who Touches Whom"));
  ut_widget_set_label (GTK_WIDGET (rows), g_strdup (_ ("Who Touches Whom")), FALSE);
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    for (guint k = i + 1; k < UT_N_STRUCTURES; k++)
      add_contact (self, report, ut_structure_order[i], ut_structure_order[k], rows);
    add_contact (self, report, ut_structure_order[i], UT_BACKGROUND, rows);
  }
  if (old != NULL) {
    adw_expander_row_set_expanded (rows, adw_expander_row_get_expanded (ADW_EXPANDER_ROW (old)));
    gtk_list_box_remove (list, GTK_WIDGET (old));
  }
  gtk_list_box_append (list, GTK_WIDGET (rows));
}

/* ---- what it shows ------------------------------------------------------------------- */

static char *
describe (const UtTopologyReport *report, const char *stage)
{
  guint n_defects = report->defects->len;
  if (n_defects == 0)
    return g_strdup_printf (_ ("%s stage: every structure is one part without cavity or handle; "
                               "the wall is tight."),
                            stage);
  return g_strdup_printf (ngettext ("%s stage: %u finding. Choose it to see it.",
                                    "%s stage: %u findings. Choose one to see it.",
                                    n_defects),
                          stage,
                          n_defects);
}

static void
update (UtTopologyPanel *self)
{
  const UtLookState *look = ut_look_get (self->look);
  const UtStudyState *state = ut_document_get_state (self->document);
  const UtPhaseFindings *found = ut_findings_get (self->findings, look->phase);
  const UtTopologyReport *report =
    found != NULL ? ut_phase_findings_topology (found, look->stage) : NULL;
  gboolean calibrated = state != NULL && ut_document_calibrated (state);
  gtk_widget_set_visible (GTK_WIDGET (self), report != NULL);
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      (report == self->report && calibrated == self->calibrated))
    return; /* its rows are made when they are seen */
  self->report = report;
  self->calibrated = calibrated;
  if (report == NULL)
    return;

  UtTwinStage stage =
    look->stage >= 0 ? (UtTwinStage)look->stage : found->stages[found->n_stages - 1];
  g_autofree char *text = describe (report, ut_sentence_twin_stage_title (stage));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), text);
  fill_counts (self, report);
  fill_defects (self, report->defects);
  fill_contacts (self, report);
}

/* A new report may come to lie where an old one lay. */
static void
findings_changed_cb (UtTopologyPanel *self)
{
  self->report = NULL;
  update (self);
}

void
ut_topology_panel_set_up (UtTopologyPanel *self,
                          UtDocument *document,
                          UtFindings *findings,
                          UtLook *look)
{
  g_return_if_fail (UT_IS_TOPOLOGY_PANEL (self) && self->look == NULL);
  self->document = g_object_ref (document);
  self->findings = g_object_ref (findings);
  self->look = g_object_ref (look);
  g_signal_connect_object (document, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (
    findings, "changed", G_CALLBACK (findings_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (look, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (update), NULL);
  update (self);
}

/* ---- life --------------------------------------------------------------------------------- */

static void
ut_topology_panel_dispose (GObject *object)
{
  UtTopologyPanel *self = UT_TOPOLOGY_PANEL (object);
  g_clear_object (&self->look);
  g_clear_object (&self->findings);
  g_clear_object (&self->document);
  G_OBJECT_CLASS (ut_topology_panel_parent_class)->dispose (object);
}

static void
ut_topology_panel_class_init (UtTopologyPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = ut_topology_panel_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               UT_RESOURCE_PATH "/ui/topology-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, UtTopologyPanel, counts);
  gtk_widget_class_bind_template_child (widget_class, UtTopologyPanel, defects);
  gtk_widget_class_bind_template_child (widget_class, UtTopologyPanel, contacts);
  signals[SHOW_PLACE] = g_signal_new ("show-place",
                                      UT_TYPE_TOPOLOGY_PANEL,
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
ut_topology_panel_init (UtTopologyPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
