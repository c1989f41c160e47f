/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/cut-panel.h"

#include "app/widgets.h"

#include <glib/gi18n.h>

struct _UtCutPanel {
  AdwPreferencesGroup parent_instance;
  UtCut *cut;
  gboolean quiet; /* the controls are being set from here */
  GtkWidget *on_switch, *direction_row, *depth_scale, *side_switch, *look_button;
};

enum { LOOK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (UtCutPanel, ut_cut_panel, ADW_TYPE_PREFERENCES_GROUP)

static void
update (UtCutPanel *self)
{
  const UtCutState *state = ut_cut_get (self->cut);
  self->quiet = TRUE;
  gtk_switch_set_active (GTK_SWITCH (self->on_switch), state->on);
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->direction_row), state->direction);
  gtk_range_set_value (GTK_RANGE (self->depth_scale), state->offset_mm);
  ut_widget_set_value_text (self->depth_scale, g_strdup_printf (_ ("%.0f mm"), state->offset_mm));
  gtk_switch_set_active (GTK_SWITCH (self->side_switch), state->other_side);
  gtk_widget_set_sensitive (self->depth_scale, state->on);
  gtk_widget_set_sensitive (self->side_switch, state->on);
  gtk_widget_set_sensitive (self->look_button, state->on);
  self->quiet = FALSE;
}

static void
chosen_cb (UtCutPanel *self)
{
  if (self->quiet || self->cut == NULL)
    return;
  UtCutState state = *ut_cut_get (self->cut);
  UtCutDirection direction = adw_combo_row_get_selected (ADW_COMBO_ROW (self->direction_row));
  if (direction != state.direction) /* from its usual place, and to be seen */
    state = (UtCutState){.on = TRUE, .direction = direction};
  else
    state = (UtCutState){
      .on = gtk_switch_get_active (GTK_SWITCH (self->on_switch)),
      .direction = direction,
      .other_side = gtk_switch_get_active (GTK_SWITCH (self->side_switch)),
      .offset_mm = gtk_range_get_value (GTK_RANGE (self->depth_scale)),
    };
  ut_cut_set (self->cut, &state);
}

static void
look_cb (UtCutPanel *self)
{
  g_signal_emit (self, signals[LOOK], 0, (guint)ut_cut_camera (ut_cut_get (self->cut)->direction));
}

void
ut_cut_panel_set_up (UtCutPanel *self, UtCut *cut)
{
  g_return_if_fail (UT_IS_CUT_PANEL (self) && self->cut == NULL);
  self->cut = g_object_ref (cut);
  g_signal_connect_object (cut, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/* ---- life ------------------------------------------------------------------------- */

static GtkWidget *
name_control (GtkWidget *control, const char *label, const char *tooltip)
{
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (control, tooltip);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return control;
}

static void
add_row (UtCutPanel *self, const char *title, GtkWidget *control)
{
  GtkWidget *row = adw_action_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  if (GTK_IS_SWITCH (control))
    adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
}

static void
add_direction (UtCutPanel *self)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  for (UtCutDirection d = 0; d < UT_N_CUT_DIRECTIONS; d++)
    gtk_string_list_append (list, ut_cut_direction_title (d));
  self->direction_row = adw_combo_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->direction_row), _ ("Plane (Shift+X)"));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->direction_row), G_LIST_MODEL (list));
  gtk_widget_set_tooltip_text (self->direction_row, _ ("Along which plane the heart is cut"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), self->direction_row);
}

static void
ut_cut_panel_dispose (GObject *object)
{
  g_clear_object (&UT_CUT_PANEL (object)->cut);
  G_OBJECT_CLASS (ut_cut_panel_parent_class)->dispose (object);
}

static void
ut_cut_panel_class_init (UtCutPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_cut_panel_dispose;
  signals[LOOK] = g_signal_new (
    "look", UT_TYPE_CUT_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
ut_cut_panel_init (UtCutPanel *self)
{
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Cut"));
  self->on_switch = name_control (
    gtk_switch_new (), _ ("Cut the heart"), _ ("Shows the heart cut open along a plane"));
  add_row (self, _ ("Cut Open (X)"), self->on_switch);
  add_direction (self);

  self->depth_scale =
    gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, -UT_CUT_REACH_MM, UT_CUT_REACH_MM, 1);
  gtk_scale_set_draw_value (GTK_SCALE (self->depth_scale), FALSE);
  gtk_scale_add_mark (GTK_SCALE (self->depth_scale), 0, GTK_POS_BOTTOM, NULL);
  gtk_widget_set_size_request (self->depth_scale, 170, -1);
  name_control (self->depth_scale,
                _ ("Depth of the cut"),
                _ ("How deep the plane lies: also Shift+wheel, Page Up and Page Down"));
  add_row (self, _ ("Depth"), self->depth_scale);

  self->side_switch = name_control (
    gtk_switch_new (), _ ("Keep the other side"), _ ("Keeps what lies before the plane"));
  add_row (self, _ ("Other Side"), self->side_switch);

  self->look_button = name_control (gtk_button_new_with_label (_ ("Look at It")),
                                    _ ("Look straight at the cut"),
                                    _ ("Turns the heart so that the cut faces you"));
  gtk_widget_add_css_class (self->look_button, "flat");
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), self->look_button);

  g_signal_connect_swapped (self->on_switch, "notify::active", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->side_switch, "notify::active", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->direction_row, "notify::selected", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->depth_scale, "value-changed", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->look_button, "clicked", G_CALLBACK (look_cb), self);
}
