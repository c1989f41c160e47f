/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/brush-panel.h"

#include "app/widgets.h"
#include "engine/study/label-brush.h"

#include <glib/gi18n.h>

#define N_CHOICES (UT_N_STRUCTURES + 1)

struct _UtBrushPanel {
  AdwPreferencesGroup parent_instance;
  UtBrush *brush;
  gboolean quiet; /* the controls are being set from here */
  GtkWidget *on_switch, *bar, *choices[N_CHOICES], *radius, *problem;
};

G_DEFINE_FINAL_TYPE (UtBrushPanel, ut_brush_panel, ADW_TYPE_PREFERENCES_GROUP)

/* As their keys 1 to 5 have them, then the eraser. */
static UtStructure
structure_of (guint choice)
{
  return choice < UT_N_STRUCTURES ? ut_structure_order[choice] : UT_BACKGROUND;
}

static void
update (UtBrushPanel *self)
{
  const UtBrushState *state = ut_brush_get (self->brush);
  self->quiet = TRUE;
  gtk_switch_set_active (GTK_SWITCH (self->on_switch), state->on);
  for (guint i = 0; i < N_CHOICES; i++)
    if (structure_of (i) == state->structure)
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->choices[i]), TRUE);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->radius), state->radius_mm);
  gtk_widget_set_visible (self->bar, state->on);
  gtk_widget_set_visible (self->problem, FALSE);
  self->quiet = FALSE;
}

static void
refused_cb (UtBrushPanel *self, const char *message)
{
  gtk_label_set_text (GTK_LABEL (self->problem), message);
  gtk_widget_set_visible (self->problem, TRUE);
}

static void
chosen_cb (UtBrushPanel *self)
{
  if (self->quiet)
    return;
  UtBrushState state = {.on = gtk_switch_get_active (GTK_SWITCH (self->on_switch)),
                        .radius_mm = gtk_spin_button_get_value (GTK_SPIN_BUTTON (self->radius))};
  for (guint i = 0; i < N_CHOICES; i++)
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->choices[i])))
      state.structure = structure_of (i);
  ut_brush_set (self->brush, &state);
}

/* Of linked buttons the one that went off is heard of too. */
static void
choice_cb (UtBrushPanel *self, GtkToggleButton *button)
{
  if (gtk_toggle_button_get_active (button))
    chosen_cb (self);
}

/* ---- life ------------------------------------------------------------------------- */

static GtkWidget *
choice_box (UtBrushPanel *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  for (guint i = 0; i < N_CHOICES; i++) {
    UtStructure s = structure_of (i);
    gboolean erase = s == UT_BACKGROUND;
    GtkWidget *button = self->choices[i] = gtk_toggle_button_new ();
    if (erase)
      gtk_button_set_icon_name (GTK_BUTTON (button), "edit-clear-symbolic");
    else
      gtk_button_set_label (GTK_BUTTON (button), ut_structure_name (s));
    gtk_widget_add_css_class (button, "brush-choice");
    ut_widget_set_label (button,
                         erase
                           ? g_strdup (_ ("Erase to the background (0)"))
                           : g_strdup_printf (_ ("Paint %s (%u)"), ut_structure_name (s), i + 1),
                         TRUE);
    if (i > 0)
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                   GTK_TOGGLE_BUTTON (self->choices[0]));
    g_signal_connect_object (button, "toggled", G_CALLBACK (choice_cb), self, G_CONNECT_SWAPPED);
    gtk_box_append (GTK_BOX (box), button);
  }
  return box;
}

static void
ut_brush_panel_dispose (GObject *object)
{
  g_clear_object (&UT_BRUSH_PANEL (object)->brush);
  G_OBJECT_CLASS (ut_brush_panel_parent_class)->dispose (object);
}

static void
ut_brush_panel_class_init (UtBrushPanelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ut_brush_panel_dispose;
}

static void
ut_brush_panel_init (UtBrushPanel *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);
  adw_preferences_group_set_title (group, _ ("Brush (E)"));
  adw_preferences_group_set_description (
    group,
    _ ("Paints a ball on a copy of the heart, over what is there. Return: at the crosshair."));
  self->quiet = TRUE;
  self->on_switch = gtk_switch_new ();
  gtk_widget_set_valign (self->on_switch, GTK_ALIGN_CENTER);
  ut_widget_set_label (
    self->on_switch, g_strdup (_ ("Paint on the slices: one stroke is one step of undo")), TRUE);
  adw_preferences_group_set_header_suffix (group, self->on_switch);

  self->bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (GTK_BOX (self->bar), choice_box (self));
  self->radius =
    gtk_spin_button_new_with_range (UT_BRUSH_MIN_MM, UT_BRUSH_MAX_MM, UT_BRUSH_STEP_MM);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (self->radius), 1);
  gtk_spin_button_set_snap_to_ticks (GTK_SPIN_BUTTON (self->radius), TRUE);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->radius), 4);
  ut_spin_reads_lengths (GTK_SPIN_BUTTON (self->radius));
  ut_widget_set_label (self->radius, g_strdup (_ ("Radius of the brush, mm ([ and ])")), TRUE);
  gtk_box_append (GTK_BOX (self->bar), self->radius);
  gtk_box_append (GTK_BOX (self->bar), gtk_label_new (_ ("mm")));
  adw_preferences_group_add (group, self->bar);
  self->problem = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->problem), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->problem), 0);
  gtk_widget_set_margin_top (self->problem, 6);
  gtk_widget_add_css_class (self->problem, "error");
  adw_preferences_group_add (group, self->problem);
  self->quiet = FALSE;
  g_signal_connect_swapped (self->on_switch, "notify::active", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->radius, "value-changed", G_CALLBACK (chosen_cb), self);
}

GtkWidget *
ut_brush_panel_new (UtBrush *brush)
{
  UtBrushPanel *self = g_object_new (UT_TYPE_BRUSH_PANEL, NULL);
  self->brush = g_object_ref (brush);
  g_signal_connect_object (brush, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (brush, "refused", G_CALLBACK (refused_cb), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
