/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "app/twin/wall-panel.h"

#include "app/twin/bulls-eye.h"

#include <glib/gi18n.h>

#define FLOOR_CHARS 40 /* what the sentence asks for; it wraps */

enum { ED, ES, THICKENING, N_MAPS };

struct _UtWallPanel {
  AdwPreferencesGroup parent_instance;
  GtkWidget *buttons[N_MAPS], *bulls_eye;
  gboolean has[UT_N_PHASES];
  UtWallThickness wall[UT_N_PHASES];
};

G_DEFINE_FINAL_TYPE (UtWallPanel, ut_wall_panel, ADW_TYPE_PREFERENCES_GROUP)

static gboolean
has_map (UtWallPanel *self, int which)
{
  return which == THICKENING ? self->has[UT_PHASE_ED] && self->has[UT_PHASE_ES] : self->has[which];
}

static void
show_map (UtWallPanel *self)
{
  int which = ED;
  while (which < THICKENING &&
         !gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->buttons[which])))
    which++;
  UtBullsEyeMap map = {
    .title = which == ED   ? _ ("Wall thickness at ED")
             : which == ES ? _ ("Wall thickness at ES")
                           : _ ("Thickening, ES − ED"),
    .colours = which == THICKENING ? UT_COLOUR_MAP_VIK : UT_COLOUR_MAP_BATLOW,
    .min_mm = which == THICKENING ? -UT_THICKENING_MAX_MM : 0,
    .max_mm = which == THICKENING ? UT_THICKENING_MAX_MM : UT_WALL_MAX_MM,
  };
  if (!has_map (self, which))
    return;
  const double *ed = self->wall[UT_PHASE_ED].segment_mm, *es = self->wall[UT_PHASE_ES].segment_mm;
  for (guint i = 1; i <= UT_N_SEGMENTS; i++)
    map.values_mm[i] = which == ED ? ed[i] : which == ES ? es[i] : es[i] - ed[i];
  ut_bulls_eye_show (UT_BULLS_EYE (self->bulls_eye), &map);
}

void
ut_wall_panel_update (UtWallPanel *self, const UtMeasurements *measurements)
{
  g_return_if_fail (UT_IS_WALL_PANEL (self));
  int first = -1, active = -1;
  for (int phase = 0; phase < UT_N_PHASES; phase++) {
    self->has[phase] = measurements != NULL && measurements->has_wall[phase];
    if (self->has[phase])
      self->wall[phase] = measurements->wall[phase];
  }
  for (int which = 0; which < N_MAPS; which++) {
    gboolean there = has_map (self, which);
    gtk_widget_set_sensitive (self->buttons[which], there);
    if (there && first < 0)
      first = which;
    if (there && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->buttons[which])))
      active = which;
  }
  gtk_widget_set_visible (GTK_WIDGET (self), first >= 0);
  if (first >= 0 && active < 0)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[first]), TRUE);
  show_map (self);
}

static void
add_buttons (UtWallPanel *self)
{
  const char *const titles[N_MAPS] = {C_ ("phase", "ED"), C_ ("phase", "ES"), _ ("Thickening")};
  const char *const tooltips[N_MAPS] = {
    _ ("Wall thickness at end-diastole"),
    _ ("Wall thickness at end-systole"),
    _ ("How much thicker the wall is at end-systole, in mm"),
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  for (int which = 0; which < N_MAPS; which++) {
    GtkWidget *button = gtk_toggle_button_new_with_label (titles[which]);
    gtk_widget_set_tooltip_text (button, tooltips[which]);
    if (which > 0)
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button),
                                   GTK_TOGGLE_BUTTON (self->buttons[0]));
    g_signal_connect_swapped (button, "toggled", G_CALLBACK (show_map), self);
    gtk_box_append (GTK_BOX (box), button);
    self->buttons[which] = button;
  }
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), box);
}

/* What the voxels bear */
static void
add_floor (AdwPreferencesGroup *group)
{
  GtkWidget *label = gtk_label_new (
    _ ("The 17 segments of the AHA, in mm. The 3 mm voxels do not show less than 1.5 mm, and no "
       "wall thinner than 3 mm."));
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), FLOOR_CHARS);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "dim-label");
  adw_preferences_group_add (group, label);
}

static void
ut_wall_panel_class_init (UtWallPanelClass *klass)
{
}

static void
ut_wall_panel_init (UtWallPanel *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);
  adw_preferences_group_set_title (group, _ ("Wall Thickness"));
  self->bulls_eye = ut_bulls_eye_new ();
  add_buttons (self);
  adw_preferences_group_add (group, self->bulls_eye);
  add_floor (group);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[ED]), TRUE);
}

GtkWidget *
ut_wall_panel_new (void)
{
  return g_object_new (UT_TYPE_WALL_PANEL, NULL);
}
