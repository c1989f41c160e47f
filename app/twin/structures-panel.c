/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/structures-panel.h"

#include "app/twin/structure-row.h"

#include <glib/gi18n.h>

struct _UtStructuresPanel {
  AdwPreferencesGroup parent_instance;
  UtLook *look;
  UtStructureRow *rows[UT_N_STRUCTURES];
  GtkWidget *voxel_switch;
};

G_DEFINE_FINAL_TYPE (UtStructuresPanel, ut_structures_panel, ADW_TYPE_PREFERENCES_GROUP)

static void
row_changed_cb (UtStructuresPanel *self, UtStructureRow *row)
{
  UtStructure s = ut_structure_row_get_structure (row);
  UtLookState look = *ut_look_get (self->look);
  look.shown[s] = ut_structure_row_get_shown (row);
  look.opacity[s] = (float)ut_structure_row_get_opacity (row);
  ut_look_set (self->look, &look);
}

static void
solo_cb (UtStructuresPanel *self, gboolean solo, UtStructureRow *row)
{
  UtLookState look = *ut_look_get (self->look);
  look.solo = solo ? ut_structure_row_get_structure (row) : UT_BACKGROUND;
  ut_look_set (self->look, &look);
}

static void
update (UtStructuresPanel *self)
{
  const UtLookState look = *ut_look_get (self->look);
  gtk_switch_set_active (GTK_SWITCH (self->voxel_switch), look.voxel_true);
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    UtStructure s = ut_structure_order[i];
    g_signal_handlers_block_by_func (self->rows[i], row_changed_cb, self);
    ut_structure_row_set_shown (self->rows[i], look.shown[s]);
    ut_structure_row_set_opacity (self->rows[i], (double)look.opacity[s]);
    ut_structure_row_set_solo (self->rows[i], look.solo == s);
    g_signal_handlers_unblock_by_func (self->rows[i], row_changed_cb, self);
  }
}

static void
switched_cb (UtStructuresPanel *self)
{
  UtLookState look = *ut_look_get (self->look);
  look.voxel_true = gtk_switch_get_active (GTK_SWITCH (self->voxel_switch));
  ut_look_set (self->look, &look);
}

static void
add_voxel_row (UtStructuresPanel *self, GtkWidget *list)
{
  GtkWidget *row = adw_action_row_new ();
  self->voxel_switch = gtk_switch_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Voxel-true (T)"));
  gtk_widget_set_tooltip_text (
    row,
    _ (
      "Surfaces of the label map, voxel by voxel, without colour maps. The numbers are the same."));
  gtk_widget_set_valign (self->voxel_switch, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->voxel_switch),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Voxel-true surfaces"),
                                  -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->voxel_switch);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), self->voxel_switch);
  g_signal_connect_object (
    self->voxel_switch, "notify::active", G_CALLBACK (switched_cb), self, G_CONNECT_SWAPPED);
  gtk_list_box_append (GTK_LIST_BOX (list), row);
}

void
ut_structures_panel_set_up (UtStructuresPanel *self, UtLook *look)
{
  g_return_if_fail (UT_IS_STRUCTURES_PANEL (self) && self->look == NULL);
  GtkWidget *list = gtk_list_box_new ();
  self->look = g_object_ref (look);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_add_css_class (list, "structures");
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Structures"), -1);
  for (guint i = 0; i < UT_N_STRUCTURES; i++) {
    UtStructure s = ut_structure_order[i];
    GtkWidget *row = ut_structure_row_new (s, i + 1, (double)ut_look_get (look)->opacity[s]);
    self->rows[i] = UT_STRUCTURE_ROW (row);
    g_signal_connect_object (row, "changed", G_CALLBACK (row_changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (row, "solo", G_CALLBACK (solo_cb), self, G_CONNECT_SWAPPED);
    gtk_list_box_append (GTK_LIST_BOX (list), row);
  }
  add_voxel_row (self, list);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), list);
  g_signal_connect_object (look, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static void
ut_structures_panel_dispose (GObject *object)
{
  g_clear_object (&UT_STRUCTURES_PANEL (object)->look);
  G_OBJECT_CLASS (ut_structures_panel_parent_class)->dispose (object);
}

static void
ut_structures_panel_class_init (UtStructuresPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_structures_panel_dispose;
}

static void
ut_structures_panel_init (UtStructuresPanel *self)
{
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Structures"));
}
